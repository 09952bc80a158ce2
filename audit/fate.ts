/**
 * What became of a message that the target accepted, by its log and its queue: no waiting for a time in which nothing
 * happens, but for the disposition that sendmail logs for every message.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../containers/target/target.ts';

export type Fate = {
  /** Whether the disposition is final and no copy is left in the queue. */
  known: boolean;
  /** Whether the message stays in the queue for a later try. */
  deferred: boolean;
  words: string;
};

/** sendmail delivers in the background at once; a busy machine may take its time. */
const FATE_DEADLINE_MS = 30_000;

/** How often the queue is looked at for a message that has no last line. */
const LOOK_MS = 250;

const statOf = (text: string) => /\bstat=(.*)$/s.exec(text)?.[1];

/** Waits for the final disposition of a queue id in the log (above LogLevel 9 it ends with "done"; 4.x.x is to be tried again). */
export async function awaitFate(target: Target, queueId: string): Promise<Fate> {
  if (!target.logsEnds) {
    return awaitEndInQueue(target, queueId);
  }
  const own = (text: string) => text.includes(`${queueId}: `);
  const ends = ({ text }: { text: string }) =>
    own(text) && (/: done; delay=/.test(text) || /\bdsn=4\.\d+\.\d+/.test(text));
  const { log } = target;
  // What has been logged already is found by the index; only what comes is looked at line by line.
  const final = log.naming([queueId]).find(ends) ?? (await target.logged(ends, FATE_DEADLINE_MS, log.lines.length));
  const dispositions = target.log
    .naming([queueId])
    .filter(({ text }) => own(text))
    .flatMap(({ text }) => statOf(text) ?? []);
  const words = dispositions.length > 0 ? dispositions.join('; ') : 'no disposition was logged';
  if (!final) {
    const why = target.log.lost === undefined ? 'no final disposition in time' : `the log is lost (${target.log.lost})`;
    return { known: false, deferred: false, words: `${words}: ${why}` };
  }
  if (!/: done; delay=/.test(final.text)) {
    return { known: false, deferred: true, words };
  }
  const queued = await target.isQueued(queueId).catch(() => true);
  return { known: !queued, deferred: queued, words: queued ? `${words}; a copy is still queued` : words };
}

/**
 * Below LogLevel 11 there is no last line. sendmail takes a message out of its queue when it is done with every
 * recipient, and has logged each of them by then.
 */
async function awaitEndInQueue(target: Target, queueId: string): Promise<Fate> {
  const until = Date.now() + FATE_DEADLINE_MS;
  const dispositions = () =>
    target.log
      .naming([queueId])
      .filter(({ text }) => text.includes(`${queueId}: `) && statOf(text) !== undefined)
      .map(({ text }) => text);
  const words = () => dispositions().map(statOf).join('; ') || 'no disposition was logged';
  for (;;) {
    const queued = await target.isQueued(queueId).catch(() => true);
    if (!queued && (await target.logBarrier()) && dispositions().length > 0) {
      return { known: true, deferred: false, words: words() };
    }
    if (queued && dispositions().some((text) => /\bdsn=4\.\d+\.\d+/.test(text))) {
      return { known: false, deferred: true, words: words() };
    }
    if (Date.now() > until || target.log.lost !== undefined) {
      return {
        known: false,
        deferred: false,
        words: `${words()}: ${target.log.lost ?? 'no final disposition in time'}`,
      };
    }
    await delay(LOOK_MS);
  }
}
