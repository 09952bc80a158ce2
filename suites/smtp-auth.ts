/** SMTP-AUTH: every mechanism with right and wrong credentials, and what a session is worth before, after and without. */
import { defineSuite } from './attempt.ts';
import { brokenExchanges } from './smtp-auth/broken-exchanges.ts';
import { credentialAttempts } from './smtp-auth/credentials.ts';
import { guessingAttempts } from './smtp-auth/guessing.ts';
import { identityAttempts } from './smtp-auth/identity.ts';
import { mechanismAttempts } from './smtp-auth/mechanisms.ts';
import { modeAttempts } from './smtp-auth/modes.ts';
import { replyAttempts } from './smtp-auth/replies.ts';
import { sessionStates } from './smtp-auth/session-state.ts';
import { traceAttempts } from './smtp-auth/traces.ts';

export const smtpAuth = defineSuite('smtp-auth', 'SMTP-AUTH: who authenticates may send, and nobody else', [
  ...mechanismAttempts,
  ...credentialAttempts,
  ...identityAttempts,
  ...brokenExchanges,
  ...sessionStates,
  ...replyAttempts,
  ...guessingAttempts,
  ...traceAttempts,
  ...modeAttempts,
]);
