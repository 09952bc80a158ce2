/** What has changed since an earlier report. */
import { entriesOf, gateWords, groupsOf, sinceWords } from '../baseline-words.ts';
import type { Report } from '../model.ts';
import type { Anchors } from './anchors.ts';
import { Badge, Code, Text, Texts, Verdict } from './text.tsx';

/** What the exit status is for, where it does not follow the verdict. */
export function Gate({ report }: { report: Report }) {
  const gate = gateWords(report);
  if (gate === undefined) return null;
  return (
    <p>
      <Badge mark={gate.mark} /> <Text of={gate.words} />
    </p>
  );
}

/** Counts, what limits the comparison, and every attempt that is new, open or gone. */
export function Baseline({ report, anchors }: { report: Report; anchors: Anchors }) {
  const { baseline } = report;
  if (baseline === undefined) return null;
  const places = new Map<string, string>();
  for (const [at, { name, attempts }] of report.configurations.entries()) {
    for (const [position, { id }] of attempts.entries()) places.set(`${name}\n${id}`, anchors.attempt(at, position));
  }
  const entries = entriesOf(baseline);
  return (
    <section id="baseline">
      <h2>Since the baseline</h2>
      <p>
        Since <Code of={baseline.file} />, <Text of={sinceWords(baseline)} />: {groupsOf(baseline)}.
      </p>
      <Texts of={baseline.remarks} />
      <ul>
        {entries.map(({ entry, mark, word }) => {
          const place = places.get(`${entry.configuration}\n${entry.attempt}`);
          return (
            <li>
              <Verdict mark={{ ...mark, word }} />: <Code of={entry.configuration} />,{' '}
              {place === undefined ? (
                <Code of={entry.attempt} />
              ) : (
                <a href={`#${place}`}>
                  <Code of={entry.attempt} />
                </a>
              )}
              : <Text of={entry.why} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
