/** Plays the STARTTLS step of a scene. */
import { DialogueError } from '../clients/dialogue-error.ts';
import type { SmtpDialogue } from '../clients/smtp-dialogue.ts';
import type { TlsFacts, TlsRequest } from '../clients/tls-upgrade.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { SmtpStep, TlsAbility } from '../suites/scene.ts';
import { outcomeOfReply } from './outcome.ts';
import type { Performance } from './performance.ts';

type StartTlsStep = Extract<SmtpStep, { do: 'starttls' }>;

/** Level 0: OpenSSL's default level forbids the client itself what the server is to be asked for. */
const handshakes: Record<TlsAbility, Pick<TlsRequest, 'version' | 'ciphers'>> = {
  TLSv1: { version: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
  'TLSv1.1': { version: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  'TLSv1.2': { version: 'TLSv1.2' },
  'TLSv1.3': { version: 'TLSv1.3' },
  'anonymous-ciphers': { version: 'TLSv1.2', ciphers: 'aNULL@SECLEVEL=0' },
  'no-encryption': { version: 'TLSv1.2', ciphers: 'eNULL@SECLEVEL=0' },
};

/** The server's own word that it will not: an alert (RFC 5246 section 7.2). Anything else may be the client's fault. */
export const isRefusal = (error: unknown): error is DialogueError =>
  error instanceof DialogueError && error.code === 'TLS_FAILED' && /\balert\b/i.test(error.message);

/** The handshake of a client that trusts the lab's authority, with all that it can do. */
export const tlsRequest = ({ target }: Performance, ability?: TlsAbility): TlsRequest => ({
  servername: target.hostName,
  ...(target.ca === undefined ? {} : { ca: target.ca }),
  ...(ability === undefined ? {} : handshakes[ability]),
});

/** What a client that insists on it misses in the certificate. */
function missedIn(facts: TlsFacts, insistsOn: StartTlsStep['insistsOn']): string {
  if (insistsOn === undefined) {
    return '';
  }
  return insistsOn === 'name' ? facts.nameFault : facts.datesFault;
}

function afterHandshake(performance: Performance, facts: TlsFacts, step: StartTlsStep): Outcome | undefined {
  const words = `${facts.protocol} with ${facts.cipher}, certificate of ${facts.subject || 'nobody'}`;
  if (step.ability || step.insistsOn) {
    performance.notes.push(words);
  }
  if (performance.scene.until === 'starttls') {
    return { observed: 'accepted', phase: 'starttls', reason: words, code: 220 };
  }
  const missed = missedIn(facts, step.insistsOn);
  if (missed !== '') {
    return { observed: 'rejected', phase: 'starttls', reason: `the client leaves: ${missed}` };
  }
  if (performance.target.ca !== undefined && !facts.authorized) {
    performance.notes.push(`the server's certificate does not check out: ${facts.authorizationError}`);
  }
  return undefined;
}

/**
 * Whether the server runs inside TLS what came in clear behind STARTTLS: then the first reply that comes is not to our
 * EHLO, which alone is answered with a list.
 */
export async function carriedOver(
  session: Pick<SmtpDialogue, 'ehlo' | 'extensions'>,
  name: string,
): Promise<Outcome | undefined> {
  let said: string;
  try {
    const reply = await session.ehlo(name);
    if (reply.code === 421) {
      return outcomeOfReply(reply, 'greeting');
    }
    if (session.extensions.size > 0) {
      return undefined;
    }
    said = reply.text;
  } catch (error) {
    // The reply was there before we had asked for anything.
    if (!(error instanceof DialogueError && error.code === 'REPLY_MALFORMED')) {
      throw error;
    }
    said = error.message;
  }
  const reason = `inside TLS the server answers what it was sent in clear: ${said}`;
  return { observed: 'accepted', phase: 'command', reason, code: 250 };
}

export async function startTls(
  session: SmtpDialogue,
  performance: Performance,
  step: StartTlsStep,
): Promise<Outcome | undefined> {
  const { target } = performance;
  // A server that does not offer it may still answer 454 to the command, which would look like a passing trouble. 502 is
  // what RFC 5321 section 4.2.4 has for a command that is not there.
  if (!session.extensions.has('STARTTLS')) {
    if (step.ifOffered) {
      performance.notes.push('STARTTLS is not offered: the client goes on in clear');
      return undefined;
    }
    return { observed: 'rejected', phase: 'starttls', reason: 'STARTTLS is not offered', code: 502 };
  }
  const certificate = step.certificate && (await target.clientCertificate(step.certificate));
  if (step.certificate) {
    performance.identity = `stranger with a certificate (${step.certificate})`;
  }
  try {
    const reply = await session.startTls(
      { ...tlsRequest(performance, step.ability), ...(certificate === undefined ? {} : { certificate }) },
      step.along?.map((line) => performance.fill(line)),
    );
    if (reply.code !== 220 || !session.tls) {
      return outcomeOfReply(reply, 'starttls');
    }
    return (
      afterHandshake(performance, session.tls, step) ??
      (step.along && (await carriedOver(session, performance.names.name)))
    );
  } catch (error) {
    if (step.ability && isRefusal(error)) {
      return { observed: 'refused', phase: 'starttls', reason: error.message };
    }
    throw error;
  }
}
