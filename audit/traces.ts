/** What a message that got through must have left behind, so that it can be told who sent it. */
import type { Traces } from '../suites/scene.ts';

export type Left = {
  /** The Received field that the target added, the first of the message. */
  received: string | undefined;
  /** What the target logged of the session. */
  log: readonly string[];
  /** Fills names into a template. */
  fill: (template: string) => string;
};

/** What is missing, in words; undefined if all is there. */
export function missingTrace({ receivedWith, logged }: Traces, { received, log, fill }: Left): string | undefined {
  const protocol = /\bwith (\w+)/.exec(received ?? '')?.[1];
  if (receivedWith !== undefined && protocol !== receivedWith) {
    return `it got through, and its Received field does not say "with ${receivedWith}": ${received ?? 'there is none'}`;
  }
  const words = logged === undefined ? undefined : fill(logged);
  if (words !== undefined && !log.some((line) => line.includes(words))) {
    return `it got through, and no line of the log says "${words}"`;
  }
  return undefined;
}
