import { describe, expect, test } from 'vitest';
import { openSessions } from '../../suites/pop-before-smtp/sessions.ts';
import { prose } from '../markdown.ts';
import type { AttemptResult, AuthMode, ConfigurationResult } from '../model.ts';
import { renderComparisonMarkdown } from './markdown.ts';
import type { Comparison } from './model.ts';
import {
  authServer,
  compared,
  configuration,
  popServer,
  REFUSAL,
  refused,
  relayed,
  result,
  side,
  without,
} from './sample-comparison.ts';
import { renderComparisonTerminal } from './terminal.ts';
import { comparisonConclusion, verdictOf } from './words.ts';

/** One attempt on two configurations with nothing else in them but what makes them compliant. */
function one(
  before: AttemptResult,
  after: AttemptResult,
  {
    modes = ['both', 'both'],
    verdict = 'compliant',
    beside = [],
    level = 'must',
  }: {
    modes?: [AuthMode, AuthMode];
    verdict?: ConfigurationResult['verdict'];
    /** Tried for the comparison on BEFORE and AFTER. */
    beside?: readonly (AttemptResult | undefined)[];
    level?: 'must' | 'should' | 'info';
  } = {},
): Comparison {
  const more = (tried: AttemptResult | undefined) => (tried ? { comparedOnly: [tried] } : {});
  const local = () => result('legitimate-mail/local', 'deliver', { observed: 'delivered' });
  return compared(
    configuration('old', modes[0], [before, local()], more(beside[0])),
    configuration('new', modes[1], [after, local()], { verdict, ...more(beside[1]) }),
    { [after.id]: level },
  );
}

const differenceOf = ({ differences }: Comparison) => differences.map(({ kind, judgement }) => [kind, judgement]);
const wordsOf = ({ statements }: Comparison) => statements.map(({ words }) => words);

const strangers = 'open-relay/outside-sender';
const pop = 'pop-before-smtp/login';
const auth = 'smtp-auth/plain-starttls';
const POP = { identity: 'POP login as alice from 198.19.0.7' };
const AUTH = { identity: 'authenticated as alice with PLAIN' };

test.each([...openSessions.map(({ id }) => [id, true] as const), [pop, false] as const])(
  '%s: whether it is said that it is not the same in each run is %s',
  (id, said) => {
    const { differences } = one(
      result(id, 'deliver', { ...POP, ...relayed }),
      result(id, 'deliver', { ...POP, ...refused }),
      { level: 'info' },
    );
    expect(differences[0]?.judgement).toBe('noted');
    expect(differences[0]?.why.endsWith('not the same in each run')).toBe(said);
  },
);

test.each(['info', 'should', 'must'] as const)('what was tried is of level %s: info alone decides nothing', (level) => {
  const sent = () => result('mail-clients/curl-clear', 'deliver', { ...AUTH, ...relayed });
  const [before, after] = [configuration('old', 'both', [sent()]), configuration('new', 'both', [sent()])];
  const comparison = compared(before, after, { 'mail-clients/curl-clear': level });
  expect(comparison).toMatchObject({ verdict: 'compliant', exitStatus: 0 });
  expect(comparison.infoOnly).toBe(level === 'info' ? true : undefined);
  expect(/decides nothing/.test(comparisonConclusion(comparison))).toBe(level === 'info');
  expect(verdictOf(comparison).word).toBe(level === 'info' ? 'nothing decided' : 'safe to change');
});

