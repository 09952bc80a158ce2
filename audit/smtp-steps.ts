/** Plays the SMTP part of a scene, up to the target's last word in the session. */
import { createMechanism } from '../clients/sasl/mechanisms.ts';
import { SmtpDialogue } from '../clients/smtp-dialogue.ts';
import { clientName } from '../containers/lab/agent/zone.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { AuthStep } from '../suites/attempt.ts';
import { outcomeOfReply } from './outcome.ts';
import type { Performance } from './performance.ts';

/** The name that sendmail gives a message that it takes: "250 2.0.0 6AMFOI9v000112 Message accepted for delivery". */
export function queueIdOf(reply: string): string | undefined {
  return /^250 2\.0\.0 (\w{8,20}) Message accepted/.exec(reply)?.[1];
}

const userOf = (performance: Performance, auth: AuthStep) =>
  auth.with === 'unknown-user' ? `nobody-${performance.token}` : performance.account;

function passwordOf(performance: Performance, auth: AuthStep): string {
  if (auth.with === 'right-password') {
    return performance.target.password(performance.account);
  }
  return auth.with === 'empty-password' ? '' : `wrong-${performance.token}`;
}

async function authenticate(
  session: SmtpDialogue,
  performance: Performance,
  auth: AuthStep,
): Promise<Outcome | undefined> {
  const user = userOf(performance, auth);
  const mechanism = createMechanism(auth.mechanism, {
    user,
    password: passwordOf(performance, auth),
    host: performance.target.hostName,
    service: 'smtp',
  });
  const reply = await session.authenticate(mechanism);
  if (reply.fault !== undefined) {
    performance.notes.push(`${auth.mechanism}: ${reply.fault}`);
  }
  if (reply.code === 235) {
    performance.identity = `authenticated as ${user} with ${auth.mechanism}`;
    return performance.scene.until === 'auth' ? { observed: 'accepted', phase: 'auth', reason: reply.text } : undefined;
  }
  performance.notes.push(`AUTH ${auth.mechanism} was answered: ${reply.text}`);
  const outcome = outcomeOfReply(reply, 'auth');
  // A temporary failure says nothing of the credentials. A lasting one ends the scene only where they were right.
  const ends = outcome.observed === 'deferred' || performance.scene.until === 'auth';
  return ends ? outcome : undefined;
}

async function converse(session: SmtpDialogue, performance: Performance): Promise<Outcome> {
  const { scene, target, places } = performance;
  if (session.banner.code !== 220) {
    return outcomeOfReply(session.banner, 'connect');
  }
  const name = clientName(places.sender);
  let reply = await session.ehlo(name);
  if (reply.code !== 250) {
    return outcomeOfReply(reply, 'greeting');
  }
  if (scene.tls) {
    // A server that does not offer it may still answer 454 to the command, which would look like a passing trouble.
    if (!session.extensions.has('STARTTLS')) {
      return { observed: 'rejected', phase: 'starttls', reason: 'STARTTLS is not offered' };
    }
    reply = await session.startTls({
      servername: target.hostName,
      ...(target.ca === undefined ? {} : { ca: target.ca }),
    });
    if (reply.code !== 220) {
      return outcomeOfReply(reply, 'starttls');
    }
    if (target.ca !== undefined && session.tls?.authorized === false) {
      performance.notes.push(`the server's certificate does not check out: ${session.tls.authorizationError}`);
    }
    reply = await session.ehlo(name);
    if (reply.code !== 250) {
      return outcomeOfReply(reply, 'greeting');
    }
  }
  if (scene.auth) {
    const outcome = await authenticate(session, performance, scene.auth);
    if (outcome) {
      return outcome;
    }
  }
  for (const [command, phase, wanted] of [
    [`MAIL FROM:${performance.mailFrom}`, 'mail', 250],
    [`RCPT TO:${performance.rcptTo}`, 'rcpt', 250],
    ['DATA', 'data', 354],
  ] as const) {
    reply = await session.send(command);
    if (reply.code !== wanted) {
      return outcomeOfReply(reply, phase);
    }
  }
  reply = await session.data(performance.message);
  if (reply.code !== 250) {
    return outcomeOfReply(reply, 'end-of-data');
  }
  const queueId = queueIdOf(reply.text);
  if (queueId !== undefined) {
    performance.queueIds.push(queueId);
  }
  return { observed: 'accepted', phase: 'end-of-data', reason: reply.text };
}

/** Plays the session. Throws DialogueError, with the dialogue up to then among the performance's. */
export async function playSmtpSession(performance: Performance): Promise<Outcome> {
  const { target, places, scene } = performance;
  const session = await SmtpDialogue.open({
    dial: target.lab.dial,
    from: places.sender,
    host: performance.host,
    port: scene.port,
  });
  try {
    const outcome = await converse(session, performance);
    // After a 421 the server has gone; that is no trouble of ours.
    await session.quit().catch(() => session.close());
    return outcome;
  } finally {
    performance.dialogues.push(session.transcript());
  }
}
