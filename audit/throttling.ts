/**
 * Notices a server that answers clients with limits instead of with its rules: what it refuses then says nothing about
 * relaying, and trying on would only take time.
 */
import { dialogueErrorCodes } from '../clients/dialogue-error.ts';
import type { Outcome } from '../reports/verdict.ts';

/** Words of sendmail's own limits (conncontrol, ratecontrol, MaxDaemonChildren, bad commands) and of others'. */
const limitWords =
  /too many|rate limit|connection rate|throttl|slow down|rejecting connections|tarpit|open connections|try again later/i;

const limitCodes: ReadonlySet<number> = new Set([421, 450, 451, 452]);

/** So many attempts in a row must meet the limit before the rest is given up. */
const ENOUGH = 12;

/** Why an outcome is the server's limit on its clients; undefined if it is not. */
export function limitOf({ observed, reason, code, phase }: Outcome): string | undefined {
  if (observed === 'deferred' && code !== undefined && limitCodes.has(code) && limitWords.test(reason)) {
    return `the server throttles its clients (${phase}): ${reason}`;
  }
  if (observed !== 'error') {
    return undefined;
  }
  if (reason.startsWith(dialogueErrorCodes.REPLY_TIMEOUT)) {
    return `the server holds its replies back (a tarpit), or hangs: ${reason}`;
  }
  const closed = ['CLOSED_BY_SERVER', 'CONNECT_REFUSED'] as const;
  return closed.some((what) => reason.startsWith(dialogueErrorCodes[what]))
    ? `the server turns clients away, as for too many errors or connections: ${reason}`
    : undefined;
}

/** Counts limits in a row. */
export class ThrottleWatch {
  #inRow = 0;
  #reason: string | undefined;

  /** Why nothing more should be tried; undefined as long as the server answers. */
  get reason(): string | undefined {
    return this.#reason;
  }

  note(outcome: Outcome): void {
    const limit = limitOf(outcome);
    this.#inRow = limit === undefined ? 0 : this.#inRow + 1;
    if (limit !== undefined && this.#inRow >= ENOUGH) {
      this.#reason ??= `not tried, because ${ENOUGH} attempts in a row met a limit: ${limit}`;
    }
  }
}
