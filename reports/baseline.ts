/** What has changed since an earlier report: pure, from the two reports alone. */
import { BlockList, isIP } from 'node:net';
import { causeText, placeOf } from './cause.ts';
import { describer } from './findings.ts';
import type {
  AttemptResult,
  Baseline,
  BaselineEntry,
  BaselineState,
  Cause,
  ConfigurationResult,
  Gate,
  Level,
  Report,
} from './model.ts';
import { judgeConfiguration, judgeRun } from './verdict.ts';
import { count } from './words.ts';

/** An earlier report, under the name by which it was asked for, and what the exit status is for. */
export type Earlier = { file: string; report: Report; gate: Gate };

/** What happened to the run itself, as the judgement of a run takes it. */
export type RunTroubles = { troubles: readonly string[]; interrupted: boolean };

type Place = NonNullable<NonNullable<AttemptResult['evidence']>['findings']>[number];
type Change = { state: BaselineState; why: string };

const MOST_NAMED = 5;

/** The first few, and how many more there are. */
function few(words: readonly string[]): string {
  const more = words.length - MOST_NAMED;
  return more > 0 ? `${words.slice(0, MOST_NAMED).join(', ')} and ${more} more` : words.join(', ');
}

/** Configurations under test by name; controls are faulty on purpose. */
function underTest(report: Pick<Report, 'configurations'>): Map<string, ConfigurationResult> {
  const named = new Map<string, ConfigurationResult>();
  for (const one of report.configurations) {
    if (one.role !== 'control' && !named.has(one.name)) named.set(one.name, one);
  }
  return named;
}

/** Names of the configurations under test in a report. */
export const namesUnderTest = (report: Pick<Report, 'configurations'>): string[] => [...underTest(report).keys()];

const attemptsOf = (one: ConfigurationResult | undefined): Map<string, AttemptResult> =>
  new Map((one?.attempts ?? []).map((attempt) => [attempt.id, attempt]));

/** Whether a network lies within another one; both in CIDR form. */
function within(inner: string, outer: string): boolean {
  const parts = [inner, outer].map((text) => text.split('/'));
  const [[address = '', length], [base = '', outerLength]] = parts as [string[], string[]];
  const family = isIP(address);
  if (family === 0 || family !== isIP(base) || length === undefined || outerLength === undefined) return false;
  const bits = family === 4 ? 32 : 128;
  const [narrow, wide] = [Number(length), Number(outerLength)];
  if (![narrow, wide].every((one) => Number.isInteger(one) && one >= 0 && one <= bits) || narrow < wide) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, wide, type);
  return list.check(address, type);
}

function coveredBy(place: Place, known: readonly Place[]): boolean {
  return known.some(
    ({ kind, what }) =>
      kind === place.kind && (what === place.what || (kind === 'network' && within(place.what, what))),
  );
}

/** What a sweep finds now and did not find then: one attempt stands for every address that there is. */
function placesSince(then: AttemptResult, now: AttemptResult): string[] {
  const known = then.evidence?.findings ?? [];
  return (now.evidence?.findings ?? []).filter((place) => !coveredBy(place, known)).map(({ what }) => what);
}

const sayCause = (cause: Cause) => `${placeOf(cause)}: ${causeText(cause)}`;

/** Lines move; a cause is the same if file and text are. */
const sameCause = (one: Cause, other: Cause) => one.file === other.file && one.text === other.text;

/** Whether what fails now is what failed then. */
function whenFailing(now: AttemptResult, then: AttemptResult | undefined, level: Level, levelThen: Level): Change {
  if (then === undefined) return { state: 'new', why: 'not tried then' };
  if (then.verdict === 'waived') return { state: 'new', why: 'was waived then, and is not now' };
  if (then.verdict === 'inconclusive') return { state: 'new', why: `was inconclusive then: ${then.reason}` };
  if (then.verdict === 'not-applicable') return { state: 'new', why: `did not apply then: ${then.reason}` };
  if (then.verdict === 'pass') return { state: 'new', why: 'passed then' };
  if (then.expected !== now.expected) {
    return {
      state: 'new',
      why: `the mail must be ${now.expected === 'block' ? 'blocked' : 'delivered'} now, and had not to be then`,
    };
  }
  if (level === 'must' && levelThen !== 'must') {
    return { state: 'new', why: `failed then too, at level ${levelThen}, which is no violation` };
  }
  const more = placesSince(then, now);
  if (more.length > 0) return { state: 'new', why: `reaches further than then: ${few(more)}` };
  if (now.cause && then.cause && !sameCause(now.cause, then.cause)) {
    return { state: 'unchanged', why: `failed then too, by another line (${sayCause(then.cause)})` };
  }
  return { state: 'unchanged', why: 'failed then too' };
}

