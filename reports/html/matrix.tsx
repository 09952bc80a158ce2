/** The overview: suites and attempts against configurations. */
import { describer, type Finding, findingsOf } from '../findings.ts';
import type { ConfigurationResult, Report } from '../model.ts';
import { cellOf, columnsOf, tallyOf, tallyWords } from '../tally.ts';
import { count } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { markOf } from './attempt.tsx';
import { Badge, Code, Scrolling, Text, Verdict } from './text.tsx';

type Row = { configuration: ConfigurationResult; index: number };

function Matrix({ report, rows, anchors }: { report: Report; rows: readonly Row[]; anchors: Anchors }) {
  const columns = columnsOf(report);
  const describe = describer(report);
  const found = rows.map(({ configuration, index }) => findingsOf(configuration, index, describe));
  return (
    <>
      <Scrolling label="Results by suite and configuration">
        <table class="matrix">
          <caption>Results by suite and configuration; each cell leads to its attempts</caption>
          <Head first="Suite" rows={rows} anchors={anchors} />
          <tbody>
            {columns.map(({ name, title }) => (
              <tr>
                <th scope="row">
                  <Text of={name} />
                  <small>
                    <Text of={title} />
                  </small>
                </th>
                {rows.map(({ index }, column) => {
                  const tally = tallyOf((found[column] ?? []).filter(({ attempt }) => attempt.suite === name));
                  const badge = <Badge mark={cellOf(tally)} />;
                  return (
                    <td>
                      {tally.total === 0 ? badge : <a href={`#${anchors.suite(index, name)}`}>{badge}</a>}
                      <small>{tallyWords(tally)}</small>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      {columns.map(({ name }) => (
        <AttemptMatrix suite={name} rows={rows} found={found} anchors={anchors} />
      ))}
    </>
  );
}

function Head({ first, rows, anchors }: { first: string; rows: readonly Row[]; anchors: Anchors }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {rows.map(({ configuration, index }) => (
          <th scope="col">
            <a href={`#${anchors.configuration(index)}`}>
              <Code of={configuration.name} />
            </a>
          </th>
        ))}
      </tr>
    </thead>
  );
}

type AttemptMatrixProps = {
  suite: string;
  rows: readonly Row[];
  found: readonly (readonly Finding[])[];
  anchors: Anchors;
};

/** Every attempt of a suite on every configuration. */
function AttemptMatrix({ suite, rows, found, anchors }: AttemptMatrixProps) {
  const inSuite = found.map((list) => {
    const byId = new Map<string, Finding[]>();
    for (const finding of list) {
      if (finding.attempt.suite === suite)
        byId.set(finding.attempt.id, [...(byId.get(finding.attempt.id) ?? []), finding]);
    }
    return byId;
  });
  const ids = [...new Set(inSuite.flatMap((byId) => [...byId.keys()]))];
  if (ids.length === 0) return null;
  const id = anchors.matrix(suite);
  return (
    <details class="matrix">
      <summary id={id}>
        <Text of={suite} />: {count(ids.length, 'attempt')}, one by one
      </summary>
      <Scrolling labelledBy={id}>
        <table class="matrix">
          <Head first="Attempt" rows={rows} anchors={anchors} />
          <tbody>
            {ids.map((attempt) => (
              <tr>
                <th scope="row">
                  <Code of={attempt.startsWith(`${suite}/`) ? attempt.slice(suite.length + 1) : attempt} />
                </th>
                {inSuite.map((byId) => (
                  <td>
                    {(byId.get(attempt) ?? []).map((finding) => (
                      <Verdict
                        mark={markOf(finding)}
                        href={`#${anchors.attempt(finding.at.configuration, finding.at.attempt)}`}
                      />
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </details>
  );
}

/** Suites and attempts against configurations. */
export function Overview({ report, anchors }: { report: Report; anchors: Anchors }) {
  const rows = report.configurations
    .map((configuration, index) => ({ configuration, index }))
    .filter(({ configuration }) => configuration.role !== 'control');
  return (
    <section id="overview">
      <h2>Results</h2>
      {rows.length === 0 ? (
        <p>No configuration was audited.</p>
      ) : (
        <Matrix report={report} rows={rows} anchors={anchors} />
      )}
    </section>
  );
}
