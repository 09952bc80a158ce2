/** How verdicts are said: a glyph and a word, and the colour only repeats them. */
import type { Mark } from '../../reports/words.ts';
import type { Readiness, ReadinessResult, UserVerdict } from '../model.ts';

export const userMark: Record<UserVerdict, Mark> = {
  'not-ready': { glyph: '✗', word: 'not ready', tone: 'bad' },
  mixed: { glyph: '!', word: 'mixed', tone: 'warning' },
  ready: { glyph: '✓', word: 'ready', tone: 'good' },
  silent: { glyph: '–', word: 'silent', tone: 'quiet' },
};

export const readinessMark: Record<Readiness['verdict'], Mark> = {
  ready: { glyph: '✓', word: 'ready', tone: 'good' },
  'not-ready': { glyph: '✗', word: 'not ready', tone: 'bad' },
  inconclusive: { glyph: '?', word: 'inconclusive', tone: 'unclear' },
};

/** What a verdict means for the user. */
export const meaning: Record<UserVerdict, string> = {
  'not-ready': 'relays by POP authorisation only: locked out when it ends',
  mixed: 'relays with AUTH, but some device or program still does so by POP authorisation',
  ready: 'relays with AUTH only',
  silent: 'relays nothing in this period: not known how he would',
};

/** The result in one sentence. */
export function sentence({ verdict, totals }: ReadinessResult): string {
  switch (verdict) {
    case 'ready':
      return totals.authenticated === 0
        ? 'Nobody relays without AUTH in these logs, and nobody relays with it.'
        : 'Everybody who relays does so with AUTH: POP before SMTP can end.';
    case 'inconclusive':
      return 'Nothing can be concluded from these logs.';
    case 'not-ready':
      return 'Not ready: POP before SMTP is still needed, or somebody relays who should not.';
  }
}

/** `2026-11-23 01:09 UTC` */
export const minute = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
/** `2026-11-23` */
export const date = (time: string | null): string => (time === null ? '–' : time.slice(0, 10));
