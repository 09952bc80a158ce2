/** curl, as its manual says (curl.1): all options stand in a file, where the password is not seen by others. */
import type { MessageSubmission, PopSession, ProgramCommand, Said, Submission } from './program-call.ts';

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** `curl --verbose` marks what it sends with `>` and what it gets with `<`. */
function read(line: string): Said | undefined {
  const marked = /^([<>]) (.*)$/.exec(line);
  if (marked) {
    return { from: marked[1] === '<' ? 'server' : 'client', text: marked[2] ?? '' };
  }
  if (/^\* SSL connection using /.test(line)) {
    return { protected: true };
  }
  // "{ [20 bytes data]": what it sends of the message.
  return /^curl: /.test(line) ? { words: line } : undefined;
}

function config(submission: Submission, scheme: string, path: string, lines: readonly string[]): string {
  const { hostName, port, host, from, checked } = submission;
  return [
    `url = ${quoted(`${scheme}://${hostName}:${port}/${path}`)}`,
    // No name is looked up, and the one in the certificate is compared all the same.
    `connect-to = ${quoted(`${hostName}:${port}:${host}:${port}`)}`,
    `interface = ${quoted(`host!${from}`)}`,
    checked ? 'cacert = "ca.pem"' : 'insecure',
    'verbose',
    'no-progress-meter',
    ...lines,
    '',
  ].join('\n');
}

const login = ({ user, password }: Submission) => `user = ${quoted(`${user}:${password}`)}`;

export function curlSubmits(submission: MessageSubmission): ProgramCommand {
  const { name, sender, recipient, tls, auth } = submission;
  const scheme = tls === 'from-the-first-octet' ? 'smtps' : 'smtp';
  const options = [
    `mail-from = ${quoted(sender)}`,
    `mail-rcpt = ${quoted(recipient)}`,
    'upload-file = "message"',
    'crlf',
    ...(tls === 'required' ? ['ssl-reqd'] : tls === 'if-offered' ? ['ssl'] : []),
    ...(auth === undefined ? [] : [login(submission)]),
    ...(auth === undefined || auth === 'own-choice' ? [] : [`login-options = ${quoted(`AUTH=${auth}`)}`]),
  ];
  return {
    command: ['curl', '--config', 'config'],
    files: { config: config(submission, scheme, name, options) },
    read,
  };
}

/** Lists the mailbox. Which login it takes is its own choice, unless one is named. */
export function curlChecksMail(session: PopSession): ProgramCommand {
  const named = { 'user-pass': 'AUTH=+LOGIN', apop: 'AUTH=+APOP', 'auth-plain': 'AUTH=PLAIN' } as Record<
    string,
    string
  >;
  const option = named[session.by];
  const options = [
    login(session),
    ...(session.by === 'stls' ? ['ssl-reqd'] : []),
    ...(option === undefined ? [] : [`login-options = ${quoted(option)}`]),
  ];
  return { command: ['curl', '--config', 'config'], files: { config: config(session, 'pop3', '', options) }, read };
}
