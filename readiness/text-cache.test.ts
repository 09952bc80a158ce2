import { expect, test } from 'vitest';
import { randomNumbers } from '../tests/readiness/mail-log.ts';
import { TextCache } from './text-cache.ts';

test('gives the text of the bytes, however many names there are', () => {
  const cache = new TextCache((text) => text);
  const random = randomNumbers(5);
  for (let count = 0; count < 30_000; count++) {
    const name = `ü${Math.floor(random() * 20_000).toString(36)}${count % 50 === 0 ? 'x'.repeat(80) : ''}`;
    const bytes = Buffer.from(`<${name}>`);
    expect(cache.of(bytes, 1, bytes.length - 1)).toBe(name);
  }
});

test('nothing is an empty text', () => {
  expect(new TextCache((text) => text).of(Buffer.from('abc'), 1, 1)).toBe('');
});
