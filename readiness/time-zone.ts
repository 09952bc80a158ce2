/** Local times of logs without a zone, as instants. */

const HOUR = 3_600_000;
/** No zone is further from UTC than +14:00. */
const MOST_MINUTES = 14 * 60;

const offsetPattern = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/** Turns a local time, given as if it were UTC, into the instant. `previous` is the instant of the line before. */
export type ZoneClock = (local: number, previous: number) => number;

/** The clock of a zone: an IANA name (`Europe/Vienna`), an offset (`+02:00`) or `UTC`. Undefined if there is none of that name. */
export function zoneClock(zone: string): ZoneClock | undefined {
  const offset = offsetPattern.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    if (minutes > MOST_MINUTES || Number(offset[3] ?? 0) > 59) return undefined;
    const ms = (offset[1] === '-' ? -1 : 1) * minutes * 60_000;
    return (local) => local - ms;
  }
  if (/^(?:utc|gmt|z)$/i.test(zone)) return (local) => local;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const offsetAt = (instant: number): number => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
  // Offsets change at most twice a year, and never within a quarter of an hour of local time.
  let quarter = Number.NaN;
  let early = 0;
  let late = 0;
  return (local, previous) => {
    const now = Math.floor(local / (HOUR / 4));
    if (now !== quarter) {
      quarter = now;
      const start = now * (HOUR / 4);
      const offsets = [offsetAt(start - 24 * HOUR), offsetAt(start + 24 * HOUR)];
      const valid = offsets.filter((one) => offsetAt(start - one) === one);
      // In the hour that there is twice, the larger offset is the earlier instant. In one that there is not, nobody knows.
      early = Math.max(...(valid.length > 0 ? valid : offsets));
      late = Math.min(...(valid.length > 0 ? valid : offsets));
    }
    if (early === late) return local - early;
    const first = local - early;
    return first < previous - HOUR / 2 ? local - late : first;
  };
}
