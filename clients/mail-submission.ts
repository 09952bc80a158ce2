import net from 'node:net';
import { createTransport } from 'nodemailer';
import type { Dialogue } from '../reports/model.ts';
import type { Dial } from './dial.ts';
import { DialogueError } from './dialogue-error.ts';
import { createMechanism } from './sasl/mechanisms.ts';
import { Transcript } from './transcript.ts';

/** One message as an ordinary mail program submits it. */
export type Submission = {
  dial: Dial;
  /** The source address that the target is to see. */
  from: string;
  host: string;
  port: number;
  /**
   * `starttls` insists on it, `if-offered` takes it where it is there, `none` does without even then; `implicit`: TLS from
   * the first octet on.
   */
  tls: 'starttls' | 'if-offered' | 'implicit' | 'none';
  /** PEM of the authority that must have signed the certificate. Without it the certificate is not checked. */
  ca?: string;
  /** The name that the certificate must carry. Default: `host`. */
  servername?: string;
  auth?: { user: string; password: string; mechanism?: 'PLAIN' | 'LOGIN' | 'CRAM-MD5' };
  /** Sends without `auth` where the server offers no AUTH, as nodemailer does by itself. */
  sendsWithout?: boolean;
  envelope: { from: string; to: string[] };
  /** The whole message, header and body. */
  message: string;
  /** The name for EHLO. Default: the source address as a literal. */
  name?: string;
  /** Milliseconds for the connection, for the greeting and for each silence. Default 30,000. */
  deadlineMs?: number;
  signal?: AbortSignal;
};

/** What the server said to the end of the data, and to whom it will go. */
export type SubmissionOutcome = { response: string; accepted: string[]; rejected: string[]; dialogue: Dialogue };

/** A submission that the server refused or that broke off. `code` is nodemailer's, for example EAUTH or EENVELOPE. */
export class SubmissionError extends Error {
  readonly code: string;
  /** The reply that decided, masked, and its code; absent where there was none. */
  readonly response: string | undefined;
  readonly responseCode: number | undefined;
  /** The command that it answered. */
  readonly command: string | undefined;
  readonly dialogue: Dialogue;

  constructor(error: NodemailerFailure, transcript: Transcript) {
    super(transcript.masked(error.message));
    this.name = 'SubmissionError';
    this.code = error.code ?? 'EUNKNOWN';
    this.response = error.response === undefined ? undefined : transcript.masked(error.response);
    this.responseCode = error.responseCode;
    this.command = error.command;
    this.dialogue = transcript.toDialogue();
  }
}

type NodemailerFailure = Error & { code?: string; response?: string; responseCode?: number; command?: string };

const DEADLINE_MS = 30_000;

/**
 * Sends one message with nodemailer from a chosen source address. Throws DialogueError if there is no connection and
 * SubmissionError after that; both have the dialogue. With `auth`, a server that offers no AUTH is an error, unless
 * `sendsWithout`.
 */
export async function submitMessage(submission: Submission): Promise<SubmissionOutcome> {
  const { host, port, from, auth, signal, ca } = submission;
  const deadlineMs = submission.deadlineMs ?? DEADLINE_MS;
  const transcript = new Transcript({ protocol: 'smtp', client: from, server: `${host}:${port}` });
  const connection = await submission.dial(from, { host, port }, signal).catch((error: unknown) => {
    if (error instanceof DialogueError) {
      transcript.closed(error.code === 'CONNECT_TIMEOUT' ? 'deadline' : 'error');
      error.dialogue = transcript.toDialogue();
    }
    throw error;
  });
  const servername = submission.servername ?? host;
  const transport = createTransport({
    connection,
    host,
    port,
    name: submission.name ?? (net.isIPv6(from) ? `[IPv6:${from}]` : `[${from}]`),
    secure: submission.tls === 'implicit',
    requireTLS: submission.tls === 'starttls',
    ignoreTLS: submission.tls === 'none',
    tls: {
      rejectUnauthorized: ca !== undefined,
      ...(ca === undefined ? {} : { ca }),
      ...(net.isIP(servername) === 0 ? { servername } : {}),
    },
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    ...(auth === undefined
      ? {}
      : { auth: { user: auth.user, pass: auth.password }, forceAuth: submission.sendsWithout !== true }),
    ...(auth?.mechanism === undefined ? {} : { authMethod: auth.mechanism }),
    transactionLog: true,
    logger: recorder(transcript, submission),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const info = await transport.sendMail({
      envelope: submission.envelope,
      raw: submission.message,
      ...(signal === undefined ? {} : { signal }),
    });
    transcript.closed('client');
    return {
      response: transcript.masked(info.response),
      accepted: info.accepted.map(String),
      rejected: info.rejected.map(String),
      dialogue: transcript.toDialogue(),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const failure: NodemailerFailure = error;
    transcript.closed(closedBy(failure));
    throw new SubmissionError(failure, transcript);
  } finally {
    transport.close();
    connection.destroy();
  }
}

function closedBy({ code, response }: NodemailerFailure): Dialogue['closedBy'] {
  if (code === 'ETIMEDOUT') return 'deadline';
  if (code === 'ECONNECTION' || code === 'ESOCKET') return 'server';
  return response === undefined && code !== 'EAUTH' ? 'error' : 'client';
}

/** Turns nodemailer's log into a transcript. Its client lines are masked forms already, so the real ones are told here. */
function recorder(transcript: Transcript, { auth, tls: channel }: Pick<Submission, 'auth' | 'tls'>) {
  let tls = channel === 'implicit';
  const credentials = { user: auth?.user ?? '', password: auth?.password ?? '', host: '', service: 'smtp' };
  transcript.conceal(credentials.password);
  if (auth !== undefined) {
    transcript.conceal(createMechanism('PLAIN', credentials).initial?.().toString('base64') ?? '');
  }
  const concealAnswer = (line: string) => {
    const challenge = /^334 (.+)$/.exec(line)?.[1];
    // Without a mechanism it takes what is offered, and that may be this one.
    if (challenge === undefined || auth === undefined || (auth.mechanism ?? 'CRAM-MD5') !== 'CRAM-MD5') return;
    const answer = createMechanism('CRAM-MD5', credentials).respond(Buffer.from(challenge, 'base64'));
    transcript.conceal(answer.toString('base64'));
  };
  const record = (entry: unknown, message?: unknown) => {
    const kind = typeof entry === 'object' && entry !== null && 'tnx' in entry ? entry.tnx : undefined;
    const text = String(message ?? '');
    if (kind === 'smtp' && text.includes('upgraded with STARTTLS')) tls = true;
    if (kind === 'client') for (const line of text.split(/\r?\n/)) transcript.sent(line, tls);
    if (kind === 'message') transcript.sent('[the message]', tls);
    if (kind !== 'server') return;
    for (const line of text.split(/\r?\n/)) {
      concealAnswer(line);
      transcript.received(line, tls);
    }
  };
  return { trace: record, debug: record, info: record, warn: record, error: record, fatal: record };
}
