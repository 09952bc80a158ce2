/** Has a real program send the message of a scene, and makes of its own record what a scripted session leaves. */
import { DialogueError } from '../../clients/dialogue-error.ts';
import { type Submission as MailSubmission, SubmissionError, submitMessage } from '../../clients/mail-submission.ts';
import { fetchMailbox, MailboxError } from '../../clients/mailbox-reader.ts';
import { createMechanism } from '../../clients/sasl/mechanisms.ts';
import { Transcript } from '../../clients/transcript.ts';
import type { Dialogue } from '../../reports/model.ts';
import type { Outcome } from '../../reports/verdict.ts';
import type { ChannelPolicy, ProgramRun } from '../../suites/scene.ts';
import type { Performance } from '../performance.ts';
import { afterLogin } from '../pop-steps.ts';
import { queueIdOf } from '../smtp-steps.ts';
import { curlChecksMail, curlSubmits } from './curl.ts';
import { mpopLogsIn, msmtpSubmits } from './msmtp.ts';
import type { MessageSubmission, ProgramCommand, Submission } from './program-call.ts';
import { type Ending, outcomeOfSession } from './program-outcome.ts';
import { swaksSubmits } from './swaks.ts';

const POP_PORT = 110;
/** Lines of a program's own words that are kept, and how long one may be. */
const MOST_WORDS = 5;
const LONGEST_WORDS = 300;
const POP_DEADLINE_MS = 30_000;

const bare = (path: string) => path.replace(/^<|>$/g, '');

function submissionTo(performance: Performance, port: number): Submission {
  const { target, account, places, names } = performance;
  return {
    from: places.sender,
    host: performance.host,
    hostName: target.hostName,
    port,
    name: names.name,
    user: account,
    password: target.password(account),
    checked: target.ca !== undefined,
  };
}

function messageSubmission(performance: Performance, { tls, auth }: ProgramRun): MessageSubmission {
  return {
    ...submissionTo(performance, performance.scene.port),
    sender: bare(performance.mailFrom),
    recipient: bare(performance.rcptTo),
    tls,
    ...(auth === undefined ? {} : { auth }),
  };
}

/** A program's session as it says itself: a dialogue, its last words and its exit status. */
type Recorded = { dialogue: Dialogue; words: string[]; status: number | undefined };

async function runInContainer(
  performance: Performance,
  protocol: Dialogue['protocol'],
  submission: Submission & Pick<Partial<MessageSubmission>, 'tls'>,
  { command, files, read }: ProgramCommand,
): Promise<Recorded> {
  const { target } = performance;
  const { from, host, port, user, password } = submission;
  const transcript = new Transcript({ protocol, client: from, server: `${host}:${port}` });
  transcript.conceal(password);
  const plain = createMechanism('PLAIN', { user, password, host: target.hostName, service: 'smtp' });
  for (const text of plain.secrets) {
    transcript.conceal(text);
  }
  const words: string[] = [];
  let tls = submission.tls === 'from-the-first-octet';
  const status = await target.lab.clients.run({
    command,
    files: { message: performance.message, 'ca.pem': target.ca ?? '', ...files },
    onLine: (line) => {
      const said = read(line);
      if (said === undefined) {
        return;
      }
      if ('protected' in said) {
        tls = true;
      } else if ('words' in said) {
        words.push(transcript.masked(said.words).slice(0, LONGEST_WORDS));
      } else if (said.from === 'client') {
        transcript.sent(said.text, said.tls ?? tls);
      } else {
        transcript.received(said.text, said.tls ?? tls);
      }
    },
  });
  transcript.closed(status === undefined ? 'deadline' : 'client');
  return { dialogue: transcript.toDialogue(), words: words.slice(-MOST_WORDS), status };
}

/** Keeps what a program left, and says how it ended. */
function keep(performance: Performance, command: readonly string[], { dialogue, words, status }: Recorded): void {
  performance.dialogues.push(dialogue);
  const ended = status === undefined ? 'was ended after its time was up' : `ended with status ${status}`;
  performance.notes.push(`${command.join(' ')}: ${ended}`, ...words);
}

