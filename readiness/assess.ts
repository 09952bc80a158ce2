/** From what was counted to the result, its verdict and its notes. */
import { EXIT, type ExitStatus } from '../audit/failure.ts';
import { version } from '../audit/version.ts';
import { count } from '../reports/words.ts';
import type { Correlator } from './correlate.ts';
import { iso, isoOrNull } from './iso-time.ts';
import { type LineCounts, noLines } from './line-counts.ts';
import type { Readiness, ReadinessResult } from './model.ts';
import type { LogResult } from './read-logs.ts';
import { READINESS_SCHEMA_VERSION } from './schema-version.ts';
import type { Tally } from './tally.ts';
import { UsersByNeed } from './users.ts';

const DAY = 86_400_000;

function sum(logs: readonly LogResult[]): LineCounts {
  const total = noLines();
  for (const { lines } of logs) {
    for (const key of Object.keys(total) as (keyof LineCounts)[]) total[key] += lines[key];
  }
  return total;
}

/** The dates between which there is something, without gaps, unless a clock that was wrong makes that endless. */
function daysOf(correlator: Correlator): Readiness['days'] {
  const { days } = correlator.tally;
  const numbers = [...days.keys()].sort((a, b) => a - b);
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined) return [];
  const all = last - first <= 5000 ? Array.from({ length: last - first + 1 }, (_, index) => first + index) : numbers;
  const none = { popRelayed: 0, authenticated: 0, unexplained: 0 };
  return all.map((number) => ({ day: iso(number * DAY).slice(0, 10), ...(days.get(number) ?? none) }));
}

export type AssessmentOptions = Readiness['options'];

export function assess(
  correlator: Correlator,
  read: { logs: LogResult[]; repeated: string[] },
  options: AssessmentOptions,
): ReadinessResult {
  const { tally, accounts } = correlator;
  const users = new UsersByNeed(accounts);
  const lines = sum(read.logs);
  const logs = read.logs.map(({ name, compression, lines: counts, damaged, remark }) => ({
    name,
    compression,
    lines: { read: counts.read, used: counts.used, skipped: counts.read - counts.used },
    ...(damaged === undefined ? {} : { damaged }),
    ...(remark === undefined ? {} : { remark }),
  }));
  const unexplained = [...tally.unexplained]
    .sort((a, b) => b[1].messages - a[1].messages || (a[0] < b[0] ? -1 : 1))
    .map(([address, { messages, first, last, login }]) => ({
      address,
      messages,
      first: iso(first),
      last: iso(last),
      reason: login === undefined ? ('no-login' as const) : ('expired' as const),
      lastPopLogin: login === undefined ? null : { user: accounts.name(login.user), at: iso(login.at) },
    }));
  const total = (what: 'popRelayed' | 'authenticated') =>
    [...tally.days.values()].reduce((messages, one) => messages + one[what], 0);
  const result: ReadinessResult = {
    schemaVersion: READINESS_SCHEMA_VERSION,
    verdict: 'ready',
    reasons: [],
    exitStatus: EXIT.compliant,
    tool: { name: 'relayproof', version },
    options,
    users,
    unexplained,
    unexplainedElsewhere: tally.unexplainedElsewhere,
    period: { from: isoOrNull(tally.firstTime), to: isoOrNull(tally.lastTime) },
    days: daysOf(correlator),
    totals: {
      users: users.counts(),
      messages: tally.messages,
      popLogins: tally.popLogins,
      popRelayed: total('popRelayed'),
      authenticated: total('authenticated'),
      unexplained: unexplained.reduce((messages, one) => messages + one.messages, tally.unexplainedElsewhere),
      trusted: tally.trusted,
      forwarded: tally.forwarded,
      authenticatedUnknown: tally.authenticatedUnknown,
      withoutBeginning: tally.withoutBeginning,
    },
    popServers: correlator.popServers(),
    lines: {
      read: lines.read,
      used: lines.used,
      skipped: lines.read - lines.used,
      skippedBecause: { other: lines.other, withoutTime: lines.withoutTime, tooLong: lines.tooLong },
      invalidUtf8: lines.invalidUtf8,
      outOfOrder: lines.outOfOrder,
      clockJumps: lines.clockJumps,
    },
    logs,
    notes: notesOf(correlator, lines, read),
  };
  return { ...result, ...conclusionOf(result, tally) };
}

