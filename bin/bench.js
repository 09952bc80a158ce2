#!/usr/bin/env node
// `npm run bench`: the benchmarks, or those that are named, on dependencies that are known to be there.
import { fileURLToPath } from 'node:url';
import { provideDependencies, requireNode } from './dependencies.js';

// The lab's ends the process: it comes last.
const parts = { readiness: 'readiness.ts', page: 'page.ts', lab: 'bench.ts' };

const named = process.argv.slice(2);
const unknown = named.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no "${unknown}"; there are ${Object.keys(parts).join(', ')}\n`);
  process.exit(64);
}
requireNode();
await provideDependencies(fileURLToPath(new URL('../', import.meta.url)).replace(/[\\/]$/, ''));
const { register } = await import('tsx/esm/api');
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
for (const [name, file] of Object.entries(parts)) {
  if (named.length === 0 || named.includes(name)) await import(new URL(`../bench/${file}`, import.meta.url).href);
}
