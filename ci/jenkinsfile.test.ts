import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrackets, readJenkinsfile, shellScripts } from '../tests/jenkinsfile.ts';
import { projectRepository } from '../tests/project-repository.ts';
import { runScript } from '../tests/shell-script.ts';

// Whether Jenkins takes it is for Jenkins to say: its linter needs a controller.
describe('the Jenkinsfile', () => {
  test('closes what it opens', async () => {
    const text = await readJenkinsfile();
    expect(openBrackets(text)).toEqual([]);
    expect(openBrackets(text.replace('}', ''))).not.toEqual([]);
    expect(openBrackets(text.replace("'''", ''))).not.toEqual([]);
  });

  test('has one script, in which Groovy replaces nothing', async () => {
    const text = await readJenkinsfile();
    expect(shellScripts(text)).toHaveLength(1);
    expect(() => shellScripts(text.replaceAll("'''", '"""'))).toThrow('Groovy');
  });

  test('publishes the tests and keeps the report, however the stage ends', async () => {
    const text = await readJenkinsfile();
    const always = text.slice(text.indexOf('always {'));
    expect(always).toMatch(/junit testResults: 'relayproof-report\/junit\.xml'/);
    expect(always).toMatch(/archiveArtifacts artifacts: 'relayproof-report\/\*\*'/);
    expect(text).toMatch(/AUDIT_REPORT_DIR = 'relayproof-report'/);
  });
});

describe('its script', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'relayproof-jenkins-'));
    await projectRepository(join(scratch, 'project'));
  }, 30_000);
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  test('clones the project anew and audits; no parameter is a command', { timeout: 30_000 }, async () => {
    const workspace = join(scratch, 'work space');
    await mkdir(join(workspace, 'relayproof-report'), { recursive: true });
    await mkdir(join(scratch, 'work space@tmp/relayproof'), { recursive: true });
    const [script = ''] = shellScripts(await readJenkinsfile());
    // Jenkins runs it with `sh -xe`, and parameters are in the environment.
    const { status, output } = await runScript(['sh', '-xe', '-c', script], workspace, {
      WORKSPACE_TMP: join(scratch, 'work space@tmp'),
      AUDIT_REPORT_DIR: 'relayproof-report',
      RELAYPROOF_REPOSITORY: join(scratch, 'project'),
      RELAYPROOF_VERSION: 'main',
      FOLDER: '"; touch pwned; "$(touch pwned)',
      MODE: '',
    });
    expect(output).toMatch(/touch pwned\): neither a bundled configuration nor a folder/);
    expect(status).toBe(64);
    expect(await readdir(workspace)).toEqual([]);
  });
});
