import { describe, expect, test } from 'vitest';
import {
  type AttemptResult,
  type AttemptVerdict,
  type ConfigurationVerdict,
  type Level,
  observations,
  type Phase,
  phases,
  type Role,
  type RunVerdict,
} from './model.ts';
import {
  type Judgement,
  judgeAttempt,
  judgeConfiguration,
  judgeControl,
  judgeRun,
  missingResult,
  type Outcome,
  type Rules,
} from './verdict.ts';

type Verdict = Judgement['verdict'];

const relayBlock: Rules = { expected: 'block', refusedIn: ['mail', 'rcpt'], destination: 'sink' };
const mailboxBlock: Rules = { expected: 'block', refusedIn: ['mail'], destination: 'mailbox' };
const authBlock: Rules = { expected: 'block', refusedIn: ['auth'], rejectedWith: ['5.5.4'], destination: 'sink' };
const toSink: Rules = { expected: 'deliver', refusedIn: [], destination: 'sink' };
const toMailbox: Rules = { expected: 'deliver', refusedIn: [], destination: 'mailbox' };
const everyRule = { relayBlock, mailboxBlock, authBlock, toSink, toMailbox };

type Around = Parameters<typeof judgeAttempt>[2];

const alive: Around = { pathDead: undefined, notSeen: undefined };
const dead = { pathDead: 'nothing got through', notSeen: undefined };
const unseen = { pathDead: undefined, notSeen: 'no such session in the log' };
const surroundings = { alive, dead, unseen };

/** Every outcome that the rest of the harness could come up with, and some that it could not. */
const everyOutcome: Outcome[] = observations.flatMap((observed) =>
  phases.flatMap((phase) =>
    [undefined, '5.7.1', '5.1.3', '5.5.4', '4.7.1'].flatMap((enhanced) =>
      [undefined, false, true].map((fateKnown) => ({
        observed,
        phase,
        reason: 'what the target said',
        ...(enhanced === undefined ? {} : { enhanced }),
        ...(fateKnown === undefined ? {} : { fateKnown }),
      })),
    ),
  ),
);

const judge = (rules: Rules, outcome: Partial<Outcome>, around: Around = alive) =>
  judgeAttempt(rules, { observed: 'refused', phase: 'rcpt', reason: '550 no', ...outcome }, around);

/** All judgements of the outcomes that a test is about, as one list without repetitions. */
function verdicts(about: (outcome: Outcome) => boolean, rules: Rules, around: Around = alive) {
  const chosen = everyOutcome.filter(about);
  expect(chosen.length).toBeGreaterThan(0);
  return [...new Set(chosen.map((outcome) => judgeAttempt(rules, outcome, around).verdict))];
}

describe('what never depends on anything else', () => {
  test.each(Object.entries(everyRule))('4xx passes nothing and fails nothing (%s)', (_name, rules) => {
    for (const around of Object.values(surroundings)) {
      expect(verdicts(({ observed }) => observed === 'deferred', rules, around)).toEqual(['inconclusive']);
    }
  });

  test.each(Object.entries(everyRule))('trouble of the session decides nothing (%s)', (_name, rules) => {
    for (const around of Object.values(surroundings)) {
      expect(verdicts(({ observed }) => observed === 'error' || observed === 'none', rules, around)).toEqual([
        'inconclusive',
      ]);
    }
  });

  test('what the sink has received is a leak, however the path and the log look', () => {
    for (const rules of [relayBlock, mailboxBlock, authBlock]) {
      for (const around of Object.values(surroundings)) {
        expect(verdicts(({ observed }) => observed === 'relayed', rules, around)).toEqual(['fail']);
      }
    }
  });

  test('an authorised message that is refused is a lock-out, on a dead path as well, in whatever phase', () => {
    for (const around of Object.values(surroundings)) {
      expect(verdicts(({ observed }) => observed === 'refused' || observed === 'rejected', toSink, around)).toEqual([
        'fail',
      ]);
    }
  });

  test.each(Object.entries(everyRule))('nothing passes for a session that the target did not see (%s)', (_n, rules) => {
    expect(verdicts(() => true, rules, unseen)).not.toContain('pass');
  });

  test('no block passes on a dead path', () => {
    for (const rules of [relayBlock, mailboxBlock, authBlock]) {
      expect(verdicts(() => true, rules, dead)).not.toContain('pass');
    }
  });

  test('accepted with an unknown end decides nothing, unless taking the password was the fault', () => {
    const unknown = ({ observed, fateKnown }: Outcome) => observed === 'accepted' && fateKnown !== true;
    for (const rules of [relayBlock, mailboxBlock, toSink, toMailbox]) {
      expect(verdicts(unknown, rules)).toEqual(['inconclusive']);
    }
    expect(verdicts((outcome) => unknown(outcome) && outcome.phase !== 'auth', authBlock)).toEqual(['inconclusive']);
    expect(verdicts((outcome) => unknown(outcome) && outcome.phase === 'auth', authBlock)).toEqual(['fail']);
  });
});

