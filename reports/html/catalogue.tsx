/** What was attempted, and what each attempt demands: the same for every configuration. */
import type { AttemptDescription, Report } from '../model.ts';
import { effectWord, levelWord, phaseWord } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { Codes } from './records.tsx';
import { Clauses, Code, Fact, Text } from './text.tsx';

function Entry({ description, id }: { description: AttemptDescription; id: string }) {
  const { title, requirement, clauses, level, effect, refusedIn, remedy, aliases } = description;
  return (
    <article id={id}>
      <h4>
        <Code of={description.id} />: <Text of={title} />
      </h4>
      <dl class="facts">
        <Fact name="Requirement">
          <Text of={requirement} />
        </Fact>
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
        {aliases.length > 0 && (
          <Fact name="Also selected as">
            <Codes of={aliases} />
          </Fact>
        )}
      </dl>
    </article>
  );
}

/** The catalogue, suite by suite. */
export function Catalogue({ report, anchors }: { report: Report; anchors: Anchors }) {
  const titles = new Map(report.suites.map(({ name, title }) => [name, title]));
  const names = [...new Set([...titles.keys(), ...report.catalogue.map(({ suite }) => suite)])];
  const entries = report.catalogue.map((description, index) => ({ description, id: anchors.description(index) }));
  return (
    <section id="catalogue">
      <h2>Catalogue</h2>
      {names.map((name) => {
        const inSuite = entries.filter(({ description }) => description.suite === name);
        return (
          <section>
            <h3>
              <Text of={name} />: <Text of={titles.get(name) ?? ''} />
            </h3>
            {inSuite.length === 0 && <p>The catalogue of this run has no attempt of this suite.</p>}
            {inSuite.map(({ description, id }) => (
              <Entry description={description} id={id} />
            ))}
          </section>
        );
      })}
    </section>
  );
}