describe('from POP before SMTP to SMTP-AUTH', () => {
  const comparison = compared(popServer(), authServer());

  test('who loses and who gains is said in words, and expected', () => {
    expect(wordsOf(comparison).slice(0, 2)).toEqual([
      'POP-authorised senders without AUTH (port 25): could send, can no longer (expected: the mode smtp-auth drops it)',
      'Authenticated senders over TLS (PLAIN; port 25): could not send, can now (expected: the mode smtp-auth adds it)',
    ]);
  });

  test('what stays is said as well', () => {
    expect(wordsOf(comparison)).toContain('Mail from outside to local users: arrived, still arrives');
    expect(wordsOf(comparison)).toContain('Strangers, to outside (port 25): could not send, as before');
  });

  test('a network that is trusted no longer, mechanisms gained, listeners changed', () => {
    expect(comparison.trust[0]).toMatchObject({ what: 'ipv4', lost: ['10.1.0.0/16'], gained: [] });
    expect(comparison.settings.find(({ what }) => what === 'mechanisms offered')).toMatchObject({ gained: ['PLAIN'] });
    expect(comparison.settings.find(({ what }) => what === 'AuthOptions')).toMatchObject({ gained: ['A p y'] });
  });

  test('a refusal in other words is no difference of its own', () => {
    expect(comparison.answers).toEqual([
      {
        before: { phase: 'rcpt', reply: '550 5.7.1 <…>... Relaying denied' },
        after: { phase: 'rcpt', reply: '550 5.7.1 <…>... Relaying denied. Proper authentication required.' },
        attempts: [strangers],
      },
    ]);
  });

  test('what AFTER leaves open makes it inconclusive, and is named', () => {
    expect([comparison.verdict, comparison.exitStatus]).toEqual(['inconclusive', 2]);
    expect(comparison.reasons.join()).toContain('transport/plaintext-auth-plain');
    expect(comparison.differences.find(({ id }) => id.startsWith('transport/'))?.words).toContain(
      '454 4.3.0 try again',
    );
  });
});

describe('kinds of difference', () => {
  test.each<[string, Comparison, [string, string][], number]>([
    ['the same', one(result(strangers, 'block'), result(strangers, 'block')), [], 0],
    [
      'a hole, whatever AFTER’s own verdict says',
      one(result(strangers, 'block'), result(strangers, 'block', relayed)),
      [['newly-open', 'unexpected']],
      1,
    ],
    [
      'a hole that a waiver accepts',
      one(result(strangers, 'block'), result(strangers, 'block', { ...relayed, verdict: 'waived' })),
      [['newly-open', 'expected']],
      0,
    ],
    [
      'a hole at level info',
      one(result(strangers, 'block'), result(strangers, 'block', relayed), { level: 'info' }),
      [['newly-open', 'noted']],
      0,
    ],
    [
      'a hole that is closed',
      one(result(strangers, 'block', relayed), result(strangers, 'block')),
      [['newly-blocked', 'expected']],
      0,
    ],
    [
      'what was locked out gets through again',
      one(result(auth, 'deliver', refused), result(auth, 'deliver', AUTH)),
      [['newly-open', 'expected']],
      0,
    ],
    [
      'a loss that the mode does not explain',
      one(result(auth, 'deliver', AUTH), result(auth, 'deliver', refused), { verdict: 'non-compliant' }),
      [['newly-blocked', 'unexpected']],
      1,
    ],
    [
      'a mechanism that is offered no longer: a loss, and no hole',
      one(result(auth, 'deliver', AUTH), without(auth, 'deliver', 'PLAIN is not among AuthMechanisms'), {
        beside: [undefined, result(auth, 'deliver', refused)],
      }),
      [['newly-blocked', 'unexpected']],
      0,
    ],
    [
      'what the mode drops',
      one(result(pop, 'deliver', POP), without(pop, 'deliver', 'not for mode smtp-auth'), {
        modes: ['both', 'smtp-auth'],
        beside: [undefined, result(pop, 'deliver', { ...refused, ...POP })],
      }),
      [['newly-blocked', 'expected']],
      0,
    ],
    [
      'what the mode drops and is still open',
      one(result(pop, 'deliver', POP), without(pop, 'deliver', 'not for mode smtp-auth'), {
        modes: ['both', 'smtp-auth'],
        beside: [undefined, result(pop, 'deliver', POP)],
      }),
      [['still-open', 'unexpected']],
      1,
    ],
    [
      'who has both logged in and authenticated',
      one(result(pop, 'deliver', AUTH), without(pop, 'deliver', 'not for mode smtp-auth'), {
        modes: ['both', 'smtp-auth'],
        beside: [undefined, result(pop, 'deliver', AUTH)],
      }),
      [],
      0,
    ],
    [
      'what the mode does not have, newly open',
      one(result(auth, 'deliver', refused), without(auth, 'deliver', 'not for mode none'), {
        modes: ['both', 'none'],
        beside: [undefined, result(auth, 'deliver', AUTH)],
      }),
      [['newly-open', 'unexpected']],
      1,
    ],
    [
      'what must be blocked in each mode that has it, open in one that has not',
      one(
        result('pop-before-smtp/expired', 'block'),
        without('pop-before-smtp/expired', 'block', 'not for mode smtp-auth'),
        { modes: ['both', 'smtp-auth'], beside: [undefined, result('pop-before-smtp/expired', 'block', relayed)] },
      ),
      [['newly-open', 'unexpected']],
      1,
    ],
    [
      'what must be blocked outside a mode, open in that mode',
      one(
        result('smtp-auth/login-outside-the-mode', 'block'),
        without('smtp-auth/login-outside-the-mode', 'block', 'not for mode both'),
        {
          modes: ['pop-before-smtp', 'both'],
          beside: [undefined, result('smtp-auth/login-outside-the-mode', 'block', relayed)],
        },
      ),
      [['newly-open', 'expected']],
      0,
    ],
    [
      'a command that is taken now',
      one(
        result('transport/plaintext-auth-plain', 'block', { phase: 'auth' }),
        result('transport/plaintext-auth-plain', 'block', { observed: 'accepted', phase: 'auth', verdict: 'fail' }),
        { level: 'should' },
      ),
      [['newly-taken', 'unexpected']],
      0,
    ],
    [
      'a command that is taken now, and should be',
      one(
        result('smtp-auth/success-answer', 'block', { phase: 'auth', verdict: 'fail' }),
        result('smtp-auth/success-answer', 'block', { observed: 'accepted', phase: 'auth' }),
        { level: 'should' },
      ),
      [['newly-taken', 'expected']],
      0,
    ],
    [
      'a command that is taken no longer',
      one(
        result('transport/plaintext-auth-plain', 'block', { observed: 'accepted', phase: 'auth', verdict: 'fail' }),
        result('transport/plaintext-auth-plain', 'block', { phase: 'auth' }),
        { level: 'should' },
      ),
      [['no-longer-taken', 'expected']],
      0,
    ],
    [
      'another verdict for the same',
      one(result(strangers, 'block', { ...relayed, verdict: 'waived' }), result(strangers, 'block', relayed), {
        verdict: 'non-compliant',
      }),
      [['other-verdict', 'noted']],
      1,
    ],
    [
      'tried on one side alone',
      one(result(strangers, 'block'), without(strangers, 'block', 'nothing listens on port 25')),
      [['only-before', 'noted']],
      0,
    ],
    [
      'tried on the other side alone',
      one(without(strangers, 'block', 'nothing listens on port 25'), result(strangers, 'block')),
      [['only-after', 'noted']],
      0,
    ],
    ['tried on neither', one(without(strangers, 'block', 'a'), without(strangers, 'block', 'b')), [], 0],
  ])('%s', (_what, comparison, differences, exitStatus) => {
    expect(differenceOf(comparison)).toEqual(differences);
    expect(comparison.exitStatus, comparison.reasons.join()).toBe(exitStatus);
  });
});

