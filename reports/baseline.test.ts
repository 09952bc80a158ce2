import { describe, expect, test } from 'vitest';
import { compareReports } from './baseline/compare.ts';
import { type Earlier, gateOf, isAccepted, markBaseline, sarifBaselineState } from './baseline.ts';
import {
  type AttemptResult,
  type AttemptVerdict,
  attemptVerdicts,
  type Baseline,
  type Level,
  type Report,
  report as reportModel,
} from './model.ts';
import { compliantReport } from './sample-report.ts';

const ID = 'open-relay/plain';
const run = { troubles: [], interrupted: false };

type Change = Partial<AttemptResult> | 'absent';

/** A report of one configuration in which one attempt is as it is said; the level is that of the catalogue. */
function reportWith(change: Change, level: Level = 'must'): Report {
  const report = compliantReport();
  const [reference] = report.configurations;
  if (reference === undefined) throw new Error('the sample has a reference');
  reference.attempts = reference.attempts
    .filter(({ id }) => change !== 'absent' || id !== ID)
    .map((attempt) => (attempt.id === ID ? { ...attempt, ...(change as object) } : attempt));
  for (const description of report.catalogue) if (description.id === ID) description.level = level;
  return report;
}

/** What becomes of the one attempt: `new`, … or none. */
function stateOf(then: Change, now: Change, levels: { before?: Level; now?: Level } = {}) {
  const { remarks: _, ...lists } = compareReports(reportWith(then, levels.before), reportWith(now, levels.now));
  const states = Object.entries(lists).flatMap(([state, entries]) =>
    entries.filter(({ attempt }) => attempt === ID).map((entry) => ({ state, ...entry })),
  );
  expect(states.length).toBeLessThanOrEqual(1);
  return states[0];
}

const fail = { verdict: 'fail' } as const;

describe('every verdict then with every verdict now', () => {
  const all = [...attemptVerdicts, 'absent'] as const;
  const asChange = (one: AttemptVerdict | 'absent'): Change => (one === 'absent' ? one : { verdict: one });
  // Rows: then; columns: now, in the order of `all`: pass, fail, inconclusive, not-applicable, waived, absent.
  const table: Record<(typeof all)[number], string> = {
    pass: '- new - - - -',
    fail: 'fixed unchanged undecided fixed unchanged undecided',
    inconclusive: '- new - - - -',
    'not-applicable': '- new - - - -',
    waived: '- new - - - -',
    absent: '- new - - - -',
  };
  test.each(all)('%s then', (then) => {
    const states = all.map((now) => stateOf(asChange(then), asChange(now))?.state ?? '-');
    expect(states.join(' ')).toBe(table[then]);
  });
});

describe('a violation is new', () => {
  test.each<[string, Change, Change, { before?: Level; now?: Level } | undefined, RegExp]>([
    ['that was not tried then', 'absent', fail, undefined, /^not tried then$/],
    ['that was inconclusive then', { verdict: 'inconclusive', reason: 'no answer' }, fail, undefined, /no answer/],
    ['of which the waiver has ended', { verdict: 'waived' }, fail, undefined, /waived then, and is not now/],
    ['where the opposite was expected', { ...fail, expected: 'deliver' }, fail, undefined, /must be blocked now/],
    ['that was a warning then', fail, fail, { before: 'should' }, /level should/],
  ])('%s', (_what, then, now, levels, why) => {
    const entry = stateOf(then, now, levels);
    expect(entry?.state).toBe('new');
    expect(entry?.why).toMatch(why);
  });

  const sweep = (...places: [kind: 'network' | 'domain' | 'host', what: string][]): Change => ({
    ...fail,
    evidence: {
      clientAddress: '',
      identity: 'stranger',
      token: 't',
      dialogues: [],
      queueIds: [],
      sink: [],
      mailbox: [],
      log: [],
      notes: [],
      findings: places.map(([kind, what]) => ({ kind, what, words: what, example: what, confirmed: 'relayed' })),
    },
  });
  test.each<[string, ReturnType<typeof sweep>, ReturnType<typeof sweep>, string]>([
    ['the same network', sweep(['network', '203.0.113.0/24']), sweep(['network', '203.0.113.0/24']), 'unchanged'],
    ['a part of it', sweep(['network', '203.0.113.0/24']), sweep(['network', '203.0.113.128/25']), 'unchanged'],
    ['more than it', sweep(['network', '203.0.113.0/24']), sweep(['network', '203.0.112.0/23']), 'new'],
    [
      'twice as much from the same address on',
      sweep(['network', '203.0.112.0/24']),
      sweep(['network', '203.0.112.0/23']),
      'new',
    ],
    ['another one', sweep(['network', '203.0.113.0/24']), sweep(['network', '198.51.100.0/24']), 'new'],
    ['one more', sweep(['host', 'a.example']), sweep(['host', 'a.example'], ['host', 'b.example']), 'new'],
    ['the same name as a domain', sweep(['host', 'a.example']), sweep(['domain', 'a.example']), 'new'],
    ['a part in IPv6', sweep(['network', '2001:db8::/32']), sweep(['network', '2001:db8:1::/48']), 'unchanged'],
    ['IPv4 and not IPv6', sweep(['network', '::/0']), sweep(['network', '203.0.113.0/24']), 'new'],
    ['everything where nothing was recorded', fail, sweep(['network', '0.0.0.0/0']), 'new'],
    ['what is no network', sweep(['network', 'x/y']), sweep(['network', 'x/z']), 'new'],
  ])('where a sweep reaches further than then: %s', (_what, then, now, state) => {
    expect(stateOf(then, now)?.state).toBe(state);
  });
});

