/** Counts per configuration and suite: the cells of the matrix. */
import type { Finding } from './findings.ts';
import type { Report } from './model.ts';
import { count, type Mark } from './words.ts';

/** How the attempts of one suite on one configuration ended. */
export type Tally = {
  total: number;
  pass: number;
  /** Failed at level `must`. */
  fail: number;
  /** Failed at level `should`. */
  warned: number;
  /** Failed at level `info`, which decides nothing. */
  noted: number;
  inconclusive: number;
  waived: number;
  notApplicable: number;
};

/** A suite as a column: those that the report names, then any that only an attempt names. */
export type Column = { name: string; title: string };

/** The columns of the matrix, in the order of the report. */
export function columnsOf(report: Report): Column[] {
  const columns = new Map<string, Column>();
  for (const suite of report.suites) if (!columns.has(suite.name)) columns.set(suite.name, suite);
  for (const { attempts } of report.configurations) {
    for (const { suite } of attempts) if (!columns.has(suite)) columns.set(suite, { name: suite, title: '' });
  }
  return [...columns.values()];
}

const failureAt = { must: 'fail', should: 'warned', info: 'noted' } as const;

/** Counts the verdicts of attempts. */
export function tallyOf(list: readonly Finding[]): Tally {
  const tally: Tally = {
    total: 0,
    pass: 0,
    fail: 0,
    warned: 0,
    noted: 0,
    inconclusive: 0,
    waived: 0,
    notApplicable: 0,
  };
  for (const { attempt, level } of list) {
    tally.total += 1;
    if (attempt.verdict === 'pass') tally.pass += 1;
    else if (attempt.verdict === 'fail') tally[failureAt[level]] += 1;
    else if (attempt.verdict === 'inconclusive') tally.inconclusive += 1;
    else if (attempt.verdict === 'waived') tally.waived += 1;
    else tally.notApplicable += 1;
  }
  return tally;
}

/** The worst that a cell has to say: its mark, and how many attempts it is true of. */
export function cellOf(tally: Tally): Mark & { number: number } {
  if (tally.fail > 0) return { glyph: '✗', word: 'fail', tone: 'bad', number: tally.fail };
  if (tally.inconclusive > 0) return { glyph: '?', word: 'inconclusive', tone: 'unclear', number: tally.inconclusive };
  if (tally.warned > 0) return { glyph: '!', word: 'warning', tone: 'warning', number: tally.warned };
  if (tally.waived > 0) return { glyph: '○', word: 'waived', tone: 'quiet', number: tally.waived };
  if (tally.pass > 0) return { glyph: '✓', word: 'pass', tone: 'good', number: tally.pass };
  if (tally.noted > 0) return { glyph: '–', word: 'noted', tone: 'quiet', number: tally.noted };
  if (tally.notApplicable > 0)
    return { glyph: '–', word: 'not applicable', tone: 'quiet', number: tally.notApplicable };
  return { glyph: '·', word: 'not run', tone: 'quiet', number: 0 };
}

/** A tally in words, without what is zero: `2 fail, 10 pass`. */
export function tallyWords(tally: Tally): string {
  const parts = [
    [tally.fail, 'fail'],
    [tally.inconclusive, 'inconclusive'],
    [tally.warned, 'warned'],
    [tally.noted, 'noted'],
    [tally.waived, 'waived'],
    [tally.pass, 'pass'],
    [tally.notApplicable, 'not applicable'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => count(number, word, word));
  return said.length === 0 ? 'no attempts' : said.join(', ');
}
