#!/usr/bin/env node
// `npm run bench`: the benchmark, on dependencies that are known to be there.
import { fileURLToPath } from 'node:url';
import { provideDependencies, requireNode } from './dependencies.js';

requireNode();
await provideDependencies(fileURLToPath(new URL('../', import.meta.url)).replace(/[\\/]$/, ''));
const { register } = await import('tsx/esm/api');
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
await import(new URL('../bench/bench.ts', import.meta.url).href);