describe('a violation is unchanged', () => {
  const cause = (line: number, text: string) => ({
    ...fail,
    cause: { file: 'sendmail.mc', line, text, how: 'feature', certainty: 'delta' } as const,
  });
  test('though its line has moved', () => {
    expect(stateOf(cause(31, 'F(x)'), cause(32, 'F(x)'))).toMatchObject({ state: 'unchanged', why: 'failed then too' });
  });
  test('by another line, which is said', () => {
    expect(stateOf(cause(31, 'F(x)'), cause(31, 'F(y)'))).toMatchObject({
      state: 'unchanged',
      why: 'failed then too, by another line (sendmail.mc:31: F(x))',
    });
  });
});

describe('what is gone', () => {
  test('is fixed by a pass, and said apart where it does not apply', () => {
    expect(stateOf(fail, { verdict: 'pass' })).toMatchObject({ state: 'fixed', now: 'pass' });
    expect(stateOf(fail, { verdict: 'not-applicable', reason: 'no POP' })).toMatchObject({
      state: 'fixed',
      now: 'not-applicable',
      why: 'does not apply any more: no POP',
    });
  });
  test('is not fixed where something else is expected now', () => {
    expect(stateOf({ ...fail, expected: 'deliver' }, { verdict: 'pass' })?.state).toBe('undecided');
  });
  test('cannot be told of a configuration that is not in this run', () => {
    const now = compliantReport();
    for (const one of now.configurations) if (one.role !== 'control') one.name = 'another';
    const compared = compareReports(reportWith(fail), now);
    expect(compared.undecided).toContainEqual(
      expect.objectContaining({ configuration: 'smtp-auth', attempt: ID, before: 'fail', now: 'not-tried' }),
    );
    expect(compared.remarks.join('\n')).toMatch(/smtp-auth is in the baseline and not in this run/);
    expect(compared.remarks.join('\n')).toMatch(/another is not in the baseline.*\(the baseline has smtp-auth\)/);
  });
});

test('controls are no part of it: their failures are on purpose', () => {
  const { remarks, ...lists } = compareReports(compliantReport(), compliantReport());
  const named = Object.values(lists).flatMap((entries) => entries.map(({ configuration }) => configuration));
  expect([...new Set(named)]).toEqual(['smtp-auth']);
  expect(remarks).toEqual([]);
});

describe('what limits the comparison is said', () => {
  const remarksWith = (change: (earlier: Report) => void) => {
    const earlier = compliantReport();
    change(earlier);
    return compareReports(earlier, compliantReport()).remarks.join('\n');
  };
  test.each<[string, (earlier: Report) => void, RegExp]>([
    [
      'an interrupted baseline',
      (earlier) => Object.assign(earlier, { verdict: 'inconclusive', reasons: ['interrupted by SIGTERM'] }),
      /baseline is inconclusive itself.*interrupted by SIGTERM/,
    ],
    ['another relayproof', ({ provenance }) => Object.assign(provenance, { version: '0.0.9' }), /0\.0\.9.*0\.1\.0/],
    ['another sendmail', ({ provenance }) => Object.assign(provenance, { sendmail: '8.15.2' }), /8\.15\.2.*8\.18\.1/],
    [
      'another mode',
      ({ configurations }) => Object.assign(configurations[0] ?? {}, { mode: 'both' }),
      /mode of smtp-auth was both/,
    ],
    [
      'a configuration that did not start',
      ({ configurations }) => Object.assign(configurations[0] ?? {}, { error: { message: 'x', output: [] } }),
      /smtp-auth did not start in the baseline/,
    ],
  ])('%s', (_what, change, words) => expect(remarksWith(change)).toMatch(words));
});