describe('what cannot be told is never the same, and never green where it matters', () => {
  const unclear = { observed: 'deferred', verdict: 'inconclusive', reason: 'deferred, which is no block' } as const;

  test.each<[string, AttemptResult, AttemptResult, number]>([
    ['AFTER is inconclusive', result(strangers, 'block'), result(strangers, 'block', unclear), 2],
    ['both are', result(strangers, 'block', unclear), result(strangers, 'block', unclear), 2],
    ['BEFORE is, and AFTER blocks', result(strangers, 'block', unclear), result(strangers, 'block'), 0],
    ['BEFORE is, and AFTER is open', result(strangers, 'block', unclear), result(strangers, 'block', relayed), 2],
    ['AFTER is, and BEFORE was not tried', without(strangers, 'block', 'x'), result(strangers, 'block', unclear), 2],
  ])('%s', (_what, before, after, exitStatus) => {
    const comparison = one(before, after);
    expect(differenceOf(comparison)).toEqual([['unclear', 'unclear']]);
    expect(comparison.same).toBe(1);
    expect(comparison.exitStatus).toBe(exitStatus);
  });

  test('an accepted message whose end is not known', () => {
    const lost = {
      observed: 'accepted',
      phase: 'fate',
      verdict: 'inconclusive',
      reason: 'its fate is not known',
    } as const;
    expect(differenceOf(one(result(strangers, 'block'), result(strangers, 'block', lost)))).toEqual([
      ['unclear', 'unclear'],
    ]);
  });

  test('an accepted message that was sent back has not got through', () => {
    const bounced = {
      observed: 'accepted',
      phase: 'fate',
      reason: 'accepted; its end by the log: User unknown',
    } as const;
    expect(one(result(strangers, 'block'), result(strangers, 'block', bounced)).differences).toEqual([]);
  });
});

