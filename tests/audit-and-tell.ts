/**
 * The command line with one addition: the passwords that the run drew are written into a file (its name is the first
 * argument), so that a test can look for them in all that the run says. Nothing else is different.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import { Run, type RunOptions } from '../audit/run.ts';
import { main } from '../cli/main.ts';

const [file = '', ...words] = process.argv.slice(2);
await writeFile(file, '', { mode: 0o600 });
const begin = Run.begin.bind(Run);
Run.begin = (options: RunOptions) =>
  begin({
    ...options,
    hooks: {
      ...options.hooks,
      betweenProofs: async (target) => {
        const lines = [...target.passwords].map(([account, password]) => JSON.stringify({ account, password }));
        await appendFile(file, `${lines.join('\n')}\n`);
      },
    },
  });
process.exitCode = await main(words);
