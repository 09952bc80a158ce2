/** msmtp and mpop, as their manuals say: all settings stand in a file, which has to be its owner's alone. */
import type { PopLogin } from '../../suites/scene.ts';
import type { MessageSubmission, PopSession, ProgramCommand, Said, Submission } from './program-call.ts';

/** With `--debug` both mark what they send with `-->` and what they get with `<--`. */
function read(line: string): Said | undefined {
  const marked = /^(<--|-->) (.*)$/.exec(line);
  if (marked) {
    return { from: marked[1] === '<--' ? 'server' : 'client', text: marked[2] ?? '' };
  }
  if (/^TLS session parameters:/.test(line)) {
    return { protected: true };
  }
  return /^(msmtp|mpop): /.test(line) ? { words: line } : undefined;
}

const onOff = (on: boolean) => (on ? 'on' : 'off');

function settings(submission: Submission, tls: { on: boolean; fromTheFirstOctet: boolean }, lines: readonly string[]) {
  const { host, hostName, port, from, user, password, checked } = submission;
  return [
    'account default',
    `host ${host}`,
    `port ${port}`,
    `source_ip ${from}`,
    'timeout 20',
    `tls ${onOff(tls.on)}`,
    `tls_starttls ${onOff(!tls.fromTheFirstOctet)}`,
    ...(tls.on ? [`tls_host_override ${hostName}`, checked ? 'tls_trust_file ca.pem' : 'tls_certcheck off'] : []),
    `user ${user}`,
    `password ${password}`,
    ...lines,
    '',
  ].join('\n');
}

export function msmtpSubmits(submission: MessageSubmission): ProgramCommand {
  const { name, sender, recipient, tls, auth } = submission;
  const chosen = auth === undefined ? 'off' : auth === 'own-choice' ? 'on' : auth.toLowerCase();
  const config = settings(submission, { on: tls !== 'none', fromTheFirstOctet: tls === 'from-the-first-octet' }, [
    `domain ${name}`,
    `from ${sender}`,
    `auth ${chosen}`,
  ]);
  return { command: ['msmtp', '--debug', '--file=config', '--', recipient], files: { config }, read };
}

const popMethods: Record<Exclude<PopLogin, 'implicit-tls'>, string> = {
  'user-pass': 'user',
  apop: 'apop',
  'auth-plain': 'plain',
  'auth-login': 'login',
  'auth-cram-md5': 'cram-md5',
  stls: 'user',
};

/** `--auth-only` is there for POP before SMTP: it logs in and leaves. */
export function mpopLogsIn(session: PopSession): ProgramCommand {
  const config = settings(session, { on: session.by === 'stls', fromTheFirstOctet: false }, [
    `auth ${popMethods[session.by]}`,
    'delivery mbox mailbox',
    'uidls_file uidls',
  ]);
  return { command: ['mpop', '--debug', '--auth-only', '--file=config'], files: { config }, read };
}