test('a handshake that came about is a fault where a refusal of it was due, and says nothing elsewhere', () => {
  const outcome = { observed: 'accepted', phase: 'starttls', code: 220 } as const;
  expect(judge({ ...relayBlock, refusedIn: ['starttls'] }, outcome).verdict).toBe('fail');
  expect(judge(relayBlock, outcome).verdict).toBe('inconclusive');
  expect(judge({ ...toMailbox, answer: { codes: [220] } }, outcome).verdict).toBe('pass');
  const missing = { observed: 'rejected', phase: 'starttls', code: 502 } as const;
  expect(judge({ ...toMailbox, answer: { codes: [220] } }, missing).verdict).toBe('fail');
});

describe('a block', () => {
  test.each(phases.map((phase) => [phase, phase === 'mail' || phase === 'rcpt' ? 'pass' : 'inconclusive'] as const))(
    'refused in the phase %s: %s',
    (phase, verdict) => {
      expect(judge(relayBlock, { phase, enhanced: '5.7.1' }).verdict).toBe(verdict);
    },
  );

  test.each<[Phase, string | undefined, Verdict]>([
    ['rcpt', '5.1.1', 'pass'],
    ['rcpt', '5.1.2', 'pass'],
    ['rcpt', '5.1.3', 'pass'],
    ['rcpt', '5.1.6', 'pass'],
    ['rcpt', '5.1.10', 'pass'],
    ['rcpt', '5.1.8', 'inconclusive'],
    ['rcpt', '5.5.4', 'inconclusive'],
    ['rcpt', undefined, 'inconclusive'],
    // The sender's address says nothing about the recipient's.
    ['mail', '5.1.3', 'inconclusive'],
    ['data', '5.1.1', 'inconclusive'],
    ['connect', '5.1.1', 'inconclusive'],
  ])('rejected in the phase %s with %s: %s', (phase, enhanced, verdict) => {
    const status = enhanced === undefined ? {} : { enhanced };
    expect(judge(relayBlock, { observed: 'rejected', phase, ...status }).verdict).toBe(verdict);
  });

  test('takes the rejections that its form calls for, in its own phases', () => {
    const rules = { ...relayBlock, rejectedWith: ['5.5.4'] };
    expect(judge(rules, { observed: 'rejected', phase: 'mail', enhanced: '5.5.4' }).verdict).toBe('pass');
    expect(judge(rules, { observed: 'rejected', phase: 'data', enhanced: '5.5.4' }).verdict).toBe('inconclusive');
    expect(judge(rules, { observed: 'rejected', phase: 'mail' }).verdict).toBe('inconclusive');
  });

  test('is kept where a message for outside ended in a mailbox, and is not where the mailbox was the aim', () => {
    expect(judge(relayBlock, { observed: 'delivered', phase: 'fate' }).verdict).toBe('pass');
    expect(judge(relayBlock, { observed: 'delivered', phase: 'fate' }, dead).verdict).toBe('inconclusive');
    expect(judge(mailboxBlock, { observed: 'delivered', phase: 'fate' }).verdict).toBe('fail');
  });

  test('is kept by an accepted message of which log and queue account', () => {
    expect(judge(relayBlock, { observed: 'accepted', phase: 'fate', fateKnown: true }).verdict).toBe('pass');
    expect(judge(relayBlock, { observed: 'accepted', phase: 'fate', fateKnown: true }, dead).verdict).toBe(
      'inconclusive',
    );
  });

  test.each<[Partial<Outcome>, Verdict]>([
    [{ observed: 'refused', phase: 'auth' }, 'pass'],
    [{ observed: 'rejected', phase: 'auth', enhanced: '5.5.4' }, 'pass'],
    [{ observed: 'rejected', phase: 'auth', enhanced: '5.5.1' }, 'inconclusive'],
    [{ observed: 'deferred', phase: 'auth' }, 'inconclusive'],
    [{ observed: 'accepted', phase: 'auth' }, 'fail'],
    [{ observed: 'refused', phase: 'mail' }, 'inconclusive'],
    [{ observed: 'refused', phase: 'greeting' }, 'inconclusive'],
  ])('that ends at AUTH: %o is %s', (outcome, verdict) => {
    expect(judge(authBlock, outcome).verdict).toBe(verdict);
  });
});

