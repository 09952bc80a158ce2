/** What a real program's session amounts to, from its own record of it. Pure. */
import { joinReply, parseReplyLine, type SmtpReply } from '../../clients/smtp-reply.ts';
import type { Dialogue, Phase } from '../../reports/model.ts';
import type { Outcome } from '../../reports/verdict.ts';
import type { ProgramRun } from '../../suites/scene.ts';
import { outcomeOfReply } from '../outcome.ts';

/** A reply, and what it answers. */
export type Answered = { phase: Phase; reply: SmtpReply };

const phases: Record<string, Phase> = {
  EHLO: 'greeting',
  HELO: 'greeting',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
};

const phaseOf = (command: string): Phase => phases[/^[A-Za-z]+/.exec(command)?.[0]?.toUpperCase() ?? ''] ?? 'command';

/** The replies of a session in their order. Commands that go out together (RFC 2920) are answered one after another. */
export function answersOf({ lines }: Pick<Dialogue, 'lines'>): Answered[] {
  const answers: Answered[] = [];
  const waiting: Phase[] = ['connect'];
  let texts: string[] = [];
  let inMessage = false;
  for (const { from, text } of lines) {
    if (from === 'client') {
      if (!inMessage) {
        // Behind a challenge stands what it asked for.
        waiting.push(answers.at(-1)?.reply.code === 334 && waiting.length === 0 ? 'auth' : phaseOf(text));
      }
      continue;
    }
    const line = parseReplyLine(text);
    if (line === undefined) {
      continue;
    }
    texts.push(line.text);
    if (!line.last) {
      continue;
    }
    const phase = inMessage ? 'end-of-data' : (waiting.shift() ?? 'command');
    answers.push({ phase, reply: joinReply(line.code, texts) });
    texts = [];
    inMessage = line.code === 354;
  }
  return answers;
}

export type Ending = {
  run: ProgramRun;
  port: number;
  /** Whether the configuration has a listener on that port. */
  listens: boolean;
  /** The program's exit status; undefined if it had to be ended. */
  status: number | undefined;
  /** Its last words. */
  words: string;
};

const errors = ({ reply }: Answered) => reply.code >= 400;
const inEnvelope = ({ phase }: Answered) => ['mail', 'rcpt', 'data', 'end-of-data'].includes(phase);

/** Why a program went that was not refused anything. */
function leaving(answers: readonly Answered[], { run, words }: Ending): Outcome {
  const listed = answers.some(({ phase, reply }) => phase === 'greeting' && /\bSTARTTLS\b/i.test(reply.text));
  const protection = run.tls === 'required' || run.tls === 'from-the-first-octet';
  const greeted = answers.findLastIndex(({ phase }) => phase === 'greeting');
  const began = answers.findLastIndex(({ phase }) => phase === 'starttls');
  if (run.tls === 'required' && !listed) {
    return { observed: 'rejected', phase: 'starttls', reason: `STARTTLS is not offered; ${words}` };
  }
  if (protection && began >= greeted) {
    return { observed: 'rejected', phase: 'starttls', reason: `the TLS handshake failed: ${words}` };
  }
  const phase = run.auth === undefined ? 'greeting' : 'auth';
  return { observed: 'rejected', phase, reason: `the program leaves: ${words}` };
}

export function outcomeOfSession(dialogue: Pick<Dialogue, 'lines'>, ending: Ending): Outcome {
  const { listens, port, status, words, run } = ending;
  const answers = answersOf(dialogue);
  const taken = answers.find(({ phase, reply }) => phase === 'end-of-data' && reply.code === 250);
  if (taken) {
    return { observed: 'accepted', phase: 'end-of-data', reason: taken.reply.text, code: 250 };
  }
  if (status === undefined) {
    return {
      observed: 'error',
      phase: answers.at(-1)?.phase ?? 'connect',
      reason: `the program did not end: ${words}`,
    };
  }
  if (answers.length === 0 && !listens) {
    return { observed: 'rejected', phase: 'connect', reason: `nothing listens on port ${port}` };
  }
  if (answers.length === 0 && run.tls === 'from-the-first-octet') {
    return leaving(answers, ending);
  }
  if (answers.length === 0) {
    return { observed: 'error', phase: 'connect', reason: `no session: ${words}` };
  }
  // What was refused in the envelope decides; what answers the rest of a pipeline is its consequence.
  const decisive = answers.find((one) => errors(one) && inEnvelope(one)) ?? answers.findLast(errors);
  return decisive ? outcomeOfReply(decisive.reply, decisive.phase) : leaving(answers, ending);
}
