/** What is to be said of waivers: in every form of the report the same. */
import type { WaiverResult } from './model.ts';
import { count, type Mark, waiverMark } from './words.ts';

/** In the last days of a waiver the report says that it ends. */
export const ENDS_SOON_DAYS = 30;

export const endsSoon = ({ state, daysLeft }: WaiverResult): boolean =>
  state === 'in-use' && daysLeft <= ENDS_SOON_DAYS;

/** The mark of a waiver: one that ends soon wants attention before it is too late. */
export const markOf = (waiver: WaiverResult): Mark =>
  endsSoon(waiver) ? { ...waiverMark['in-use'], glyph: '!', tone: 'warning' } : waiverMark[waiver.state];

/** When it ends or ended, and what of it. */
export function termOf(waiver: WaiverResult): string {
  const { state, expires, daysLeft } = waiver;
  if (state === 'expired') {
    return `ended on ${expires}`;
  }
  const soon = daysLeft === 0 ? 'today' : `in ${count(daysLeft, 'day')}`;
  return endsSoon(waiver) ? `until ${expires}, which is ${soon}: mend it, or decide anew` : `until ${expires}`;
}

/** What it does, or why it does nothing. */
export function workOf({ state, attempts }: WaiverResult): string {
  const failed = attempts.length;
  switch (state) {
    case 'in-use':
      return `waives ${count(failed, 'failure')}`;
    case 'not-needed':
      return 'nothing that it names failed in this run: take it out';
    case 'undecided':
      return 'what it names was not tried, or is inconclusive, which no waiver covers';
    case 'expired':
      return failed === 0
        ? 'nothing that it names failed in this run: take it out'
        : `${count(failed, 'failure')} ${failed === 1 ? 'counts' : 'count'} again`;
  }
}

/** What has to be said of a waiver among the reasons of its configuration; undefined for one that does its work. */
export function remarkOn(waiver: WaiverResult): string | undefined {
  const { attempt, state } = waiver;
  if (state === 'in-use') {
    return endsSoon(waiver) ? `the waiver for ${attempt} ends soon: ${termOf(waiver)}` : undefined;
  }
  return `the waiver for ${attempt} ${state === 'expired' ? termOf(waiver) : `is ${waiverMark[state].word}`}: ${workOf(waiver)}`;
}
