/** One attempt on one configuration: what had to happen, what did, and how that is known. */
import type { Finding } from '../findings.ts';
import type { Mark } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { AttemptBody, attemptMarkOf } from './attempt-body.tsx';
import { PathPicture } from './path.tsx';
import { Code, Text, Verdict } from './text.tsx';

export const markOf = ({ attempt, level, configuration }: Finding): Mark =>
  attemptMarkOf(attempt, level, configuration.role === 'control');

/** Whether a reader should see the attempt without asking for it. */
export function needsALook({ configuration, attempt }: Finding): boolean {
  if (attempt.verdict === 'fail' || attempt.verdict === 'inconclusive') return true;
  return configuration.control?.detectedBy.includes(attempt.id) === true;
}

/** Whether it is one of those that the verdict rests on: shown with a picture, and open on paper. */
const isViolation = ({ configuration, attempt, level }: Finding): boolean =>
  configuration.role !== 'control' && level === 'must' && attempt.verdict === 'fail';

type AttemptProps = { finding: Finding; anchors: Anchors; block: number | undefined };

/** Collapsed if there is nothing to look into; the summary alone says what happened. */
export function AttemptView({ finding, anchors, block }: AttemptProps) {
  const { configuration, attempt, description, level, at } = finding;
  const look = needsALook(finding);
  return (
    <details
      id={anchors.attempt(at.configuration, at.attempt)}
      class={look ? 'attempt look' : 'attempt'}
      data-verdict={attempt.verdict}
      data-level={level}
      data-block={block}
      open={look && block === undefined}
    >
      <summary>
        <Verdict mark={markOf(finding)} /> <Code of={attempt.id} />
        {description !== undefined && (
          <>
            : <Text of={description.title} />
          </>
        )}
      </summary>
      {block === undefined ? (
        <>
          {isViolation(finding) && <PathPicture finding={finding} />}
          <AttemptBody
            attempt={attempt}
            description={description}
            level={level}
            control={configuration.role === 'control'}
            entry={anchors.descriptionOf(attempt.id)}
          />
        </>
      ) : (
        <p class="reason">
          <Text of={attempt.reason} />
        </p>
      )}
    </details>
  );
}
