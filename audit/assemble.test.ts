import { beforeAll, describe, expect, test } from 'vitest';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { controls, readControl } from '../containers/configurations/controls.ts';
import { readReference } from '../containers/configurations/references.ts';
import { type AttemptResult, report as reportModel } from '../reports/model.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { assembleReport, completeResults, describeAttempt } from './assemble.ts';
import { Audit, type AuditOptions } from './audit.ts';
import { EXIT, Failure } from './failure.ts';
import { planRun, select } from './plan.ts';
import type { Trial } from './trial.ts';

const { suites } = await readCatalogue();
let reference: Configuration;
let control: Configuration;
beforeAll(async () => {
  const [first] = controls;
  if (!first) {
    throw new Error('there is no control');
  }
  reference = await readReference('both');
  control = await readControl(first);
});

/** An audit of which nothing has been started, with a result for everything that is planned. */
function audited(configurations: Configuration[]): Audit {
  const selected = select(suites, { suites: [], attempts: ['nmap'] });
  const audit = new Audit({
    plan: planRun(configurations, suites, selected),
    engine: { name: 'Docker', version: '1', local: true } as AuditOptions['engine'],
    images: {
      target: { tag: 'target:1', id: 'sha256:1' },
      helper: { tag: 'lab:1', id: 'sha256:2' },
      release: { version: '8.17', full: '8.17.1.9', debian: 'bookworm' },
    } as AuditOptions['images'],
  });
  for (const trial of audit.trials.values()) {
    const verdict = trial.planned.configuration.control ? 'fail' : 'pass';
    for (const { id, suite, expected } of trial.planned.attempts) {
      trial.results.set(id, { id, suite, expected, observed: 'refused', verdict, reason: 'seen', durationMs: 1 });
    }
  }
  return audit;
}
const ranBy = { command: ['relayproof'], commit: undefined, peakMemoryBytes: 1 };
const assembled = (audit: Audit) => assembleReport(audit, suites, ranBy);
const trialOf = (audit: Audit, name: string): Trial => {
  const trial = audit.trials.get(name);
  if (!trial) {
    throw new Error(`no trial of ${name}`);
  }
  return trial;
};
const change = (trial: Trial, id: string, changes: Partial<AttemptResult>) => {
  const result = trial.results.get(id);
  expect(result).toBeDefined();
  trial.results.set(id, { ...(result as AttemptResult), ...changes });
};

describe('a run of which every result is there', () => {
  test('is compliant, with a report that keeps to the model', () => {
    const report = assembled(audited([reference, control]));
    expect(report).toMatchObject({ verdict: 'compliant', exitStatus: EXIT.compliant, reasons: [] });
    expect(reportModel.safeParse(report).error).toBeUndefined();
    expect(report.provenance.sendmail).toBe('8.17.1.9 (Debian bookworm)');
    expect(report.configurations.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['both', 'compliant'],
      [control.name, 'detected'],
    ]);
    const used = new Set(report.configurations.flatMap((one) => one.attempts.map((attempt) => attempt.id)));
    expect(report.catalogue.map((attempt) => attempt.id).sort()).toEqual([...used].sort());
  });

  test('is non-compliant with one violation', () => {
    const audit = audited([reference, control]);
    change(trialOf(audit, 'both'), 'open-relay/quoted', { verdict: 'fail' });
    expect(assembled(audit)).toMatchObject({ verdict: 'non-compliant', exitStatus: EXIT.violation });
  });

  test('is inconclusive if a control is not detected', () => {
    const audit = audited([reference, control]);
    change(trialOf(audit, control.name), 'open-relay/quoted', { verdict: 'pass' });
    expect(assembled(audit)).toMatchObject({ verdict: 'inconclusive', exitStatus: EXIT.inconclusive });
  });
});

