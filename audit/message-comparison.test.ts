import { describe, expect, test } from 'vitest';
import { damageDone } from './message-comparison.ts';

const message = (fields: string[], ...body: string[]) => [...fields, '', ...body, ''].join('\r\n');
const fields = ['From: a@outside.example', 'Subject: x', 'X-Folded: one two'];
const received = ['Return-Path: <a@outside.example>', 'Received: from a by b', ...fields];

describe('a message is whole', () => {
  test.each<[string, string[], string[]]>([
    ['as it was', ['one', '', '.two'], ['one', '', '.two']],
    ['with no body', [], []],
    ['with more or fewer empty lines at the end', ['one', '', ''], ['one', '']],
    [
      'with a ">" before a line that would begin a message',
      ['one', 'From here', '>From'],
      ['one', '>From here', '>From'],
    ],
  ])('%s', (_what, before, after) => {
    expect(damageDone(message(fields, ...before), message(received, ...after))).toBeUndefined();
  });

  test('with a field folded in another way', () => {
    const folded = received.map((field) => field.replace('one two', 'one\r\n\ttwo'));
    expect(damageDone(message(fields, 'x'), message(folded, 'x'))).toBeUndefined();
  });
});

describe('a message is damaged', () => {
  test.each<[string, string[], RegExp]>([
    ['a line is cut', ['on', 'two'], /line 1 .*"one" and is "on"/],
    ['a line is wrapped', ['one', 'tw', 'o'], /line 2 .*"two" and is "tw"/],
    ['a line is gone', ['one'], /line 2 .*is nothing/],
    ['a line is added', ['one', 'two', 'three'], /goes on with "three"/],
    ['any other line has a ">"', ['>one', 'two'], /line 1/],
    ['its empty lines are gone', ['two'], /line 1/],
  ])('where %s', (_what, after, words) => {
    expect(damageDone(message(fields, 'one', 'two'), message(received, ...after))).toMatch(words);
  });

  test('where a header field has changed, or is gone', () => {
    expect(damageDone(message(fields, 'x'), message(received.slice(0, -1), 'x'))).toMatch(/X-Folded/);
    expect(damageDone(message(fields, 'x'), message([...received.slice(0, -1), 'X-Folded: one'], 'x'))).toMatch(/X-F/);
  });
});
