import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { authServer, configuration, popServer, result, side } from '../reports/comparison/sample-comparison.ts';
import type { ConfigurationResult, Report } from '../reports/model.ts';
import { main } from './main.ts';

let root: string;
const at = (name: string) => join(root, name);

async function run(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  const keep = (where: keyof typeof printed) => (text: unknown) => {
    printed[where] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('err')),
  ];
  try {
    return { status: await main(argv), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const reportOf = (...configurations: ConfigurationResult[]): Report => {
  const [first] = configurations;
  return first ? { ...side(first).report, configurations } : { ...side(popServer()).report, configurations: [] };
};

beforeAll(async () => {
  await import('./compare-command.ts');
  root = await mkdtemp(join(tmpdir(), 'relayproof-compare-'));
  const control = { ...popServer(), name: 'fault', role: 'control' as const };
  const files: Record<string, Report> = {
    'old.json': reportOf(popServer()),
    'new.json': reportOf(authServer()),
    'good.json': reportOf(configuration('good', 'both', [result('open-relay/outside-sender', 'block')])),
    'two.json': reportOf(popServer(), authServer()),
    'one-and-controls.json': reportOf(control, popServer(), { ...control, name: 'other' }),
    'odd#name.json': reportOf({ ...popServer(), name: 'a#b' }),
    'none.json': reportOf(),
    'nothing.json': reportOf(configuration('nothing', 'both', [])),
    'apart.json': reportOf(configuration('apart', 'both', [result('open-relay/another', 'block')])),
  };
  for (const [name, report] of Object.entries(files)) await writeFile(at(name), JSON.stringify(report));
  await writeFile(at('broken.json'), '{');
  await mkdir(at('folder'));
  await writeFile(at('folder/report.json'), JSON.stringify(reportOf(popServer())));
  await writeFile(at('folder/index.html'), '');
  await mkdir(at('mixed.json'));
  for (const name of ['report.json', 'index.html', 'sendmail.mc']) await writeFile(at(`mixed.json/${name}`), '');
  await mkdir(at('empty'));
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => {
  vi.stubEnv('NO_COLOR', '1');
});

describe('bad input is told before anything is started, and which side it is', () => {
  test.each<[string, string[], number, RegExp]>([
    ['one argument', ['old.json'], 64, /missing required argument 'after'/],
    ['three arguments', ['old.json', 'new.json', 'old.json'], 64, /too many arguments/],
    [
      'a name that there is none of',
      ['old.json', 'nothing'],
      64,
      /nothing: neither a bundled configuration nor a folder/,
    ],
    ['an empty name', ['', 'new.json'], 64, /the name of a configuration is empty/],
    ['a pattern', ['both*', 'new.json'], 64, /BEFORE both\*: it means 2 configurations, and one is compared/],
    ['a folder with nothing in it', ['old.json', 'empty'], 78, /empty/],
    ['what is no JSON', ['broken.json', 'new.json'], 64, /broken\.json: not valid JSON at 1:2/],
    [
      'a report with two',
      ['two.json', 'new.json'],
      64,
      /BEFORE .*two\.json: the report has 2 configurations \(old, new\)[\s\S]*two\.json#old/,
    ],
    [
      'a report without that one',
      ['old.json', 'two.json#x'],
      64,
      /AFTER .*two\.json: the report has no configuration x[\s\S]*It has old, new/,
    ],
    ['a report with none', ['none.json', 'new.json'], 64, /BEFORE .*none\.json: the report has no configuration/],
    ['a report that asked nothing', ['nothing.json', 'old.json'], 64, /no attempt in common/],
    [
      'a selection that is none',
      ['old.json', 'new.json', '--suite', 'open-relay', '--attempt', 'legitimate-mail/local'],
      64,
      /--suite and --attempt have nothing in common/,
    ],
    [
      'a folder that is two things',
      ['old.json', 'mixed.json'],
      64,
      /a report in it[\s\S]*and a configuration \(sendmail\.mc\)/,
    ],
    ['reports with nothing in common', ['apart.json', 'old.json'], 64, /no attempt in common/],
    [
      'a mode that there is none of',
      ['old.json', 'new.json', '--mode-after', 'imap'],
      64,
      /--mode-after imap: there is no such mode/,
    ],
    ['a mode for a report', ['old.json', 'new.json', '--mode-before', 'both'], 64, /--mode-before: BEFORE is a report/],
    [
      'a mode for a bundled one',
      ['old.json', 'both', '--mode-after', 'none'],
      64,
      /--mode-after: it is for folders, and AFTER is the bundled both/,
    ],
    [
      'an attempt that neither has',
      ['old.json', 'new.json', '--attempt', 'frob'],
      64,
      /--attempt frob: the reports have nothing of that name/,
    ],
    [
      'a suite that neither has',
      ['old.json', 'new.json', '--suite', 'frob'],
      64,
      /--suite frob: the reports have nothing of that name/,
    ],
  ])('%s', async (_what, words, status, said) => {
    const files = words.map((word) => (/\.json|^empty$/.test(word) ? at(word) : word));
    const ended = await run('compare', ...files, '--report-dir', at('never'));
    expect(ended.err).toMatch(said);
    expect([ended.status, ended.out]).toEqual([status, '']);
    expect(await readdir(root)).not.toContain('never');
  });
});

describe('two reports', () => {
  test('are compared without an engine; three files are written, and named', async () => {
    const { status, out } = await run('compare', at('old.json'), at('new.json'), '--report-dir', at('out'));
    expect(status).toBe(2);
    expect(out).toContain('POP-authorised senders without AUTH (port 25): could send, can no longer');
    expect((await readdir(at('out'))).sort()).toEqual(['comparison.html', 'comparison.json', 'comparison.md']);
    expect(JSON.parse(await readFile(at('out/comparison.json'), 'utf8')).exitStatus).toBe(2);
  });

  test('a report that is a side is not written over by the audit of the other one', async () => {
    const folder = at('own');
    await mkdir(folder);
    const text = JSON.stringify(reportOf(popServer()));
    await writeFile(join(folder, 'report.json'), text);
    const { status, err } = await run('compare', join(folder, 'report.json'), 'both', '--report-dir', folder);
    expect([status, err]).toEqual([64, expect.stringContaining('written over this report')]);
    expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe(text);
  });

  test('what of the folder cannot be written is said', async () => {
    await mkdir(at('blocked/comparison.html/x'), { recursive: true });
    const { status, err } = await run('compare', at('old.json'), at('new.json'), '--report-dir', at('blocked'));
    expect([status, err]).toEqual([78, expect.stringContaining('comparison.html: it cannot be removed')]);
  });

  test('attempts that AFTER’s run had not prove nothing', async () => {
    const { status, out } = await run('compare', at('old.json'), at('good.json'), '--report-dir', at('less'));
    expect(status).toBe(2);
    expect(out.replace(/\s+/gu, ' ')).toMatch(/AFTER was not asked \d+ attempts? of BEFORE’s run/);
  });

  test('a report that stands there is left alone', async () => {
    const folder = at('kept');
    await mkdir(folder);
    await writeFile(join(folder, 'report.json'), 'x');
    await run('compare', at('old.json'), at('new.json'), '--report-dir', folder);
    expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe('x');
  });

  test.each<[string, string, string]>([
    ['one of several', 'two.json#old', 'old'],
    ['the only one that is not a control', 'one-and-controls.json', 'old'],
    ['a # in file and name', 'odd#name.json#a#b', 'a#b'],
    ['a report’s folder', 'folder', 'old'],
  ])('%s', async (_what, name, wanted) => {
    const { out } = await run('compare', at(name), at('new.json'), '--json', '--report-dir', at('json'));
    expect(JSON.parse(out).before.name).toBe(wanted);
  });

  test('--json prints the comparison alone, the same as the file', async () => {
    const { out } = await run('compare', at('old.json'), at('new.json'), '--json', '--report-dir', at('json'));
    expect(JSON.parse(out)).toEqual(JSON.parse(await readFile(at('json/comparison.json'), 'utf8')));
  });

  test('a configuration with itself: nothing differs, each has its side’s name', async () => {
    const { status, out } = await run(
      'compare',
      at('good.json'),
      at('good.json'),
      '--json',
      '--report-dir',
      at('json'),
    );
    const { before, after, differences } = JSON.parse(out);
    expect([status, before.name, after.name, differences]).toEqual([0, 'good-before', 'good-after', []]);
  });

  test('--suite and --attempt select on both sides', async () => {
    const words = ['--suite', 'open-relay', '--suite', 'sender-trust', '--attempt', '*/local-account'];
    const { out } = await run(
      'compare',
      at('old.json'),
      at('new.json'),
      '--json',
      '--report-dir',
      at('json'),
      ...words,
    );
    const { same, differences, statements } = JSON.parse(out);
    expect([same, differences, statements.length]).toEqual([1, [], 1]);
  });

  test('a folder that cannot be written is status 78', async () => {
    const { status, err } = await run('compare', at('old.json'), at('new.json'), '--report-dir', '/proc/x');
    expect(status).toBe(78);
    expect(err).toMatch(/Cannot write/);
  });
});
