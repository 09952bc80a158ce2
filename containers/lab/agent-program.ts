/** Makes one file of the agent and its libraries, to be copied into the helper container. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The agent as one ECMAScript module for Node 20. */
export async function agentProgram(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('./agent/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Some of the libraries are CommonJS and ask for node's modules by require().
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}