describe('a run with a baseline', () => {
  /** The reports of two runs, the second compared with the first; a change is made to each. */
  function compared(then: (audit: Audit) => void, now: (audit: Audit) => void, gate: 'all' | 'new' = 'new') {
    const earlier = audited([reference, control]);
    then(earlier);
    const audit = audited([reference, control]);
    now(audit);
    const baseline = { file: 'r.json', report: assembled(earlier), gate };
    return assembleReport(audit, suites, ranBy, baseline);
  }
  const hole = (id: string) => (audit: Audit) => change(trialOf(audit, 'both'), id, { verdict: 'fail' });
  const [known, fresh] = [hole('open-relay/quoted'), hole('open-relay/outside-sender')];

  test('has the exit status of what is new, and its own verdict', () => {
    const same = compared(known, known);
    expect(same).toMatchObject({ verdict: 'non-compliant', exitStatus: EXIT.compliant });
    expect(same.configurations[0]?.verdict).toBe('non-compliant');
    expect(compared(known, known, 'all')).toMatchObject({ verdict: 'non-compliant', exitStatus: EXIT.violation });
    const more = compared(known, (audit) => [known, fresh].map((one) => one(audit)));
    expect(more).toMatchObject({ verdict: 'non-compliant', exitStatus: EXIT.violation });
    expect(more.baseline?.new.map(({ attempt }) => attempt)).toEqual(['open-relay/outside-sender']);
    const mended = compared(known, () => {});
    expect(mended).toMatchObject({ verdict: 'compliant', exitStatus: EXIT.compliant });
    expect(mended.baseline?.fixed.map(({ attempt }) => attempt)).toEqual(['open-relay/quoted']);
    expect(reportModel.safeParse(more).error).toBeUndefined();
  });

  test.each<[string, (audit: Audit) => void]>([
    ['a result is missing', (audit) => trialOf(audit, 'both').results.delete('open-relay/outside-sender')],
    ['something went wrong with the run', (audit) => audit.troubles.push('the clean-up failed')],
    ['it was interrupted', (audit) => audit.interrupt('interrupted by SIGINT')],
    ['a control was missed', (audit) => change(trialOf(audit, control.name), 'open-relay/quoted', { verdict: 'pass' })],
  ])('is inconclusive beside known violations if %s', (_what, trouble) => {
    const report = compared(known, (audit) => {
      known(audit);
      trouble(audit);
    });
    expect(report.exitStatus).toBe(EXIT.inconclusive);
  });
});

describe('a run of which a result is missing', () => {
  test('has it put in, in the order of the plan', () => {
    const audit = audited([reference]);
    const trial = trialOf(audit, 'both');
    trial.results.delete('open-relay/quoted');
    const results = completeResults(trial, 'its test never ran');
    expect(results.map(({ id }) => id)).toEqual(trial.planned.attempts.map(({ id }) => id));
    expect(results.filter(({ observed }) => observed === 'none')).toEqual([
      {
        id: 'open-relay/quoted',
        suite: 'open-relay',
        expected: 'block',
        observed: 'none',
        verdict: 'inconclusive',
        reason: 'its test never ran',
        durationMs: 0,
      },
    ]);
  });

  test('is inconclusive, and says which', () => {
    const audit = audited([reference, control]);
    trialOf(audit, 'both').results.delete('open-relay/quoted');
    const report = assembled(audit);
    expect(report).toMatchObject({ verdict: 'inconclusive', exitStatus: EXIT.inconclusive });
    expect(report.reasons.join()).toContain('open-relay/quoted');
  });

  test('is inconclusive if it is a control’s', () => {
    const audit = audited([reference, control]);
    trialOf(audit, control.name).results.delete('open-relay/quoted');
    const report = assembled(audit);
    expect(report.configurations[1]?.verdict).toBe('missed');
    expect(report).toMatchObject({ verdict: 'inconclusive', exitStatus: EXIT.inconclusive });
  });

  test('is not made up for by a result that nobody planned', () => {
    const audit = audited([reference]);
    const trial = trialOf(audit, 'both');
    const some = trial.results.get('open-relay/quoted') as AttemptResult;
    trial.results.clear();
    trial.results.set('open-relay/made-up', { ...some, id: 'open-relay/made-up' });
    const report = assembled(audit);
    expect(report.verdict).toBe('inconclusive');
    expect(report.configurations[0]?.attempts.map(({ id }) => id)).not.toContain('open-relay/made-up');
  });
});

describe('trouble', () => {
  test('of the run makes it inconclusive', () => {
    const audit = audited([reference]);
    audit.troubles.push('a test was retried into success');
    expect(assembled(audit)).toMatchObject({
      verdict: 'inconclusive',
      exitStatus: EXIT.inconclusive,
      reasons: ['a test was retried into success'],
    });
  });

  test('that interrupts it makes it inconclusive, even with a violation', () => {
    const audit = audited([reference]);
    change(trialOf(audit, 'both'), 'open-relay/quoted', { verdict: 'fail' });
    trialOf(audit, 'both').results.delete('open-relay/bang-path');
    audit.interrupt('interrupted by SIGINT');
    const report = assembled(audit);
    expect(report).toMatchObject({ verdict: 'inconclusive', exitStatus: EXIT.inconclusive });
    expect(report.reasons[0]).toBe('interrupted by SIGINT');
    const missing = report.configurations[0]?.attempts.find(({ id }) => id === 'open-relay/bang-path');
    expect(missing?.reason).toContain('interrupted');
  });

  test.each([
    ['CONFIGURATION_DOES_NOT_START', EXIT.configuration],
    ['LAB_BROKEN', EXIT.inconclusive],
  ] as const)('of a configuration (%s) ends with status %i, its own words in the report', (code, status) => {
    const audit = audited([reference, control]);
    const trial = trialOf(audit, 'both');
    trial.failure = new Failure(code, 'it does not run', 'advice', { output: ['m4: no such file'] });
    const report = assembled(audit);
    expect(report).toMatchObject({ verdict: 'inconclusive', exitStatus: status });
    expect(report.configurations[0]).toMatchObject({
      verdict: 'inconclusive',
      error: { message: 'it does not run', output: ['m4: no such file'] },
    });
  });
});

