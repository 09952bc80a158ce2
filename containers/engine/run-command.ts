import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { LastLines, LineCutter } from './plain-text.ts';

export type CommandResult = {
  /** The exit status; null if the program was not found or was ended by a signal. */
  status: number | null;
  missing: boolean;
  /** The last lines of what it printed on either stream. */
  output: readonly string[];
};

export type CommandOptions = {
  cwd?: string;
  env?: Record<string, string>;
  onLine?: (line: string) => void;
  /** How many of the last lines are kept (60). */
  keep?: number;
};

/** Runs a program to its end with no standard input and English messages. Never throws for its failure: see `status`. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd = '/', env = {}, onLine, keep = 60 }: CommandOptions = {},
): Promise<CommandResult> {
  const last = new LastLines(keep);
  const child = spawn(command, args, { cwd, env: systemEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const release = endWithThisProcess(child);
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    const cutter = new LineCutter();
    const take = (lines: string[]) => {
      last.push(...lines);
      for (const line of lines) onLine?.(line);
    };
    stream.on('data', (chunk: Buffer) => take(cutter.push(decoder.write(chunk))));
    stream.on('end', () => take(cutter.end()));
  }
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      release();
      last.push(error.message);
      resolve({ status: null, missing: error.code === 'ENOENT', output: last.lines });
    });
    child.once('close', (status) => {
      release();
      resolve({ status, missing: false, output: last.lines });
    });
  });
}

/** This process' environment for system programs: their folders on the path (su leaves them out) and English messages. */
export function systemEnvironment(additions: Record<string, string> = {}): NodeJS.ProcessEnv {
  const path = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
    .filter(Boolean)
    .join(':');
  return { ...process.env, PATH: path, LC_ALL: 'C', LANGUAGE: 'C', ...additions };
}

/** Ends the child when this process ends, so that it does not go on alone; returns what takes that back. */
export function endWithThisProcess(child: ChildProcess): () => void {
  const end = () => {
    child.kill('SIGTERM');
  };
  process.once('exit', end);
  return () => {
    process.off('exit', end);
  };
}
