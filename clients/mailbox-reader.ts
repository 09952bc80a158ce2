import POP3Client from 'poplib';
import type { Dialogue } from '../reports/model.ts';
import type { Dial } from './dial.ts';
import { DialogueError } from './dialogue-error.ts';
import { openPopGate, type PopGate } from './pop-gate.ts';

/** Whose mailbox to read, where, from which source address. */
export type MailboxRequest = {
  dial: Dial;
  from: string;
  host: string;
  port: number;
  user: string;
  password: string;
  /** Milliseconds for the whole visit. */
  deadlineMs: number;
  signal?: AbortSignal;
  /** Ends the reading with the first message that is the wanted one. Default: all messages are read. */
  wanted?: (message: string) => boolean;
};

/** The server said -ERR to a reader who should have been let in. */
export class MailboxError extends Error {
  /** The reply, masked. */
  readonly reply: string;
  readonly dialogue: Dialogue;

  constructor(step: string, reply: string, dialogue: Dialogue) {
    super(`${step} was refused: ${reply}`);
    this.name = 'MailboxError';
    this.reply = reply;
    this.dialogue = dialogue;
  }
}

/** A mailbox with more is not one of ours. */
const MOST_MESSAGES = 1_000;

/**
 * Reads the messages of a mailbox as an ordinary mail program does: USER, PASS, LIST, RETR each, QUIT; deletes nothing.
 * The newest comes first. Messages are ASCII (poplib drops the eighth bit) with CRLF line ends. Throws DialogueError or MailboxError.
 */
export async function fetchMailbox(request: MailboxRequest): Promise<{ messages: string[]; dialogue: Dialogue }> {
  const gate = await openPopGate(request);
  try {
    const messages = await Promise.race([visit(gate, request), gate.failed]);
    gate.close('client');
    return { messages, dialogue: gate.transcript.toDialogue() };
  } finally {
    gate.close('error');
  }
}

async function visit(gate: PopGate, { user, password, wanted }: MailboxRequest): Promise<string[]> {
  const client = new POP3Client(gate.port, '127.0.0.1');
  // The gate knows why a session ends. Without a listener an error of the client's side would end the process.
  client.on('error', () => {});
  for (const event of ['invalid-state', 'locked'] as const) {
    client.on(event, (command) => gate.fail(new DialogueError('ABORTED', 'pop', `poplib: ${event} at ${command}`)));
  }
  // poplib's word is not enough, and for LIST it has cut the status line off its raw text: the gate has seen the line.
  const answered = <Value>(step: string, work: () => Value) => {
    const status = gate.status();
    if (!status.startsWith('+OK')) throw new MailboxError(step, status, gate.transcript.toDialogue());
    return work();
  };

  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => settle(() => answered('the connection', nothing), resolve, reject));
  });
  await new Promise<void>((resolve, reject) => {
    client.once('login', () => settle(() => answered('the login', nothing), resolve, reject));
    client.login(user, password);
  });
  const numbers = await new Promise<number[]>((resolve, reject) => {
    client.once('list', (_ok, _count, _number, _sizes, listing) =>
      settle(() => answered('LIST', () => messageNumbers(listing)), resolve, reject),
    );
    client.list();
  });
  const messages: string[] = [];
  for (const number of numbers.reverse()) {
    const message = await new Promise<string>((resolve, reject) => {
      client.once('retr', (_ok, _number, text) =>
        settle(() => answered(`RETR ${number}`, () => unstuff(text ?? '')), resolve, reject),
      );
      client.retr(number);
    });
    messages.push(message);
    if (wanted?.(message)) break;
  }
  await new Promise<void>((resolve, reject) => {
    client.once('quit', () => settle(() => answered('QUIT', nothing), resolve, reject));
    gate.leaving();
    client.quit();
  });
  return messages;
}

function nothing(): void {}

/** An exception inside one of poplib's events would be thrown out of its socket handler, past every promise. */
function settle<Value>(work: () => Value, resolve: (value: Value) => void, reject: (error: unknown) => void): void {
  try {
    resolve(work());
  } catch (error) {
    reject(error);
  }
}

function messageNumbers(listing: string): number[] {
  const numbers = [...listing.matchAll(/^(\d{1,9}) \d+\r?$/gm)].map((match) => Number(match[1]));
  if (numbers.length > MOST_MESSAGES) {
    throw new DialogueError('REPLY_TOO_LONG', 'pop', `a mailbox of more than ${MOST_MESSAGES} messages`);
  }
  return numbers;
}

/** poplib leaves the doubled dots in (RFC 1939 section 3). */
function unstuff(text: string): string {
  return text.replace(/^\./gm, '');
}
