/** The overview: configurations against suites, and the controls. */
import { describer, type Findings, findingsOf } from '../findings.ts';
import type { ConfigurationResult, Report } from '../model.ts';
import { cellOf, columnsOf, tallyOf, tallyWords } from '../tally.ts';
import { effectWord, roleWord, verdictMark } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { Detections } from './control.tsx';
import { Badge, Code, Scrolling, Text } from './text.tsx';

function Name({
  configuration,
  index,
  anchors,
}: {
  configuration: ConfigurationResult;
  index: number;
  anchors: Anchors;
}) {
  return (
    <th scope="row">
      <a href={`#${anchors.configuration(index)}`}>
        <Code of={configuration.name} />
      </a>
    </th>
  );
}

type Row = { configuration: ConfigurationResult; index: number };

function References({ rows, anchors }: { rows: readonly Row[]; anchors: Anchors }) {
  return (
    <Scrolling label="Configurations under test">
      <table>
        <caption>Configurations under test</caption>
        <thead>
          <tr>
            <th scope="col">Configuration</th>
            <th scope="col">Verdict</th>
            <th scope="col">Role</th>
            <th scope="col">Auth mode</th>
            <th scope="col">What it is</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ configuration, index }) => (
            <tr>
              <Name configuration={configuration} index={index} anchors={anchors} />
              <td>
                <Badge mark={verdictMark[configuration.verdict]} />
              </td>
              <td>{roleWord[configuration.role]}</td>
              <td>{configuration.mode ?? 'unknown'}</td>
              <td class="wide">
                <Text of={configuration.title} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

function Matrix({ report, rows, anchors }: { report: Report; rows: readonly Row[]; anchors: Anchors }) {
  const columns = columnsOf(report);
  const describe = describer(report);
  return (
    <Scrolling label="Results by configuration and suite">
      <table>
        <caption>Results by configuration and suite; each cell leads to its attempts</caption>
        <thead>
          <tr>
            <th scope="col">Configuration</th>
            {columns.map(({ name }) => (
              <th scope="col">
                <Text of={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ configuration, index }) => {
            const list = findingsOf(configuration, index, describe);
            return (
              <tr>
                <Name configuration={configuration} index={index} anchors={anchors} />
                {columns.map(({ name }) => {
                  const tally = tallyOf(list.filter(({ attempt }) => attempt.suite === name));
                  const badge = <Badge mark={cellOf(tally)} />;
                  return (
                    <td>
                      {tally.total === 0 ? badge : <a href={`#${anchors.suite(index, name)}`}>{badge}</a>}
                      <small>{tallyWords(tally)}</small>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrolling>
  );
}

function Controls({ found, anchors }: { found: Findings; anchors: Anchors }) {
  return (
    <Scrolling label="Controls">
      <table>
        <caption>Controls: each has one known fault, and the run is worth nothing if it goes unnoticed</caption>
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Verdict</th>
            <th scope="col">Differs from</th>
            <th scope="col">Fault</th>
            <th scope="col">Must be flagged by</th>
          </tr>
        </thead>
        <tbody>
          {found.controls.map(({ configuration, index, detections }) => (
            <tr>
              <Name configuration={configuration} index={index} anchors={anchors} />
              <td>
                <Badge mark={verdictMark[configuration.verdict]} />
              </td>
              <td>
                <Code of={configuration.control?.base ?? 'unknown'} />
              </td>
              <td class="wide">
                <Text of={configuration.control?.fault ?? 'unknown'} />
                {configuration.control !== undefined && <small>{effectWord[configuration.control.effect]}</small>}
              </td>
              <td class="wide">
                <Detections detections={detections} anchors={anchors} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

/** The tables that lead to the details. */
export function Overview({ report, found, anchors }: { report: Report; found: Findings; anchors: Anchors }) {
  const rows = report.configurations
    .map((configuration, index) => ({ configuration, index }))
    .filter(({ configuration }) => configuration.role !== 'control');
  return (
    <section id="overview">
      <h2>Overview</h2>
      {rows.length === 0 ? (
        <p>No configuration was audited.</p>
      ) : (
        <>
          <References rows={rows} anchors={anchors} />
          <Matrix report={report} rows={rows} anchors={anchors} />
        </>
      )}
      {found.controls.length === 0 ? <p>No control was run.</p> : <Controls found={found} anchors={anchors} />}
    </section>
  );
}
