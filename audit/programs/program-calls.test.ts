/** What mail programs are told, and how their records are read. */
import { describe, expect, test } from 'vitest';
import { curlChecksMail, curlSubmits } from './curl.ts';
import { mpopLogsIn, msmtpSubmits } from './msmtp.ts';
import type { MessageSubmission, PopSession, ProgramCommand } from './program-call.ts';
import { swaksSubmits } from './swaks.ts';

const told = {
  from: '198.18.64.7',
  host: '198.18.0.16',
  hostName: 'mail.hosting.example',
  port: 587,
  name: 'host-198-18-64-7.clients.example',
  user: 'alice',
  password: 'pa"ss\\word',
  checked: true,
};
const message: MessageSubmission = {
  ...told,
  sender: 'alice@hosting.example',
  recipient: 'somebody@elsewhere.example',
  tls: 'required',
  auth: 'own-choice',
};
const pop: PopSession = { ...told, port: 110, by: 'stls' };

const calls: [string, ProgramCommand][] = [
  ['curl', curlSubmits(message)],
  ['curl over POP', curlChecksMail(pop)],
  ['msmtp', msmtpSubmits(message)],
  ['mpop', mpopLogsIn(pop)],
  ['swaks', swaksSubmits(message)],
];

describe.each(calls)('%s', (_name, { command, files }) => {
  test('is told its password in a file, and not on its command line', () => {
    expect(command.join(' ')).not.toContain('word');
    expect(Object.values(files).join('\n')).toContain('word');
  });

  test('binds to the client’s address, and asks for the server’s by number', () => {
    expect(files.config).toContain('198.18.64.7');
    expect(files.config).toContain('198.18.0.16');
  });

  test('checks the certificate for the server’s name', () => {
    expect(files.config).toContain('mail.hosting.example');
    expect(files.config).toContain('ca.pem');
  });
});

describe('a program that is set up', () => {
  const configOf = (changes: Partial<MessageSubmission>) =>
    [curlSubmits, msmtpSubmits, swaksSubmits].map((submits) => submits({ ...message, ...changes }).files.config ?? '');

  test('without AUTH is not told to authenticate', () => {
    const { auth: _, ...without } = message;
    const [curl = '', msmtp = '', swaks = ''] = [curlSubmits, msmtpSubmits, swaksSubmits].map(
      (submits) => submits(without).files.config ?? '',
    );
    expect(curl).not.toContain('user =');
    expect(msmtp).toContain('auth off');
    expect(swaks).not.toContain('auth');
  });

  test('in clear asks for no TLS', () => {
    const [curl = '', msmtp = '', swaks = ''] = configOf({ tls: 'none' });
    expect(curl).not.toMatch(/^ssl/m);
    expect(msmtp).toContain('tls off');
    expect(swaks).not.toMatch(/^tls/m);
  });

  test('for port 465 begins with it', () => {
    const [curl = '', msmtp = '', swaks = ''] = configOf({ tls: 'from-the-first-octet', port: 465 });
    expect(curl).toContain('url = "smtps://mail.hosting.example:465/');
    expect(msmtp).toContain('tls on\ntls_starttls off');
    expect(swaks).toContain('tls-on-connect');
  });

  test('for one mechanism names it', () => {
    const [curl = '', msmtp = '', swaks = ''] = configOf({ auth: 'CRAM-MD5' });
    expect(curl).toContain('login-options = "AUTH=CRAM-MD5"');
    expect(msmtp).toContain('auth cram-md5');
    expect(swaks).toContain('auth CRAM-MD5');
  });

  test('where the authority is not known does not check', () => {
    const [curl = '', msmtp = '', swaks = ''] = configOf({ checked: false });
    expect(curl).toContain('insecure');
    expect(msmtp).toContain('tls_certcheck off');
    expect(swaks).not.toContain('tls-verify');
  });

  test('with a password that has quotes in it is told the same', () => {
    expect(curlSubmits(message).files.config).toContain('user = "alice:pa\\"ss\\\\word"');
  });
});

test.each<[string, string, unknown, ProgramCommand]>([
  ['curl', '> EHLO me', { from: 'client', text: 'EHLO me' }, curlSubmits(message)],
  ['curl', '< 250-AUTH PLAIN', { from: 'server', text: '250-AUTH PLAIN' }, curlSubmits(message)],
  ['curl', '* SSL connection using TLSv1.3 / x', { protected: true }, curlSubmits(message)],
  ['curl', '* Connected to x', undefined, curlSubmits(message)],
  ['curl', '} [253 bytes data]', undefined, curlSubmits(message)],
  ['curl', 'curl: (67) Login denied', { words: 'curl: (67) Login denied' }, curlSubmits(message)],
  ['msmtp', '--> MAIL FROM:<a@b>', { from: 'client', text: 'MAIL FROM:<a@b>' }, msmtpSubmits(message)],
  ['msmtp', '<-- 334 ', { from: 'server', text: '334 ' }, msmtpSubmits(message)],
  ['msmtp', 'TLS session parameters:', { protected: true }, msmtpSubmits(message)],
  ['msmtp', 'password = *', undefined, msmtpSubmits(message)],
  ['mpop', '<-- +OK', { from: 'server', text: '+OK' }, mpopLogsIn(pop)],
  ['mpop', 'mpop: no', { words: 'mpop: no' }, mpopLogsIn(pop)],
  ['swaks', ' -> EHLO me', { from: 'client', text: 'EHLO me', tls: false }, swaksSubmits(message)],
  ['swaks', ' ~> EHLO me', { from: 'client', text: 'EHLO me', tls: true }, swaksSubmits(message)],
  ['swaks', '<-  250 ok', { from: 'server', text: '250 ok', tls: false }, swaksSubmits(message)],
  ['swaks', '<** 550 no', { from: 'server', text: '550 no', tls: false }, swaksSubmits(message)],
  ['swaks', '<~  250 ok', { from: 'server', text: '250 ok', tls: true }, swaksSubmits(message)],
  ['swaks', '<~* 550 no', { from: 'server', text: '550 no', tls: true }, swaksSubmits(message)],
  ['swaks', '<** Timeout (10 secs)', { words: 'swaks: Timeout (10 secs)' }, swaksSubmits(message)],
  ['swaks', '*** Auth not attempted', { words: 'swaks: Auth not attempted' }, swaksSubmits(message)],
  ['swaks', '=== Trying x...', undefined, swaksSubmits(message)],
])('%s means by %j: %j', (_name, line, said, { read }) => {
  expect(read(line)).toEqual(said);
});
