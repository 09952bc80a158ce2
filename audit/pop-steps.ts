/** Plays the POP3 part of a scene. */
import { PopDialogue } from '../clients/pop-dialogue.ts';
import { createMechanism, type MechanismName } from '../clients/sasl/mechanisms.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Credential, PopLogin, PopStep } from '../suites/scene.ts';
import { isRight, passwordOf, userOf } from './credentials.ts';
import { namesAddress } from './log-search.ts';
import type { Performance } from './performance.ts';
import { tlsRequest } from './starttls-step.ts';

type LoginStep = Extract<PopStep, { do: 'login' }>;

const popFailed = (reason: string): Outcome => ({ observed: 'error', phase: 'pop', reason });

const mechanismOf: Partial<Record<PopLogin, MechanismName>> = {
  'auth-plain': 'PLAIN',
  'auth-login': 'LOGIN',
  'auth-cram-md5': 'CRAM-MD5',
};

/** Logs in by the way that the step names. */
async function logIn(
  session: PopDialogue,
  performance: Performance,
  step: LoginStep,
  credential: Credential,
): Promise<{ ok: boolean; text: string }> {
  const user = step.as === undefined ? userOf(performance, credential) : performance.fill(step.as);
  const password = passwordOf(performance, credential);
  const by = step.by ?? 'user-pass';
  if (by === 'stls') {
    const reply = await session.stls(tlsRequest(performance));
    if (!reply.ok) {
      return reply;
    }
  }
  if (by === 'apop') {
    return session.timestamp === undefined
      ? { ok: false, text: 'the greeting has no timestamp, so there is no APOP' }
      : session.apop(user, password);
  }
  const mechanism = mechanismOf[by];
  if (mechanism !== undefined) {
    const { hostName } = performance.target;
    return session.authenticate(createMechanism(mechanism, { user, password, host: hostName, service: 'pop' }));
  }
  return session.login(user, password);
}

async function converse(session: PopDialogue, performance: Performance, step: LoginStep): Promise<Outcome | undefined> {
  const { account } = performance;
  if (step.capabilities) {
    await session.multiline('CAPA');
  }
  if (step.with === 'user-only' || step.with === 'dropped') {
    await session.send(`USER ${step.as === undefined ? account : performance.fill(step.as)}`);
  } else {
    const reply = await logIn(session, performance, step, step.with);
    const right = isRight(step.with) && step.as === undefined;
    if (reply.ok !== right) {
      return popFailed(
        `the POP server answered ${reply.ok ? '+OK' : '-ERR'} to a login with ${step.with}: ${reply.text}`,
      );
    }
    if (right) {
      performance.identity = `POP login as ${account} from ${performance.places.login[step.from]}`;
      for (const command of step.looksAt ?? []) {
        await (command === 'STAT' ? session.send(command) : session.multiline(command));
      }
    }
  }
  if (step.with === 'dropped') {
    session.abruptClose();
  } else if (step.unfinishedQuit) {
    session.write('QUIT');
    await session.close();
  } else {
    await session.quit();
  }
  return undefined;
}

async function login(performance: Performance, step: LoginStep): Promise<Outcome | undefined> {
  const { target, places } = performance;
  const from = places.login[step.from];
  const host = from.includes(':') ? target.ipv6 : target.ipv4;
  const before = target.log.lines.length;
  const implicit = step.by === 'implicit-tls';
  const session = await PopDialogue.open({
    dial: target.lab.dial,
    from,
    host,
    port: implicit ? 995 : 110,
    ...(implicit ? { implicitTls: tlsRequest(performance) } : {}),
  });
  try {
    const outcome = await converse(session, performance, step);
    if (outcome) {
      return outcome;
    }
  } finally {
    performance.dialogues.push(session.transcript());
  }
  return afterLogin(performance, from, before, isRight(step.with) && step.as === undefined);
}

/**
 * Waits until the log shows a POP session, which is what a log-reading writer acts on and shows which address the POP
 * server saw, and until the writer has read it. `before`: the number of the log's lines when the session began.
 */
export async function afterLogin(
  { target }: Performance,
  from: string,
  before: number,
  right: boolean,
): Promise<Outcome | undefined> {
  const names = namesAddress(from);
  const line = await target.logged(
    ({ text }) => text.includes('pop3-login') && text.includes('rip=') && names(text),
    undefined,
    before,
  );
  if (!line) {
    return popFailed(`the target's log does not show the POP session from ${from}`);
  }
  if (target.popWriterFollowsLog) {
    if (right) {
      // Its end as well: a writer may take it for a reason to act.
      await target.logged(({ text }) => text.includes('Disconnected: ') && names(text), undefined, before);
    }
    await target.settlePopWriter();
  }
  return undefined;
}

/** Many users at once, from addresses that nobody sends from: what they do to the map must not touch the attempt's own entry. */
async function crowd({ target, account }: Performance, logins: number): Promise<Outcome | undefined> {
  const replies = await Promise.all(
    Array.from({ length: logins }, async () => {
      const session = await PopDialogue.open({
        dial: target.lab.dial,
        from: target.addresses.login4(),
        host: target.ipv4,
        port: 110,
      });
      const reply = await session.login(account, target.password(account));
      await session.quit();
      return reply;
    }),
  );
  const failed = replies.find(({ ok }) => !ok);
  if (failed) {
    return popFailed(`one of ${logins} logins at once was refused: ${failed.text}`);
  }
  await target.settlePopWriter();
  return undefined;
}

/** Plays the steps in order; an outcome if the scene ends there. Throws DialogueError. */
export async function playPopSteps(performance: Performance, steps: readonly PopStep[]): Promise<Outcome | undefined> {
  for (const step of steps) {
    let outcome: Outcome | undefined;
    if (step.do === 'login') {
      outcome = await login(performance, step);
    } else if (step.do === 'crowd') {
      const logins = crowd(performance, step.logins);
      performance.notes.push(`${step.logins} other logins took place${step.meanwhile ? ' meanwhile' : ''}`);
      if (step.meanwhile) {
        performance.goesOnMeanwhile(logins);
      } else {
        outcome = await logins;
      }
    } else {
      const { target } = performance;
      const { lifetime } = target.configuration.policy.popAuthorization;
      const seconds = Math.round(lifetime * step.lifetimes) + (step.seconds ?? 0);
      await target.agePopAuthorization(performance.places.sender, seconds);
      performance.notes.push(`the authorisation was made ${seconds} s older, and the writer's sweep was run`);
    }
    if (outcome) {
      return outcome;
    }
  }
  return undefined;
}
