/** Where the report comes from: program, machine, lab. */
import type { Report } from '../model.ts';
import { duration } from '../words.ts';
import { Codes } from './records.tsx';
import { Code, Fact, Text } from './text.tsx';

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}

/** How the run was made, so that it can be made again. */
export function Provenance({ report, fingerprint }: { report: Report; fingerprint: string }) {
  const { provenance, lab } = report;
  return (
    <section id="provenance">
      <h2>Provenance</h2>
      <dl class="facts">
        <Fact name="Program">
          <Text of={provenance.tool} /> <Text of={provenance.version} />, report format {report.schemaVersion}
        </Fact>
        {provenance.commit !== undefined && (
          <Fact name="Commit">
            <Code of={provenance.commit} />
          </Fact>
        )}
        <Fact name="SHA-256 of report.json">
          <Code of={fingerprint} />
        </Fact>
        <Fact name="Command">
          <Code of={provenance.command.join(' ')} />
        </Fact>
        <Fact name="Exit status">{report.exitStatus}</Fact>
        <Fact name="Started">
          <Text of={provenance.startedAt} />
        </Fact>
        <Fact name="Finished">
          <Text of={provenance.finishedAt} />
        </Fact>
        <Fact name="Host">
          <Text of={provenance.host} />
        </Fact>
        <Fact name="Node.js">
          <Text of={provenance.node} />
        </Fact>
        <Fact name="Container engine">
          <Text of={provenance.engine} />
        </Fact>
        {provenance.sendmail !== undefined && (
          <Fact name="sendmail">
            <Text of={provenance.sendmail} />
          </Fact>
        )}
        <Fact name="Peak memory">{mebibytes(provenance.peakMemoryBytes)}</Fact>
        <Fact name="Lab network">
          <Codes of={[lab.ipv4, lab.ipv6]} />
        </Fact>
        <Fact name="Sink">
          <Codes of={lab.sink} />
        </Fact>
        <Fact name="DNS">
          <Codes of={lab.dns} />
        </Fact>
        <Fact name="Isolation">
          <Text of={lab.isolation} />
        </Fact>
      </dl>
      <h3>Images</h3>
      <dl class="facts">
        {Object.entries(provenance.images).map(([name, digest]) => (
          <Fact name={name}>
            <Code of={digest} />
          </Fact>
        ))}
      </dl>
      <h3>Time taken</h3>
      <dl class="facts">
        {Object.entries(provenance.timings).map(([stage, milliseconds]) => (
          <Fact name={stage}>{duration(milliseconds)}</Fact>
        ))}
      </dl>
    </section>
  );
}
