/** What has changed since the baseline, for a terminal. */
import { entriesOf, groupsOf, sinceWords } from '../baseline-words.ts';
import type { Report } from '../model.ts';
import { visible } from '../visible.ts';
import { count } from '../words.ts';
import { hanging } from './layout.ts';

// A terminal is no place for a thousand lines: the report has them all.
const ENTRIES = 20;
const TEXT_LIMIT = 300;

const shown = (text: string): string => visible(text, TEXT_LIMIT);

/** Counts, what limits the comparison, and what is new, open or gone; nothing where there is no baseline. */
export function baselineLines({ baseline }: Report, width: number): string[] {
  if (baseline === undefined) return [];
  const entries = entriesOf(baseline);
  const left = entries.length - ENTRIES;
  return [
    ...hanging('', `Since ${shown(baseline.file)}, ${shown(sinceWords(baseline))}: ${groupsOf(baseline)}.`, width),
    ...baseline.remarks.slice(0, ENTRIES).flatMap((remark) => hanging('!', shown(remark), width)),
    ...entries
      .slice(0, ENTRIES)
      .flatMap(({ entry, mark, word }) =>
        hanging(
          mark.glyph,
          `${word}: ${shown(entry.configuration)}, ${shown(entry.attempt)}: ${shown(entry.why)}`,
          width,
        ),
      ),
    ...(left > 0 ? [`  and ${count(left, 'entry', 'entries')} more: see the report`] : []),
  ];
}