describe('the verdict', () => {
  const attempts = () => [result(strangers, 'block')];
  const good = (name: string) => configuration(name, 'both', attempts());

  test.each<[string, Comparison, string, number, RegExp]>([
    ['both compliant', compared(good('a'), good('b')), 'compliant', 0, /^$/],
    [
      'BEFORE not compliant: that is why it is changed',
      compared({ ...good('a'), verdict: 'non-compliant' }, good('b')),
      'compliant',
      0,
      /^$/,
    ],
    [
      'AFTER not compliant in its own mode, with no difference',
      compared(good('a'), { ...good('b'), verdict: 'non-compliant', reasons: ['1 violation: x'] }),
      'non-compliant',
      1,
      /AFTER is not compliant in its mode both: 1 violation: x/,
    ],
    [
      'AFTER inconclusive',
      compared(good('a'), { ...good('b'), verdict: 'inconclusive', reasons: ['1 attempt inconclusive'] }),
      'inconclusive',
      2,
      /AFTER is inconclusive/,
    ],
    [
      'AFTER is a control whose fault was found',
      compared(good('a'), { ...good('b'), verdict: 'detected', role: 'control' }),
      'non-compliant',
      1,
      /AFTER is not compliant/,
    ],
    [
      'AFTER did not start because of its own files',
      compared(
        good('a'),
        side(
          { ...good('b'), verdict: 'inconclusive', attempts: [], error: { message: 'unknown line', output: [] } },
          {},
          { exitStatus: 78, verdict: 'inconclusive' },
        ),
      ),
      'inconclusive',
      78,
      /AFTER did not start: unknown line/,
    ],
    [
      'BEFORE did not start',
      compared({ ...good('a'), attempts: [], error: { message: 'no', output: [] } }, good('b')),
      'inconclusive',
      2,
      /BEFORE did not start: no/,
    ],
    [
      'nothing was tried on BEFORE',
      compared({ ...good('a'), attempts: [without(strangers, 'block', 'x')] }, good('b')),
      'inconclusive',
      2,
      /BEFORE: nothing was tried/,
    ],
    [
      'the run was interrupted',
      compared(
        good('a'),
        side(good('b'), {}, { verdict: 'inconclusive', exitStatus: 2, reasons: ['interrupted by SIGINT'] }),
      ),
      'inconclusive',
      2,
      /^interrupted by SIGINT$/,
    ],
    [
      'a control was missed in the run that AFTER comes from',
      compared(
        good('a'),
        side(
          { ...good('b'), verdict: 'non-compliant' },
          {},
          { verdict: 'inconclusive', reasons: ['control x was missed'] },
        ),
      ),
      'inconclusive',
      2,
      /control x was missed/,
    ],
    [
      'another configuration of that run is inconclusive: not of this comparison',
      compared(
        good('a'),
        side(
          good('b'),
          {},
          {
            verdict: 'inconclusive',
            reasons: ['c is inconclusive: deferred'],
            configurations: [good('b'), { ...good('c'), verdict: 'inconclusive' }],
          },
        ),
      ),
      'compliant',
      0,
      /^$/,
    ],
  ])('%s', (_what, { verdict, exitStatus, reasons }, wanted, status, words) => {
    expect([verdict, exitStatus]).toEqual([wanted, status]);
    expect(reasons.join('\n')).toMatch(words);
  });
});

describe('catalogues that differ', () => {
  test('what was part of one run alone is counted, and compared with nothing', () => {
    const comparison = compared(
      configuration('a', 'both', [result(strangers, 'block'), result(pop, 'deliver')]),
      configuration('b', 'both', [result(strangers, 'block'), result('open-relay/new', 'block', relayed)]),
    );
    expect(comparison.differences).toEqual([]);
    expect(comparison.onlyIn).toEqual({ before: 1, after: 1 });
    expect(comparison.same).toBe(1);
  });
});

