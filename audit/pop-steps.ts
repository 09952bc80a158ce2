/** Plays the POP3 part of a scene. */
import { PopDialogue } from '../clients/pop-dialogue.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { PopStep } from '../suites/attempt.ts';
import { namesAddress } from './log-search.ts';
import type { Performance } from './performance.ts';

const popFailed = (reason: string): Outcome => ({ observed: 'error', phase: 'pop', reason });

async function login(performance: Performance, step: Extract<PopStep, { do: 'login' }>): Promise<Outcome | undefined> {
  const { target, places, account } = performance;
  const from = places.login[step.from];
  const host = from.includes(':') ? target.ipv6 : target.ipv4;
  const user = step.with === 'unknown-user' ? `nobody-${performance.token}` : account;
  const before = target.log.lines.length;
  const session = await PopDialogue.open({ dial: target.lab.dial, from, host, port: 110 });
  try {
    if (step.with === 'user-only' || step.with === 'dropped') {
      await session.send(`USER ${user}`);
    } else {
      const password = step.with === 'right-password' ? target.password(account) : `wrong-${performance.token}`;
      const reply = await session.login(user, password);
      const right = step.with === 'right-password';
      if (reply.ok !== right) {
        return popFailed(
          `the POP server answered ${reply.ok ? '+OK' : '-ERR'} to a login with ${step.with}: ${reply.text}`,
        );
      }
      performance.identity = right ? `POP login as ${account} from ${from}` : 'stranger';
    }
    if (step.with === 'dropped') {
      session.abruptClose();
    } else {
      await session.quit();
    }
  } finally {
    performance.dialogues.push(session.transcript());
  }
  // The log line is what a log-reading writer acts on, and shows which address the POP server saw.
  const names = namesAddress(from);
  const line = await target.logged(
    ({ text }) => text.includes('pop3-login') && text.includes('rip=') && names(text),
    undefined,
    before,
  );
  if (!line) {
    return popFailed(`the target's log does not show the POP session from ${from}`);
  }
  await target.settlePopWriter();
  return undefined;
}

/** Plays the steps in order; an outcome if the scene ends there. Throws DialogueError. */
export async function playPopSteps(performance: Performance, steps: readonly PopStep[]): Promise<Outcome | undefined> {
  for (const step of steps) {
    if (step.do === 'login') {
      const outcome = await login(performance, step);
      if (outcome) {
        return outcome;
      }
    } else {
      const { target } = performance;
      const seconds = Math.round(target.configuration.policy.popAuthorization.lifetime * step.lifetimes);
      await target.agePopAuthorization(performance.places.sender, seconds);
      performance.notes.push(`the authorisation was made ${seconds} s older, and the writer's sweep was run`);
    }
  }
  return undefined;
}
