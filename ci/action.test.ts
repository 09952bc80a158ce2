import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderAnnotations } from '../reports/annotations.ts';
import { sampleReport, withEveryText } from '../reports/sample-report.ts';
import { actionErrors } from '../tests/action-parser.ts';
import {
  actionFile,
  commandsIn,
  readAction,
  readFileCommands,
  runAction,
  type StepRun,
} from '../tests/composite-action.ts';

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'relayproof-action-'));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

let errorsIn: (content: string) => string[];
beforeAll(async () => {
  errorsIn = await actionErrors();
}, 30_000);
const named = (steps: StepRun[], name: string): StepRun => {
  const step = steps.find((one) => one.name === name);
  if (!step) throw new Error(`there is no step ${name}`);
  return step;
};

describe('action.yml', () => {
  test('is a good one, by GitHub’s own parser', async () => {
    expect(errorsIn(await readFile(actionFile, 'utf8'))).toEqual([]);
  });

  test.each([
    ['an unknown key of a step', 'shell: bash', 'shel: bash'],
    ['an unknown context', 'inputs.folder', 'input.folder'],
    ['a step without a shell', /\n {6}shell: bash/, ''],
  ])('would not be one with %s', async (_what, from, to) => {
    expect(errorsIn((await readFile(actionFile, 'utf8')).replace(from, to))).not.toEqual([]);
  });

  test('has no expression in a script: what stands there becomes part of it', async () => {
    const { runs } = await readAction();
    const scripts = runs.steps.flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) expect(script).not.toContain('${{');
  });

  test('hands every input on', async () => {
    const { inputs } = await readAction();
    const text = await readFile(actionFile, 'utf8');
    for (const name of Object.keys(inputs)) expect(text).toMatch(new RegExp(`inputs\\.${name}\\b`));
  });
});