describe('statements', () => {
  test('each mode’s own attempt answers where the other’s was not tried', () => {
    const comparison = compared(
      configuration('a', 'both', [
        result(pop, 'deliver', POP),
        without('pop-before-smtp/login-outside-the-mode', 'block', 'not for mode both'),
      ]),
      configuration('b', 'smtp-auth', [
        without(pop, 'deliver', 'not for mode smtp-auth'),
        result('pop-before-smtp/login-outside-the-mode', 'block'),
      ]),
    );
    expect(wordsOf(comparison)).toEqual([
      'POP-authorised senders without AUTH (port 25): could send, can no longer (expected: the mode smtp-auth drops it)',
    ]);
    expect(comparison.exitStatus).toBe(0);
  });

  test('what is not tried on a side says why', () => {
    const id = 'pop-before-smtp/login-submission';
    const comparison = one(result(id, 'deliver', POP), without(id, 'deliver', 'the target has no POP server'));
    expect(wordsOf(comparison)[0]).toBe(
      'POP-authorised senders without AUTH (port 587): could send; AFTER not tried: the target has no POP server',
    );
  });

  test('a port that nothing listens on any more is a loss for who used it', () => {
    const id = 'pop-before-smtp/login-submission';
    const gone = without(id, 'deliver', 'nothing listens on port 587');
    expect(one(result(id, 'deliver', POP), gone).statements[0]).toMatchObject({
      words:
        'POP-authorised senders without AUTH (port 587): could send, can no longer (unexpected: nothing listens on port 587)',
      change: 'lost',
    });
    const could = result(id, 'deliver', { ...POP, observed: 'refused', verdict: 'fail' });
    const not = (statements: Comparison['statements']) => statements.map(({ change }) => change);
    expect(not(one(could, gone).statements)).toContain('not-tried');
    expect(not(one(gone, result(id, 'deliver', POP)).statements)).toContain('not-tried');
  });

  test('the sign of a gain is no list of its own in Markdown', () => {
    const text = renderComparisonMarkdown(compared(popServer(), authServer()));
    expect(text).toContain('- \\+ Authenticated senders over TLS');
    expect(text).not.toContain('- + ');
  });

  test('where nothing was asked of both sides, nothing is proved', () => {
    const comparison = compared(
      configuration('a', 'both', [result(strangers, 'block'), without('legitimate-mail/local', 'deliver', 'x')]),
      configuration('b', 'both', [without(strangers, 'block', 'x'), result('legitimate-mail/local', 'deliver')]),
    );
    expect([comparison.exitStatus, comparison.reasons]).toEqual([2, ['no attempt was tried on both sides']]);
  });

  test('what is inconclusive on a side is never said to stay', () => {
    const comparison = one(
      result(pop, 'deliver', POP),
      result(pop, 'deliver', { observed: 'error', verdict: 'inconclusive', reason: 'the session broke' }),
    );
    expect(wordsOf(comparison)[0]).toBe(
      'POP-authorised senders without AUTH (port 25): could send; AFTER cannot be told: the session broke',
    );
  });

  test('what changed alike is one sentence, and what did not is another', () => {
    const ids = ['smtp-auth/plain-starttls', 'smtp-auth/login-starttls', 'smtp-auth/plain-starttls-submission'];
    const [last = ''] = ids.slice(-1);
    const comparison = compared(
      configuration(
        'a',
        'both',
        ids.map((id) => result(id, 'deliver', AUTH)),
      ),
      configuration(
        'b',
        'both',
        ids.map((id) => result(id, 'deliver', id === last ? refused : AUTH)),
      ),
    );
    expect(wordsOf(comparison)).toEqual([
      'Authenticated senders over TLS (PLAIN; port 587): could send, can no longer (unexpected: it is meant to work)',
      'Authenticated senders over TLS (PLAIN and LOGIN; port 25): could send, still can',
    ]);
  });
});

test('mail programs that lose the same by the same way are one sentence', () => {
  const ids = ['mail-clients/one-pop', 'mail-clients/two-pop', 'mail-clients/three-pop'];
  const comparison = compared(
    configuration(
      'a',
      'both',
      ids.map((id) => result(id, 'deliver', POP)),
    ),
    configuration(
      'b',
      'smtp-auth',
      ids.map((id) => result(id, 'deliver', id.includes('three') ? POP : refused)),
    ),
    Object.fromEntries(ids.map((id) => [id, 'info'])),
  );
  expect(wordsOf(comparison)).toEqual([
    'Mail programs set up for POP login (one and two): could send, can no longer (expected: the mode smtp-auth drops it)',
    'Mail programs set up for POP login (three): could send, still can',
  ]);
  expect(comparison.exitStatus).toBe(0);
  const counted = 'Mail programs, 1 way to set them up: 1 could send and still can, 0 could not, as before';
  expect(renderComparisonMarkdown(comparison)).toContain(prose(counted));
  expect(renderComparisonTerminal(comparison, { columns: 132, colour: false })).toContain(`= ${counted}`);
});

