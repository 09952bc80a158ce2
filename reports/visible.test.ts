import { describe, expect, test } from 'vitest';
import { hostileTexts } from './sample-report.ts';
import { LINE_LIMIT, visible, visiblePieces } from './visible.ts';

describe('visible', () => {
  test('leaves readable text alone', () => {
    const text = '550 5.7.1 <u@ü.example>… Relaying denied: 東京 \\u{202e} & "quoted"';
    expect(visible(text)).toBe(text);
  });

  test.each([
    ['\0', '\\u{0000}'],
    ['\u001b[31m', '\\u{001b}[31m'],
    ['a\r\n\tb', 'a\\r\\n\\tb'],
    ['\u007f', '\\u{007f}'],
    ['\u009b', '\\u{009b}'],
    ['\u202e', '\\u{202e}'],
    ['\u2066', '\\u{2066}'],
    ['\u2028', '\\u{2028}'],
    ['\u200b\ufeff', '\\u{200b}\\u{feff}'],
    ['\ud800', '\\u{d800}'],
    ['\udfff\ud800', '\\u{dfff}\\u{d800}'],
    ['\uffff', '\\u{ffff}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['a\u00a0b', 'a\\u{00a0}b'],
  ])('shows %j as %s', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test('lets letters keep a few marks, and no tower of them', () => {
    expect(visible('e\u0301')).toBe('e\u0301');
    expect(visible(`e${'\u0301'.repeat(5)}`)).toBe(`e${'\u0301'.repeat(3)}${'\\u{0301}'.repeat(2)}`);
  });

  test('cuts a long line, and says by how much', () => {
    const shown = visible('x'.repeat(1_000_000));
    expect(shown).toBe(`${'x'.repeat(LINE_LIMIT)} [… 998,000 more characters not shown]`);
    expect(visible('x'.repeat(LINE_LIMIT))).toBe('x'.repeat(LINE_LIMIT));
  });

  test('does not cut a character in two', () => {
    expect(visible('😀😀', 3)).toBe('😀 [… 2 more characters not shown]');
  });

  test.each(Object.entries(hostileTexts))('makes inert: %s', (_name, text) => {
    const shown = visible(text);
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(visible(shown, Number.POSITIVE_INFINITY)).toBe(shown);
  });

  test('tells rewritten text from the same text sent literally', () => {
    expect(visiblePieces('\\u{202e}\u202e!')).toEqual([
      { text: '\\u{202e}', rewritten: false },
      { text: '\\u{202e}', rewritten: true },
      { text: '!', rewritten: false },
    ]);
  });

  test('has the same text in pieces as in one', () => {
    for (const text of Object.values(hostileTexts)) {
      const joined = visiblePieces(text)
        .map((piece) => piece.text)
        .join('');
      expect(joined).toBe(visible(text));
    }
  });
});
