/** Runs a script of a pipeline in a workspace, with the variables that the pipeline sets. */
import { spawn } from 'node:child_process';
import { withoutVitest } from './command-line.ts';

export type ScriptRun = { status: number | null; output: string };

/** Variables of this process are there too, as those of a machine are. */
export function runScript(
  shell: readonly [string, ...string[]],
  cwd: string,
  variables: Record<string, string>,
): Promise<ScriptRun> {
  const [program, ...words] = shell;
  const env = { ...withoutVitest(process.env), NO_COLOR: '1', ...variables };
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}
