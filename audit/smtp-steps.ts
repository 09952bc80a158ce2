/** Plays the SMTP part of a scene, step by step, up to the target's last word in the session. */
import { setTimeout as delay } from 'node:timers/promises';
import { DialogueError } from '../clients/dialogue-error.ts';
import { MASK, type Secret, secret } from '../clients/secret.ts';
import { SmtpDialogue, type SmtpReply } from '../clients/smtp-dialogue.ts';
import type { Phase } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Credential, Scene, SmtpStep } from '../suites/scene.ts';
import { authenticate, authenticateAsOffered, compareAuthentications, mechanismOf } from './auth-steps.ts';
import { outcomeOfReply } from './outcome.ts';
import { isFromInside, type Performance } from './performance.ts';
import { playPopSteps } from './pop-steps.ts';
import { isRefusal, startTls, tlsRequest } from './starttls-step.ts';

/** The name that sendmail gives a message that it takes: "250 2.0.0 6AMFOI9v000112 Message accepted for delivery". */
export function queueIdOf(reply: string): string | undefined {
  return /^250 2\.0\.0 (\w{8,20}) Message accepted/.exec(reply)?.[1];
}

/** Replies that a server may still give to what one packet smuggled in. */
const MOST_REPLIES = 64;

/**
 * How long the network keeps the second part of a message that it cuts in two. A server that takes nothing in the first
 * part for the message's end says nothing before it has the second: there is no reply to wait for.
 */
const PAUSE_IN_MESSAGE_MS = 1_000;

/** What a session is where the scene does not say. */
function usualSession({ tls, auth }: Scene): SmtpStep[] {
  return [
    { do: 'greet' },
    ...(tls ? ([{ do: 'starttls' }, { do: 'greet' }] as const) : []),
    ...(auth ? [{ do: 'auth' as const, ...auth }] : []),
    { do: 'mail' },
    { do: 'rcpt' },
    { do: 'data' },
  ];
}

/** An outcome ends the scene. */
type Played = Outcome | undefined;

const ended = (reply: SmtpReply, phase: Phase, wanted: number): Played =>
  reply.code === wanted ? undefined : outcomeOfReply(reply, phase);

function accepted(performance: Performance, reply: SmtpReply): Outcome {
  performance.tookMessage(queueIdOf(reply.text));
  return { observed: 'accepted', phase: 'end-of-data', reason: reply.text, code: reply.code };
}

/** What the last EHLO says of a keyword. */
function offers(session: SmtpDialogue, { keyword, parameter }: Extract<SmtpStep, { do: 'offers' }>): Outcome {
  const listed = session.extensions.get(keyword);
  const what = parameter === undefined ? keyword : `${keyword} ${parameter}`;
  const there = listed !== undefined && (parameter === undefined || listed.split(' ').includes(parameter));
  const reason = there ? `EHLO lists ${keyword} ${listed}`.trim() : `EHLO does not list ${what}`;
  return { observed: there ? 'accepted' : 'refused', phase: 'command', reason };
}

/** Everything that the server still says, up to the end of the session: what was smuggled in has replies of its own. */
async function readToTheEnd(session: SmtpDialogue, performance: Performance, first: SmtpReply): Promise<void> {
  session.write('QUIT\r\n');
  let reply = first;
  for (let count = 0; count < MOST_REPLIES && reply.code !== 221 && reply.code !== 421; count++) {
    try {
      reply = await session.readReply();
    } catch (error) {
      // It has answered the message. One that wants nothing of what came behind it may leave without a farewell.
      if (error instanceof DialogueError && error.code === 'CLOSED_BY_SERVER') {
        return;
      }
      throw error;
    }
    if (reply.code === 250) {
      performance.tookMessage(queueIdOf(reply.text));
    }
  }
}

async function sendData(
  session: SmtpDialogue,
  performance: Performance,
  { content, rest }: Extract<SmtpStep, { do: 'data' }>,
): Promise<Played> {
  const go = await session.send('DATA');
  if (go.code !== 354) {
    return outcomeOfReply(go, 'data');
  }
  if (content === undefined) {
    const reply = await session.data(performance.message);
    return reply.code === 250 ? accepted(performance, reply) : outcomeOfReply(reply, 'end-of-data');
  }
  session.enter('end-of-data');
  session.write(Buffer.from(performance.fill(content), 'latin1'));
  const first = session.readReply();
  if (rest !== undefined) {
    const pause = delay(PAUSE_IN_MESSAGE_MS);
    const early = await Promise.race([first, pause]);
    // A server that ends the session has decided, and would not hear the rest.
    if (early?.code !== 421) {
      await pause;
      session.write(Buffer.from(performance.fill(rest), 'latin1'));
    }
  }
  const reply = await first;
  const outcome = reply.code === 250 ? accepted(performance, reply) : outcomeOfReply(reply, 'end-of-data');
  if (reply.code !== 421) {
    await readToTheEnd(session, performance, reply);
  }
  return outcome;
}

