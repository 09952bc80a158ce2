/** `relayproof report`: draws the forms of a report again, from its report.json alone. */
import { relative } from 'node:path';
import { renderAnnotations } from '../reports/annotations.ts';
import { readReport } from '../reports/read.ts';
import { renderTerminal } from '../reports/terminal.ts';
import { visible } from '../reports/visible.ts';
import { writeReportFolder } from '../reports/write.ts';
import { colourOn } from './print-failure.ts';

/** Writes the folder and shows the result as the audit did. @throws Failure for what is no report, or cannot be written */
export async function drawReport(file: string, folder: string): Promise<void> {
  const report = await readReport(file);
  const files = await writeReportFolder(report, folder);
  const columns = process.stdout.columns ?? 80;
  process.stdout.write(`${renderTerminal(report, { columns, colour: colourOn(process.stdout) })}\n`);
  for (const path of files) {
    process.stdout.write(`  ${visible(relative(process.cwd(), path) || path)}\n`);
  }
}

/** Prints the annotations and nothing else: each line is a command to the pipeline's runner. @throws Failure for what is no report */
export async function printAnnotations(file: string): Promise<void> {
  process.stdout.write(renderAnnotations(await readReport(file)));
}
