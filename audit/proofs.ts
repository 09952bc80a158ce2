/**
 * The messages around a batch that must get through, or else what was blocked in between proves nothing: a stranger's
 * to a local user (strangers reach the target) and an authorised one to the sink (the target reaches outside).
 */
import { SubmissionError, submitMessage } from '../clients/mail-submission.ts';
import type { Target } from '../containers/target/target.ts';
import type { AuthMode, Evidence, Observation } from '../reports/model.ts';
import type { Scene } from '../suites/attempt.ts';
import { awaitFate } from './fate.ts';
import { lookIntoSink, perform } from './perform.ts';
import { Performance } from './performance.ts';
import { queueIdOf } from './smtp-steps.ts';

export type ProofKind = 'stranger' | 'authorised';

export type ProofResult = {
  kind: ProofKind;
  title: string;
  ok: boolean;
  reason: string;
  observed: Observation;
  evidence: Evidence;
};

/** A stranger's message to a local user. */
export const strangerScene: Scene = {
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{account}@{L}>',
  destination: 'mailbox',
};

const authorisedScene: Scene = {
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{account}@{L}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
};

const popScene: Scene = { ...authorisedScene, pop: [{ do: 'login', with: 'right-password', from: 'same' }] };

/** Where there is nobody to log in as: sendmail relays for its own machine, and so takes the way out that others take. */
const loopbackScene: Scene = { ...authorisedScene, client: 'the-server-over-loopback' };

async function byScene(target: Target, kind: ProofKind, title: string, scene: Scene): Promise<ProofResult> {
  const { outcome, evidence, notSeen } = await perform(target, scene, { readBack: false });
  const wanted = scene.destination === 'sink' ? 'relayed' : 'delivered';
  const ok = outcome.observed === wanted && notSeen === undefined;
  return { kind, title, ok, reason: notSeen ?? outcome.reason, observed: outcome.observed, evidence };
}

/**
 * An authenticated message to outside, where AUTH is offered: by an ordinary mail program, if one knows a mechanism that
 * is there.
 */
function byAuthentication(target: Target): Promise<ProofResult> {
  const { mechanisms, serverCertificate, authOptions, listeners } = target.facts;
  const tls = serverCertificate !== '';
  const port = listeners.find(({ modifiers }) => !modifiers.includes('A'))?.port ?? 25;
  // Without TLS these are not offered where AuthOptions has p.
  const left = mechanisms.filter((name) => tls || !authOptions.includes('p') || !['PLAIN', 'LOGIN'].includes(name));
  const offered = <M extends string>(names: readonly M[]) => names.find((name) => left.includes(name));
  const known = offered(['PLAIN', 'LOGIN', 'CRAM-MD5'] as const);
  const other = offered(['SCRAM-SHA-256', 'SCRAM-SHA-1', 'DIGEST-MD5'] as const);
  if (known || !other) {
    return byMailProgram(target, known, port);
  }
  return byScene(target, 'authorised', `an authenticated message (${other}) to outside`, {
    ...authorisedScene,
    port: port === 587 ? 587 : 25,
    tls,
    auth: { mechanism: other, with: 'right-password' },
  });
}

/** An authenticated submission with nodemailer. */
async function byMailProgram(
  target: Target,
  mechanism: 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | undefined,
  port: number,
): Promise<ProofResult> {
  const { serverCertificate } = target.facts;
  const performance = new Performance(target, authorisedScene);
  const title = `an authenticated message (${mechanism ?? 'no mechanism that the harness knows'}) to outside`;
  const finish = async (ok: boolean, observed: Observation, reason: string): Promise<ProofResult> => {
    await target.logBarrier();
    return { kind: 'authorised', title, ok, reason, observed, evidence: performance.evidence() };
  };
  performance.identity = `authenticated as ${performance.account}`;
  if (!mechanism) {
    return finish(false, 'none', 'the configuration offers no mechanism that the harness knows');
  }
  try {
    const { response, dialogue } = await submitMessage({
      dial: target.lab.dial,
      from: performance.places.sender,
      host: target.ipv4,
      port,
      tls: serverCertificate === '' ? 'none' : 'starttls',
      servername: target.hostName,
      ...(target.ca === undefined ? {} : { ca: target.ca }),
      auth: { user: performance.account, password: target.password(performance.account), mechanism },
      envelope: { from: performance.mailFrom.slice(1, -1), to: [performance.rcptTo.slice(1, -1)] },
      message: performance.message,
    });
    performance.dialogues.push(dialogue);
    const queueId = queueIdOf(response);
    if (queueId !== undefined) {
      performance.queueIds.push(queueId);
      performance.fate = (await awaitFate(target, queueId)).words;
    }
    const sunk = (await lookIntoSink(performance)) !== undefined;
    return finish(sunk, sunk ? 'relayed' : 'accepted', sunk ? 'the sink received it' : (performance.fate ?? response));
  } catch (error) {
    const { dialogue } = error as { dialogue?: SubmissionError['dialogue'] };
    if (dialogue) {
      performance.dialogues.push(dialogue);
    }
    const refused = error instanceof SubmissionError && (error.responseCode ?? 0) >= 500;
    return finish(false, refused ? 'refused' : 'error', error instanceof Error ? error.message : String(error));
  }
}

/**
 * Sends the messages that the mode calls for. With `oneAuthorised` a POP-authorised one is sent only if an authenticated
 * one does not get through: for the path, one of them is enough.
 */
export async function prove(
  target: Target,
  mode: AuthMode,
  { oneAuthorised = false }: { oneAuthorised?: boolean } = {},
): Promise<ProofResult[]> {
  if (mode === 'none') {
    const own = byScene(target, 'authorised', 'a message of the server itself to outside', {
      ...authorisedScene,
      client: 'the-server-over-loopback',
    });
    return Promise.all([byScene(target, 'stranger', 'a stranger’s message to a local user', strangerScene), own]);
  }
  const stranger = byScene(target, 'stranger', 'a stranger’s message to a local user', strangerScene);
  if (target.limits.has('accounts')) {
    const title = 'a message to outside from the server’s own machine (there is nobody to log in as)';
    return Promise.all([stranger, byScene(target, 'authorised', title, loopbackScene)]);
  }
  const authenticated = mode === 'pop-before-smtp' ? [] : [byAuthentication(target)];
  const afterLogin = () => byScene(target, 'authorised', 'a message to outside after a POP login', popScene);
  if (oneAuthorised && mode === 'both') {
    const results = await Promise.all([stranger, ...authenticated]);
    return whyPathIsDead('before', results) === undefined ? results : [...results, await afterLogin()];
  }
  return Promise.all([
    stranger,
    ...(mode === 'smtp-auth' || (mode === 'both' && target.limits.has('pop')) ? [] : [afterLogin()]),
    ...authenticated,
  ]);
}

/** Why the path is not shown to be alive; undefined if each leg carried a message. */
export function whyPathIsDead(when: 'before' | 'after', results: readonly ProofResult[]): string | undefined {
  for (const kind of ['stranger', 'authorised'] as const) {
    const legs = results.filter((result) => result.kind === kind);
    if (!legs.some((result) => result.ok)) {
      const why = legs.map((result) => `${result.title}: ${result.reason}`).join('; ');
      return `${when} the batch no ${kind === 'stranger' ? 'legitimate' : 'authorised'} message got through (${why})`;
    }
  }
  return undefined;
}
