/** Every attempt that came to something else, by kind. */

import { Codes } from '../../html/records.tsx';
import { Code, Text, Verdict } from '../../html/text.tsx';
import { count } from '../../words.ts';
import type { ComparedAttempt, Comparison, Difference, DifferenceKind } from '../model.ts';
import { answerWords, differenceMark, kindMeaning, kindWord } from '../words.ts';
import { byWeight, type Places } from './places.ts';
import { BothSides } from './sides.tsx';

const MOST_NAMED = 20;

function Evidence({ attempt, places }: { attempt: ComparedAttempt; places: Places }) {
  if (places.inStatements(attempt.id)) {
    return (
      <p>
        <a href={`#${places.anchor(attempt.id)}`}>Both sessions</a>
      </p>
    );
  }
  return places.here(attempt.id) ? (
    <BothSides attempt={attempt} />
  ) : (
    <p class="soft">Its evidence is in comparison.json.</p>
  );
}

type RowProps = { difference: Difference; attempt: ComparedAttempt | undefined; places: Places };

function Row({ difference, attempt, places }: RowProps) {
  const { id, words, why } = difference;
  return (
    <details data-kind={difference.kind} data-judgement={difference.judgement}>
      <summary>
        <Verdict mark={differenceMark(difference)} /> <Code of={id} />
        {attempt?.description !== undefined && (
          <>
            : <Text of={attempt.description.title} />
          </>
        )}
      </summary>
      <p>
        <Text of={words} />
        {why !== '' && (
          <>
            {' '}
            (<Text of={why} />)
          </>
        )}
      </p>
      {attempt !== undefined && <Evidence attempt={attempt} places={places} />}
    </details>
  );
}

export function Differences({ comparison, places }: { comparison: Comparison; places: Places }) {
  const byId = new Map(comparison.attempts.map((attempt) => [attempt.id, attempt]));
  const kinds = (Object.keys(kindWord) as DifferenceKind[]).map((kind) => ({
    kind,
    list: byWeight(comparison.differences.filter((one) => one.kind === kind)),
  }));
  return (
    <section id="differences">
      <h2>Differences</h2>
      {comparison.differences.length === 0 && <p>Not one attempt came to something else.</p>}
      {kinds
        .filter(({ list }) => list.length > 0)
        .map(({ kind, list }) => (
          <section>
            <h3>
              {kindWord[kind]} ({list.length})
            </h3>
            <p class="soft">{kindMeaning[kind]}.</p>
            {list.map((difference) => (
              <Row difference={difference} attempt={byId.get(difference.id)} places={places} />
            ))}
          </section>
        ))}
      {comparison.answers.length > 0 && (
        <section>
          <h3>answered otherwise ({comparison.answers.length})</h3>
          <p class="soft">
            Both come to the same, with another reply or at another command; one session of each side is shown.
          </p>
          {comparison.answers.map(({ before, after, attempts }) => {
            const [first] = attempts;
            const example = first === undefined ? undefined : byId.get(first);
            return (
              <details>
                <summary>
                  {count(attempts.length, 'attempt')}: <Text of={answerWords(before)} /> →{' '}
                  <Text of={answerWords(after)} />
                </summary>
                <p>
                  <Codes of={attempts.slice(0, MOST_NAMED)} />
                  {attempts.length > MOST_NAMED && <> and {attempts.length - MOST_NAMED} more, in comparison.json</>}
                </p>
                {example !== undefined && <Evidence attempt={example} places={places} />}
              </details>
            );
          })}
        </section>
      )}
    </section>
  );
}
