/** Performs one scene against a target and says what was observed, with the evidence. */
import { DialogueError } from '../clients/dialogue-error.ts';
import { outsideDomains } from '../containers/lab/outside-domains.ts';
import type { Target } from '../containers/target/target.ts';
import type { Evidence, SinkRecord } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { HomeFile, Scene } from '../suites/scene.ts';
import { awaitFate, type Fate } from './fate.ts';
import { forgeNames } from './forged-names.ts';
import { linesOf, takenOnAs } from './log-search.ts';
import { lookIntoMailbox } from './mailbox.ts';
import { isFromInside, isItself, Performance, type Performed } from './performance.ts';
import { playPopSteps } from './pop-steps.ts';
import { playProgram } from './programs/play-program.ts';
import { playSmtpSession } from './smtp-steps.ts';
import { missingTrace } from './traces.ts';

/** Who sends mail round in circles gets no more attention than that. */
const MOST_HANDOVERS = 4;

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

/**
 * Whether a message at the sink is local mail on its way to the hub that keeps it (MAIL_HUB, LOCAL_RELAY): the sink plays
 * that server too.
 */
function isForUsers({ facts }: Target, { rcptTo }: SinkRecord): boolean {
  const own = [...facts.localDomains, facts.hostName, ...facts.nextHops].map((domain) => domain.toLowerCase());
  const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const isLocal = (address: string) => own.includes(domainOf(address).replace(/^\[(.*)\]$/, '$1'));
  const hub = facts.hub.toLowerCase().replace(/[[\]]|\.$/g, '');
  const leadsOutside = outsideDomains.some((domain) => hub === domain || hub.endsWith(`.${domain}`));
  return hub !== '' && !leadsOutside && rcptTo.length > 0 && rcptTo.every((address) => isLocal(address));
}

/** Looks at the sink, and keeps what is there as evidence. */
export async function lookIntoSink(performance: Performance): Promise<SinkRecord | undefined> {
  performance.sink = await performance.target.lab.find(performance.token);
  const itself = performance.sink.filter((record) => isItself(performance, record));
  performance.atHub = itself.filter((record) => isForUsers(performance.target, record));
  const relayed = performance.scene.reflected
    ? performance.sink.filter((record) => !isForUsers(performance.target, record))
    : itself.filter((record) => !performance.atHub.includes(record));
  if (itself.length < performance.sink.length) {
    performance.notes.push('the target sent a delivery report to the sender; it is at the sink');
  }
  return relayed[0];
}

/** What a message that got through should have left behind and did not, in words. */
function missingTraceOf(performance: Performance, { received }: Pick<SinkRecord, 'received'>): string | undefined {
  const { target, places, scene, queueIds } = performance;
  return missingTrace(scene.leaves ?? {}, {
    received: received[0],
    log: linesOf(target.log, [places.sender], queueIds).map(({ text }) => text),
    fill: (template) => performance.fill(template),
  });
}

/** What became of all that the target took in the session; undefined where it gave none of it a name. */
async function fateOfAll(performance: Performance): Promise<Fate | undefined> {
  const { target, token } = performance;
  const endOf = (queueIds: readonly string[]) =>
    Promise.all([...new Set(queueIds)].map((queueId) => awaitFate(target, queueId)));
  const fates = await endOf(performance.queueIds);
  if (fates.length === 0) {
    return undefined;
  }
  // A delivery agent that sends it on hands it to the daemon anew, under another name, before it ends.
  for (let round = 0; round < MOST_HANDOVERS; round++) {
    const known = new Set(performance.queueIds);
    const next = takenOnAs(target.log.naming([token]), token).filter((queueId) => !known.has(queueId));
    if (next.length === 0) {
      break;
    }
    performance.queueIds.push(...next);
    fates.push(...(await endOf(next)));
  }
  return {
    known: fates.every(({ known }) => known),
    deferred: fates.some(({ deferred }) => deferred),
    words: fates.map(({ words }) => words).join('; '),
  };
}

/** What became of a message that the target took. */
async function followUp(performance: Performance, accepted: Outcome, readBack: boolean): Promise<Outcome> {
  const { scene, target } = performance;
  const fate = await fateOfAll(performance);
  if (fate === undefined) {
    return (await lookIntoSink(performance))
      ? { observed: 'relayed', phase: 'fate', reason: 'the sink received it' }
      : { ...accepted, fateKnown: false, reason: `${accepted.reason} (no queue id in the reply)` };
  }
  performance.fate = fate.words;
  const sunk = await lookIntoSink(performance);
  if (sunk && scene.readBack === false) {
    return { observed: 'delivered', phase: 'fate', reason: `the address leads outside: ${sunk.rcptTo.join(', ')}` };
  }
  if (sunk) {
    const missing = missingTraceOf(performance, sunk);
    return missing === undefined
      ? { observed: 'relayed', phase: 'fate', reason: `the sink received it for ${sunk.rcptTo.join(', ')}` }
      : { observed: 'accepted', phase: 'fate', reason: missing, fateKnown: true };
  }
  if (performance.atHub.length > 0) {
    const reason = `it arrived at ${target.facts.hub}, where the configuration sends local mail`;
    return { observed: 'delivered', phase: 'fate', reason };
  }
  if (fate.deferred) {
    return { observed: 'deferred', phase: 'fate', reason: `accepted, and not delivered yet: ${fate.words}` };
  }
  const sent = fate.known && /(^|; )Sent\b/.test(fate.words);
  if (scene.destination === 'mailbox' && fate.known && readBack) {
    await lookIntoMailbox(performance);
    const [copy] = performance.mailbox;
    const fault = performance.damage ?? (copy && missingTraceOf(performance, copy));
    if (fault !== undefined) {
      const reason = `it is in the mailbox of ${performance.account}, but: ${fault}`;
      return { observed: 'accepted', phase: 'fate', reason, fateKnown: true };
    }
    if (copy) {
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
  const { by } = performance.scene;
  const outcome = await (by ? playProgram(performance, by) : playSmtpSession(performance));
  return outcome.observed === 'accepted' && outcome.phase === 'end-of-data'
    ? followUp(performance, outcome, readBack)
    : outcome;
}

/** Whether the address reaches the target unchanged, by another session from it: below LogLevel 11 not all leave a line. */
async function seenAgain({ target, scene }: Performance, evidence: Evidence): Promise<boolean> {
  const again = !isFromInside(scene) && (await target.showsAnotherFrom(evidence.clientAddress));
  if (again) {
    evidence.notes.push('at this LogLevel the session left no line with its address; another one from there did');
  }
  return again;
}

/**
 * Performs a scene. Never throws: trouble is an outcome too. With `readBack: false` sendmail's own word for a local
 * delivery is enough, and the mailbox is not read. `from`: the client's address, in place of one of its own.
 */
export async function perform(
  target: Target,
  scene: Scene,
  { readBack = scene.readBack ?? !target.limits.has('mailboxes'), from }: { readBack?: boolean; from?: string } = {},
): Promise<Performed> {
  const started = performance.now();
  const performed = new Performance(target, scene, from);
  let outcome: Outcome;
  try {
    outcome = await play(performed, readBack);
    outcome = (await performed.endOfMeanwhile()) ?? outcome;
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
  } else if (evidence.observedAddress === undefined && !(await seenAgain(performed, evidence))) {
    notSeen = `the target's log shows no session from ${evidence.clientAddress}: the address may have been rewritten`;
  }
  return { outcome, evidence, notSeen, durationMs: Math.round(performance.now() - started) };
}