async function logInWith(performance: Performance, pop: NonNullable<ProgramRun['pop']>): Promise<Outcome | undefined> {
  const { target, places, account } = performance;
  const before = target.log.lines.length;
  const failed = (reason: string): Outcome => ({ observed: 'error', phase: 'pop', reason });
  if (pop.program === 'poplib') {
    const { dialogue } = await fetchMailbox({
      dial: target.lab.dial,
      from: places.sender,
      host: performance.host,
      port: POP_PORT,
      user: account,
      password: target.password(account),
      deadlineMs: POP_DEADLINE_MS,
    });
    performance.dialogues.push(dialogue);
  } else {
    const session = { ...submissionTo(performance, POP_PORT), by: pop.by };
    const command = pop.program === 'mpop' ? mpopLogsIn(session) : curlChecksMail(session);
    const recorded = await runInContainer(performance, 'pop3', session, command);
    keep(performance, command.command, recorded);
    if (recorded.status !== 0) {
      return failed(`${pop.program} could not log in: ${recorded.words.join('; ') || `status ${recorded.status}`}`);
    }
  }
  performance.identity = `POP login as ${account} from ${places.sender}`;
  return afterLogin(performance, places.sender, before, true);
}

const channels: Record<ChannelPolicy, MailSubmission['tls']> = {
  none: 'none',
  'if-offered': 'if-offered',
  required: 'starttls',
  'from-the-first-octet': 'implicit',
};

async function submitWithNodemailer(performance: Performance, { tls, auth }: ProgramRun): Promise<Recorded> {
  const { target } = performance;
  const submission = messageSubmission(performance, { program: 'nodemailer', tls });
  try {
    const { dialogue } = await submitMessage({
      dial: target.lab.dial,
      from: submission.from,
      host: submission.host,
      port: submission.port,
      tls: channels[tls],
      servername: submission.hostName,
      ...(target.ca === undefined ? {} : { ca: target.ca }),
      ...(auth === undefined
        ? {}
        : {
            auth: {
              user: submission.user,
              password: submission.password,
              ...(auth === 'PLAIN' || auth === 'LOGIN' || auth === 'CRAM-MD5' ? { mechanism: auth } : {}),
            },
            sendsWithout: true,
          }),
      envelope: { from: submission.sender, to: [submission.recipient] },
      message: performance.message,
    });
    return { dialogue, words: [], status: 0 };
  } catch (error) {
    const { dialogue } = error as { dialogue?: Dialogue };
    if (!(error instanceof SubmissionError || error instanceof DialogueError) || dialogue === undefined) {
      throw error;
    }
    return { dialogue, words: [`nodemailer: ${error.code}: ${error.message}`.slice(0, LONGEST_WORDS)], status: 1 };
  }
}

const commands = { curl: curlSubmits, msmtp: msmtpSubmits, swaks: swaksSubmits };

async function submit(performance: Performance, run: ProgramRun): Promise<Recorded> {
  if (run.program === 'nodemailer') {
    const recorded = await submitWithNodemailer(performance, run);
    keep(performance, ['nodemailer'], recorded);
    return recorded;
  }
  const submission = messageSubmission(performance, run);
  const command = commands[run.program](submission);
  const recorded = await runInContainer(performance, 'smtp', submission, command);
  keep(performance, command.command, recorded);
  return recorded;
}

/** Plays the whole scene. Throws DialogueError and what the engine throws. */
export async function playProgram(performance: Performance, run: ProgramRun): Promise<Outcome> {
  const { target, scene, account } = performance;
  try {
    const stopped = run.pop && (await logInWith(performance, run.pop));
    if (stopped) {
      return stopped;
    }
  } catch (error) {
    if (error instanceof MailboxError) {
      performance.dialogues.push(error.dialogue);
      return { observed: 'error', phase: 'pop', reason: error.message };
    }
    throw error;
  }
  const { dialogue, words, status } = await submit(performance, run);
  const said = dialogue.lines.filter(({ from }) => from === 'server').map(({ text }) => text);
  for (const text of said) {
    performance.tookMessage(queueIdOf(text));
  }
  const mechanism = dialogue.lines.flatMap(
    ({ from, text }) => (from === 'client' ? /^AUTH (\S+)/i.exec(text) : null)?.[1] ?? [],
  );
  if (said.some((text) => /^235\b/.test(text))) {
    performance.identity = `authenticated as ${account} with ${mechanism.at(-1)?.toUpperCase() ?? 'a mechanism of its own'}`;
  }
  const ending: Ending = {
    run,
    port: scene.port,
    listens: target.facts.listeners.some(({ port }) => port === scene.port),
    status,
    words: words.join('; ') || 'it says nothing',
  };
  return outcomeOfSession(dialogue, ending);
}
