/** What is wrong with the configurations, and what to change. */
import { causesOf } from '../cause.ts';
import { byRemedy, type Finding, type Findings } from '../findings.ts';
import { count, effectWord, expectationWord, observationWord } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { CauseView } from './cause.tsx';
import { Code, Text } from './text.tsx';

function Item({ finding, anchors }: { finding: Finding; anchors: Anchors }) {
  const { attempt, description, at } = finding;
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
      . Must be {expectationWord[attempt.expected]}; {observationWord[attempt.observed]}. <Text of={attempt.reason} />
      {description !== undefined && <span class="soft"> ({effectWord[description.effect]})</span>}
    </li>
  );
}

/** Violations by configuration and remedy. */
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