/** What became of what failed then and does not fail now. */
function whenFailedThen(now: AttemptResult | undefined, then: AttemptResult): Change {
  if (now === undefined) return { state: 'undecided', why: 'failed then, and is not tried in this run' };
  if (now.verdict === 'inconclusive')
    return { state: 'undecided', why: `failed then, inconclusive now: ${now.reason}` };
  if (now.expected !== then.expected)
    return { state: 'undecided', why: 'failed then, when something else was expected' };
  if (now.verdict === 'waived') return { state: 'unchanged', why: 'failed then too; waived now' };
  if (now.verdict === 'not-applicable') return { state: 'fixed', why: `does not apply any more: ${now.reason}` };
  return { state: 'fixed', why: 'failed then, passes now' };
}

function remarksOn(earlier: Report, now: Report): string[] {
  const [then, present] = [underTest(earlier), underTest(now)];
  const known = few([...then.keys()]) || 'none';
  const remarks: string[] = [];
  if (earlier.verdict === 'inconclusive') {
    remarks.push(
      `the baseline is inconclusive itself, and what has no result in it counts as new: ${earlier.reasons.slice(0, MOST_NAMED).join('; ')}`,
    );
  }
  const versions = [earlier, now].map(({ provenance }) => provenance.version);
  if (versions[0] !== versions[1]) {
    remarks.push(`the baseline was made by relayproof ${versions[0]}, and this run is one of ${versions[1]}`);
  }
  const sendmails = [earlier, now].map(({ provenance }) => provenance.sendmail ?? 'unknown');
  if (sendmails[0] !== sendmails[1]) {
    remarks.push(`the baseline is of sendmail ${sendmails[0]}, and this run of ${sendmails[1]}`);
  }
  for (const [name, one] of present) {
    const before = then.get(name);
    if (before === undefined) {
      remarks.push(`${name} is not in the baseline, and all that it fails counts as new (the baseline has ${known})`);
    } else if (before.error !== undefined) {
      remarks.push(`${name} did not start in the baseline, and all that it fails counts as new`);
    } else if (before.mode !== undefined && one.mode !== undefined && before.mode !== one.mode) {
      remarks.push(`the mode of ${name} was ${before.mode} in the baseline, and is ${one.mode} now`);
    }
  }
  for (const name of then.keys()) {
    if (!present.has(name)) remarks.push(`${name} is in the baseline and not in this run: nothing is told of it`);
  }
  return remarks;
}

type Lists = Record<BaselineState, BaselineEntry[]>;

/** Every attempt that failed then or fails now, by what became of it, in the order of the report. */
export function compareReports(earlier: Report, now: Report): Lists & { remarks: string[] } {
  const lists: Lists = { new: [], unchanged: [], fixed: [], undecided: [] };
  const [levelNow, levelThen] = [describer(now), describer(earlier)];
  const then = underTest(earlier);
  const present = underTest(now);
  for (const name of new Set([...present.keys(), ...then.keys()])) {
    const [before, after] = [attemptsOf(then.get(name)), attemptsOf(present.get(name))];
    for (const id of new Set([...after.keys(), ...before.keys()])) {
      const [was, is] = [before.get(id), after.get(id)];
      const levels = { now: levelNow(id)?.level, before: levelThen(id)?.level };
      const level = levels.now ?? levels.before ?? 'must';
      const change =
        is?.verdict === 'fail'
          ? whenFailing(is, was, level, levels.before ?? 'must')
          : was?.verdict === 'fail'
            ? whenFailedThen(is, was)
            : undefined;
      if (change) {
        lists[change.state].push({
          configuration: name,
          attempt: id,
          level,
          before: was?.verdict ?? 'not-tried',
          now: is?.verdict ?? 'not-tried',
          why: change.why,
        });
      }
    }
  }
  return { ...lists, remarks: remarksOn(earlier, now) };
}

