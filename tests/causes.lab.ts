/** The cause that a failed attempt names lies where the control's fault is. */
import { describe, expect, test } from 'vitest';
import { controls } from '../containers/configurations/controls.ts';
import { type Score, scoreOf } from './cause-score.ts';
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
