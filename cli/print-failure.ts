import { createColors } from 'picocolors';
import type { Failure } from '../audit/failure.ts';
import { visible } from '../reports/visible.ts';

/** Whether a stream shows colour: a terminal, and NO_COLOR is not set. */
export function colourOn(stream: { isTTY?: boolean }): boolean {
  return (stream.isTTY ?? false) && !process.env.NO_COLOR;
}

/** Prints a failure on standard error: what is wrong, what a program said, what to do. */
export function printFailure(failure: Failure): void {
  const { red, dim } = createColors(colourOn(process.stderr));
  const lines = [
    `${red('relayproof:')} ${visible(failure.message)}`,
    ...failure.output.map((line) => dim(`  | ${visible(line)}`)),
    // It may have lines of its own, and names out of somebody's folder.
    ...failure.advice.split('\n').map((line) => `  ${visible(line)}`.trimEnd()),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}