/** Violations among the entries: at level must, failing now. */
export const violationsAmong = (entries: readonly BaselineEntry[]): BaselineEntry[] =>
  entries.filter(({ level, now }) => level === 'must' && now === 'fail');

/** No name has a line break where it counts: ids are ours. */
const keyOf = (configuration: string, attempt: string) => `${attempt}\n${configuration}`;

const keyOfEntry = ({ configuration, attempt }: BaselineEntry) => keyOf(configuration, attempt);

/** The verdict of the run as if what the baseline has were accepted: only what is new can make it non-compliant. */
function gatedVerdict(
  report: Report,
  lists: Lists,
  { troubles, interrupted }: RunTroubles,
): NonNullable<Baseline['gated']> {
  const describe = describer(report);
  const known = new Set(violationsAmong(lists.unchanged).map(keyOfEntry));
  const configurations = report.configurations.map((one) => {
    if (one.role === 'control') return one;
    const attempts = one.attempts.map((attempt) =>
      known.has(keyOf(one.name, attempt.id)) ? { ...attempt, verdict: 'waived' as const } : attempt,
    );
    return { ...one, ...judgeConfiguration(attempts, (id) => describe(id)?.level ?? 'must', one.error?.message) };
  });
  const { verdict, reasons } = judgeRun(configurations, troubles, interrupted);
  const fresh = violationsAmong(lists.new);
  const newWords = fresh.length === 0 ? 'no new one' : count(fresh.length, 'new one');
  const counted = `${count(known.size, 'known violation')}, ${newWords}; gated on new ones`;
  return { verdict, reasons: [counted, ...reasons] };
}

function withState(one: ConfigurationResult, states: ReadonlyMap<string, BaselineState>): ConfigurationResult {
  if (one.role === 'control') return one;
  return {
    ...one,
    attempts: one.attempts.map((attempt) => {
      const baselineState = states.get(keyOf(one.name, attempt.id));
      return baselineState === undefined ? attempt : { ...attempt, baselineState };
    }),
  };
}

/** The report with what has changed since the earlier one. Its verdict is what it was; the exit status is the caller’s. */
export function markBaseline(report: Report, earlier: Earlier, run: RunTroubles): Report & { baseline: Baseline } {
  const { remarks, ...lists } = compareReports(earlier.report, report);
  const states = new Map(
    (Object.keys(lists) as BaselineState[]).flatMap((state) =>
      lists[state].map((entry): [string, BaselineState] => [keyOfEntry(entry), state]),
    ),
  );
  const { provenance, verdict } = earlier.report;
  return {
    ...report,
    configurations: report.configurations.map((one) => withState(one, states)),
    baseline: {
      file: earlier.file,
      startedAt: provenance.startedAt,
      version: provenance.version,
      ...(provenance.sendmail === undefined ? {} : { sendmail: provenance.sendmail }),
      verdict,
      gate: earlier.gate,
      ...(earlier.gate === 'new' ? { gated: gatedVerdict(report, lists, run) } : {}),
      remarks,
      ...lists,
    },
  };
}

/** The verdict that the exit status follows, and why: the run’s own unless it is gated on what is new. */
export function gateOf(report: Report): { verdict: Report['verdict']; reasons: readonly string[] } {
  return report.baseline?.gated ?? report;
}

/** Whether a failed attempt is one that the gate lets pass. */
export function isAccepted(report: Report, attempt: AttemptResult): boolean {
  return report.baseline?.gate === 'new' && attempt.verdict === 'fail' && attempt.baselineState === 'unchanged';
}

/**
 * A result’s state in the words of SARIF 2.1.0, 3.27.24, for what is no pass. What is gone (`absent`) are the entries of
 * `baseline.fixed`. Undefined where the run has no baseline.
 */
export function sarifBaselineState(
  report: Report,
  { baselineState }: AttemptResult,
): 'new' | 'unchanged' | 'updated' | undefined {
  if (report.baseline === undefined) return undefined;
  if (baselineState === 'unchanged') return 'unchanged';
  // It was a failure then, and something else now.
  return baselineState === 'undecided' ? 'updated' : 'new';
}
