/** The files of a comparison, which stand beside those of the audit. */
import { Failure } from '../../audit/failure.ts';
import { locationOf } from '../read.ts';
import { visible } from '../visible.ts';
import type { DrawnFile } from '../write.ts';
import { renderComparisonHtml } from './html.tsx';
import { renderComparisonMarkdown } from './markdown.ts';
import { type Comparison, comparison as schema } from './model.ts';

/** Whoever waits for it finds the others beside it. */
export const VERDICT_FILE = 'comparison.json';

export const comparisonFiles = ['comparison.html', 'comparison.md', VERDICT_FILE] as const;

/** The content of every file. Throws Failure REPORT_NOT_WRITABLE if the comparison is not valid. */
export function drawComparison(comparison: Comparison, directory: string): DrawnFile[] {
  const result = schema.safeParse(comparison);
  if (!result.success) {
    const [issue] = result.error.issues;
    const place = locationOf(issue?.path ?? []);
    throw new Failure(
      'REPORT_NOT_WRITABLE',
      `Cannot write ${visible(directory)}: the comparison is not valid at ${place}: ${visible(issue?.message ?? 'invalid', 300)}`,
      'This is a defect of relayproof: please report it.',
    );
  }
  const [html, markdown, json] = comparisonFiles;
  return [
    { name: html, content: renderComparisonHtml(result.data) },
    { name: markdown, content: renderComparisonMarkdown(result.data) },
    { name: json, content: `${JSON.stringify(result.data)}\n` },
  ];
}
