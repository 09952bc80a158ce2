import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { LogSwitch } from './log-switch.ts';

const line = (text: string) => `syslog 2026-01-01T00:00:00Z sendmail[1]: ${text}\n`;
const textsOf = (log: LogSwitch['current'] | LogSwitch) =>
  ('current' in log ? log.current : log).lines.map(({ text }) => text.replace('sendmail[1]: ', ''));

test('lines belong to the configuration that ran when they came, wherever a chunk is cut', () => {
  const text = `${line('one')}relayproof: ready\n${line('two')}relayproof: next\n${line('three')}relayproof: ready\n`;
  for (let cut = 0; cut <= text.length; cut++) {
    const logs = new LogSwitch();
    const first = logs.current;
    const second = logs.next();
    logs.take(text.slice(0, cut));
    logs.take(text.slice(cut));
    expect(textsOf(first)).toEqual(['one', 'two']);
    expect(textsOf(second)).toEqual(['three']);
    expect(logs.current).toBe(second);
    expect([first.saying('ready'), second.saying('ready')]).toEqual([[''], ['']]);
  }
});

test('words of the mark inside a line of the mail log are no mark', () => {
  const logs = new LogSwitch();
  const first = logs.current;
  logs.take(line('relayproof: next') + line('x relayproof: next'));
  expect(logs.current).toBe(first);
  expect(textsOf(first)).toHaveLength(2);
});

test('a container that ends is noticed by the log that runs and by the one that is to come', async () => {
  const logs = new LogSwitch();
  const [first, second] = [logs.current, logs.next()];
  const stream = new PassThrough();
  logs.attach(stream);
  stream.end(line('last words'));
  await Promise.all([first.started, second.started]);
  expect([first.lost, second.lost]).toEqual(['the target ended', 'the target ended']);
  expect(textsOf(first)).toEqual(['last words']);
});

test('a stream that breaks is a lost log', async () => {
  const logs = new LogSwitch();
  const stream = new PassThrough();
  logs.attach(stream);
  stream.destroy(new Error('socket hang up'));
  await logs.current.started;
  expect(logs.current.lost).toContain('socket hang up');
});

test('a password that the server took for a name is masked, wherever a chunk is cut, and no other text', () => {
  const password = '0123456789abcdef01234567';
  const other = 'f123456789abcdef01234567';
  const text = line(`AUTH failure: user=${password}, ${other}`);
  for (let cut = 0; cut <= text.length; cut++) {
    const logs = new LogSwitch([password]);
    logs.take(text.slice(0, cut));
    logs.take(text.slice(cut));
    expect(textsOf(logs)).toEqual([`AUTH failure: user=[masked], ${other}`]);
  }
});
