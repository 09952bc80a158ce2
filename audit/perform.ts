/** Performs one scene against a target and says what was observed, with the evidence. */
import { DialogueError } from '../clients/dialogue-error.ts';
import { fetchMailbox } from '../clients/mailbox-reader.ts';
import { describeMessage } from '../containers/lab/agent/message.ts';
import type { Target } from '../containers/target/target.ts';
import type { SinkRecord } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { HomeFile, Scene } from '../suites/scene.ts';
import { awaitFate, type Fate } from './fate.ts';
import { forgeNames } from './forged-names.ts';
import { Performance, type Performed } from './performance.ts';
import { playPopSteps } from './pop-steps.ts';
import { playSmtpSession } from './smtp-steps.ts';

const MAILBOX_DEADLINE_MS = 30_000;

function troubleOf(error: unknown, performance: Performance): Outcome {
  if (error instanceof DialogueError) {
    if (error.dialogue && !performance.dialogues.includes(error.dialogue)) {
      const known = performance.dialogues.some((dialogue) => dialogue.startedAt === error.dialogue?.startedAt);
      if (!known) {
        performance.dialogues.push(error.dialogue);
      }
    }
    return { observed: 'error', phase: error.phase, reason: error.message };
  }
  return { observed: 'error', phase: 'connect', reason: error instanceof Error ? error.message : String(error) };
}

/** Looks for the message in the account's mailbox, from an address of its own: the visit is a POP login as well. */
async function lookIntoMailbox(performance: Performance): Promise<void> {
  const { target, account, token } = performance;
  const { messages, dialogue } = await fetchMailbox({
    dial: target.lab.dial,
    from: target.addresses.forReading(),
    host: target.ipv4,
    port: 110,
    user: account,
    password: target.password(account),
    deadlineMs: MAILBOX_DEADLINE_MS,
  });
  performance.mailbox = messages
    .filter((message) => message.includes(token))
    .map((message) => ({ account, bytes: message.length, ...describeMessage(message) }))
    .filter((record) => isItself(performance, record));
  performance.notes.push(
    `the mailbox of ${account} was read over POP3: ${messages.length} messages (${dialogue.lines.length} lines)`,
  );
}

/**
 * Whether a message is the attempt's own. A delivery report that the target makes of it quotes the token as well, but
 * comes from nobody and has a subject of its own (RFC 3464 2.1.3).
 */
const isItself = (performance: Performance, { subject }: { subject: string }) => subject.includes(performance.token);

/** Looks at the sink, and keeps what is there as evidence. */
export async function lookIntoSink(performance: Performance): Promise<SinkRecord | undefined> {
  performance.sink = await performance.target.lab.find(performance.token);
  const relayed = performance.scene.reflected
    ? performance.sink
    : performance.sink.filter((record) => isItself(performance, record));
  if (relayed.length < performance.sink.length) {
    performance.notes.push('the target sent a delivery report to the sender; it is at the sink');
  }
  return relayed[0];
}

/** What became of all that the target took in the session; undefined where it gave none of it a name. */
async function fateOfAll({ target, queueIds }: Performance): Promise<Fate | undefined> {
  const fates = await Promise.all([...new Set(queueIds)].map((queueId) => awaitFate(target, queueId)));
  if (fates.length === 0) {
    return undefined;
  }
  return {
    known: fates.every(({ known }) => known),
    deferred: fates.some(({ deferred }) => deferred),
    words: fates.map(({ words }) => words).join('; '),
  };
}

/** What became of a message that the target took. */
async function followUp(performance: Performance, accepted: Outcome, readBack: boolean): Promise<Outcome> {
  const { scene } = performance;
  const fate = await fateOfAll(performance);
  if (fate === undefined) {
    return (await lookIntoSink(performance))
      ? { observed: 'relayed', phase: 'fate', reason: 'the sink received it' }
      : { ...accepted, fateKnown: false, reason: `${accepted.reason} (no queue id in the reply)` };
  }
  performance.fate = fate.words;
  const sunk = await lookIntoSink(performance);
  if (sunk) {
    return { observed: 'relayed', phase: 'fate', reason: `the sink received it for ${sunk.rcptTo.join(', ')}` };
  }
  if (fate.deferred) {
    return { observed: 'deferred', phase: 'fate', reason: `accepted, and not delivered yet: ${fate.words}` };
  }
  const sent = fate.known && /(^|; )Sent\b/.test(fate.words);
  if (scene.destination === 'mailbox' && fate.known && readBack) {
    await lookIntoMailbox(performance);
    if (performance.mailbox.length > 0) {
      return { observed: 'delivered', phase: 'fate', reason: `it is in the mailbox of ${performance.account}` };
    }
  }
  return {
    observed: sent && (scene.destination === 'sink' || !readBack) ? 'delivered' : 'accepted',
    phase: 'fate',
    reason: `accepted; its end by the log: ${fate.words}`,
    fateKnown: fate.known,
  };
}

async function play(performance: Performance, readBack: boolean): Promise<Outcome> {
  const { target, scene } = performance;
  if (scene.names) {
    await forgeNames(performance, scene.names);
  }
  const stopped = await playPopSteps(performance, scene.pop ?? []);
  if (stopped) {
    return stopped;
  }
  if (scene.restart) {
    await target.restart(scene.restart);
    performance.notes.push(`${scene.restart} was restarted`);
  }
  const clearHome = scene.home && (await target.placeHomeFile(fillHome(performance, scene.home)));
  try {
    return await sendAndFollow(performance, readBack);
  } finally {
    await clearHome?.();
  }
}

const fillHome = (performance: Performance, { name, content }: HomeFile): HomeFile => ({
  name,
  content: performance.fill(content),
});

async function sendAndFollow(performance: Performance, readBack: boolean): Promise<Outcome> {
  const outcome = await playSmtpSession(performance);
  return outcome.observed === 'accepted' && outcome.phase === 'end-of-data'
    ? followUp(performance, outcome, readBack)
    : outcome;
}

/**
 * Performs a scene. Never throws: trouble is an outcome too. With `readBack: false` sendmail's own word for a local
 * delivery is enough, and the mailbox is not read.
 */
export async function perform(target: Target, scene: Scene, { readBack = true } = {}): Promise<Performed> {
  const started = performance.now();
  const performed = new Performance(target, scene);
  let outcome: Outcome;
  try {
    outcome = await play(performed, readBack);
  } catch (error) {
    outcome = troubleOf(error, performed);
  }
  const logComplete = await target.logBarrier();
  // Even what was refused is looked for at the sink: a reply is not proof.
  if (outcome.observed !== 'relayed' && outcome.observed !== 'delivered') {
    try {
      if (performed.sink.length === 0 && (await lookIntoSink(performed))) {
        outcome = { observed: 'relayed', phase: 'fate', reason: `the sink received it, although: ${outcome.reason}` };
      }
    } catch (error) {
      outcome = troubleOf(error, performed);
    }
  }
  const evidence = performed.evidence();
  let notSeen: string | undefined;
  if (!logComplete) {
    notSeen = `the target's log is lost: ${target.log.lost}`;
  } else if (evidence.observedAddress === undefined) {
    notSeen = `the target's log shows no session from ${evidence.clientAddress}: the address may have been rewritten`;
  }
  return { outcome, evidence, notSeen, durationMs: Math.round(performance.now() - started) };
}
