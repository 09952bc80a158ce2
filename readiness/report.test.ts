/** The forms of the result: all of them from the JSON alone. */

import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { main } from '../cli/main.ts';
import { ReadingBar } from '../cli/reading-bar.ts';
import { bsdLine, MailServer } from '../tests/readiness/mail-log.ts';
import { readinessAsJson } from '../tests/readiness/readiness-as-json.ts';
import { READINESS_SCHEMA_FILE, readinessJsonSchema } from './json-schema.ts';
import { type Readiness, type ReadinessUser, readiness as schema } from './model.ts';
import { parseLifetime } from './readiness.ts';
import { bars } from './report/chart.ts';
import { renderReadinessCsv } from './report/csv.ts';
import { renderReadinessHtml } from './report/html.tsx';
import { readinessJson } from './report/json.ts';
import { letters } from './report/letters.ts';
import { renderReadinessTerminal } from './report/terminal.ts';

let folder: string;
let log: string;
let result: Readiness;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-forms-'));
  const server = new MailServer({
    seed: 2,
    start: Date.UTC(2026, 1, 20),
    days: 9,
    users: 25,
    inbound: 20,
    strangers: 3,
    lifetime: 1800,
    pop: 'dovecot-2.3',
  });
  log = join(folder, 'maillog');
  await writeFile(
    log,
    [...server.days()]
      .flat()
      .map((entry) => `${bsdLine(entry)}\n`)
      .join(''),
  );
  result = await readinessAsJson({
    logs: [log],
    year: 2026,
  });
  return () => rm(folder, { recursive: true, force: true });
});

describe('JSON', () => {
  test.each([0, 1, 199, 200, 450])('%i users are written in pieces as they would be in one', (count) => {
    const { users } = result;
    // What looks like the place of the users must not be taken for it.
    const odd = {
      ...result,
      reasons: ['"users":[]', '\\"users": []'],
      options: { ...result.options, realms: ['"users":[]'] },
    };
    const many = {
      ...odd,
      users: Array.from({ length: count }, (_, index) => users[index % users.length] as ReadinessUser),
    };
    for (const indent of [0, 2]) {
      expect([...readinessJson(many, indent)].join('')).toBe(JSON.stringify(many, null, indent));
    }
  });

  test('the schema that is published is current: `npm run docs` writes it', () => {
    const file = fileURLToPath(new URL(`../${READINESS_SCHEMA_FILE}`, import.meta.url));
    expect(readFileSync(file, 'utf8')).toBe(readinessJsonSchema());
  });

  test('a result fits it, and what is none does not', () => {
    const valid = new Ajv2020({
      strict: true,
      allowUnionTypes: true,
      formats: { 'date-time': true, date: true },
    }).compile(JSON.parse(readinessJsonSchema()));
    expect(valid(result), JSON.stringify(valid.errors)).toBe(true);
    expect(schema.parse(result)).toEqual(result);
    const { users, ...without } = result;
    for (const bad of [
      without,
      { ...result, users: [{ ...users[0], verdict: 'fine' }] },
      { ...result, schemaVersion: 2 },
    ]) {
      expect([valid(bad), schema.safeParse(bad).success]).toEqual([false, false]);
    }
  });

  test('has what others build on', () => {
    expect(result.users[0]).toMatchObject({
      user: expect.any(String),
      popRelayed: expect.any(Number),
      authenticated: expect.any(Number),
      lastPopRelayed: expect.stringMatching(/Z$/),
      mechanisms: expect.any(Array),
      verdict: 'not-ready',
    });
    expect(result.unexplained.length).toBeGreaterThan(0);
    expect(result.period).toEqual({ from: expect.stringMatching(/^2026-02-20T/), to: expect.any(String) });
    const { read, used, skipped } = result.lines;
    expect(read).toBe(used + skipped);
    const days = (key: 'popRelayed' | 'authenticated' | 'unexplained') =>
      result.days.reduce((sum, day) => sum + day[key], 0);
    expect([days('popRelayed'), days('authenticated'), days('unexplained')]).toEqual([
      result.totals.popRelayed,
      result.totals.authenticated,
      result.totals.unexplained,
    ]);
  });
});

describe('page', () => {
  test('is well formed, loads nothing and runs nothing', () => {
    const page = renderReadinessHtml(result);
    const xml = page.replace('<!doctype html>', '');
    expect(XMLValidator.validate(xml, { allowBooleanAttributes: true })).toBe(true);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|src=|url\((?!#)|@import/);
  });
  test('has every user, every unexplained address, and a chart with words for who does not see it', () => {
    const page = renderReadinessHtml(result);
    for (const { user } of result.users) expect(page).toContain(user);
    for (const { address } of result.unexplained) expect(page).toContain(address);
    const [, label = ''] = /<svg class="chart"[^>]*aria-label="([^"]*)"/.exec(page) ?? [];
    expect(label).toContain(`${result.totals.popRelayed} by POP authorisation`);
    const tree = JSON.stringify(new XMLParser({ ignoreAttributes: false }).parse(page.replace('<!doctype html>', '')));
    expect(tree).toContain('The figures as a table');
  });
  test('is drawn for nothing at all, too', () => {
    const empty = {
      ...result,
      users: [],
      unexplained: [],
      days: [],
      notes: ['nothing'],
      period: { from: null, to: null },
    };
    expect(renderReadinessHtml(empty)).toContain('No user is in these logs');
  });
});

