/** Plays the AUTH steps of a scene. */
import type { SaslMechanism } from '../clients/sasl/mechanism.ts';
import { createMechanism } from '../clients/sasl/mechanisms.ts';
import type { AuthenticationReply, SmtpDialogue } from '../clients/smtp-dialogue.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { AuthStep, Credential, Mechanism, SmtpStep } from '../suites/scene.ts';
import { loginOf, userOf } from './credentials.ts';
import { outcomeOfReply } from './outcome.ts';
import type { Performance } from './performance.ts';

/** The client's side of the exchange that a step asks for. */
export function mechanismOf(performance: Performance, step: AuthStep): SaslMechanism {
  const { mechanism, actingAs } = step;
  return createMechanism(mechanism, {
    ...loginOf(performance, step),
    host: performance.target.hostName,
    service: 'smtp',
    ...(actingAs === undefined ? {} : { authorizeAs: performance.fill(actingAs) }),
  });
}

async function exchange(session: SmtpDialogue, performance: Performance, step: AuthStep): Promise<AuthenticationReply> {
  const { mechanism, initialResponse } = step;
  const reply = await session.authenticate(
    mechanismOf(performance, step),
    initialResponse === undefined ? {} : { initialResponse },
  );
  if (reply.fault !== undefined) {
    performance.notes.push(`${mechanism}: ${reply.fault}`);
  }
  return reply;
}

export async function authenticate(
  session: SmtpDialogue,
  performance: Performance,
  step: AuthStep,
): Promise<Outcome | undefined> {
  const { mechanism } = step;
  const until = performance.scene.until === 'auth';
  const reply = await exchange(session, performance, step);
  if (reply.code === 235) {
    performance.identity = `authenticated as ${loginOf(performance, step).user.slice(0, 40)} with ${mechanism}`;
    return until ? { observed: 'accepted', phase: 'auth', reason: reply.text, code: reply.code } : undefined;
  }
  performance.notes.push(`AUTH ${mechanism} was answered: ${reply.text}`);
  const outcome = outcomeOfReply(reply, 'auth');
  // A temporary failure says nothing of the credentials. A lasting one ends the scene only where it is what was asked.
  return outcome.observed === 'deferred' || until ? outcome : undefined;
}

const leaves = (why: string): Outcome => ({
  observed: 'rejected',
  phase: 'auth',
  reason: `the program leaves: ${why}`,
});

/** Authenticates with what the server lists and the program knows; an outcome where the program goes no further. */
export async function authenticateAsOffered(
  session: SmtpDialogue,
  performance: Performance,
  step: Extract<SmtpStep, { do: 'auth-as-offered' }>,
): Promise<Outcome | undefined> {
  const keyword = step.listedBy ?? 'AUTH';
  const listed = (session.extensions.get(keyword) ?? '').toUpperCase().split(' ').filter(Boolean);
  const usable = step.mechanisms.filter(({ mechanism }) => listed.includes(mechanism));
  if (usable.length === 0) {
    const known = step.mechanisms.map(({ mechanism }) => mechanism).join(' ');
    const offer = listed.length === 0 ? `no ${keyword}` : `${keyword} ${listed.join(' ')}`;
    const why = `EHLO lists ${offer}, and it knows ${known}`;
    if (step.sendsWithout === 'if-none-is-known' || (step.sendsWithout !== undefined && listed.length === 0)) {
      performance.notes.push(`the program sends without authentication: ${why}`);
      return undefined;
    }
    return leaves(why);
  }
  let refusal: Outcome | undefined;
  for (const one of step.triesNext ? usable : usable.slice(0, 1)) {
    const reply = await exchange(session, performance, { ...one, with: step.with });
    if (reply.code === 235) {
      performance.identity = `authenticated as ${userOf(performance, step.with).slice(0, 40)} with ${one.mechanism}`;
      return undefined;
    }
    performance.notes.push(`AUTH ${one.mechanism} was answered: ${reply.text}`);
    refusal = outcomeOfReply(reply, 'auth');
  }
  return refusal;
}

/** The reply without what a server may repeat of it, so that two can be compared. */
function anonymous(performance: Performance, reply: AuthenticationReply, credential: Credential): string {
  const user = userOf(performance, credential);
  return user === '' ? reply.text : reply.text.replaceAll(user, '(user)');
}

async function answerTo(
  session: SmtpDialogue,
  performance: Performance,
  mechanism: Mechanism,
  credential: Credential,
): Promise<{ reply: AuthenticationReply; words: string }> {
  const before = session.transcript().lines.length;
  const reply = await exchange(session, performance, { mechanism, with: credential });
  // A user may be given away by the number of challenges as well as by the words at the end.
  const rounds = session
    .transcript()
    .lines.slice(before)
    .filter(({ from }) => from === 'server').length;
  return { reply, words: `${anonymous(performance, reply, credential)} (after ${rounds} replies)` };
}

/** Whether the server answers two failing logins alike: what differs tells a stranger which users exist. */
export async function compareAuthentications(
  session: SmtpDialogue,
  performance: Performance,
  step: Extract<SmtpStep, { do: 'compare-auth' }>,
): Promise<Outcome> {
  const one = await answerTo(session, performance, step.mechanism, step.one);
  const other = await answerTo(session, performance, step.mechanism, step.other);
  const taken = [one, other].find(({ reply }) => reply.code === 235);
  if (taken) {
    return { observed: 'accepted', phase: 'auth', reason: taken.reply.text, code: taken.reply.code };
  }
  const passing = [one, other].find(({ reply }) => reply.code < 500);
  if (passing) {
    return outcomeOfReply(passing.reply, 'auth');
  }
  const { code } = one.reply;
  return one.words === other.words
    ? {
        observed: 'refused',
        phase: 'auth',
        reason: `${step.one} and ${step.other} are both answered ${one.words}`,
        code,
      }
    : {
        observed: 'accepted',
        phase: 'auth',
        reason: `the replies differ: ${step.one} gets ${one.words}, ${step.other} gets ${other.words}`,
      };
}
