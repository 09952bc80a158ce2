import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentOf, readJob, readSpec } from '../tests/gitlab-job.ts';
import { projectRepository } from '../tests/project-repository.ts';
import { runScript } from '../tests/shell-script.ts';

const given = { folder: ['etc-mail'], repository: 'https://git.example.net/relayproof.git' };

describe('the job', () => {
  test('keeps its report however it ends, and hands its tests on', async () => {
    const { artifacts, variables } = await readJob(given);
    expect(artifacts.when).toBe('always');
    const [folder] = artifacts.paths;
    expect(artifacts.reports.junit).toBe(`${folder}junit.xml`);
    expect(`${String(variables.AUDIT_REPORT_DIR)}/`).toBe(folder);
  });

  test('has no input in its script', async () => {
    const inputs = await readSpec();
    const changed = Object.fromEntries(
      Object.entries(inputs).flatMap(([name, { type, options, regex }]) =>
        options ? [] : [[name, type === 'array' ? ['pwned'] : regex ? 'pwned' : 'pwned']],
      ),
    );
    expect((await readJob(changed)).script).toEqual((await readJob(given)).script);
    expect((await readJob(changed)).script.join()).not.toContain('pwned');
  });

  test.each<[string, Record<string, string | string[]>, RegExp]>([
    ['no folder', { repository: 'x' }, /folder: there is no value/],
    ['a mode that there is none of', { ...given, mode: 'imap' }, /mode: none of its options/],
    ['a repository that is more than a name', { ...given, repository: 'x --upload-pack=touch' }, /not as it must be/],
    ['a version with a line break', { ...given, version: 'main\n  script: [touch]' }, /not as it must be/],
  ])('is refused with %s', async (_what, inputs, words) => {
    await expect(readJob(inputs)).rejects.toThrow(words);
  });

  const names = [
    'a b',
    '"',
    "'",
    '- x',
    '# x',
    'a: b',
    'a\n    image: evil',
    '$HOME',
    '$(touch pwned)',
    '$[[ x ]]',
    '[x]',
  ];
  test('takes any name of a folder as it is', async () => {
    const { AUDIT_FOLDER, AUDIT_OPTIONS } = environmentOf(await readJob({ ...given, folder: names, options: names }));
    expect(JSON.parse(AUDIT_FOLDER ?? '')).toEqual(names);
    expect(JSON.parse(AUDIT_OPTIONS ?? '')).toEqual(names);
    expect((await readJob({ ...given, folder: names })).variables.AUDIT_FOLDER).toMatchObject({ expand: false });
  });
});

describe('its script', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'relayproof-gitlab-'));
    await projectRepository(join(scratch, 'project'));
  }, 30_000);
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  test('clones the project and audits; no name is a command', { timeout: 30_000 }, async () => {
    const folder = ['; touch pwned', '$(touch pwned)', '"; touch pwned; "'];
    const job = await readJob({ folder, repository: join(scratch, 'project') });
    const workspace = await mkdtemp(join(scratch, 'work-'));
    // GitLab’s runner puts the lines into one script, which ends at the first that fails.
    const script = ['set -eo pipefail', ...job.script].join('\n');
    const { status, output } = await runScript(['bash', '-c', script], workspace, {
      ...environmentOf(job),
      TMPDIR: scratch,
    });
    expect(output).toMatch(/touch pwned: neither a bundled configuration nor a folder/);
    expect(status).toBe(64);
    expect(await readdir(workspace)).toEqual([]);
  });
});
