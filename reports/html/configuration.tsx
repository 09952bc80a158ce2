/** Everything about one configuration. */
import { describer, detectionsOf, type Finding, findingsOf } from '../findings.ts';
import type { ConfigurationResult, Report, Role } from '../model.ts';
import { type Column, cellOf, columnsOf, tallyOf, tallyWords } from '../tally.ts';
import { duration, roleWord, verdictMark } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { AttemptView, needsALook } from './attempt.tsx';
import { ControlView } from './control.tsx';
import type { Packed } from './pack.ts';
import { Proofs } from './proofs.tsx';
import { Characteristics } from './targets.tsx';
import { Badge, Code, Text, Texts } from './text.tsx';
import { OwnWaivers } from './waivers.tsx';

function Breakdown({ configuration }: { configuration: ConfigurationResult }) {
  const { error } = configuration;
  if (error === undefined) return null;
  return (
    <>
      <h4>It does not start</h4>
      <p>
        <Text of={error.message} />
      </p>
      <ol class="log">
        {error.output.map((line) => (
          <li>
            <Code of={line} />
          </li>
        ))}
      </ol>
    </>
  );
}

type SuiteProps = { column: Column; id: string; list: readonly Finding[]; anchors: Anchors; packed: Packed };

function Suite({ column, id, list, anchors, packed }: SuiteProps) {
  const tally = tallyOf(list);
  const control = list[0]?.configuration.role === 'control';
  return (
    <section id={id} class="suite">
      <details class={list.some(needsALook) ? 'suite look' : 'suite'} open={list.some(needsALook)}>
        <summary>
          <h4>
            <Text of={column.name} />
          </h4>{' '}
          <Text of={column.title} /> {!control && <Badge mark={cellOf(tally)} />}{' '}
          <span class="soft">{tallyWords(tally)}</span>
        </summary>
        {list.map((finding) => (
          <AttemptView
            finding={finding}
            anchors={anchors}
            block={packed.blockOf(finding.at.configuration, finding.at.attempt)}
          />
        ))}
      </details>
    </section>
  );
}

type ConfigurationProps = {
  configuration: ConfigurationResult;
  list: readonly Finding[];
  columns: readonly Column[];
  index: number;
  anchors: Anchors;
  packed: Packed;
};

function ConfigurationView({ configuration, list, columns, index, anchors, packed }: ConfigurationProps) {
  const { name, role, mode, verdict, title, reasons, proofs, durationMs } = configuration;
  return (
    <article id={anchors.configuration(index)} class="configuration">
      <h3>
        <Code of={name} /> <Badge mark={verdictMark[verdict]} />
      </h3>
      <p>
        <Text of={title} />: {roleWord[role]}, {mode === undefined ? 'auth mode unknown' : `auth mode ${mode}`}, took{' '}
        {duration(durationMs)}
      </p>
      <Texts of={reasons} />
      <Breakdown configuration={configuration} />
      {role === 'control' && (
        <ControlView configuration={configuration} detections={detectionsOf(configuration, list)} anchors={anchors} />
      )}
      {role === 'control' && (
        <details>
          <summary>
            <h4>Characteristics</h4>
          </summary>
          <Characteristics configuration={configuration} />
        </details>
      )}
      <OwnWaivers configuration={configuration} index={index} anchors={anchors} />
      <Proofs
        proofs={proofs}
        placeOf={(proof) => ({ id: anchors.proof(index, proof), block: packed.blockOfProof(index, proof) })}
      />
      {columns.map((column) => {
        const inSuite = list.filter(({ attempt }) => attempt.suite === column.name);
        if (inSuite.length === 0) return null;
        return (
          <Suite
            column={column}
            id={anchors.suite(index, column.name)}
            list={inSuite}
            anchors={anchors}
            packed={packed}
          />
        );
      })}
      {list.length === 0 && <p>No attempt was made on it.</p>}
    </article>
  );
}

type ListProps = { report: Report; anchors: Anchors; packed: Packed; of: (role: Role) => boolean };

/** Configurations of some role with all their attempts. */
export function Configurations({ report, anchors, packed, of }: ListProps) {
  const describe = describer(report);
  const columns = columnsOf(report);
  return (
    <>
      {report.configurations.map((configuration, index) =>
        of(configuration.role) ? (
          <ConfigurationView
            configuration={configuration}
            list={findingsOf(configuration, index, describe)}
            columns={columns}
            index={index}
            anchors={anchors}
            packed={packed}
          />
        ) : null,
      )}
    </>
  );
}