describe('lists', () => {
  const sweep = (more: Partial<AttemptResult>) => result('network-trust/undeclared-ipv4', 'block', more);
  const trusting = (name: string, what: string[], declared?: string[]) =>
    configuration(
      name,
      'both',
      [
        sweep({
          evidence: {
            ...(sweep({}).evidence as NonNullable<AttemptResult['evidence']>),
            findings: what.map((network) => ({
              kind: 'network',
              what: network,
              words: '',
              example: '',
              confirmed: 'relayed',
            })),
          },
        }),
      ],
      declared ? { characteristics: { 'declared networks': declared } } : {},
    );

  test('networks found and networks declared', () => {
    const [ipv4, ipv6] = compared(
      trusting('a', ['10.0.0.0/8'], []),
      trusting('b', ['10.0.0.0/8'], ['203.0.113.0/24', '2001:db8::/32']),
    ).trust;
    expect(ipv4).toMatchObject({ gained: ['203.0.113.0/24 (declared)'], lost: [] });
    expect(ipv6).toMatchObject({ what: 'ipv6', gained: [], lost: [] });
  });

  test('networks that AFTER trusts beside those of BEFORE are an opening, whatever a waiver accepts on both sides', () => {
    const waived = (name: string, what: string[]) => {
      const side = trusting(name, what, []);
      return {
        ...side,
        attempts: side.attempts.map((one) => ({ ...one, observed: 'relayed', verdict: 'waived' }) as const),
      };
    };
    const comparison = compared(waived('a', ['10.0.0.0/8']), waived('b', ['10.0.0.0/8', '8.0.0.0/8']));
    expect(comparison.exitStatus).toBe(1);
    expect(comparison.reasons).toEqual(['AFTER relays with no credential for whom BEFORE did not: 8.0.0.0/8']);
    expect(compared(waived('a', ['10.0.0.0/8']), waived('b', ['10.0.0.0/8'])).exitStatus).toBe(0);
  });

  test('a side that was not asked, or whose answer is inconclusive, is not empty', () => {
    const asked = trusting('a', ['10.0.0.0/8']);
    const unclear = configuration('b', 'both', [sweep({ observed: 'error', verdict: 'inconclusive' })]);
    const [ipv4] = compared(asked, unclear).trust;
    expect(ipv4).toEqual({
      what: 'ipv4',
      title: 'IPv4 networks that may relay with no credential',
      before: ['10.0.0.0/8'],
      gained: [],
      lost: [],
    });
  });
});

describe('replies', () => {
  test('what a reply repeats of the attempt makes no difference', () => {
    const reply = (token: string, host: string) =>
      `550 5.7.1 <${token}%x@y>... [${host}] Relaying denied by ${host} for ${token}`;
    const evidence = (token: string) => ({
      ...(result(strangers, 'block').evidence as NonNullable<AttemptResult['evidence']>),
      token,
    });
    const comparison = one(
      result(strangers, 'block', {
        reason: reply('rp0123456789abcdef', '198.18.0.16'),
        evidence: evidence('rp0123456789abcdef'),
      }),
      result(strangers, 'block', {
        reason: reply('rpfedcba9876543210', '198.18.0.17'),
        evidence: evidence('rpfedcba9876543210'),
      }),
    );
    expect([comparison.differences, comparison.answers, comparison.same]).toEqual([[], [], 2]);
  });

  test('another phase is another answer', () => {
    const comparison = one(
      result(strangers, 'block'),
      result(strangers, 'block', { phase: 'mail', reason: '530 5.7.0 Authentication required' }),
    );
    expect(comparison.answers.map(({ before, after }) => [before.phase, after.phase])).toEqual([['rcpt', 'mail']]);
    expect(REFUSAL).toContain(comparison.answers[0]?.before.reply?.slice(0, 9));
  });

  test('a reply of a million characters takes no time', () => {
    const endless = `550 5.7.1 ${'a.'.repeat(500_000)}`;
    expect(one(result(strangers, 'block', { reason: endless }), result(strangers, 'block')).answers).toHaveLength(1);
  });
});
