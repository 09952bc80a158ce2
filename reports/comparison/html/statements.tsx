/** Who can do what: a sentence each, with the sessions that show it one click away. */
import { Badge, Code, Text } from '../../html/text.tsx';
import type { ComparedAttempt, Comparison, Statement } from '../model.ts';
import { isChange, statementMark } from '../words.ts';
import type { Places } from './places.ts';
import { BothSides } from './sides.tsx';

/** With more than that, each attempt has its own click. */
const OPEN_AT_ONCE = 2;

function Title({ attempt }: { attempt: ComparedAttempt }) {
  return (
    <>
      <Code of={attempt.id} />
      {attempt.description !== undefined && (
        <>
          : <Text of={attempt.description.title} />
        </>
      )}
    </>
  );
}

type ShownProps = { attempt: ComparedAttempt; places: Places; nested: boolean };

function Shown({ attempt, places, nested }: ShownProps) {
  if (!places.here(attempt.id)) {
    return (
      <p id={places.anchor(attempt.id)}>
        <Title attempt={attempt} />. Its evidence is in comparison.json.
      </p>
    );
  }
  return nested ? (
    <details>
      <summary>
        <Title attempt={attempt} />
      </summary>
      <div id={places.anchor(attempt.id)}>
        <BothSides attempt={attempt} />
      </div>
    </details>
  ) : (
    <div id={places.anchor(attempt.id)}>
      <p>
        <Title attempt={attempt} />
      </p>
      <BothSides attempt={attempt} />
    </div>
  );
}

type Props = { id: string; title: string; comparison: Comparison; places: Places; changed: boolean };

export function Statements({ id, title, comparison, places, changed }: Props) {
  const list = comparison.statements.filter((one) => isChange(one) === changed);
  const byId = new Map(comparison.attempts.map((attempt) => [attempt.id, attempt]));
  return (
    <section id={id}>
      <h2>{title}</h2>
      {list.length === 0 && (
        <p>{changed ? 'Nobody gains or loses anything that was asked about.' : 'Nothing that was asked about.'}</p>
      )}
      {list.map((statement: Statement) => {
        const shown = statement.attempts.flatMap((one) => byId.get(one) ?? []);
        return (
          <details class={changed ? 'statement changed' : 'statement unchanged'}>
            <summary>
              <Badge mark={statementMark(statement)} />{' '}
              <span class="words">
                <Text of={statement.words} />
              </span>
            </summary>
            {shown.map((attempt) =>
              places.withStatement(attempt.id, statement) ? (
                <Shown attempt={attempt} places={places} nested={shown.length > OPEN_AT_ONCE} />
              ) : (
                <p>
                  <a href={`#${places.anchor(attempt.id)}`}>
                    <Code of={attempt.id} />
                  </a>
                </p>
              ),
            )}
          </details>
        );
      })}
    </section>
  );
}
