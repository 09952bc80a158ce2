/** The cause that a failed attempt names lies where the control's fault is. */
import { describe, expect, test } from 'vitest';
import { controls } from '../containers/configurations/controls.ts';
import { isAmongChanges, type Score, scoreOf } from './cause-score.ts';
import { start } from './command-line.ts';
import { auditInLab, configurationOf } from './run-in-lab.ts';

/** What must be reached; it is near all of them, and a few may miss once in a while. */
const FLOOR = 0.85;

const isScore = (score: Score | undefined): score is Score => score !== undefined && score.flagged > 0;

test('for nearly every control, the cause that an attempt names is one of its changed lines', async () => {
  // One of the attempts that flag it will do for each.
  const attempts = [...new Set(controls.flatMap(({ detectedBy }) => detectedBy.slice(0, 1)))];
  const report = await auditInLab({ configurations: controls.map(({ name }) => name), attempts });
  const scores = report.configurations.map(scoreOf).filter(isScore);
  expect(scores.length).toBeGreaterThan(controls.length * 0.95);
  const without = scores.filter(({ hits }) => hits === 0);
  const list = without.map(({ control, examples }) => `${control}: ${examples[0]}`).join('\n');
  const share = (some: readonly Score[]) => some.filter(({ hits }) => hits > 0).length / some.length;
  expect(share(scores.filter(({ effect }) => effect === 'leak')), list).toBeGreaterThan(FLOOR);
  expect(share(scores), list).toBeGreaterThan(FLOOR);
  // Where nothing fails, nothing is looked for.
  for (const { attempts: results } of report.configurations) {
    expect(results.filter(({ verdict, cause }) => cause && verdict !== 'fail')).toEqual([]);
  }
}, 900_000);

describe('what a cause says of itself', () => {
  test('a feature is tried without, an entry of the access map is found with its line', async () => {
    const report = await auditInLab({
      configurations: ['promiscuous-relay', 'own-domain-untagged', 'mechanisms-undefined'],
      attempts: ['open-relay/outside-sender', 'name-trust/confirmed-below-local', 'smtp-auth/plain-only-program'],
    });
    const causes = (name: string) =>
      configurationOf(report, name).attempts.flatMap(({ cause }) => (cause ? [cause] : []));
    expect(causes('promiscuous-relay')).toContainEqual({
      file: 'sendmail.mc',
      line: expect.any(Number),
      text: "FEATURE(`promiscuous_relay')",
      how: 'feature',
      certainty: 'delta',
    });
    expect(causes('own-domain-untagged')).toContainEqual(
      expect.objectContaining({ file: 'access', text: 'hosting.example RELAY', how: 'map entry', certainty: 'delta' }),
    );
    expect(causes('mechanisms-undefined')).toContainEqual(
      expect.objectContaining({
        file: 'sendmail.mc',
        absent: true,
        text: expect.stringContaining('confAUTH_MECHANISMS'),
      }),
    );
  });
});

test('a line that is not among the changes is no hit', () => {
  const changes = ["- sendmail.mc: define(`confAUTH_MECHANISMS', `PLAIN')dnl", '+ access: To:org\tRELAY'];
  const cause = { file: 'access', line: 4, text: 'To:org RELAY', how: 'map entry', certainty: 'trace' } as const;
  expect(isAmongChanges(cause, changes)).toBe(true);
  expect(isAmongChanges({ ...cause, text: 'To:com RELAY' }, changes)).toBe(false);
  expect(isAmongChanges({ ...cause, file: 'relay-domains' }, changes)).toBe(false);
  const missing = { ...cause, file: 'sendmail.mc', text: "define(`confAUTH_MECHANISMS', …)", absent: true } as const;
  expect(isAmongChanges(missing, changes)).toBe(true);
  expect(isAmongChanges({ ...missing, text: "FEATURE(`access_db')" }, changes)).toBe(false);
});

describe('--explain', () => {
  const explain = (...words: string[]) => start(['audit', ...words]).ended;

  test('shows the session, the rules and the line, and ends as the audit of these attempts does', async () => {
    const { status, stdout, stderr } = await explain(
      'own-domain-untagged',
      '--explain',
      'name-trust/confirmed-below-local',
    );
    expect(status, stderr).toBe(1);
    expect(stdout).toMatch(/^ {6}Relay_ok {2}</m);
    expect(stdout).toMatch(/\? access: hosting\.example → RELAY/);
    expect(stdout).toMatch(/from access:\d+: hosting\.example RELAY/);
    expect(stdout).toMatch(/Cause\n {2}access:\d+: hosting\.example RELAY \(without it/);
    for (const line of stdout.split('\n')) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('an identity is set by macros; what the rules have no part in has a session alone', async () => {
    const { status, stdout, stderr } = await explain(
      'smtp-auth',
      '--json',
      '--explain',
      'smtp-auth/plain-starttls',
      'smtp-auth/anonymous-refused-starttls',
      'reflection/vrfy',
    );
    expect(status, stderr).toBe(0);
    const [plain, ...others] = JSON.parse(stdout).sort((a: { id: string }, b: { id: string }) =>
      b.id < a.id ? -1 : 1,
    );
    expect(plain).toMatchObject({
      id: 'smtp-auth/plain-starttls',
      result: { verdict: 'pass' },
      rules: {
        ruleset: 'check_rcpt',
        macros: { '{auth_type}': 'PLAIN' },
        trace: { ruleset: 'check_rcpt', output: '$# RELAY' },
        decided: { accepted: true, ruleset: 'Rcpt_ok', from: { file: 'sendmail.mc' } },
      },
    });
    for (const one of others) {
      expect(one.rules, one.id).toEqual({ none: expect.stringMatching(/rules/) });
    }
  });

  test('an attempt that does not apply says why, and nothing is proven', async () => {
    const { status, stdout, stderr } = await explain('smtp-auth', '--explain', 'pop-before-smtp/login');
    expect(status, stderr).toBe(2);
    expect(stdout).toMatch(/not applicable: .*not for mode smtp-auth/);
  });
});
