import type { Dialogue, Phase } from '../reports/model.ts';

/** What can go wrong between a client of ours and a target, apart from a reply that says no. */
export const dialogueErrorCodes = {
  CONNECT_REFUSED: 'the target refused the connection',
  CONNECT_TIMEOUT: 'no connection within the time allowed',
  CONNECT_FAILED:
    'no connection for a reason other than a refusal: no route, no such source address, or the way there is broken',
  CLOSED_BY_SERVER: 'the server closed the connection before it had replied in full',
  REPLY_TIMEOUT: 'no complete reply within the time allowed',
  REPLY_MALFORMED: 'the server sent what the protocol does not allow',
  REPLY_TOO_LONG: 'the reply, or a line of it, is longer than any honest one',
  TLS_FAILED: 'the TLS handshake failed',
  ABORTED: 'the harness gave up on the session',
} as const;

export type DialogueErrorCode = keyof typeof dialogueErrorCodes;

/**
 * A session that could not be carried on. A reply with an error code is a value, never this.
 * The message holds no secrets: server text reaches it only through the transcript's mask.
 */
export class DialogueError extends Error {
  readonly code: DialogueErrorCode;
  /** Where in the session it happened. */
  readonly phase: Phase;
  /** What was said up to then; absent only where no session had an owner yet. */
  dialogue: Dialogue | undefined;

  constructor(code: DialogueErrorCode, phase: Phase, detail = '') {
    super(`${dialogueErrorCodes[code]} (${phase})${detail === '' ? '' : `: ${detail}`}`);
    this.name = 'DialogueError';
    this.code = code;
    this.phase = phase;
  }
}
