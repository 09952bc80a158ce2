/** swaks, as its manual says: options stand in a file, one a line. */
import type { MessageSubmission, ProgramCommand, Said } from './program-call.ts';

/** "->" and "<-", with a tilde under TLS and "**" where it did not like the reply. */
function read(line: string): Said | undefined {
  const sent = /^ ([~-])> ?(.*)$/.exec(line);
  if (sent) {
    return { from: 'client', text: sent[2] ?? '', tls: sent[1] === '~' };
  }
  const got = /^<(?:- {2}|\*\* )(\d{3}.*)$/.exec(line);
  const protectedOne = /^<~[ *] (\d{3}.*)$/.exec(line);
  if (got ?? protectedOne) {
    return { from: 'server', text: (got ?? protectedOne)?.[1] ?? '', tls: got === null };
  }
  // "<** Timeout (10 secs) waiting for server response"
  const words = /^(?:\*\*\*|<\*\*|<~\*) (.*)$/.exec(line)?.[1];
  return words === undefined ? undefined : { words: `swaks: ${words}` };
}

const channels = {
  none: [],
  'if-offered': ['tls-optional'],
  required: ['tls'],
  'from-the-first-octet': ['tls-on-connect'],
};

export function swaksSubmits(submission: MessageSubmission): ProgramCommand {
  const { host, hostName, port, from, name, sender, recipient, tls, auth, user, password, checked } = submission;
  const trust = checked ? ['tls-verify', `tls-verify-target ${hostName}`, 'tls-ca-path ca.pem'] : [];
  const config = [
    `server ${host}`,
    `port ${port}`,
    `local-interface ${from}`,
    `helo ${name}`,
    `from ${sender}`,
    `to ${recipient}`,
    'data @message',
    'suppress-data',
    'timeout 10',
    ...channels[tls],
    ...(tls === 'none' ? [] : [`tls-sni ${hostName}`, ...trust]),
    ...(auth === undefined ? [] : [`auth-user ${user}`, `auth-password ${password}`]),
    ...(auth === undefined ? [] : [auth === 'own-choice' ? 'auth' : `auth ${auth}`]),
    '',
  ].join('\n');
  return { command: ['swaks', '--config', 'config'], files: { config }, read };
}
