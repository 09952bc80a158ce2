/** What was attempted, and what each attempt demands: the same for every configuration. */
import type { AttemptDescription, Report } from '../model.ts';
import { count, effectWord, levelWord, phaseWord } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { Codes } from './records.tsx';
import { Clauses, Code, Fact, Text } from './text.tsx';

type Entry = { description: AttemptDescription; id: string };

/** What attempts that demand the same have in common. */
const demandOf = ({ requirement, clauses, level, effect, refusedIn, remedy }: AttemptDescription): string =>
  JSON.stringify([requirement, clauses, level, effect, refusedIn, remedy]);

function Demand({ entries }: { entries: readonly [Entry, ...Entry[]] }) {
  const { requirement, clauses, level, effect, refusedIn, remedy } = entries[0].description;
  return (
    <article class="demand">
      <h4>
        <Text of={requirement} />
      </h4>
      <dl class="facts">
        <Fact name="Clauses">
          <Clauses of={clauses} />
        </Fact>
        <Fact name="Level">{levelWord[level]}</Fact>
        <Fact name="Effect of a failure">{effectWord[effect]}</Fact>
        <Fact name="Refusal expected">
          {refusedIn.length === 0 ? 'in no phase' : refusedIn.map((phase) => phaseWord[phase]).join(', ')}
        </Fact>
        <Fact name="Remedy">
          <Text of={remedy} />
        </Fact>
      </dl>
      <ul>
        {entries.map(({ description, id }) => (
          <li id={id}>
            <Code of={description.id} />: <Text of={description.title} />
            {description.aliases.length > 0 && (
              <>
                {' '}
                (also selected as <Codes of={description.aliases} />)
              </>
            )}
          </li>
        ))}
      </ul>
    </article>
  );
}

function Suite({ name, title, entries }: { name: string; title: string; entries: readonly Entry[] }) {
  const demands = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const demand = demandOf(entry.description);
    const same = demands.get(demand);
    if (same === undefined) demands.set(demand, [entry]);
    else same.push(entry);
  }
  return (
    <details>
      <summary>
        <h3>
          <Text of={name} />
        </h3>
        : <Text of={title} /> ({count(entries.length, 'attempt')})
      </summary>
      {entries.length === 0 && <p>The catalogue of this run has no attempt of this suite.</p>}
      {[...demands.values()].map((same) => (
        <Demand entries={same} />
      ))}
    </details>
  );
}

/** The catalogue, suite by suite and demand by demand. */
export function Catalogue({ report, anchors }: { report: Report; anchors: Anchors }) {
  const titles = new Map(report.suites.map(({ name, title }) => [name, title]));
  const names = [...new Set([...titles.keys(), ...report.catalogue.map(({ suite }) => suite)])];
  const entries = report.catalogue.map((description, index) => ({ description, id: anchors.description(index) }));
  return (
    <section id="catalogue">
      <h2>Catalogue</h2>
      {names.map((name) => (
        <Suite
          name={name}
          title={titles.get(name) ?? ''}
          entries={entries.filter(({ description }) => description.suite === name)}
        />
      ))}
    </section>
  );
}
