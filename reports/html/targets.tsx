/** What the audited servers are: the first thing that an auditor compares with the machine that is meant. */
import type { ConfigurationResult, Report } from '../model.ts';
import { roleWord, verdictMark } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { LabPicture } from './lab-picture.tsx';
import { Codes } from './records.tsx';
import { Badge, Code, Fact, Text } from './text.tsx';

/** What the target said of itself. */
export function Characteristics({ configuration }: { configuration: ConfigurationResult }) {
  const entries = Object.entries(configuration.characteristics);
  if (entries.length === 0) return <p>The target said nothing of itself.</p>;
  return (
    <dl class="facts">
      {entries.map(([name, value]) => (
        <Fact name={name}>
          <Codes of={typeof value === 'string' ? [value] : value} />
        </Fact>
      ))}
    </dl>
  );
}

type TargetProps = { configuration: ConfigurationResult; index: number; anchors: Anchors; open: boolean };

function Target({ configuration, index, anchors, open }: TargetProps) {
  const { name, role, mode, verdict, title } = configuration;
  return (
    <details class="target" open={open}>
      <summary>
        <h3>
          <Code of={name} />
        </h3>{' '}
        <Badge mark={verdictMark[verdict]} /> {roleWord[role]}, {mode === undefined ? 'mode unknown' : `mode ${mode}`}:{' '}
        <Text of={title} />
      </summary>
      <p>
        <a href={`#${anchors.configuration(index)}`}>Its attempts</a>
      </p>
      <Characteristics configuration={configuration} />
    </details>
  );
}

/** Every configuration under test with its characteristics, and the lab in which it ran. */
export function Targets({ report, anchors }: { report: Report; anchors: Anchors }) {
  const tested = report.configurations
    .map((configuration, index) => ({ configuration, index }))
    .filter(({ configuration }) => configuration.role !== 'control');
  return (
    <section id="targets">
      <h2>What was audited</h2>
      {tested.length === 0 && <p>No configuration was audited.</p>}
      {tested.map(({ configuration, index }) => (
        <Target configuration={configuration} index={index} anchors={anchors} open={tested.length === 1} />
      ))}
      <dl class="facts">
        {Object.entries(report.provenance.images).map(([name, digest]) => (
          <Fact name={`image ${name}`}>
            <Code of={digest} />
          </Fact>
        ))}
      </dl>
      <LabPicture report={report} />
    </section>
  );
}
