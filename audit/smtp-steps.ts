/** Plays the SMTP part of a scene, step by step, up to the target's last word in the session. */
import { SmtpDialogue, type SmtpReply } from '../clients/smtp-dialogue.ts';
import type { Phase } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Scene, SmtpStep } from '../suites/scene.ts';
import { authenticate, compareAuthentications } from './auth-steps.ts';
import { outcomeOfReply } from './outcome.ts';
import type { Performance } from './performance.ts';
import { playPopSteps } from './pop-steps.ts';

/** The name that sendmail gives a message that it takes: "250 2.0.0 6AMFOI9v000112 Message accepted for delivery". */
export function queueIdOf(reply: string): string | undefined {
  return /^250 2\.0\.0 (\w{8,20}) Message accepted/.exec(reply)?.[1];
}

/** Replies that a server may still give to what one packet smuggled in. */
const MOST_REPLIES = 64;

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

async function startTls(
  session: SmtpDialogue,
  performance: Performance,
  step: Extract<SmtpStep, { do: 'starttls' }>,
): Promise<Played> {
  const { target } = performance;
  // A server that does not offer it may still answer 454 to the command, which would look like a passing trouble.
  if (!session.extensions.has('STARTTLS')) {
    return { observed: 'rejected', phase: 'starttls', reason: 'STARTTLS is not offered' };
  }
  const certificate = step.certificate && (await target.clientCertificate(step.certificate));
  const reply = await session.startTls(
    {
      servername: target.hostName,
      ...(target.ca === undefined ? {} : { ca: target.ca }),
      ...(certificate === undefined ? {} : { certificate }),
    },
    step.along?.map((line) => performance.fill(line)),
  );
  if (step.certificate) {
    performance.identity = `stranger with a certificate (${step.certificate})`;
  }
  if (reply.code === 220 && target.ca !== undefined && session.tls?.authorized === false) {
    performance.notes.push(`the server's certificate does not check out: ${session.tls.authorizationError}`);
  }
  return ended(reply, 'starttls', 220);
}

/** Everything that the server still says, up to the end of the session: what was smuggled in has replies of its own. */
async function readToTheEnd(session: SmtpDialogue, performance: Performance, first: SmtpReply): Promise<void> {
  session.write('QUIT\r\n');
  let reply = first;
  for (let count = 0; count < MOST_REPLIES && reply.code !== 221 && reply.code !== 421; count++) {
    reply = await session.readReply();
    if (reply.code === 250) {
      performance.tookMessage(queueIdOf(reply.text));
    }
  }
}

async function sendData(session: SmtpDialogue, performance: Performance, content: string | undefined): Promise<Played> {
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
  const reply = await session.readReply();
  const outcome = reply.code === 250 ? accepted(performance, reply) : outcomeOfReply(reply, 'end-of-data');
  if (reply.code !== 421) {
    await readToTheEnd(session, performance, reply);
  }
  return outcome;
}

async function pipelinedEnvelope(session: SmtpDialogue, performance: Performance, greet: boolean): Promise<Played> {
  const commands = [
    ...(greet ? [`EHLO ${performance.names.name}`] : []),
    `MAIL FROM:${performance.mailFrom}`,
    `RCPT TO:${performance.rcptTo}`,
    'DATA',
  ];
  const replies = await session.pipeline(commands);
  const [mail, rcpt, data] = greet ? replies.slice(1) : replies;
  if (!mail || !rcpt || !data) {
    return outcomeOfReply(replies.at(-1) ?? session.banner, 'mail');
  }
  if (data.code === 354) {
    const reply = await session.data(performance.message);
    return reply.code === 250 ? accepted(performance, reply) : outcomeOfReply(reply, 'end-of-data');
  }
  return ended(mail, 'mail', 250) ?? ended(rcpt, 'rcpt', 250) ?? outcomeOfReply(data, 'data');
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
      const name = step.name === undefined ? performance.names.name : fill(step.name);
      const reply = step.with === 'HELO' ? await session.send(`HELO ${name}`) : await session.ehlo(name);
      return ended(reply, 'greeting', 250);
    }
    case 'starttls':
      return startTls(session, performance, step);
    case 'auth':
      return authenticate(session, performance, step);
    case 'compare-auth':
      return compareAuthentications(session, performance, step);
    case 'mail': {
      const from = step.from === undefined ? performance.mailFrom : fill(step.from);
      const parameters = step.parameters === undefined ? '' : ` ${fill(step.parameters)}`;
      return ended(await session.send(`MAIL FROM:${from}${parameters}`), 'mail', 250);
    }
    case 'rcpt': {
      const to = step.to === undefined ? performance.rcptTo : fill(step.to);
      const parameters = step.parameters === undefined ? '' : ` ${fill(step.parameters)}`;
      const outcome = ended(await session.send(`RCPT TO:${to}${parameters}`), 'rcpt', 250);
      return step.mayFail && outcome?.observed !== 'deferred' ? undefined : outcome;
    }
    case 'data':
      return sendData(session, performance, step.content);
    case 'pipelined-envelope':
      return pipelinedEnvelope(session, performance, step.greet ?? false);
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

async function converse(session: SmtpDialogue, performance: Performance): Promise<Outcome> {
  if (session.banner.code !== 220) {
    return outcomeOfReply(session.banner, 'connect');
  }
  let last: Played;
  for (const step of performance.scene.session ?? usualSession(performance.scene)) {
    last = await playStep(session, performance, step);
    // A session may go on after a message was taken: the next one is what the attempt is about.
    if (last && last.phase !== 'end-of-data') {
      return last;
    }
    if (last && last.observed !== 'accepted') {
      return last;
    }
  }
  return last ?? { observed: 'error', phase: session.phase, reason: 'the scene ended without asking for anything' };
}

/** Plays the session. Throws DialogueError, with the dialogue up to then among the performance's. */
export async function playSmtpSession(performance: Performance): Promise<Outcome> {
  const { target, places, scene } = performance;
  const session = await SmtpDialogue.open({
    dial: scene.client === 'the-server-itself' ? target.dialFromInside : target.lab.dial,
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
