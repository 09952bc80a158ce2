/** Who logs in where, and what only a test needs to fix. */
export type SaslCredentials = {
  /** The authentication identity. For ANONYMOUS it is the trace text, for EXTERNAL the identity to act as. */
  user: string;
  password: string;
  /** The identity to act as (authzid) where the mechanism has one. Default: none, which means `user`. */
  authorizeAs?: string;
  /** DIGEST-MD5: the realm to answer for. Default: the first that the server offers. */
  realm?: string;
  /** DIGEST-MD5: the host in the digest-uri. */
  host: string;
  /** DIGEST-MD5: `smtp` or `pop`. */
  service: string;
  /** The client's nonce, random unless given. */
  clientNonce?: string;
};

/** The client's side of one exchange; the object has state and serves once. */
export type SaslMechanism = {
  readonly name: string;
  /** Present where the client may speak first (RFC 4422 section 3.3). */
  readonly initial?: () => Buffer;
  /** The client may speak first, and does so only if told to: most clients of this mechanism wait. */
  readonly waits?: true;
  /** Answers a challenge. Throws SaslError if the challenge must not be answered; the client then cancels. */
  readonly respond: (challenge: Buffer) => Buffer;
  /** Why a success must not be believed yet, where the mechanism also proves the server to the client. */
  readonly unproven?: () => string | undefined;
  /** What must not appear in a transcript, in any form. */
  readonly secrets: readonly string[];
};

/** A challenge that an honest server does not send, or a server that failed to prove itself. */
export class SaslError extends Error {
  constructor(mechanism: string, problem: string) {
    super(`${mechanism}: ${problem}`);
    this.name = 'SaslError';
  }
}
