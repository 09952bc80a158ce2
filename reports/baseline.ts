/** What has changed since an earlier report, and what the exit status makes of it: pure, from the reports alone. */
import { compareReports, type Lists } from './baseline/compare.ts';
import { describer } from './findings.ts';
import type {
  AttemptResult,
  Baseline,
  BaselineEntry,
  BaselineState,
  ConfigurationResult,
  Gate,
  Report,
} from './model.ts';
import { judgeConfiguration, judgeRun } from './verdict.ts';
import { count } from './words.ts';

/** An earlier report, under the name by which it was asked for, and what the exit status is for. */
export type Earlier = { file: string; report: Report; gate: Gate };

/** What happened to the run itself, as the judgement of a run takes it. */
export type RunTroubles = { troubles: readonly string[]; interrupted: boolean };

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