describe('a delivery', () => {
  test.each<[Rules, Outcome['observed'], boolean | undefined, Verdict]>([
    [toSink, 'relayed', undefined, 'pass'],
    [toSink, 'delivered', undefined, 'fail'],
    [toSink, 'accepted', true, 'fail'],
    [toSink, 'accepted', false, 'inconclusive'],
    [toMailbox, 'delivered', undefined, 'pass'],
    [toMailbox, 'relayed', undefined, 'fail'],
    [toMailbox, 'accepted', true, 'fail'],
    [toMailbox, 'accepted', undefined, 'inconclusive'],
  ])('%o, %s, fate known %s: %s', (rules, observed, fateKnown, verdict) => {
    const fate = fateKnown === undefined ? {} : { fateKnown };
    expect(judge(rules, { observed, phase: 'fate', ...fate }).verdict).toBe(verdict);
  });

  test('that the target took and could not hand on is its fault only if others got through', () => {
    const kept = { observed: 'accepted', phase: 'fate', fateKnown: true } as const;
    expect(judge(toSink, kept, dead).verdict).toBe('inconclusive');
    // The way to a mailbox is the target's own.
    expect(judge(toMailbox, kept, dead).verdict).toBe('fail');
  });

  test('counts on a path that is dead for others: it got through', () => {
    expect(judge(toSink, { observed: 'relayed', phase: 'fate' }, dead).verdict).toBe('pass');
  });
});

test('a reason never loses what the target said, and says why a refusal does not count', () => {
  const silent = Object.values(everyRule).flatMap((rules) =>
    Object.values(surroundings).flatMap((around) =>
      everyOutcome.filter((outcome) => !judgeAttempt(rules, outcome, around).reason.includes('what the target said')),
    ),
  );
  expect(silent).toEqual([]);
  expect(judge(relayBlock, {}, dead).reason).toContain('nothing got through');
  expect(judge(relayBlock, {}, unseen).reason).toContain('no such session in the log');
  expect(judge(relayBlock, { phase: 'connect' }).reason).toContain('connect');
});

/** Results by name: `weak:fail` is the attempt `weak` with the verdict `fail`. */
const results = (...words: string[]): AttemptResult[] =>
  words.map((word) => {
    const [id = '', verdict] = word.split(':');
    return { ...missingResult(id, 'suite', 'block', 'why'), verdict: verdict as AttemptVerdict };
  });

describe('a configuration', () => {
  const levelOf = (id: string): Level => (id === 'should' || id === 'info' ? id : 'must');

  test.each<[string[], ConfigurationVerdict]>([
    [['a:pass', 'b:pass'], 'compliant'],
    [['a:pass', 'b:not-applicable'], 'compliant'],
    [['a:pass', 'b:waived'], 'compliant'],
    [['a:pass', 'b:fail'], 'non-compliant'],
    [['a:pass', 'b:inconclusive'], 'inconclusive'],
    // What is proven stays proven, whatever else is open.
    [['a:fail', 'b:inconclusive'], 'non-compliant'],
    [['a:pass', 'should:fail'], 'compliant'],
    [['a:pass', 'should:inconclusive'], 'inconclusive'],
    [['a:pass', 'info:fail'], 'compliant'],
    [['a:pass', 'info:inconclusive'], 'compliant'],
    [[], 'inconclusive'],
    [['a:not-applicable', 'b:not-applicable'], 'inconclusive'],
    [['info:inconclusive'], 'inconclusive'],
  ])('with %j is %s', (words, verdict) => {
    expect(judgeConfiguration(results(...words), levelOf, undefined).verdict).toBe(verdict);
  });

  test('says which attempts made it so', () => {
    const found = results('x:fail', 'y:fail', 'z:inconclusive', 'should:fail');
    expect(judgeConfiguration(found, levelOf, undefined).reasons).toEqual([
      '2 violations: x, y',
      '1 attempt inconclusive; the first, z: why',
      '1 warning: should',
    ]);
    expect(judgeConfiguration([], levelOf, undefined).reasons).toEqual(['nothing was tried']);
  });

  test('that has an error is inconclusive with it, whatever was found', () => {
    for (const found of [results('a:pass'), results('a:fail'), []]) {
      expect(judgeConfiguration(found, levelOf, 'm4 refuses')).toEqual({
        verdict: 'inconclusive',
        reasons: ['m4 refuses'],
      });
    }
  });
});

