/**
 * The lab is broken on purpose, in every way that would make a server look closed: the run must come out inconclusive,
 * and never compliant.
 */
import { describe, expect, test, vi } from 'vitest';
import { EXIT } from '../audit/failure.ts';
import { trusted } from '../containers/configurations/controls/definition.ts';
import { Lab } from '../containers/lab/lab.ts';
import { attemptOf, auditInLab, configurationOf, type LabRequest } from './run-in-lab.ts';
import { withFolder } from './subject-folder.ts';

const blocked = 'open-relay/outside-sender';
const delivered = 'smtp-auth/cram-md5-clear';
const local = 'legitimate-mail/local';

const request = (hooks?: LabRequest['hooks']): LabRequest => ({
  configurations: ['smtp-auth'],
  attempts: [blocked, delivered, local],
  ...(hooks ? { hooks } : {}),
});

test('an unbroken lab is compliant, or the tests below would show nothing', async () => {
  const report = await auditInLab(request());
  expect(report.reasons).toEqual([]);
  expect(report.verdict).toBe('compliant');
  expect(report.exitStatus).toBe(EXIT.compliant);
  expect(attemptOf(report, 'smtp-auth', blocked).evidence?.observedAddress).toMatch(/^198\./);
  expect(attemptOf(report, 'smtp-auth', delivered).evidence?.sink[0]?.received.join()).toMatch(/with ESMTPA/);
});

test('a target whose names the lab does not learn is given up, and nothing is left running', async () => {
  const nameTarget = vi.spyOn(Lab.prototype, 'nameTarget').mockRejectedValue(new Error('the agent is gone'));
  try {
    const report = await auditInLab(request());
    expect(report.verdict).toBe('inconclusive');
    expect(report.configurations[0]?.error?.message).toContain('the agent is gone');
    expect(report.reasons.join()).not.toContain('clean-up');
  } finally {
    nameTarget.mockRestore();
  }
});

const breakages: { what: string; hooks: NonNullable<LabRequest['hooks']>; reason: RegExp }[] = [
  {
    what: 'the sink is stopped from the start',
    hooks: { lab: (lab) => void lab.setSink('stopped') },
    reason: /no authorised message got through/,
  },
  {
    what: 'the sink refuses from the start',
    hooks: { lab: (lab) => void lab.setSink('refuse') },
    reason: /no authorised message got through/,
  },
  {
    what: 'the sink is stopped half-way',
    hooks: { betweenProofs: (target) => target.lab.setSink('stopped') },
    reason: /after the batch no authorised message got through/,
  },
  {
    what: 'the DNS is stopped half-way',
    hooks: { betweenProofs: (target) => target.lab.setDns('stopped') },
    reason: /got through|deferred|log shows no session/,
  },
  {
    what: 'the target is killed half-way',
    hooks: { betweenProofs: (target) => target.kill() },
    reason: /./,
  },
  {
    what: "the target's log is lost half-way",
    hooks: {
      betweenProofs: async (target) => {
        await target.shell.run('rm /dev/log');
      },
    },
    reason: /log is lost/,
  },
];

describe.each(breakages)('$what', ({ hooks, reason }) => {
  test('is inconclusive, and says why', async () => {
    const report = await auditInLab(request(hooks));
    expect(report.verdict).toBe('inconclusive');
    expect(report.exitStatus).toBe(EXIT.inconclusive);
    const result = attemptOf(report, 'smtp-auth', blocked);
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toMatch(reason);
    expect(configurationOf(report, 'smtp-auth').verdict).toBe('inconclusive');
  });
});

test('where no authorised message gets through, what is blocked proves nothing', async () => {
  // A lock-out: users authenticate, and may not relay all the same.
  await withFolder('smtp-auth', [{ file: 'sendmail.mc', replace: `${trusted}\n`, by: '' }], async (folder) => {
    const report = await auditInLab({ configurations: [folder], attempts: [blocked] });
    const [subject] = report.configurations;
    expect(subject?.attempts[0]).toMatchObject({ id: blocked, observed: 'refused', verdict: 'inconclusive' });
    expect(subject?.proofs.filter((proof) => !proof.ok).map((proof) => proof.when)).toEqual(['before', 'after']);
    expect(report.verdict).toBe('inconclusive');
  });
});

test('a result that is dropped is missing, and the run inconclusive', async () => {
  const report = await auditInLab(request({ onResult: (_, result) => (result.id === blocked ? undefined : result) }));
  expect(attemptOf(report, 'smtp-auth', blocked)).toMatchObject({ verdict: 'inconclusive', observed: 'none' });
  expect(report.verdict).toBe('inconclusive');
  expect(report.exitStatus).toBe(EXIT.inconclusive);
});

test('a control whose attempts are taken out of the catalogue is missed, and the run inconclusive', async () => {
  const without = (id: string) => (suites: Parameters<NonNullable<NonNullable<LabRequest['hooks']>['catalogue']>>[0]) =>
    suites.map((suite) => ({ ...suite, attempts: suite.attempts.filter((attempt) => attempt.id !== id) }));
  const report = await auditInLab({
    configurations: ['pop-rules-left-in'],
    hooks: { catalogue: without('pop-before-smtp/login-outside-the-mode') },
  });
  expect(configurationOf(report, 'pop-rules-left-in').verdict).toBe('missed');
  expect(report.verdict).toBe('inconclusive');
  expect(report.reasons.join()).toMatch(/pop-rules-left-in was missed: .*login-outside-the-mode/);
  expect(report.exitStatus).toBe(EXIT.inconclusive);
});

test('a control whose fault is not there is missed, and the run inconclusive', async () => {
  const report = await auditInLab({
    configurations: ['trusted-network'],
    attempts: ['open-relay/outside-sender'],
    // The client comes out of another network than the one that the fault lets in.
    hooks: {
      betweenProofs: async (target) =>
        void (await target.shell.run(
          'rm /etc/mail/access.db && : > /etc/mail/empty && makemap hash /etc/mail/access < /etc/mail/empty',
        )),
    },
  });
  expect(configurationOf(report, 'trusted-network').verdict).toBe('missed');
  expect(report.verdict).toBe('inconclusive');
});