describe('an audit that cannot begin', () => {
  test('fails the job with its status, says so on the summary page, and uploads nothing', async () => {
    const run = await runAction({ folder: 'not-there' }, workspace);
    expect(run.outputs).toEqual({ status: '64', verdict: '', 'report-dir': '' });
    expect(run.failed).toBe(true);
    expect(named(run.steps, 'Audit').output).toMatch(/not-there: neither a bundled configuration nor a folder/);
    expect(run.summary).toMatch(/ended with status 64/);
    for (const name of ['Annotations', 'Artifact', 'Code scanning']) {
      expect(named(run.steps, name).state).toBe('skipped');
    }
    expect(named(run.steps, 'Node.js').with['node-version']).toBe('22');
  });

  test('without a folder it is wrong usage: the bundled configurations would prove nothing of yours', async () => {
    const run = await runAction({}, workspace);
    expect(run.outputs.status).toBe('64');
    expect(named(run.steps, 'Audit').output).toMatch(/no folder is named/);
  });

  test('leaves a report alone that was there before, and takes it for none of this run', async () => {
    const folder = join(workspace, 'relayproof-report');
    await mkdir(folder);
    await writeFile(join(folder, 'report.json'), '{"verdict":"compliant"}');
    await writeFile(join(folder, 'summary.md'), '# all is well');
    const run = await runAction({ folder: 'not-there' }, workspace);
    expect(run.outputs).toMatchObject({ status: '64', verdict: '', 'report-dir': '' });
    expect(run.summary).not.toContain('all is well');
    expect(named(run.steps, 'Artifact').state).toBe('skipped');
    await rm(folder, { recursive: true });
  });

  const hostile = [
    '; touch pwned #',
    '$(touch pwned)`touch pwned`',
    '"; touch pwned; "\'; touch pwned; \'',
    'touch pwned',
    '-x',
    '::error::pwned',
    '##[error]pwned',
    '%0A::error::pwned',
    `$\{{ github.token }}`,
  ];

  test('takes whatever stands in an input as a name, and runs none of it', { timeout: 30_000 }, async () => {
    const own = ['annotations', 'summary', 'sarif'];
    const inputs = Object.keys((await readAction()).inputs).filter((name) => !own.includes(name));
    const text = hostile.join('\n');
    // The folders alone come so far as to be looked for; with the others, the first wrong one is told.
    for (const given of [{ folder: text }, Object.fromEntries(inputs.map((name) => [name, text]))]) {
      const run = await runAction(given, workspace);
      expect(run.outputs.status).toBe('64');
      expect(run.failed).toBe(true);
      expect(await readdir(workspace)).toEqual([]);
      expect(named(run.steps, 'Audit').output).toMatch(/pwned #: neither a bundled|unknown option '-x'/);
      expect(run.steps.flatMap(({ output }) => commandsIn(output))).toEqual([]);
    }
  });

  test('is no audit, and not green, where an option asks for something else', async () => {
    const run = await runAction({ folder: '.', options: '--help' }, workspace);
    expect(run.outputs.status).toBe('2');
    expect(named(run.steps, 'Audit').output).toMatch(/there is no report, so that nothing is proved/);
    expect(run.failed).toBe(true);
  });
});

describe('a report', () => {
  /** The steps behind the audit, with a report of the sample whose texts were changed. */
  async function after(change: (text: string) => string, status = '1') {
    const folder = join(workspace, 'a report');
    await mkdir(folder, { recursive: true });
    const report = withEveryText(sampleReport(), change);
    await writeFile(join(folder, 'report.json'), JSON.stringify(report));
    await writeFile(join(folder, 'summary.md'), 'the summary\n');
    const outputs = { status, verdict: 'inconclusive', 'report-dir': folder, sarif: '' };
    return { report, run: await runAction({}, workspace, { audit: outputs }), folder };
  }

  test('is annotated, summarised and uploaded, and the job ends with the status of the audit', async () => {
    const { report, run, folder } = await after((text) => text);
    expect(named(run.steps, 'Annotations').output).toBe(renderAnnotations(report));
    expect(run.summary).toBe('the summary\n');
    expect(named(run.steps, 'Artifact')).toMatchObject({
      state: 'used',
      with: { name: 'relayproof-report', path: folder, 'retention-days': '0', 'if-no-files-found': 'error' },
    });
    expect(run.steps.map(({ name, state }) => [name, state]).slice(-1)).toEqual([['Result', 'failure']]);
    expect((await after((text) => text, '0')).run.failed).toBe(false);
  });

  test('is what the switches say', async () => {
    const { folder } = await after((text) => text);
    const outputs = { status: '0', verdict: 'compliant', 'report-dir': folder, sarif: join(folder, 'report.sarif') };
    const off = { annotations: 'false', summary: 'false', artifact: '', sarif: 'true', 'node-version': '' };
    const run = await runAction(off, workspace, { audit: outputs });
    expect(run.summary).toBe('');
    const states = Object.fromEntries(run.steps.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({
      'Node.js': 'skipped',
      Annotations: 'skipped',
      Artifact: 'skipped',
      Result: 'success',
    });
    expect(named(run.steps, 'Code scanning').with.sarif_file).toBe(outputs.sarif);
  });

  test('without a status it is a failure: nothing was proved', async () => {
    const run = await runAction({}, workspace, { audit: {} });
    expect(run.failed).toBe(true);
  });

  test('speaks to the runner in its own commands alone, whatever stands in it', async () => {
    const { run } = await after((text) => `${text}\n::error::pwned\r##[error]pwned%0A::error::pwned,line=1::pwned`);
    const commands = commandsIn(named(run.steps, 'Annotations').output);
    expect(commands.map(({ name }) => name)).toEqual(
      commandsIn(renderAnnotations(sampleReport())).map(({ name }) => name),
    );
  });
});

describe('the stand-in for the runner', () => {
  test('sees commands in both forms, and none between the marks', () => {
    expect(commandsIn('  ::error file=a%2Cb,line=3::x%0Ay\ntext ##[add-mask]z')).toEqual([
      { name: 'error', properties: { file: 'a,b', line: '3' }, text: 'x\ny' },
      { name: 'add-mask', properties: {}, text: 'z' },
    ]);
    expect(
      commandsIn('::stop-commands::m\n::error::x\n##[error]y\n::m::\n::notice::z').map(({ name }) => name),
    ).toEqual(['notice']);
  });

  test('reads the files of outputs', () => {
    expect(readFileCommands('a=1\nb<<M\nx\ny=2\nM\n')).toEqual({ a: '1', b: 'x\ny=2' });
    expect(() => readFileCommands('a<<M\nx\n')).toThrow('no end');
  });
});