async function pipelinedEnvelope(
  session: SmtpDialogue,
  performance: Performance,
  { greet, auth }: Extract<SmtpStep, { do: 'pipelined-envelope' }>,
): Promise<Played> {
  const ahead: (string | Secret)[] = [
    ...(greet ? [`EHLO ${performance.names.name}`] : []),
    ...(auth === undefined ? [] : [wholeAuthentication(performance, auth)]),
  ];
  const replies = await session.pipeline([
    ...ahead,
    `MAIL FROM:${performance.mailFrom}`,
    `RCPT TO:${performance.rcptTo}`,
    'DATA',
  ]);
  const [mail, rcpt, data] = replies.slice(ahead.length);
  if (!mail || !rcpt || !data) {
    return outcomeOfReply(replies.at(-1) ?? session.banner, 'mail');
  }
  if (data.code === 354) {
    const reply = await session.data(performance.message);
    return reply.code === 250 ? accepted(performance, reply) : outcomeOfReply(reply, 'end-of-data');
  }
  return ended(mail, 'mail', 250) ?? ended(rcpt, 'rcpt', 250) ?? outcomeOfReply(data, 'data');
}

/** AUTH PLAIN with its initial response: the one command that is an exchange by itself. */
function wholeAuthentication(performance: Performance, credential: Credential): Secret {
  const { initial } = mechanismOf(performance, { mechanism: 'PLAIN', with: credential });
  return secret(`AUTH PLAIN ${initial?.().toString('base64')}`, `AUTH PLAIN ${MASK}`);
}

async function writeOctets(
  session: SmtpDialogue,
  performance: Performance,
  step: Extract<SmtpStep, { do: 'write' | 'trickle' }>,
): Promise<Played> {
  const octets = Buffer.from(performance.fill(step.octets), 'latin1');
  if (step.do === 'trickle') {
    await session.trickle(octets);
  } else {
    session.write(octets);
  }
  for (let count = 0; count < (step.replies ?? 0); count++) {
    const reply = await session.readReply();
    // A server that ends the session has decided.
    if (reply.code === 421) {
      return outcomeOfReply(reply, session.phase);
    }
  }
  return undefined;
}

async function playStep(session: SmtpDialogue, performance: Performance, step: SmtpStep): Promise<Played> {
  const fill = (template: string) => performance.fill(template);
  switch (step.do) {
    case 'greet': {
      if (step.underTls && !session.tls) {
        return undefined;
      }
      const name = step.name === undefined ? performance.names.name : fill(step.name);
      const reply = step.with === 'HELO' ? await session.send(`HELO ${name}`) : await session.ehlo(name);
      return ended(reply, 'greeting', 250);
    }
    case 'offers':
      return offers(session, step);
    case 'reconnect':
      // Where one connection ends and the next begins: see connectionsOf.
      return undefined;
    case 'starttls':
      return startTls(session, performance, step);
    case 'auth':
      return authenticate(session, performance, step);
    case 'auth-as-offered':
      return authenticateAsOffered(session, performance, step);
    case 'compare-auth':
      return compareAuthentications(session, performance, step);
    case 'mail': {
      const from = step.from === undefined ? performance.mailFrom : fill(step.from);
      const parameters = step.parameters === undefined ? '' : ` ${fill(step.parameters)}`;
      return ended(await session.send(`${step.verb ?? 'MAIL FROM:'}${from}${parameters}`), 'mail', 250);
    }
    case 'rcpt': {
      const to = step.to === undefined ? performance.rcptTo : fill(step.to);
      const parameters = step.parameters === undefined ? '' : ` ${fill(step.parameters)}`;
      const outcome = ended(await session.send(`${step.verb ?? 'RCPT TO:'}${to}${parameters}`), 'rcpt', 250);
      return step.mayFail && outcome?.observed !== 'deferred' ? undefined : outcome;
    }
    case 'data':
      return sendData(session, performance, step);
    case 'pipelined-envelope':
      return pipelinedEnvelope(session, performance, step);
    case 'say': {
      const reply = await session.send(fill(step.line));
      return reply.code === 421 ? outcomeOfReply(reply, session.phase) : undefined;
    }
    case 'ask': {
      const reply = await session.send(fill(step.line));
      return reply.code < 400
        ? { observed: 'accepted', phase: session.phase, reason: reply.text, code: reply.code }
        : outcomeOfReply(reply, session.phase);
    }
    case 'write':
    case 'trickle':
      return writeOctets(session, performance, step);
    case 'pop':
      return playPopSteps(performance, step.steps);
  }
}

