/** The commands of a page of the documentation, in their order, with what the page says that they print. */
import { readFileSync } from 'node:fs';

export type GuideStep = {
  /** The exit status of each of its commands: 0, or what a comment before the block says. */
  status: number;
  /** Lines of a shell. */
  commands: string[];
  /** What must be in their output, a paragraph each: a line that is indented goes on with the one before. */
  prints: string[];
};

const block = /(?:^<!-- status (\d+) -->\n\n)?^```(\w+)\n(.*?)^```$/gmsu;

const paragraphs = (text: string): string[] =>
  text
    .split(/\n(?! )/u)
    .map((paragraph) => paragraph.replace(/\s+/gu, ' ').trim())
    .filter((paragraph) => paragraph !== '');

/** `sh` blocks are run; a `text` block behind one is what it prints. */
export function stepsOf(file: string): GuideStep[] {
  const steps: GuideStep[] = [];
  for (const [, status = '0', language, content = ''] of readFileSync(file, 'utf8').matchAll(block)) {
    if (language === 'sh') {
      steps.push({ status: Number(status), commands: content.trim().split('\n'), prints: [] });
    } else if (language === 'text') {
      steps.at(-1)?.prints.push(...paragraphs(content));
    }
  }
  return steps;
}
