/** What became of each attempt that failed in an earlier report or fails now. */
import { causeText, placeOf } from '../cause.ts';
import { describer } from '../findings.ts';
import type {
  AttemptResult,
  BaselineEntry,
  BaselineState,
  Cause,
  ConfigurationResult,
  Level,
  Report,
} from '../model.ts';
import { placesSince } from './places.ts';

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

export type Lists = Record<BaselineState, BaselineEntry[]>;

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