/** An outcome that does not end the scene: a message was taken, and the next one is what the attempt is about. */
const goesOn = ({ phase, observed }: Outcome) => phase === 'end-of-data' && observed === 'accepted';

async function converse(session: SmtpDialogue, performance: Performance, steps: readonly SmtpStep[]): Promise<Played> {
  if (session.banner.code !== 220) {
    return outcomeOfReply(session.banner, 'connect');
  }
  let last: Played;
  for (const step of steps) {
    last = await playStep(session, performance, step);
    if (last && !goesOn(last)) {
      return last;
    }
  }
  return last;
}

function openSession(performance: Performance): Promise<SmtpDialogue> {
  const { target, places, scene } = performance;
  const early =
    scene.pregreeting === undefined ? undefined : Buffer.from(performance.fill(scene.pregreeting), 'latin1');
  return SmtpDialogue.open(
    {
      dial: isFromInside(scene) ? target.dialFromInside : target.lab.dial,
      from: places.sender,
      host: performance.host,
      port: scene.port,
      ...(scene.implicitTls ? { implicitTls: tlsRequest(performance, scene.implicitTls.ability) } : {}),
    },
    early,
  );
}

/** What a failure to connect says of the configuration; undefined where it may be the lab's. */
function closedDoor({ target, scene }: Performance, error: unknown): Outcome | undefined {
  const { port, implicitTls } = scene;
  const listens = target.facts.listeners.some((listener) => listener.port === port);
  if (!listens && error instanceof DialogueError && error.code === 'CONNECT_REFUSED') {
    return { observed: 'rejected', phase: 'connect', reason: `nothing listens on port ${port}` };
  }
  // A server that greets in clear, where a handshake is due, is no trouble of ours either.
  const inClear = error instanceof DialogueError && /wrong version number|packet length too long/.test(error.message);
  return implicitTls && (isRefusal(error) || inClear)
    ? { observed: 'rejected', phase: 'starttls', reason: (error as DialogueError).message }
    : undefined;
}

async function playConnection(performance: Performance, steps: readonly SmtpStep[]): Promise<Played> {
  let session: SmtpDialogue;
  try {
    session = await openSession(performance);
  } catch (error) {
    const closed = closedDoor(performance, error);
    if (!closed) {
      throw error;
    }
    if (error instanceof DialogueError && error.dialogue) {
      performance.dialogues.push(error.dialogue);
    }
    return closed;
  }
  try {
    const outcome = await converse(session, performance, steps);
    // After a 421 the server has gone; that is no trouble of ours.
    await session.quit().catch(() => session.close());
    return outcome;
  } finally {
    performance.dialogues.push(session.transcript());
  }
}

/** The steps of each connection. */
function connectionsOf(steps: readonly SmtpStep[]): SmtpStep[][] {
  const connections: SmtpStep[][] = [[]];
  for (const step of steps) {
    if (step.do === 'reconnect') {
      connections.push([]);
    } else {
      connections.at(-1)?.push(step);
    }
  }
  return connections;
}

/** Plays the session. Throws DialogueError, with the dialogue up to then among the performance's. */
export async function playSmtpSession(performance: Performance): Promise<Outcome> {
  const { scene } = performance;
  let last: Played;
  for (const [number, steps] of connectionsOf(scene.session ?? usualSession(scene)).entries()) {
    if (number > 0) {
      await performance.target.settlePopWriter();
    }
    last = await playConnection(performance, steps);
    if (last && !goesOn(last)) {
      return last;
    }
  }
  return last ?? { observed: 'error', phase: 'command', reason: 'the scene ended without asking for anything' };
}
