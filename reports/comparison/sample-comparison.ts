/** Two small configurations, one with POP before SMTP and one with SMTP-AUTH, for the tests of comparisons. */
import type { AttemptDescription, AttemptResult, AuthMode, ConfigurationResult, Evidence, Report } from '../model.ts';
import { sampleReport } from '../sample-report.ts';
import { type CompareSide, compare } from './compare.ts';
import type { Comparison } from './model.ts';

export const REFUSAL = '550 5.7.1 <u@elsewhere.example>... Relaying denied';

const sample = sampleReport();

function evidenceOf(identity: string): Evidence {
  const evidence = sample.configurations[0]?.attempts[0]?.evidence;
  if (evidence === undefined) throw new Error('the sample has no evidence');
  return { ...evidence, identity };
}

type Outcome = Partial<AttemptResult> & { identity?: string };

/** A result that passes if nothing else is said. */
export function result(id: string, expected: AttemptResult['expected'], outcome: Outcome = {}): AttemptResult {
  const { identity = 'stranger', ...rest } = outcome;
  const usual: Pick<AttemptResult, 'observed' | 'reason' | 'phase'> =
    expected === 'block'
      ? { observed: 'refused', reason: REFUSAL, phase: 'rcpt' }
      : { observed: 'relayed', reason: 'the sink received it', phase: 'fate' };
  const suite = id.split('/')[0] ?? id;
  return { id, suite, expected, verdict: 'pass', durationMs: 5, evidence: evidenceOf(identity), ...usual, ...rest };
}

/** One that does not apply, for a reason. */
export const without = (id: string, expected: AttemptResult['expected'], reason: string): AttemptResult => {
  const { evidence: _, ...rest } = result(id, expected);
  return { ...rest, observed: 'none', verdict: 'not-applicable', reason, durationMs: 0 };
};

export const refused: Outcome = { observed: 'refused', reason: REFUSAL, phase: 'rcpt', verdict: 'fail' };
export const relayed: Outcome = {
  observed: 'relayed',
  reason: 'the sink received it',
  phase: 'fate',
  verdict: 'fail',
};

export function configuration(
  name: string,
  mode: AuthMode,
  attempts: AttemptResult[],
  more: Partial<ConfigurationResult> = {},
): ConfigurationResult {
  return {
    name,
    role: 'subject',
    mode,
    verdict: 'compliant',
    reasons: [],
    title: name,
    characteristics: {},
    adaptations: [],
    waivers: [],
    durationMs: 1,
    proofs: [],
    attempts,
    ...more,
  };
}

function describe(id: string, level: AttemptDescription['level']): AttemptDescription {
  const [first] = sample.catalogue;
  if (first === undefined) throw new Error('the sample has no catalogue');
  const suite = id.split('/')[0] ?? id;
  const program = /^mail-clients\/(.+)-pop$/u.exec(id)?.[1];
  const client = program === undefined ? {} : { client: { program, era: '2003', by: 'dialogue', way: 'POP login' } };
  return { ...first, id, suite, title: `title of ${id}`, level, ...client } as AttemptDescription;
}

export function side(
  one: ConfigurationResult,
  levels: Record<string, AttemptDescription['level']> = {},
  more: Partial<Report> = {},
): CompareSide {
  const ids = new Set([...one.attempts, ...(one.comparedOnly ?? [])].map(({ id }) => id));
  const report: Report = {
    ...sample,
    verdict: 'compliant',
    reasons: [],
    exitStatus: 0,
    configurations: [one],
    catalogue: [...ids].map((id) => describe(id, levels[id] ?? 'must')),
    ...more,
  };
  return { report, configuration: one, name: one.name, source: `./${one.name}` };
}

export function compared(
  before: CompareSide | ConfigurationResult,
  after: CompareSide | ConfigurationResult,
  levels?: Record<string, AttemptDescription['level']>,
): Comparison {
  const sideOf = (one: CompareSide | ConfigurationResult) => ('report' in one ? one : side(one, levels));
  return compare(sideOf(before), sideOf(after), {
    version: '0.1.0',
    command: ['relayproof', 'compare', './before', './after'],
    at: new Date('2026-03-01T10:00:00Z'),
  });
}

const POP = 'POP login as alice from 198.19.0.7';

/** With POP before SMTP alone. */
export const popServer = (): ConfigurationResult =>
  configuration(
    'old',
    'pop-before-smtp',
    [
      result('pop-before-smtp/login', 'deliver', { identity: POP }),
      without('smtp-auth/plain-starttls', 'deliver', 'not for mode pop-before-smtp'),
      result('open-relay/outside-sender', 'block'),
      result('sender-trust/local-account', 'block'),
      result('network-trust/undeclared-ipv4', 'block', {
        ...relayed,
        evidence: {
          ...evidenceOf('stranger (every ipv4)'),
          findings: [
            { kind: 'network', what: '10.1.0.0/16', words: 'it may relay', example: '10.1.0.1', confirmed: 'relayed' },
          ],
        },
      }),
      result('legitimate-mail/local', 'deliver', { observed: 'delivered' }),
      result('transport/plaintext-auth-plain', 'block', { reason: '503 5.3.3 AUTH not available', phase: 'auth' }),
    ],
    {
      comparedOnly: [result('smtp-auth/plain-starttls', 'deliver', refused)],
      characteristics: { 'mechanisms offered': [], listeners: ['MTA inet port 25 M=A'], AuthOptions: '' },
    },
  );

/** With SMTP-AUTH alone. */
export const authServer = (): ConfigurationResult =>
  configuration(
    'new',
    'smtp-auth',
    [
      without('pop-before-smtp/login', 'deliver', 'not for mode smtp-auth'),
      result('smtp-auth/plain-starttls', 'deliver', { identity: 'authenticated as alice with PLAIN' }),
      result('open-relay/outside-sender', 'block', {
        reason: '550 5.7.1 <u@elsewhere.example>... Relaying denied. Proper authentication required.',
      }),
      result('sender-trust/local-account', 'block'),
      result('network-trust/undeclared-ipv4', 'block', { phase: 'command', reason: 'nobody undeclared' }),
      result('legitimate-mail/local', 'deliver', { observed: 'delivered' }),
      result('transport/plaintext-auth-plain', 'block', {
        observed: 'deferred',
        verdict: 'inconclusive',
        reason: 'deferred, which is no block: 454 4.3.0 try again',
      }),
    ],
    {
      comparedOnly: [result('pop-before-smtp/login', 'deliver', { ...refused, identity: POP })],
      characteristics: { 'mechanisms offered': ['PLAIN'], listeners: ['MTA inet port 25'], AuthOptions: 'A p y' },
    },
  );

/** The sample with the kinds of difference that its two servers do not have. */
export function sampleComparison(): Comparison {
  const before = popServer();
  const after = authServer();
  before.attempts.push(
    result('open-relay/percent-hack-host', 'block'),
    result('smtp-auth/login-only-program', 'deliver'),
    without('transport/starttls', 'deliver', 'port 25 has no STARTTLS'),
  );
  after.attempts.push(
    result('open-relay/percent-hack-host', 'block', relayed),
    result('smtp-auth/login-only-program', 'deliver', refused),
    result('transport/starttls', 'deliver', { observed: 'delivered' }),
  );
  after.verdict = 'non-compliant';
  after.reasons = ['1 violation: open-relay/percent-hack-host'];
  after.adaptations = ['a certificate stands in'];
  return compared(before, after);
}
