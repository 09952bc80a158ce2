import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { EXIT } from '../audit/failure.ts';
import { bundledNames } from '../audit/request.ts';
import { version } from '../audit/version.ts';
import { authModes, type Report, roles } from '../reports/model.ts';
import { sampleReport } from '../reports/sample-report.ts';
import { readCatalogue, suiteNames } from '../suites/catalogue.ts';
import { main } from './main.ts';

/** Runs a command line, and keeps what it prints. */
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
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
}

// The command and all that it may start take a while to load; that is nothing that a test measures.
beforeAll(() => import('./explain-command.ts'), 30_000);

const environment = { ...process.env };
beforeEach(() => {
  vi.stubEnv('NO_COLOR', '1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  // The command line writes the request into it.
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) {
      delete process.env[name];
    }
  }
});

describe('wrong usage is status 64, with what is wrong on standard error and nothing on standard output', () => {
  test.each<[string, string[], RegExp]>([
    ['an option that there is none of', ['--frob'], /unknown option '--frob'/],
    ['an option of audit that there is none of', ['audit', '--frob'], /unknown option '--frob'/],
    ['an option of list that there is none of', ['list', '--frob'], /unknown option '--frob'/],
    ['an option without its value', ['audit', '--suite'], /--suite <pattern>/],
    ['a command that there is none of', ['frobnicate'], /frobnicate: neither a bundled configuration nor a folder/],
    ['a configuration that there is none of', ['audit', 'both', 'neither'], /neither: neither a bundled/],
    ['a folder that is not there', ['audit', './no/such/folder'], /no\/such\/folder: neither/],
    ['a mode that there is none of', ['audit', '--mode', 'imap'], /--mode imap: there is no such mode/],
    ['a sendmail that there is none of', ['audit', '--sendmail', '8.12'], /--sendmail 8\.12.*8\.15 .*8\.17 .*8\.18 /s],
    ['a mode where no folder is named', ['audit', 'both', '--mode', 'both'], /--mode/],
    ['a suite that there is none of', ['audit', 'both', '--suite', 'frob'], /--suite frob/],
    ['an attempt that there is none of', ['audit', 'both', '--attempt', 'frob'], /--attempt frob/],
    ['one of two attempts that there is none of', ['both', '--attempt', 'nmap', '--attempt', 'frob'], /--attempt frob/],
    ['ejecting a control', ['eject', 'promiscuous-relay', './x'], /promiscuous-relay is a control: .*fault on purpose/],
    [
      'ejecting what there is none of',
      ['eject', 'bothprocmail', './x'],
      /no such reference: did you mean both-procmail/,
    ],
    ['ejecting into no folder', ['eject', 'both', ''], /the name of the folder is empty/],
    ['ejecting into a folder that is in use', ['eject', 'both', 'docs'], /docs: the folder is not empty/],
    ['ejecting without a folder', ['eject', 'both'], /missing required argument 'folder'/],
    ['a report of nothing', ['report', 'nothing.json'], /nothing\.json: there is no such file/],
    ['a report of a folder', ['report', 'docs'], /docs: it is a folder, not a report\.json/],
    ['a report of another file', ['report', 'package.json'], /package\.json: no report: it has no schemaVersion/],
    ['--explain without an attempt', ['audit', 'both', '--explain'], /--explain <attempt\.\.\.>/],
    ['--explain of no configuration', ['audit', '--explain', 'transport/starttls'], /no configuration is named/],
    ['--explain of two', ['audit', 'both', 'smtp-auth', '--explain', 'transport/starttls'], /2 are named \(smtp-auth/],
    ['--explain of a pattern of many', ['audit', 'pop-*', '--explain', 'transport/starttls'], /\d+ are named .*…/],
    ['--explain of nothing that there is', ['both', '--explain', 'starttls-ipv6'], /is transport\/starttls-ipv6 meant/],
    ['--explain of too many attempts', ['audit', 'both', '--explain', 'nmap'], /selects 16 attempts, and at most 10/],
    ['--explain beside --attempt', ['both', '--attempt', 'nmap', '--explain', 'x'], /names the attempts itself/],
    ['--explain of an image', ['audit', '--image', 'mail', '--explain', 'transport/starttls'], /own image/],
    [
      '--explain with a sendmail that there is none of',
      ['both', '--sendmail', '8.9', '--explain', 'x'],
      /--sendmail 8\.9/,
    ],
    ['a baseline that is not there', ['both', '--baseline', 'no.json'], /no\.json: there is no such file/],
    ['a baseline that is a folder', ['both', '--baseline', 'docs'], /docs: it is a folder, not a report\.json/],
    ['a baseline that is another file', ['both', '--baseline', 'package.json'], /no report: it has no schemaVersion/],
    ['a baseline without a name', ['both', '--baseline', ''], /--baseline: the name of the file is empty/],
    ['a gate without a baseline', ['both', '--gate', 'new'], /--gate new: .*only with a baseline/],
    ['a gate that there is none of', ['both', '--baseline', 'x', '--gate', 'old'], /--gate old: there is no such gate/],
    ['--explain with a baseline', ['both', '--baseline', 'x', '--explain', 'x'], /compares with no earlier report/],
    ['a list that there is none of', ['list', 'everything'], /configurations, attempts or suites/],
    ['too much to list', ['list', 'suites', 'attempts'], /too many arguments/],
  ])('%s', async (_what, argv, words) => {
    const { status, out, err } = await run(...argv);
    expect({ status, out }).toEqual({ status: EXIT.usage, out: '' });
    expect(err).toMatch(words);
    // What to do about it.
    expect(err.trim().split('\n').length).toBeGreaterThan(1);
  });
});

describe('a baseline that this run has no use for is status 64, before anything is started', () => {
  const withReport = async (report: Report, work: (file: string) => Promise<void>) => {
    const scratch = await mkdtemp(join(tmpdir(), 'relayproof-baseline-'));
    try {
      await mkdir(join(scratch, 'out'));
      const file = join(scratch, 'out/report.json');
      await writeFile(file, JSON.stringify(report));
      await work(file);
      // It is there still, whatever was wrong with it.
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(report);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };

  test('one of other configurations', () =>
    withReport(sampleReport(), async (file) => {
      const { status, out, err } = await run('both', '--baseline', file, '--report-dir', join(file, '../elsewhere'));
      expect({ status, out }).toEqual({ status: EXIT.usage, out: '' });
      expect(err).toMatch(/it is of other configurations: smtp-auth, our mail: .*; this run is of both/);
      expect(err).toMatch(/a folder is known by its name/);
    }));

  test('one of controls alone', () => {
    const report = sampleReport();
    report.configurations = report.configurations.filter(({ role }) => role === 'control');
    return withReport(report, async (file) => {
      const { status, err } = await run('smtp-auth', '--baseline', file, '--report-dir', join(file, '../elsewhere'));
      expect(status).toBe(EXIT.usage);
      expect(err).toMatch(/no configuration under test/);
    });
  });

  test('one that the run would write over, by whatever name', () =>
    withReport(sampleReport(), async (file) => {
      const link = join(file, '../../link');
      await symlink(join(file, '..'), link);
      for (const folder of [join(file, '..'), link]) {
        const { status, err } = await run('smtp-auth', '--baseline', file, '--report-dir', folder);
        expect(status).toBe(EXIT.usage);
        expect(err).toMatch(/this run writes its own report there/);
      }
    }));
});

describe('what was asked for is status 0', () => {
  test('help and version go to standard output', async () => {
    expect(await run('--version')).toEqual({ status: EXIT.compliant, out: `${version}\n`, err: '' });
    const help = await run('--help');
    expect(help).toMatchObject({ status: EXIT.compliant, err: '' });
    expect(help.out).toMatch(/audit[\s\S]*list/);
  });
});

describe('list', () => {
  async function json(...argv: string[]): Promise<Record<string, unknown>[]> {
    const { status, out, err } = await run('list', ...argv, '--json');
    expect({ status, err }).toEqual({ status: EXIT.compliant, err: '' });
    const rows: unknown = JSON.parse(out);
    expect(Array.isArray(rows)).toBe(true);
    return rows as Record<string, unknown>[];
  }

  test('configurations --json is an array of all bundled ones, and so is list alone', async () => {
    const rows = await json('configurations');
    expect(rows.map((row) => row.name)).toEqual(bundledNames);
    for (const row of rows) {
      expect(roles).toContain(row.role);
      expect(authModes).toContain(row.mode);
      expect(Array.isArray(row.detectedBy)).toBe(row.role === 'control');
    }
    expect(await json()).toEqual(rows);
  });

  test('attempts --json is an array of the whole catalogue', async () => {
    const { suites } = await readCatalogue();
    const rows = await json('attempts');
    expect(rows.map((row) => row.id)).toEqual(suites.flatMap((suite) => suite.attempts.map((attempt) => attempt.id)));
    expect(rows.filter((row) => (row.aliases as string[]).includes('nmap'))).toHaveLength(16);
  });

  test('suites --json is an array with the number of their attempts', async () => {
    const rows = await json('suites');
    expect(rows.map((row) => row.name)).toEqual(suiteNames);
    expect(rows.every((row) => Number(row.attempts) > 0)).toBe(true);
  });

  test.each(['configurations', 'attempts', 'suites'])('%s for people has a line for each of them', async (what) => {
    const rows = await json(what);
    const { status, out } = await run('list', what);
    expect(status).toBe(EXIT.compliant);
    for (const row of rows) {
      expect(out).toContain(`│ ${String(row.id ?? row.name).slice(0, 24)}`);
    }
    expect(out).not.toContain('\u001b');
  });
});

describe('eject', () => {
  const withFolder = async (work: (folder: string) => Promise<void>) => {
    const scratch = await mkdtemp(join(tmpdir(), 'relayproof-eject-command-'));
    try {
      await work(join(scratch, 'new/etc mail'));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };

  test('writes a reference, and says what is in it and what to do next', () =>
    withFolder(async (folder) => {
      const { status, out, err } = await run('eject', 'both-procmail', folder);
      expect([status, err]).toEqual([EXIT.compliant, '']);
      expect(out).toContain(`both-procmail is in ${folder}:`);
      expect(out).toContain('  pop/popauth\n');
      expect(out).toContain(`relayproof audit ${folder}`);
      expect(await readFile(join(folder, 'sendmail.mc'), 'utf8')).toContain('VERSIONID(`both-procmail');
    }));

  test('with --json prints the files, and nothing else', () =>
    withFolder(async (folder) => {
      const { status, out, err } = await run('eject', 'smtp-auth', folder, '--json');
      expect([status, err]).toEqual([EXIT.compliant, '']);
      const listed: { path: string; executable: boolean; bytes: number }[] = JSON.parse(out);
      const there = await readdir(folder, { recursive: true, withFileTypes: true });
      expect(listed.map(({ path }) => path).sort()).toEqual(
        there
          .filter((entry) => entry.isFile())
          .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
          .sort(),
      );
      expect(listed.every(({ bytes }) => bytes > 0)).toBe(true);
    }));
});