describe('a control', () => {
  test.each<[string, string[], string[], string[], string | undefined, ConfigurationVerdict]>([
    ['every attempt flags it', ['a:fail', 'b:fail'], ['a', 'b'], [], undefined, 'detected'],
    ['another attempt passes', ['a:fail', 'b:pass'], ['a'], [], undefined, 'detected'],
    ['one of two passes', ['a:fail', 'b:pass'], ['a', 'b'], [], undefined, 'missed'],
    ['one of two is inconclusive', ['a:fail', 'b:inconclusive'], ['a', 'b'], [], undefined, 'missed'],
    ['one of two does not apply', ['a:fail', 'b:not-applicable'], ['a', 'b'], [], undefined, 'missed'],
    ['one of two is waived', ['a:fail', 'b:waived'], ['a', 'b'], [], undefined, 'missed'],
    ['one of two has no result', ['a:fail'], ['a', 'b'], [], undefined, 'missed'],
    ['a pattern means no attempt', ['a:fail'], ['a'], ['gone/*'], undefined, 'missed'],
    ['no attempt looked', ['a:fail'], [], [], undefined, 'missed'],
    ['it did not start', ['a:fail'], ['a'], [], 'it does not run', 'missed'],
  ])('where %s: %j for %j', (_why, words, detectedBy, unmatched, error, verdict) => {
    const judged = judgeControl(results(...words), { detectedBy, mustPass: [], unmatched }, error);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons.length > 0).toBe(verdict === 'missed');
  });

  test.each<[string, string[], ConfigurationVerdict]>([
    ['passes', ['a:fail', 'core:pass'], 'detected'],
    ['does not apply', ['a:fail', 'core:not-applicable'], 'detected'],
    ['fails as well', ['a:fail', 'core:fail'], 'missed'],
    ['is inconclusive', ['a:fail', 'core:inconclusive'], 'missed'],
    ['has no result', ['a:fail'], 'missed'],
  ])('has one fault and no other: what must pass on it %s', (_what, words, verdict) => {
    const judged = judgeControl(results(...words), { detectedBy: ['a'], mustPass: ['core'], unmatched: [] }, undefined);
    expect(judged.verdict).toBe(verdict);
  });

  test.each<[string, 'block' | 'deliver', string, ConfigurationVerdict]>([
    ['that lets no legitimate mail through', 'deliver', 'blocked, but that proves nothing: no mail', 'detected'],
    ['that lets too much through', 'block', 'blocked, but that proves nothing: no mail', 'missed'],
    ['that lets no legitimate mail through, and another doubt', 'deliver', 'deferred, which is no block', 'missed'],
  ])('with a fault %s, where what must pass on it is no proof', (_what, expected, reason, verdict) => {
    const [flagged, core] = results('a:fail', 'core:inconclusive');
    const judged = judgeControl(
      [
        { ...(flagged as AttemptResult), expected },
        { ...(core as AttemptResult), reason },
      ],
      { detectedBy: ['a'], mustPass: ['core'], unmatched: [] },
      undefined,
    );
    expect(judged.verdict).toBe(verdict);
  });

  test('says what is missing', () => {
    const { reasons } = judgeControl(
      results('a:pass'),
      { detectedBy: ['a', 'b'], mustPass: [], unmatched: ['gone/*'] },
      'it stopped',
    );
    expect(reasons.join('\n')).toMatch(/^it stopped\n.*gone\/\*.*\na did not flag it: pass.*\nb .*no result$/);
  });
});

describe('a run', () => {
  const one = (verdict: ConfigurationVerdict, role: Role = 'subject') => ({
    name: verdict,
    role,
    verdict,
    reasons: [],
  });
  const compliant = one('compliant');
  const detected = one('detected', 'control');

  test.each<[ReturnType<typeof one>[], string[], RunVerdict]>([
    [[compliant, detected], [], 'compliant'],
    [[compliant, one('non-compliant'), detected], [], 'non-compliant'],
    [[compliant, one('inconclusive')], [], 'inconclusive'],
    [[one('non-compliant'), one('inconclusive')], [], 'non-compliant'],
    // Checks that do not see a known fault prove nothing, not even the faults that they report.
    [[one('non-compliant'), one('missed', 'control')], [], 'inconclusive'],
    [[compliant, one('missed', 'control')], [], 'inconclusive'],
    [[], [], 'inconclusive'],
    [[compliant, detected], ['a suite cannot be imported'], 'inconclusive'],
    [[one('non-compliant')], ['interrupted'], 'non-compliant'],
  ])('of %j with the troubles %j', (configurations, troubles, verdict) => {
    const judged = judgeRun(configurations, troubles);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons.length > 0).toBe(verdict !== 'compliant');
    expect(judged.reasons).toEqual(expect.arrayContaining(troubles));
  });

  test('that was interrupted is inconclusive, whatever it had found', () => {
    for (const configurations of [[compliant], [one('non-compliant')], []]) {
      expect(judgeRun(configurations, ['interrupted'], true).verdict).toBe('inconclusive');
    }
  });
});
