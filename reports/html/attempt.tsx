/** One attempt on one configuration: what had to happen, what did, and how that is known. */
import type { Finding } from '../findings.ts';
import type { AttemptResult } from '../model.ts';
import {
  attemptMark,
  duration,
  effectWord,
  expectationWord,
  failMark,
  levelWord,
  type Mark,
  observationWord,
  phaseWord,
} from '../words.ts';
import type { Anchors } from './anchors.ts';
import { CauseView } from './cause.tsx';
import { EvidenceView } from './evidence.tsx';
import { Badge, Clauses, Code, Fact, Text } from './text.tsx';

/** The mark of an attempt: on a control, to fail is what it is there for. */
export function markOf({ configuration, attempt, level }: Finding): Mark {
  if (attempt.verdict !== 'fail') return attemptMark[attempt.verdict];
  if (configuration.role === 'control') return { ...attemptMark.fail, word: 'fail (flags the fault)', tone: 'warning' };
  return level === 'must' ? attemptMark.fail : { ...failMark[level], word: `fail (${level})` };
}

/** Whether a reader should see the attempt without asking for it. */
export function needsALook({ configuration, attempt }: Finding): boolean {
  if (attempt.verdict === 'fail' || attempt.verdict === 'inconclusive') return true;
  return configuration.control?.detectedBy.includes(attempt.id) === true;
}

function Observed({ attempt }: { attempt: AttemptResult }) {
  return (
    <>
      {observationWord[attempt.observed]}
      {attempt.phase === undefined ? '' : `, ${phaseWord[attempt.phase]}`}
    </>
  );
}

/** A line for an attempt whose evidence is not in the page. */
function AttemptLine({ finding, anchors }: { finding: Finding; anchors: Anchors }) {
  const { attempt, description, at } = finding;
  return (
    <p id={anchors.attempt(at.configuration, at.attempt)} class="attempt">
      <Badge mark={markOf(finding)} /> <Code of={attempt.id} />
      {description !== undefined && (
        <>
          : <Text of={description.title} />
        </>
      )}{' '}
      <small>
        <Text of={attempt.reason} />
      </small>
    </p>
  );
}

/** Collapsed if there is nothing to look into; the summary alone says what happened. */
export function AttemptView({ finding, anchors }: { finding: Finding; anchors: Anchors }) {
  const { attempt, description, level, at } = finding;
  if (attempt.evidence !== undefined && !anchors.evidenceHere(at.configuration, at.attempt)) {
    return <AttemptLine finding={finding} anchors={anchors} />;
  }
  const entry = anchors.descriptionOf(attempt.id);
  const failed = attempt.verdict === 'fail' || attempt.verdict === 'waived';
  return (
    <details id={anchors.attempt(at.configuration, at.attempt)} class="attempt" open={needsALook(finding)}>
      <summary>
        <Badge mark={markOf(finding)} /> <Code of={attempt.id} />
        {description !== undefined && (
          <>
            : <Text of={description.title} />
          </>
        )}
      </summary>
      <dl class="facts">
        <Fact name="Requirement">
          {description === undefined ? (
            'Not in the catalogue of this report.'
          ) : (
            <>
              <Text of={description.requirement} /> (<Clauses of={description.clauses} />
              {entry !== undefined && (
                <>
                  ; <a href={`#${entry}`}>catalogue</a>
                </>
              )}
              )
            </>
          )}
        </Fact>
        <Fact name="Level">{levelWord[level]}</Fact>
        {description !== undefined && <Fact name="Effect of a failure">{effectWord[description.effect]}</Fact>}
        <Fact name="Expected">{expectationWord[attempt.expected]}</Fact>
        <Fact name="Observed">
          <Observed attempt={attempt} />
        </Fact>
        <Fact name="Verdict">
          <Badge mark={markOf(finding)} /> <Text of={attempt.reason} />
        </Fact>
        {attempt.cause !== undefined && (
          <Fact name="Cause">
            <CauseView cause={attempt.cause} />
          </Fact>
        )}
        {failed && description !== undefined && (
          <Fact name="Remedy">
            <Text of={description.remedy} />
          </Fact>
        )}
        <Fact name="Took">{duration(attempt.durationMs)}</Fact>
      </dl>
      {(attempt.verdict !== 'not-applicable' || attempt.evidence !== undefined) && (
        <EvidenceView evidence={attempt.evidence} />
      )}
    </details>
  );
}
