/** All that an opened attempt shows. In the page's markup, and drawn by the page's program where it is packed. */
import type { AttemptDescription, AttemptResult, Level } from '../model.ts';
import {
  attemptMark,
  baselineMark,
  duration,
  effectWord,
  expectationWord,
  failMark,
  levelWord,
  type Mark,
  observationWord,
  phaseWord,
} from '../words.ts';
import { CauseView } from './cause.tsx';
import { EvidenceView } from './evidence.tsx';
import { Badge, Clauses, Fact, Text } from './text.tsx';

/** The mark of an attempt: on a control, to fail is what it is there for. */
export function attemptMarkOf(attempt: AttemptResult, level: Level, control: boolean): Mark {
  if (attempt.verdict !== 'fail') return attemptMark[attempt.verdict];
  if (control) return { ...attemptMark.fail, word: 'fail (flags the fault)', tone: 'warning' };
  return level === 'must' ? attemptMark.fail : { ...failMark[level], word: `fail (${level})` };
}

type BodyProps = {
  attempt: AttemptResult;
  description: AttemptDescription | undefined;
  level: Level;
  control: boolean;
  /** The id of its entry in the catalogue. */
  entry: string | undefined;
};

/** Requirement, what was expected and observed, and the evidence. */
export function AttemptBody({ attempt, description, level, control, entry }: BodyProps) {
  const failed = attempt.verdict === 'fail' || attempt.verdict === 'waived';
  return (
    <>
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
          {observationWord[attempt.observed]}
          {attempt.phase === undefined ? '' : `, ${phaseWord[attempt.phase]}`}
        </Fact>
        {attempt.baselineState !== undefined && (
          <Fact name="Since the baseline">
            <Badge mark={baselineMark[attempt.baselineState]} />
          </Fact>
        )}
        <Fact name="Verdict">
          <Badge mark={attemptMarkOf(attempt, level, control)} />{' '}
          <span class="reason">
            <Text of={attempt.reason} />
          </span>
        </Fact>
        {attempt.needs !== undefined && (
          <Fact name="It would need">
            <Text of={attempt.needs} />
          </Fact>
        )}
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
    </>
  );
}