test('bars are days, weeks or months, and lose nothing', () => {
  for (const [count, each] of [
    [1, 1],
    [60, 1],
    [61, 7],
    [365, 7],
    [1500, 30],
    [4000, 67],
  ] as const) {
    const days = Array.from({ length: count }, (_, index) => ({
      day: new Date(index * 86_400_000).toISOString().slice(0, 10),
      popRelayed: 1,
      authenticated: index,
      unexplained: 0,
    }));
    const { bars: columns, daysEach } = bars(days);
    expect([daysEach, columns.reduce((sum, bar) => sum + bar.popRelayed, 0)]).toEqual([each, count]);
    expect(columns.length).toBeLessThanOrEqual(60);
  }
});

test('the table has a row for each user', () => {
  const lines = renderReadinessCsv(result).trimEnd().split('\r\n');
  expect(lines).toHaveLength(result.users.length + 1);
  expect(lines[0]?.codePointAt(0)).toBe(0xfeff);
  expect(lines[1]).toContain(result.users[0]?.user);
});

test('letters go to those who must change something, and to nobody else', () => {
  const due = result.users.filter(({ verdict }) => verdict === 'not-ready' || verdict === 'mixed');
  const all = letters(result);
  expect(all.map(({ user }) => user)).toEqual(due.map(({ user }) => user));
  for (const [index, { text }] of all.entries()) {
    expect(text).toContain(due[index]?.user);
    expect(text).toContain(due[index]?.lastPopRelayed?.slice(0, 10));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
  }
});

test.each([60, 80, 100, 200])('the terminal’s lines fit %i columns', (columns) => {
  const long = { ...result.users[0], user: 'x'.repeat(300) } as (typeof result.users)[number];
  const text = renderReadinessTerminal({ ...result, users: [long, ...result.users] }, { columns, colour: false });
  for (const line of text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(columns);
  expect(text.trimEnd().split('\n').at(-1)).toMatch(/Not ready|should not\./);
});

test.each([
  ['30m', 1800],
  ['90', 90],
  ['2h', 7200],
  ['30d', 2_592_000],
])('a lifetime of %s', (words, seconds) => {
  expect(parseLifetime(words)).toBe(seconds);
});
test.each(['', '0', '-5m', '31d', '1w', 'soon', '1.5h', '99999999999'])('no lifetime: %s', (words) => {
  expect(() => parseLifetime(words)).toThrow('--lifetime');
});

describe('command line', () => {
  afterEach(() => vi.restoreAllMocks());
  const run = async (...argv: string[]) => {
    const out: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
    const err: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
    const status = await main(['readiness', ...argv]);
    return { status, out: out.join(''), err: err.join('') };
  };

  test('--json prints the result and nothing else', async () => {
    const { status, out } = await run(log, '--json', '--timezone', 'UTC', '--year', '2026');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toEqual(result);
  });
  test('files are written where they are asked for', async () => {
    const target = join(folder, 'report');
    const { status, out } = await run(
      log,
      '--timezone',
      'UTC',
      '--report-dir',
      target,
      '--csv',
      join(folder, 'table.csv'),
    );
    expect(status).toBe(1);
    expect((await readdir(target)).sort()).toEqual(['letters', 'readiness.csv', 'readiness.html', 'readiness.json']);
    expect(await readFile(join(folder, 'table.csv'), 'utf8')).toContain('not-ready');
    const written = (await readdir(join(target, 'letters'))).filter((file) => !file.startsWith('.'));
    expect(written.sort()).toEqual(
      letters(result)
        .map(({ file }) => file)
        .sort(),
    );
    expect(out).toContain('readiness.html');
  });
  test('everybody ready: 0', async () => {
    const ready = join(folder, 'ready');
    const text = await readFile(log, 'utf8');
    // Without those who relay with no AUTH, and with the rest.
    const kept = text.split('\n').filter((line) => !/proto=ESMTPS?,.*nrcpts=1|nrcpts=1.*proto=ESMTPS?,/.test(line));
    await writeFile(ready, kept.join('\n'));
    const { status, out } = await run(ready, '--timezone', 'UTC');
    expect([status, out.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      '✓ Everybody who relays does so with AUTH: POP before SMTP can end.',
    ]);
  });
  test.each([
    [[], 64],
    [['/nowhere/at/all'], 64],
    [['--lifetime', 'soon', 'LOG'], 64],
    [['--year', '26', 'LOG'], 64],
    [['--trusted', 'office', 'LOG'], 64],
    [['--timezone', 'Mars', 'LOG'], 64],
    [['--html', '/dev/null/x.html', 'LOG'], 78],
  ])('%j: %i', async (argv, status) => {
    const { status: found, err } = await run(...argv.map((word) => (word === 'LOG' ? log : word)));
    expect([found, err === '']).toEqual([status, false]);
  });
});

test('the bar says how far it has got, on a terminal and elsewhere', () => {
  for (const [isTTY, words] of [
    [true, /\[#{12}\.{12}\] {2}50 % 50 MB, .*MB\/s {2}a\\u\{001b\}b/],
    [false, / {2}\[#{12}\.{12}\] {2}50 % 50 MB/],
  ] as const) {
    const written: string[] = [];
    let now = 0;
    const bar = new ReadingBar({ isTTY, columns: 80, write: (text) => written.push(text) }, () => now);
    bar.show({ bytes: 0, of: 100e6, log: 'x' });
    now = 20_000;
    bar.show({ bytes: 50e6, of: 100e6, log: 'a\u001bb' });
    bar.end();
    expect(written.join('')).toMatch(words);
  }
});
