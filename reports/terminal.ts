/** What the command line prints at the end of a run. */
import picocolors from 'picocolors';
import { gateWords } from './baseline-words.ts';
import { conclusion } from './conclusion.ts';
import { findings } from './findings.ts';
import type { Report } from './model.ts';
import { baselineLines } from './terminal/baseline.ts';
import { clientLines } from './terminal/clients.ts';
import { hanging } from './terminal/layout.ts';
import { controlLines, matrixLines } from './terminal/matrix.ts';
import { paint } from './terminal/paint.ts';
import { unclearLines, violationLines, waiverLines, warningLines } from './terminal/trouble.ts';
import { visible } from './visible.ts';
import { verdictMark } from './words.ts';

/** How wide the terminal is, and whether it shows colours. */
export type TerminalOptions = { columns: number; colour: boolean };

const NARROWEST = 60;
const MOST_REASONS = 20;

/** The end of a run's output: matrix, controls, what is wrong, and the verdict as the last line. */
export function renderTerminal(report: Report, { columns, colour }: TerminalOptions): string {
  const colours = picocolors.createColors(colour);
  const width = Math.max(NARROWEST, Math.floor(columns) || NARROWEST);
  const found = findings(report);
  const mark = verdictMark[report.verdict];
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [colours.bold(title), ...lines, ''];
  const reasons = report.reasons.slice(0, MOST_REASONS).flatMap((reason) => hanging('-', visible(reason, 400), width));
  const more = report.reasons.length - MOST_REASONS;
  if (more > 0) reasons.push(`  and ${more} more: see the report`);
  const gate = gateWords(report);
  const lines = [
    ...section('Results', matrixLines(report, width, colours)),
    ...section('Controls', controlLines(found, width, colours)),
    ...section('Mail clients', clientLines(report, width, colours)),
    ...section('Violations', violationLines(found, width)),
    ...section('Waivers', waiverLines(found, width)),
    ...section('Warnings', warningLines(found, width)),
    ...section('Inconclusive', unclearLines(found, width)),
    ...section('Baseline', baselineLines(report, width)),
    ...section('Reasons', reasons),
    ...hanging(mark.glyph, conclusion(report, found), width).map((line) => paint(mark, line, colours)),
    ...(gate ? hanging(gate.mark.glyph, gate.words, width).map((line) => paint(gate.mark, line, colours)) : []),
  ];
  return `${lines.filter((line, index) => line !== '' || lines[index - 1] !== '').join('\n')}\n`;
}