type Conclusion = { verdict: Readiness['verdict']; reasons: string[]; exitStatus: ExitStatus };

/** What is certain comes first: a damaged log does not take back what the rest has shown. */
function conclusionOf({ totals, logs }: ReadinessResult, { sendmailLines, handed }: Tally): Conclusion {
  const { users } = totals;
  const open: string[] = [];
  if (users['not-ready'] > 0)
    open.push(`${count(users['not-ready'], 'user')} would be locked out: relaying by POP authorisation only`);
  if (users.mixed > 0) open.push(`${count(users.mixed, 'user')} relayed with AUTH, and also by POP authorisation`);
  if (totals.unexplained > 0) {
    open.push(
      `${count(totals.unexplained, 'message')} relayed without AUTH and without a POP login: a trusted network that was not named, or an open relay`,
    );
  }
  const gaps: string[] = [];
  if (sendmailLines === 0) gaps.push('there is no line of sendmail in these logs: who relays, and how, is not known');
  if (handed > 0) {
    gaps.push(
      `${count(handed, 'message')} of users went to a program on this machine, such as a content filter, which gives them back as its own: whether they were relayed then is not known`,
    );
  }
  for (const { name, damaged } of logs) if (damaged !== undefined) gaps.push(`${name}: ${damaged}`);
  if (open.length > 0) return { verdict: 'not-ready', reasons: [...open, ...gaps], exitStatus: EXIT.violation };
  if (gaps.length > 0) return { verdict: 'inconclusive', reasons: gaps, exitStatus: EXIT.inconclusive };
  return { verdict: 'ready', reasons: [], exitStatus: EXIT.compliant };
}

function notesOf(
  { tally }: Correlator,
  lines: LineCounts,
  { logs, repeated }: { logs: LogResult[]; repeated: string[] },
): string[] {
  const notes: string[] = [];
  if (tally.popLogins === 0) {
    notes.push(
      'There is no POP login in these logs. Who logs in over POP is not known, and whoever relays by POP authorisation stands under unexplained relaying. Give the log of the POP server too.',
    );
  }
  if (tally.authenticatedUnknown > 0) {
    notes.push(
      `${count(tally.authenticatedUnknown, 'message')} came in sessions with AUTH whose AUTH line is not in the logs: by whom is not known.`,
    );
  }
  if (tally.forwarded > 0) {
    notes.push(
      `${count(tally.forwarded, 'delivery', 'deliveries')} went out because an alias, a .forward file or a table sends them on: that is no relaying.`,
    );
  }
  if (tally.withoutBeginning > 0) {
    notes.push(
      `${count(tally.withoutBeginning, 'delivery', 'deliveries')} to outside belong to messages whose beginning is not in these logs, or lies more than 65,000 messages before, or that the server made itself (bounces): from whom is not known.`,
    );
  }
  if (tally.unexplainedElsewhere > 0) {
    notes.push(
      `${count(tally.unexplainedElsewhere, 'unexplained message')} came from addresses beyond the ${tally.unexplained.size} that are listed.`,
    );
  }
  if (lines.clockJumps > 0) {
    notes.push(
      `The time went back by more than five minutes ${count(lines.clockJumps, 'time')}: a clock was set, or logs of several machines are mixed.`,
    );
  }
  if (lines.tooLong > 0) notes.push(`${count(lines.tooLong, 'line')} of more than a megabyte were left out.`);
  if (lines.invalidUtf8 > 0)
    notes.push(`${count(lines.invalidUtf8, 'line')} are not valid UTF-8: what cannot be read in them is shown as �.`);
  for (const { name, remark } of logs) if (remark !== undefined) notes.push(`${name}: ${remark}.`);
  for (const name of repeated) notes.push(`${name} was named more than once, and read once.`);
  return notes;
}
