import { describe, expect, it } from 'vitest';
import { LastLines, LineCutter, plainLines } from './plain-text.ts';

describe('plainLines', () => {
  it('drops control sequences, control characters and reordering marks', () => {
    expect(plainLines('\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007x\u202ey\n')).toEqual(['red xy']);
  });

  it('ends a line at a carriage return and drops empty lines', () => {
    expect(plainLines('10%\r20%\r\n\n  \ndone')).toEqual(['10%', '20%', 'done']);
  });

  it('bounds the length of a line', () => {
    expect(plainLines('x'.repeat(10_000))[0]).toHaveLength(500);
  });
});

describe('LineCutter', () => {
  it('gives lines as they become complete', () => {
    const cutter = new LineCutter();
    expect(cutter.push('Step 1')).toEqual([]);
    expect(cutter.push('/2 : FROM x\nStep')).toEqual(['Step 1/2 : FROM x']);
    expect(cutter.end()).toEqual(['Step']);
    expect(cutter.end()).toEqual([]);
  });
});

it('LastLines keeps the newest', () => {
  const last = new LastLines(2);
  last.push('a', 'b');
  last.push('c');
  expect(last.lines).toEqual(['b', 'c']);
});
