/**
 * The years of logs in BSD syslog form, which do not say it, and so the order of the files. In this order of trust:
 * `--year`; the queue ids, which begin with the year (modulo 60), month, day, hour, minute and second of the message in
 * UTC (sendmail, queue.c, assign_queueid); the other logs, if those have years; the time when the file was written last.
 */

const DAY = 86_400_000;

/** The beginning of a log. Times are as if the stamps were UTC, in the leap year 2000 for those without a year. */
export type Beginning = {
  /** The first stamp: in its year, or in the year 2000. */
  first: number;
  /** The last stamp in the same manner, where it is known. */
  last?: number | undefined;
  dated: boolean;
  /** The first stamp as it is, in ms since 1970, where it has a year. */
  instant?: number | undefined;
  /** The year that queue ids near the beginning say. */
  idYear?: number | undefined;
  /** When the file was written last, or now. */
  written: number;
};

const idChars = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const idLine =
  /^(?:<\d+>)?(?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) \d\d:(?<minute>\d\d):\d\d .{1,200}?: (?:\[ID \d+ [\w.]+\] )?(?<id>[0-9A-Za-z]{8}\d{5,7}): from=/gm;
const stampedLine = /^(?:<\d+>)?(?<month>[A-Z][a-z]{2}) [ \d]\d \d\d:\d\d:\d\d /gm;

/** Zones differ by quarters of an hour. */
const QUARTER = 15;

/** The month of the first stamp: 0 for January. */
function firstMonth(text: string): number {
  for (const { groups } of text.matchAll(stampedLine)) {
    const month = months.indexOf(groups?.month as string);
    if (month >= 0) return month;
  }
  return 0;
}

/** The year of the first stamp of a piece of log that its queue ids agree on, near `now`. */
export function yearOfQueueIds(text: string, now: number): number | undefined {
  const years = new Map<number, number>();
  const began = firstMonth(text);
  let seen = 0;
  for (const { groups } of text.matchAll(idLine)) {
    const { month = '', day = '', minute = '', id = '' } = groups ?? {};
    if (++seen > 50) break;
    const value = (at: number) => idChars.indexOf(id[at] as string);
    const later = (value(4) - Number(minute) + 60) % QUARTER;
    if (value(1) !== months.indexOf(month) || Math.abs(value(2) - Number(day)) > 1) continue;
    if (later > 1 && later < QUARTER - 1) continue;
    const latest = new Date(now).getUTCFullYear() + 1;
    const own = latest - ((((latest - 1900 - value(0)) % 60) + 60) % 60);
    // The year may have changed since the first stamp, or, where lines are out of order, before.
    const since = value(1) - began;
    const year = own + (since < -6 ? -1 : since > 6 ? 1 : 0);
    years.set(year, (years.get(year) ?? 0) + 1);
  }
  const [best] = [...years].sort((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= Math.min(3, seen) ? best[0] : undefined;
}

/** A stamp of the year 2000 in another year. */
function inYear(stamp: number, year: number): number {
  const date = new Date(stamp);
  date.setUTCFullYear(year);
  return date.getTime();
}

/**
 * The year of the first stamp of each log.
 * @param year of the oldest of them, where somebody has said it
 */
export function yearsOf(beginnings: readonly Beginning[], year: number | undefined): number[] {
  const years = beginnings.map(({ dated, first }) => (dated ? new Date(first).getUTCFullYear() : Number.NaN));
  const undatedLogs = beginnings.map((_, index) => index).filter((index) => !beginnings[index]?.dated);
  if (undatedLogs.length === 0) return years;
  const circle = undatedLogs.sort((a, b) => (beginnings[a]?.first ?? 0) - (beginnings[b]?.first ?? 0));
  const beginning = (index: number) => beginnings[circle[index] as number] as Beginning;
  // The logs stand in a circle, the year; the longest time without any is where they begin.
  let start = 0;
  let widest = -1;
  for (let index = 0; index < circle.length; index++) {
    const next = (index + 1) % circle.length;
    const from = beginning(index);
    const turn = next === 0 ? 366 * DAY : 0;
    const spanned = from.last !== undefined && from.last < from.first ? 366 * DAY : 0;
    const gap = beginning(next).first + turn - ((from.last ?? from.first) + spanned);
    if (gap > widest) {
      widest = gap;
      start = next;
    }
  }
  const ordered = [...circle.slice(start), ...circle.slice(0, start)];
  const oldestFirst = beginnings[ordered[0] as number]?.first ?? 0;
  const crosses = (index: number) => ((beginnings[index]?.first ?? 0) < oldestFirst ? 1 : 0);
  const anchor = anchorYear(beginnings, ordered, crosses);
  for (const index of ordered) {
    const own = beginnings[index]?.idYear;
    years[index] = year === undefined ? (own ?? anchor + crosses(index)) : year + crosses(index);
  }
  return years;
}

/** The year of the oldest log. */
function anchorYear(
  beginnings: readonly Beginning[],
  ordered: readonly number[],
  crosses: (index: number) => number,
): number {
  const withId = ordered.find((index) => beginnings[index]?.idYear !== undefined);
  if (withId !== undefined) return (beginnings[withId]?.idYear as number) - crosses(withId);
  const newest = ordered.at(-1) as number;
  const first = beginnings[newest]?.first as number;
  const dated = beginnings.filter((one) => one.dated).map((one) => one.first);
  if (dated.length > 0) {
    const nearest = dated.sort((a, b) => a - b)[Math.floor(dated.length / 2)] as number;
    const year = new Date(nearest).getUTCFullYear();
    const distance = (candidate: number) => Math.abs(inYear(first, candidate) - nearest);
    return ([year - 1, year, year + 1].sort((a, b) => distance(a) - distance(b))[0] as number) - crosses(newest);
  }
  const written = Math.max(...ordered.map((index) => beginnings[index]?.written ?? 0));
  const last = beginnings[newest]?.last ?? first;
  const spanned = last < first ? 1 : 0;
  const year = new Date(written).getUTCFullYear();
  const fits = inYear(last, year) <= written + DAY;
  return (fits ? year : year - 1) - spanned - crosses(newest);
}
