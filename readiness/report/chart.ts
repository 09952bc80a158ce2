/** The days of a period as bars: as many days to a bar as make the chart readable. */
import type { Readiness } from '../model.ts';

export type Bar = { label: string; popRelayed: number; authenticated: number; unexplained: number };

const MOST_BARS = 60;

/** Bars for a period; the label is the first day of each. */
export function bars(days: Readiness['days']): { bars: Bar[]; daysEach: number } {
  const daysEach =
    [1, 7, 30].find((each) => Math.ceil(days.length / each) <= MOST_BARS) ?? Math.ceil(days.length / MOST_BARS);
  const result: Bar[] = [];
  for (let at = 0; at < days.length; at += daysEach) {
    const some = days.slice(at, at + daysEach);
    const sum = (key: 'popRelayed' | 'authenticated' | 'unexplained') =>
      some.reduce((total, one) => total + one[key], 0);
    result.push({
      label: some[0]?.day ?? '',
      popRelayed: sum('popRelayed'),
      authenticated: sum('authenticated'),
      unexplained: sum('unexplained'),
    });
  }
  return { bars: result, daysEach };
}
