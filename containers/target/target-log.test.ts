import { afterEach, describe, expect, test, vi } from 'vitest';
import { TargetLog } from './target-log.ts';

const at = '2026-01-01T00:00:00.000000+00:00';
const text = [
  'relayproof: note the key was readable by all',
  `syslog ${at} sendmail[1]: one`,
  'something that nobody asked for',
  `syslog ${at} sendmail[2]: two  with  spaces `,
  'relayproof: output m4: line 1',
  'relayproof: ready',
  `syslog ${at} `,
  '',
].join('\n');

const logged = (log: TargetLog) => log.lines.map((line) => line.text);

afterEach(() => {
  vi.useRealTimers();
});

describe('the log', () => {
  test('keeps what syslog said, line by line, and what the start script did, by kind', () => {
    const log = new TargetLog();
    log.take(text);
    expect(log.lines).toEqual([
      { at, text: 'sendmail[1]: one' },
      { at, text: 'sendmail[2]: two  with  spaces ' },
      { at, text: '' },
    ]);
    expect(log.saying('note')).toEqual(['the key was readable by all']);
    expect(log.saying('output')).toEqual(['m4: line 1']);
    expect(log.saying('ready')).toEqual(['']);
    expect(log.saying('broken')).toEqual([]);
  });

  test('tells who listens when something of a kind was said, before or after, or when no more will come', async () => {
    const log = new TargetLog();
    const heard: string[] = [];
    const listening = [
      log.heard('ready', 'broken').then(() => heard.push('ready')),
      log.heard('waiting').then(() => heard.push('waiting')),
      log.heard('next').then(() => heard.push('end')),
    ];
    log.take('relayproof: waiting\n');
    await listening[1];
    expect(heard).toEqual(['waiting']);
    log.take('relayproof: broken m4\n');
    await listening[0];
    await log.heard('waiting');
    expect(heard).toEqual(['waiting', 'ready']);
    log.end();
    await Promise.all([...listening, log.heard('never said')]);
    expect(heard).toEqual(['waiting', 'ready', 'end']);
  });

  test('is the same wherever its chunks are cut', () => {
    const whole = new TargetLog();
    whole.take(text);
    for (let first = 0; first <= text.length; first++) {
      const log = new TargetLog();
      log.take(text.slice(0, first));
      log.take(text.slice(first));
      expect([log.lines, log.said]).toEqual([whole.lines, whole.said]);
    }
    const letters = new TargetLog();
    for (const letter of text) {
      letters.take(letter);
    }
    expect([letters.lines, letters.said]).toEqual([whole.lines, whole.said]);
  });

  test('has a line when it is whole, and no sooner', () => {
    const log = new TargetLog();
    log.take(`syslog ${at} half`);
    expect(log.lines).toEqual([]);
    log.take(' and half\n');
    expect(logged(log)).toEqual(['half and half']);
  });

  test('of a hostile target is bounded, in the length of a line', () => {
    const log = new TargetLog();
    for (let n = 0; n < 100; n++) {
      log.take('x'.repeat(1_000));
    }
    log.take(`\nsyslog ${at} ${'y'.repeat(100_000)}\nsyslog ${at} after\n`);
    expect(logged(log)).toHaveLength(2);
    expect(logged(log)[0]?.length).toBeLessThanOrEqual(4_000);
    expect(logged(log)[1]).toBe('after');
  });

  test('cannot be told what the start script says by a line of syslog’s', () => {
    const log = new TargetLog();
    log.take(`syslog ${at} relayproof: ready\n relayproof: ready\n`);
    expect(log.said).toEqual([]);
  });

  test('of a hostile target is bounded, in lines, and is lost then', () => {
    const log = new TargetLog();
    log.take(`syslog ${at} x\n`.repeat(200_001));
    expect(log.lines).toHaveLength(200_000);
    expect(log.lost).toContain('200000');
  });
});

describe('waiting for a line', () => {
  const matches = ({ text: words }: { text: string }) => words.includes('wanted');
  const line = (words: string) => `syslog ${at} ${words}\n`;

  test('finds one that is there already, the first', async () => {
    const log = new TargetLog();
    log.take(line('other') + line('wanted 1') + line('wanted 2'));
    expect(await log.waitFor(matches, 0)).toEqual({ at, text: 'wanted 1' });
    expect(await log.waitFor(matches, 0, 2)).toEqual({ at, text: 'wanted 2' });
  });

  test('finds one that comes later, for everybody who waits', async () => {
    const log = new TargetLog();
    const waiting = [log.waitFor(matches, 10_000), log.waitFor(matches, 10_000)];
    log.take(line('other'));
    log.take(line('wanted').slice(0, 40));
    log.take(line('wanted').slice(40));
    log.take(line('wanted again'));
    expect(await Promise.all(waiting)).toEqual([
      { at, text: 'wanted' },
      { at, text: 'wanted' },
    ]);
  });

  test('does not look at lines before the index', async () => {
    const log = new TargetLog();
    log.take(line('wanted before'));
    const waiting = log.waitFor(matches, 10_000, log.lines.length);
    log.take(line('wanted after'));
    expect((await waiting)?.text).toBe('wanted after');
  });

  test('ends with its deadline, and not before', async () => {
    vi.useFakeTimers();
    const log = new TargetLog();
    let answer: unknown = 'none yet';
    void log.waitFor(matches, 500).then((found) => {
      answer = found;
    });
    await vi.advanceTimersByTimeAsync(499);
    expect(answer).toBe('none yet');
    await vi.advanceTimersByTimeAsync(1);
    expect(answer).toBeUndefined();
    log.take(line('wanted too late'));
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a lost log', () => {
  test('says why, the first reason for good', () => {
    const log = new TargetLog();
    expect(log.lost).toBeUndefined();
    log.lose('one');
    log.lose('two');
    expect(log.lost).toBe('one');
  });
});
