/** What is wrong with the configurations, and what to change. */
import { causesOf } from '../cause.ts';
import { byRemedy, type Finding, type Findings } from '../findings.ts';
import { count, effectWord, expectationWord, observationWord } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { CauseView } from './cause.tsx';
import { PathPicture } from './path.tsx';
import { Code, Text } from './text.tsx';

function Item({ finding, anchors }: { finding: Finding; anchors: Anchors }) {
  const { attempt, description, at } = finding;
  // Its explanation stands in the picture.
  const [phrase] = observationWord[attempt.observed].split(':');
  return (
    <li>
      <a href={`#${anchors.attempt(at.configuration, at.attempt)}`}>
        <Code of={attempt.id} />
      </a>
      {description !== undefined && (
        <>
          : <Text of={description.title} />
        </>
      )}
      . Must be {expectationWord[attempt.expected]}, {phrase}: <Text of={attempt.reason} />
    </li>
  );
}

/** What these violations mean, once. */
function Effects({ findings }: { findings: readonly Finding[] }) {
  const effects = new Set(findings.flatMap(({ description }) => description?.effect ?? []));
  return <p>{[...effects].map((effect) => effectWord[effect]).join('; ')}</p>;
}

/** Violations by configuration and remedy, each with a picture of the first one's way. */
export function Violations({ found, anchors }: { found: Findings; anchors: Anchors }) {
  return (
    <section id="violations">
      <h2>Violations</h2>
      {found.violations.length === 0 && <p>No violation was found.</p>}
      {byRemedy(found.violations).map(({ configuration, remedy, findings }) => (
        <article>
          <h3>
            <Code of={configuration.name} />: {count(findings.length, 'violation')}, one remedy
          </h3>
          <Effects findings={findings} />
          {findings[0] !== undefined && <PathPicture finding={findings[0]} />}
          {causesOf(findings).map(({ cause }) => (
            <p>
              <strong>Cause:</strong> <CauseView cause={cause} />
            </p>
          ))}
          <p>
            <strong>Remedy:</strong> {remedy === '' ? 'the catalogue names none.' : <Text of={remedy} />}
          </p>
          <ul>
            {findings.map((finding) => (
              <Item finding={finding} anchors={anchors} />
            ))}
          </ul>
        </article>
      ))}
    </section>
  );
}
