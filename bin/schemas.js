#!/usr/bin/env node
// A part of `npm run docs`: writes the JSON Schemas that are published, on dependencies that are known to be there.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideDependencies, requireNode } from './dependencies.js';

requireNode();
const project = new URL('../', import.meta.url);
await provideDependencies(fileURLToPath(project).replace(/[\\/]$/, ''));
const { register } = await import('tsx/esm/api');
register({ tsconfig: fileURLToPath(new URL('tsconfig.json', project)) });
const from = async (path) => await import(new URL(path, project).href);
const { POLICY_SCHEMA_FILE, policyJsonSchema } = await from('containers/configurations/policy-json-schema.ts');
const { REPORT_SCHEMA_FILE, reportJsonSchema } = await from('reports/json-schema.ts');
const { READINESS_SCHEMA_FILE, readinessJsonSchema } = await from('readiness/json-schema.ts');
const { COMPARISON_SCHEMA_FILE, comparisonJsonSchema } = await from('reports/comparison/json-schema.ts');
for (const [path, content] of [
  [POLICY_SCHEMA_FILE, policyJsonSchema()],
  [REPORT_SCHEMA_FILE, reportJsonSchema()],
  [READINESS_SCHEMA_FILE, readinessJsonSchema()],
  [COMPARISON_SCHEMA_FILE, comparisonJsonSchema()],
]) {
  const file = fileURLToPath(new URL(path, project));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
