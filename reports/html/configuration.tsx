/** Everything about one configuration. */
import { describer, detectionsOf, type Finding, findingsOf } from '../findings.ts';
import type { ConfigurationResult, Report } from '../model.ts';
import { type Column, cellOf, columnsOf, tallyOf, tallyWords } from '../tally.ts';
import { count, duration, roleWord, verdictMark } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { AttemptView, needsALook } from './attempt.tsx';
import { ControlView } from './control.tsx';
import { Proofs } from './proofs.tsx';
import { Badge, Code, Fact, Text, Texts } from './text.tsx';
import { OwnWaivers } from './waivers.tsx';

function Characteristics({ configuration }: { configuration: ConfigurationResult }) {
  const entries = Object.entries(configuration.characteristics);
  if (entries.length === 0) return <p>The target said nothing of itself.</p>;
  return (
    <dl class="facts">
      {entries.map(([name, value]) => (
        <Fact name={name}>
          {(typeof value === 'string' ? [value] : value).map((item, index) => (
            <>
              {index > 0 ? ', ' : ''}
              <Code of={item} />
            </>
          ))}
          {value.length === 0 ? 'none' : ''}
        </Fact>
      ))}
    </dl>
  );
}

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

type SuiteProps = { column: Column; id: string; list: readonly Finding[]; anchors: Anchors };

function Suite({ column, id, list, anchors }: SuiteProps) {
  const tally = tallyOf(list);
  const elsewhere = list.filter(
    ({ attempt, at }) => attempt.evidence !== undefined && !anchors.evidenceHere(at.configuration, at.attempt),
  );
  const control = list[0]?.configuration.role === 'control';
  return (
    <section id={id}>
      <details class="suite" open={list.some(needsALook)}>
        <summary>
          <h4>
            <Text of={column.name} />
          </h4>{' '}
          <Text of={column.title} /> {!control && <Badge mark={cellOf(tally)} />}{' '}
          <span class="soft">{tallyWords(tally)}</span>
        </summary>
        {elsewhere.length > 0 && (
          <p class="soft">
            The evidence of {count(elsewhere.length, 'attempt')} here is in report.json only, which has all of it: this
            page would be too heavy with it.
          </p>
        )}
        {list.map((finding) => (
          <AttemptView finding={finding} anchors={anchors} />
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
};

function ConfigurationView({ configuration, list, columns, index, anchors }: ConfigurationProps) {
  const { name, role, mode, verdict, title, reasons, adaptations, proofs, durationMs } = configuration;
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
      <h4>Characteristics</h4>
      <Characteristics configuration={configuration} />
      {adaptations.length > 0 && (
        <>
          <h4>Adapted to run in the lab</h4>
          <Texts of={adaptations} />
        </>
      )}
      <OwnWaivers configuration={configuration} index={index} anchors={anchors} />
      <Proofs proofs={proofs} />
      {columns.map((column) => {
        const inSuite = list.filter(({ attempt }) => attempt.suite === column.name);
        if (inSuite.length === 0) return null;
        return <Suite column={column} id={anchors.suite(index, column.name)} list={inSuite} anchors={anchors} />;
      })}
      {list.length === 0 && <p>No attempt was made on it.</p>}
    </article>
  );
}

/** Every configuration with all its attempts. */
export function Configurations({ report, anchors }: { report: Report; anchors: Anchors }) {
  const describe = describer(report);
  const columns = columnsOf(report);
  return (
    <section id="configurations">
      <h2>Configurations in detail</h2>
      {report.configurations.map((configuration, index) => (
        <ConfigurationView
          configuration={configuration}
          list={findingsOf(configuration, index, describe)}
          columns={columns}
          index={index}
          anchors={anchors}
        />
      ))}
    </section>
  );
}