test('what was done to read a folder is in the report, also where the configuration did not start', () => {
  const subject = { ...reference, name: 'mine', role: 'subject' as const, notes: ['access: 2 lines ended in CR'] };
  const audit = audited([subject, control]);
  trialOf(audit, 'mine').failure = new Failure('CONFIGURATION_DOES_NOT_START', 'it does not run', 'advice');
  expect(assembled(audit).configurations[0]?.adaptations).toEqual(['access: 2 lines ended in CR']);
});

test('where the files are is told as from where the run was started, and of controls not at all', () => {
  const elsewhere = { folder: '/srv/mail', main: 'host.mc', mainAs: 'sendmail.mc' };
  const mine = { ...reference, name: 'mine', role: 'subject' as const, source: elsewhere };
  const here = { ...mine, name: 'here', source: { folder: process.cwd(), main: 'sendmail.cf' } };
  const { configurations } = assembled(audited([mine, here, reference, control]));
  expect(configurations.map(({ source }) => source)).toEqual([
    elsewhere,
    { folder: '.', main: 'sendmail.cf' },
    { folder: 'containers/configurations/references/both', main: 'sendmail.mc' },
    undefined,
  ]);
});

describe('waivers', () => {
  const id = 'open-relay/quoted';
  const subjectWith = (...waivers: Configuration['policy']['waivers']): Configuration => ({
    ...reference,
    name: 'mine',
    role: 'subject',
    policy: { ...reference.policy, waivers },
  });
  const waiver = (expires: string, attempt = id) => ({ attempt, expires, reason: 'legacy scanners' });
  /** The report of a run in which the attempts have these verdicts, after waivers. */
  const reported = (verdict: AttemptResult['verdict'], ...waivers: ReturnType<typeof waiver>[]) => {
    const audit = audited([subjectWith(...waivers), control]);
    change(trialOf(audit, 'mine'), id, { verdict, reason: 'as it is' });
    const report = assembled(audit);
    const { waivers: listed, reasons } = report.configurations[0] ?? { waivers: [], reasons: [] };
    return { report, listed, reasons: reasons.join() };
  };

  test('in use leave a subject compliant, and stay visible', () => {
    const { report, listed } = reported('waived', waiver('2999-12-31'));
    expect([report.verdict, report.exitStatus]).toEqual(['compliant', EXIT.compliant]);
    expect(listed).toMatchObject([{ state: 'in-use', attempts: [id], reason: 'legacy scanners' }]);
    expect(report.configurations[0]?.attempts.find((one) => one.id === id)?.verdict).toBe('waived');
  });

  test('that have ended fail', () => {
    const { report, listed, reasons } = reported('fail', waiver('2020-01-01'));
    expect([report.verdict, report.exitStatus]).toEqual(['non-compliant', EXIT.violation]);
    expect(listed).toMatchObject([{ state: 'expired', attempts: [id] }]);
    expect(reasons).toContain('ended on 2020-01-01: 1 failure counts again');
  });

  test('that are not needed are said, and fail nothing', () => {
    const { report, listed, reasons } = reported('pass', waiver('2999-12-31'));
    expect([report.verdict, report.exitStatus]).toEqual(['compliant', EXIT.compliant]);
    expect(listed).toMatchObject([{ state: 'not-needed' }]);
    expect(reasons).toContain('is not needed');
  });

  test('hide nothing that is inconclusive', () => {
    const { report, listed } = reported('inconclusive', waiver('2999-12-31', '*'));
    expect([report.verdict, report.exitStatus]).toEqual(['inconclusive', EXIT.inconclusive]);
    expect(listed).toMatchObject([{ state: 'undecided' }]);
  });

  test('of a run that was broken off are listed all the same', () => {
    const audit = audited([subjectWith(waiver('2999-12-31')), control]);
    trialOf(audit, 'mine').results.clear();
    expect(assembled(audit).configurations[0]?.waivers).toMatchObject([{ state: 'undecided' }]);
  });
});

test('the description of an attempt has what a reader needs, and not how it is played', () => {
  for (const attempt of suites.flatMap((suite) => suite.attempts)) {
    const { scene: _scene, applies: _applies, expected: _expected, client, ...rest } = attempt;
    const { client: described, ...description } = describeAttempt(attempt);
    expect({ ...rest, ...description }).toEqual(rest);
    expect(Object.keys(description)).not.toContain('scene');
    expect({ ...client, ...described }).toEqual(client ?? {});
    expect(described === undefined).toBe(client === undefined);
  }
});
