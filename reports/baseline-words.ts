/** What has changed since the baseline, in words: in every form of the report the same. */
import { gateOf, violationsAmong } from './baseline.ts';
import type { Baseline, BaselineEntry, Report } from './model.ts';
import { visible } from './visible.ts';
import { baselineMark, count, failMark, type Mark, verdictMark } from './words.ts';

/** An entry that is worth a line, and what it is. */
export type WorthTelling = { entry: BaselineEntry; mark: Mark; word: string };

function markOf(entry: BaselineEntry, state: 'new' | 'fixed' | 'undecided'): { mark: Mark; word: string } {
  if (state === 'fixed') {
    return { mark: baselineMark.fixed, word: entry.now === 'not-applicable' ? 'gone, not applicable now' : 'fixed' };
  }
  const mark = state === 'new' ? { ...baselineMark.new, glyph: failMark[entry.level].glyph } : baselineMark[state];
  return { mark, word: `${mark.word}, ${failMark[entry.level].word}` };
}

/** Everything but what is unchanged, violations first: that stands among the violations anyway. */
export function entriesOf(baseline: Baseline): WorthTelling[] {
  const levels = ['must', 'should', 'info'] as const;
  return (['new', 'undecided', 'fixed'] as const).flatMap((state) =>
    levels.flatMap((level) =>
      baseline[state].filter((entry) => entry.level === level).map((entry) => ({ entry, ...markOf(entry, state) })),
    ),
  );
}

/** When the baseline was made and by what. */
export function sinceWords({ startedAt, version, sendmail, verdict }: Baseline): string {
  const ran = sendmail === undefined ? '' : `, sendmail ${sendmail}`;
  return `of ${startedAt} (relayproof ${version}${ran}; ${verdictMark[verdict].word})`;
}

/** The counts of violations: `1 new violation, 2 known, 0 fixed`; of what is no violation, only where there is some. */
export function groupsOf(baseline: Baseline): string {
  const musts = (entries: readonly BaselineEntry[]) => entries.filter(({ level }) => level === 'must');
  const [known, fixed, undecided] = [
    violationsAmong(baseline.unchanged),
    musts(baseline.fixed),
    musts(baseline.undecided),
  ];
  const waived = musts(baseline.unchanged).length - known.length;
  const gone = fixed.filter(({ now }) => now === 'not-applicable').length;
  const others = (['new', 'unchanged', 'fixed', 'undecided'] as const).flatMap((state) => {
    const number = baseline[state].length - musts(baseline[state]).length;
    return number === 0 ? [] : [`${number} ${baselineMark[state].word}`];
  });
  return [
    count(violationsAmong(baseline.new).length, 'new violation'),
    `${known.length} known`,
    ...(waived > 0 ? [`${waived} known and waived`] : []),
    `${fixed.length} fixed${gone > 0 ? ` (${gone} not applicable any more)` : ''}`,
    ...(undecided.length > 0 ? [`${undecided.length} of which it cannot be told`] : []),
    ...(others.length > 0 ? [`and of warnings and notes: ${others.join(', ')}`] : []),
  ].join(', ');
}

/** What the exit status is for, where it does not follow the verdict of the run; undefined elsewhere. */
export function gateWords(report: Report): { mark: Mark; words: string } | undefined {
  if (report.baseline?.gate !== 'new') return undefined;
  const { verdict, reasons } = gateOf(report);
  const [counted = ''] = reasons;
  return {
    mark: verdictMark[verdict],
    words: `Exit status ${report.exitStatus}: ${visible(counted, 400)}${whyOf(verdict)}.`,
  };
}

function whyOf(verdict: Report['verdict']): string {
  return verdict === 'inconclusive' ? '. But the run is not complete: what has no result may be new' : '';
}
