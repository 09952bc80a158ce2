/** Which servers answer in somebody's own image: looked for, and not declared. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Dial } from '../../../clients/dial.ts';
import { PopDialogue } from '../../../clients/pop-dialogue.ts';
import { SmtpDialogue } from '../../../clients/smtp-dialogue.ts';
import type { Listener } from '../target-facts.ts';

const GREETING_MS = 5_000;
const AGAIN_MS = 200;
/** Servers that nobody has announced may come up a little later than the one on port 25. */
const PATIENCE_MS = 3_000;

export type Door = { dial: Dial; from: string; host: string };

/** How the server on a port greets; undefined where nothing answers. */
async function smtpGreeting(door: Door, port: number): Promise<string | undefined> {
  try {
    const session = await SmtpDialogue.open({
      ...door,
      port,
      deadlineMs: GREETING_MS,
      ...(port === 465 ? { implicitTls: {} } : {}),
    });
    const { text } = session.banner;
    await session.quit().catch(() => {});
    return text;
  } catch {
    return undefined;
  }
}

/**
 * Waits until port 25 greets with 220; `between` is called before each new try, and may throw.
 *
 * @returns what was seen last, where that is all within the deadline
 */
export async function awaitGreeting(
  door: () => Door,
  deadlineMs: number,
  between: () => Promise<void>,
): Promise<{ greets: boolean; last: string | undefined }> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const last = await smtpGreeting(door(), 25);
    if (last?.startsWith('220')) {
      return { greets: true, last };
    }
    if (Date.now() > until) {
      return { greets: false, last };
    }
    await between();
    await delay(AGAIN_MS);
  }
}

async function greetsSoon(look: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  const until = Date.now() + patienceMs;
  while (!(await look())) {
    if (Date.now() > until) {
      return false;
    }
    await delay(AGAIN_MS);
  }
  return true;
}

/**
 * The listeners that answer: those of the configuration that greet, and those on ports of mail servers that it does not
 * name. `notes` says where the two differ.
 */
export async function findListeners(
  configured: readonly Listener[],
  doors: { ipv4: () => Door; ipv6: () => Door },
): Promise<{ listeners: Listener[]; notes: string[] }> {
  const greets = (family: 'ipv4' | 'ipv6', port: number) =>
    smtpGreeting(doors[family](), port).then((text) => text?.startsWith('220') === true);
  const notes: string[] = [];
  const listeners: Listener[] = [];
  for (const listener of configured) {
    if (await greets(listener.family === 'inet6' ? 'ipv6' : 'ipv4', listener.port)) {
      listeners.push(listener);
    } else {
      notes.push(`sendmail.cf has a daemon on port ${listener.port} (${listener.family}), and nothing greets there`);
    }
  }
  for (const port of [25, 587, 465]) {
    if (!configured.some((listener) => listener.port === port) && (await greets('ipv4', port))) {
      listeners.push({ name: '', port, family: 'inet', address: '', modifiers: '' });
      notes.push(`a server greets on port ${port}, where sendmail.cf has no daemon`);
    }
  }
  return { listeners, notes };
}

/** What a POP3 server offers; undefined where nothing answers on port 110. `door`: where the look comes from. */
export async function findPop(
  door: Door,
): Promise<{ capabilities: string[] | undefined; timestamp: boolean; implicitTls: boolean } | undefined> {
  const open = (port: number) =>
    PopDialogue.open({ ...door, port, deadlineMs: GREETING_MS, ...(port === 995 ? { implicitTls: {} } : {}) });
  const there = await greetsSoon(async () => {
    const session = await open(110).catch(() => undefined);
    await session?.close();
    return session !== undefined;
  }, PATIENCE_MS);
  if (!there) {
    return undefined;
  }
  const session = await open(110);
  const { ok, lines } = await session.multiline('CAPA').catch(() => ({ ok: false, lines: [] }));
  const timestamp = session.timestamp !== undefined;
  await session.quit().catch(() => {});
  const secure = await open(995).catch(() => undefined);
  await secure?.close();
  return {
    capabilities: ok ? lines.map((line) => line.toUpperCase()) : undefined,
    timestamp,
    implicitTls: secure !== undefined,
  };
}
