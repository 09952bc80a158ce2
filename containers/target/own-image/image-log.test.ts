import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ImageLog, wordsOf } from './image-log.ts';

test.each([
  'sendmail[12]: 6AMx: stat=Sent',
  'Nov 22 18:27:53 mail sendmail[12]: 6AMx: stat=Sent',
  '2026-11-22T18:27:53.1+00:00 mail sendmail[12]: 6AMx: stat=Sent',
  '<22>Nov 22 18:27:53 sendmail[12]: 6AMx: stat=Sent',
  'syslog 2026-11-22T18:27:53Z sendmail[12]: 6AMx: stat=Sent',
])('what syslog puts before a line is taken off: %s', (line) => {
  expect(wordsOf(line)).toBe('sendmail[12]: 6AMx: stat=Sent');
});

test('a second tag is what the line says', () => {
  expect(wordsOf('mail sendmail[12]: arg1=< x[1]: y>')).toBe('sendmail[12]: arg1=< x[1]: y>');
});

test('a line without a process id stays as it is', () => {
  expect(wordsOf('dovecot: pop3-login: Login: rip=198.18.64.1')).toBe('dovecot: pop3-login: Login: rip=198.18.64.1');
});

test('lines come whole, passwords masked, and nothing that an image says is the harness’s own word', async () => {
  const password = 'abcdef'.repeat(4);
  const log = new ImageLog([password]);
  const stream = new PassThrough();
  log.attach(stream);
  stream.write('relayproof: ready\nmail sendmail[1]: us');
  stream.end(`er ${password}\r\n`);
  await new Promise((resolve) => stream.on('end', resolve));
  expect(log.log.said).toEqual([]);
  expect(log.log.lines.map(({ text }) => text)).toEqual(['relayproof: ready', 'sendmail[1]: user [masked]']);
  expect(log.last.join()).not.toContain(password);
});
