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
const source = new URL('containers/configurations/policy-json-schema.ts', project);
const { POLICY_SCHEMA_FILE, policyJsonSchema } = await import(source.href);
const file = fileURLToPath(new URL(POLICY_SCHEMA_FILE, project));
await mkdir(dirname(file), { recursive: true });
await writeFile(file, policyJsonSchema());
