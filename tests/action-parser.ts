/** GitHub's own parser of action.yml. It imports its schemas as JSON, which Node.js takes only when it is told so. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { project } from './command-line.ts';

const contents = `
  export { parseAction } from '@actions/workflow-parser/actions/action-parser';
  export { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
`;

type Parser = typeof import('@actions/workflow-parser/actions/action-parser') &
  typeof import('@actions/workflow-parser/templates/trace-writer');

/** What is wrong with an action.yml, in the parser's words. */
export async function actionErrors(): Promise<(content: string) => string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'relayproof-parser-'));
  try {
    const outfile = join(folder, 'parser.mjs');
    await build({ stdin: { contents, resolveDir: project }, bundle: true, format: 'esm', platform: 'node', outfile });
    const parser = (await import(pathToFileURL(outfile).href)) as Parser;
    return (content) =>
      parser
        .parseAction({ name: 'action.yml', content }, new parser.NoOperationTraceWriter())
        .context.errors.getErrors()
        .map(({ message }) => message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