describe('the gate', () => {
  /** A run with the attempt as it is said, judged as the harness does, and marked. */
  function marked(
    now: Change,
    then: Change,
    options: Partial<Earlier> & { troubles?: string[]; interrupted?: boolean } = {},
  ) {
    const report = reportWith(now);
    report.verdict = now !== 'absent' && now.verdict === 'fail' ? 'non-compliant' : 'compliant';
    const earlier: Earlier = { file: 'r.json', report: reportWith(then), gate: options.gate ?? 'new' };
    return markBaseline(report, earlier, {
      troubles: options.troubles ?? [],
      interrupted: options.interrupted ?? false,
    });
  }
  const gated = (report: Report & { baseline: Baseline }) => report.baseline.gated;

  test('lets a known violation pass, and the verdict stays what it is', () => {
    const report = marked(fail, fail);
    expect(report.verdict).toBe('non-compliant');
    expect(gated(report)).toEqual({
      verdict: 'compliant',
      reasons: ['1 known violation, no new one; gated on new ones'],
    });
    expect(reportModel.safeParse(report).error).toBeUndefined();
  });

  test('lets nothing new pass', () => {
    const report = marked(fail, { verdict: 'pass' });
    expect(gated(report)?.verdict).toBe('non-compliant');
    expect(gated(report)?.reasons.join()).toMatch(/0 known violations, 1 new one.*open-relay\/plain/);
  });

  test('is not there where every violation counts', () => {
    const report = marked(fail, fail, { gate: 'all' });
    expect(gated(report)).toBeUndefined();
    expect(gateOf(report).verdict).toBe('non-compliant');
  });

  test.each<[string, () => Report & { baseline: Baseline }]>([
    ['trouble of the run', () => marked(fail, fail, { troubles: ['clean-up failed'] })],
    ['an interruption', () => marked(fail, fail, { interrupted: true })],
  ])('does not make good %s beside known violations', (_what, make) => {
    expect(gated(make())?.verdict).toBe('inconclusive');
  });

  test('does not make good a missed control, or an inconclusive attempt beside a known violation', () => {
    const now = reportWith(fail);
    const control = now.configurations.find(({ role }) => role === 'control');
    if (control) control.verdict = 'missed';
    const earlier: Earlier = { file: 'r.json', report: reportWith(fail), gate: 'new' };
    expect(markBaseline(now, earlier, run).baseline.gated?.verdict).toBe('inconclusive');

    const open = reportWith(fail);
    const other = open.configurations[0]?.attempts.find(({ id }) => id === 'transport/smuggling');
    if (other) other.verdict = 'inconclusive';
    expect(markBaseline(open, earlier, run).baseline.gated?.verdict).toBe('inconclusive');
  });

  test('does not make good a configuration that does not start', () => {
    const now = reportWith(fail);
    Object.assign(now.configurations[0] ?? {}, { error: { message: 'no', output: [] } });
    const earlier: Earlier = { file: 'r.json', report: reportWith(fail), gate: 'new' };
    expect(markBaseline(now, earlier, run).baseline.gated?.verdict).toBe('inconclusive');
  });

  test('lets a run pass of which every attempt is a known violation', () => {
    const only = reportWith(fail);
    for (const one of only.configurations) one.attempts = one.attempts.filter(({ id }) => id === ID);
    const earlier: Earlier = { file: 'r.json', report: structuredClone(only), gate: 'new' };
    expect(markBaseline(only, earlier, run).baseline.gated?.verdict).toBe('compliant');
  });

  test('names and ids do not run into one another', () => {
    const now = reportWith(fail);
    const [reference] = now.configurations;
    if (reference === undefined) throw new Error('the sample has a reference');
    now.configurations.push({ ...structuredClone(reference), name: 'smtp-auth 2', role: 'subject' });
    const earlier: Earlier = { file: 'r.json', report: reportWith(fail), gate: 'new' };
    const report = markBaseline(now, earlier, run);
    expect(report.baseline.gated?.verdict).toBe('non-compliant');
    const states = report.configurations.map(({ attempts }) => attempts.find(({ id }) => id === ID)?.baselineState);
    expect(states).toEqual(['unchanged', undefined, 'new']);
  });

  test('what it accepts is what the baseline has, and nothing else', () => {
    const report = marked(fail, fail);
    const attempt = report.configurations[0]?.attempts[0] as AttemptResult;
    expect([isAccepted(report, attempt), sarifBaselineState(report, attempt)]).toEqual([true, 'unchanged']);
    const fresh = marked(fail, { verdict: 'pass' });
    const failing = fresh.configurations[0]?.attempts[0] as AttemptResult;
    expect([isAccepted(fresh, failing), sarifBaselineState(fresh, failing)]).toEqual([false, 'new']);
    const all = marked(fail, fail, { gate: 'all' });
    expect(isAccepted(all, all.configurations[0]?.attempts[0] as AttemptResult)).toBe(false);
    const open = marked({ verdict: 'inconclusive' }, fail);
    expect(sarifBaselineState(open, open.configurations[0]?.attempts[0] as AttemptResult)).toBe('updated');
    expect(sarifBaselineState(reportWith(fail), failing)).toBeUndefined();
  });
});
