/**
 * What syslog daemons write in place of messages that come again: `last message repeated 2 times` in a line without a
 * program (4.3BSD’s and its successors), `message repeated 2 times: [ the message]` (rsyslog, RepeatedMsgReduction).
 */
import { startsWith, words } from './starts-with.ts';

const digit = (byte: number) => byte >= 0x30 && byte <= 0x39;

export const repeatedFor = words('message repeated ');
export const lastRepeatedFor = words('last message repeated ');
const timesWord = words(' times');
/** So many repetitions are counted at most: a login more or less changes nothing then. */
const MOST_TIMES = 1000;

/** Reads `2 times`. Anything else is 0 times. */
export function readTimes(bytes: Buffer, start: number, end: number): { count: number; end: number } {
  let count = 0;
  let at = start;
  while (at < end && digit(bytes[at] as number) && count < MOST_TIMES)
    count = count * 10 + (bytes[at++] as number) - 0x30;
  const known = startsWith(bytes, at, end, timesWord);
  return { count: known ? Math.min(count, MOST_TIMES) : 0, end: at + timesWord.length };
}
