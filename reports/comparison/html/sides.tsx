/** The two configurations side by side, and the two sides of an attempt. */
import { CauseView } from '../../html/cause.tsx';
import { EvidenceView } from '../../html/evidence.tsx';
import { Badge, Clauses, Code, Fact, Text, Texts } from '../../html/text.tsx';
import { attemptMark, levelWord, observationWord, phaseWord, verdictMark } from '../../words.ts';
import { outcomeWords } from '../differences.ts';
import type { ComparedAttempt, Side, SideOfAttempt } from '../model.ts';

function SideFacts({ title, side }: { title: string; side: Side }) {
  const { name, source, mode, verdict, reasons, sendmail, startedAt, adaptations, error } = side;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <dl class="facts">
        <Fact name="Configuration">
          <Code of={name} />
          {source !== name && (
            <>
              {' '}
              from <Code of={source} />
            </>
          )}
        </Fact>
        <Fact name="Mode">{mode ?? 'not known'}</Fact>
        <Fact name="By itself">
          <Badge mark={verdictMark[verdict]} />
          <Texts of={reasons} />
        </Fact>
        {error !== undefined && (
          <Fact name="Did not start">
            <Text of={error.message} />
            <Texts of={error.output} />
          </Fact>
        )}
        <Fact name="sendmail">
          <Text of={sendmail} />, audited <Text of={startedAt} />
        </Fact>
        {adaptations.length > 0 && (
          <Fact name="Adaptations">
            <details class="list">
              <summary>{adaptations.length}</summary>
              <Texts of={adaptations} />
            </details>
          </Fact>
        )}
      </dl>
    </section>
  );
}

export function Sides({ before, after }: { before: Side; after: Side }) {
  return (
    <div class="sides">
      <SideFacts title="Before" side={before} />
      <SideFacts title="After" side={after} />
    </div>
  );
}

function OneSide({ title, side }: { title: string; side: SideOfAttempt }) {
  const { result, comparedOnly, why } = side;
  if (result === undefined || side.state === 'not-tried') {
    return (
      <div>
        <p class="name">{title}</p>
        <p>
          <Text of={outcomeWords(side)} />
        </p>
      </div>
    );
  }
  return (
    <div>
      <p class="name">{title}</p>
      <dl class="facts">
        <Fact name="Observed">
          {observationWord[result.observed]}
          {result.phase === undefined ? '' : `, ${phaseWord[result.phase]}`}
        </Fact>
        <Fact name="What happened">
          <Text of={result.reason} />
        </Fact>
        <Fact name="Verdict">
          {comparedOnly ? (
            <>
              none: tried for the comparison, <Text of={why ?? 'it does not apply'} />
            </>
          ) : (
            <Badge mark={attemptMark[result.verdict]} />
          )}
        </Fact>
        {result.cause !== undefined && (
          <Fact name="Cause">
            <CauseView cause={result.cause} />
          </Fact>
        )}
      </dl>
      <EvidenceView evidence={result.evidence} />
    </div>
  );
}

/** What was asked, and what each side did, with the evidence. */
export function BothSides({ attempt }: { attempt: ComparedAttempt }) {
  const { description } = attempt;
  return (
    <>
      {description !== undefined && (
        <p class="soft">
          <Text of={description.requirement} /> (<Clauses of={description.clauses} />; {levelWord[description.level]})
        </p>
      )}
      <div class="sides">
        <OneSide title="Before" side={attempt.before} />
        <OneSide title="After" side={attempt.after} />
      </div>
    </>
  );
}
