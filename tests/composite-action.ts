/**
 * Runs action.yml as GitHub's runner would, as far as that goes without it: expressions by GitHub's own evaluator, each
 * script by the bash and with the files and variables that a step gets. Steps that use other actions are noted.
 * https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';
import { project, withoutVitest } from './command-line.ts';

type Step = {
  name: string;
  id?: string;
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  shell?: string;
  env?: Record<string, string>;
  run?: string;
};
type Action = {
  inputs: Record<string, { default?: string; required?: boolean }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
};

/** What became of a step; `used`: it is another action, which was given `with`. */
export type StepRun = {
  name: string;
  state: 'success' | 'failure' | 'skipped' | 'used';
  /** Standard output and standard error, as they came. */
  output: string;
  outputs: Record<string, string>;
  with: Record<string, string>;
};
export type ActionRun = { steps: StepRun[]; outputs: Record<string, string>; summary: string; failed: boolean };

export const actionFile = join(project, 'action.yml');
export const readAction = async (): Promise<Action> => parse(await readFile(actionFile, 'utf8')) as Action;

type Plain = string | boolean | { [name: string]: Plain };

function dictionaryOf(plain: Plain): data.ExpressionData {
  if (typeof plain === 'string') return new data.StringData(plain);
  if (typeof plain === 'boolean') return new data.BooleanData(plain);
  return new data.Dictionary(...Object.entries(plain).map(([key, value]) => ({ key, value: dictionaryOf(value) })));
}

const statusFunctions = (failed: boolean) =>
  Object.entries({ success: !failed, failure: failed, always: true, cancelled: false }).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));

function evaluate(expression: string, context: Record<string, Plain>, failed: boolean): data.ExpressionData {
  const functions = statusFunctions(failed);
  const tokens = new Lexer(expression).lex().tokens;
  const tree = new Parser(tokens, Object.keys(context), functions).parse();
  const known = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(tree, dictionaryOf(context) as data.Dictionary, known).evaluate();
}

/** A text with its expressions replaced. */
function filled(text: unknown, context: Record<string, Plain>, failed: boolean): string {
  return String(text).replaceAll(/\$\{\{(.*?)\}\}/gs, (_all, expression: string) =>
    evaluate(expression.trim(), context, failed).coerceString(),
  );
}

function isDue(step: Step, context: Record<string, Plain>, failed: boolean): boolean {
  // Without a function that asks for the state, success() is meant.
  const asked = /\b(success|failure|always|cancelled)\s*\(/.test(step.if ?? '');
  const expression = step.if === undefined ? 'success()' : asked ? step.if : `success() && (${step.if})`;
  return evaluate(expression, context, failed).coerceString() === 'true';
}

/** What a file such as GITHUB_OUTPUT says: `name=value`, or `name<<mark`, lines, `mark`. */
export function readFileCommands(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let n = 0; n < lines.length; n++) {
    const line = lines[n] ?? '';
    const marked = /^([^=]*?)<<(.+)$/.exec(line);
    const plain = /^([^=]+)=(.*)$/.exec(line);
    if (marked) {
      const end = lines.indexOf(marked[2] ?? '', n + 1);
      if (end < 0) throw new Error(`no end of ${line}`);
      values[marked[1] ?? ''] = lines.slice(n + 1, end).join('\n');
      n = end;
    } else if (plain) {
      values[plain[1] ?? ''] = plain[2] ?? '';
    } else if (line !== '') {
      throw new Error(`neither a value nor a mark: ${line}`);
    }
  }
  return values;
}

/** A command to the runner: `::name key=value,…::data`. */
export type Command = { name: string; properties: Record<string, string>; text: string };

const unescaped = (text: string) =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

/**
 * The commands that the runner takes from an output, in both forms that it knows: `::name::` at the beginning of a line,
 * and `##[name]` anywhere in it (actions/runner, src/Runner.Common/ActionCommand.cs).
 */
export function commandsIn(output: string): Command[] {
  const commands: Command[] = [];
  let stopped: string | undefined;
  for (const line of output.split(/\r\n|\r|\n/)) {
    const second = /^\s*::([\w-]+)(?: ([\s\S]*?))?::([\s\S]*)$/.exec(line);
    const first = second ? undefined : /##\[([\w-]+)(?: ([^\]]*))?\]([\s\S]*)$/.exec(line);
    const [, name = '', properties = '', text = ''] = second ?? first ?? [];
    if (stopped !== undefined) {
      if (name === stopped) stopped = undefined;
    } else if (name === 'stop-commands') {
      stopped = text;
    } else if (name !== '') {
      const pairs = properties.split(second ? ',' : ';').filter((pair) => pair.includes('='));
      commands.push({
        name,
        properties: Object.fromEntries(
          pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1))]),
        ),
        text: unescaped(text),
      });
    }
  }
  return commands;
}

function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ status: number | null; output: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

/**
 * Runs the steps in a workspace.
 *
 * @param given what steps that are not run have handed on, by their ids; they are left out
 */
export async function runAction(
  inputs: Record<string, string>,
  workspace: string,
  given: Record<string, Record<string, string>> = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<ActionRun> {
  const action = await readAction();
  const unknown = Object.keys(inputs).find((name) => !(name in action.inputs));
  if (unknown !== undefined) throw new Error(`the action has no input ${unknown}`);
  const allInputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: usual }]) => [name, inputs[name] ?? usual ?? '']),
  );
  const scratch = await mkdtemp(join(tmpdir(), 'relayproof-runner-'));
  const stepContext: Record<string, Plain> = Object.fromEntries(
    Object.entries(given).map(([id, outputs]) => [id, { outputs }]),
  );
  // Every step may be asked for, also before it has run.
  for (const { id } of action.runs.steps) if (id !== undefined) stepContext[id] ??= { outputs: {} };
  const context = () => ({ inputs: allInputs, steps: stepContext });
  const steps: StepRun[] = [];
  const summaryFile = join(scratch, 'summary');
  await writeFile(summaryFile, '');
  let failed = false;
  try {
    for (const [index, step] of action.runs.steps.entries()) {
      const made: StepRun = { name: step.name, state: 'skipped', output: '', outputs: {}, with: {} };
      steps.push(made);
      if (step.id !== undefined && step.id in given) continue;
      if (!isDue(step, context(), failed)) continue;
      if (step.run === undefined) {
        made.state = 'used';
        for (const [name, value] of Object.entries(step.with ?? {})) made.with[name] = filled(value, context(), failed);
        continue;
      }
      const script = join(scratch, `step-${index}.sh`);
      const outputFile = join(scratch, `output-${index}`);
      await writeFile(script, filled(step.run, context(), failed));
      await writeFile(outputFile, '');
      const { status, output } = await bash(script, workspace, {
        ...withoutVitest(process.env),
        ...environment,
        GITHUB_ACTION_PATH: project.replace(/\/$/, ''),
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
        GITHUB_ACTIONS: 'true',
        CI: 'true',
        ...Object.fromEntries(
          Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, context(), failed)]),
        ),
      });
      made.output = output;
      made.outputs = readFileCommands(await readFile(outputFile, 'utf8'));
      made.state = status === 0 ? 'success' : 'failure';
      if (status !== 0) failed = true;
      if (step.id !== undefined) stepContext[step.id] = { outputs: made.outputs };
    }
    const outputs = Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value, context(), failed)]),
    );
    return { steps, outputs, summary: await readFile(summaryFile, 'utf8'), failed };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
