/**
 * Reads ci/gitlab.yml as GitLab does: inputs are put into the text, and what comes of that is YAML.
 * https://docs.gitlab.com/ci/inputs/
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { project } from './command-line.ts';

const file = join(project, 'ci/gitlab.yml');

const value = z.union([z.string(), z.array(z.string())]);
const input = z.strictObject({
  description: z.string(),
  type: z.enum(['string', 'array', 'number', 'boolean']).default('string'),
  default: value.optional(),
  options: z.array(z.string()).optional(),
  regex: z.string().optional(),
});
const header = z.strictObject({ spec: z.strictObject({ inputs: z.record(z.string(), input) }) });

// The keywords of https://docs.gitlab.com/ci/yaml/ that the job uses, and their forms.
const variable = z.union([z.string(), z.strictObject({ value: z.string(), expand: z.boolean() })]);
const job = z.strictObject({
  stage: z.string(),
  tags: z.array(z.string()),
  image: z.string(),
  services: z.array(z.strictObject({ name: z.string(), alias: z.string() })),
  variables: z.record(z.string().regex(/^[A-Z_]+$/), variable),
  script: z.array(z.string()),
  artifacts: z.strictObject({
    when: z.enum(['on_success', 'on_failure', 'always']),
    expose_as: z.string().regex(/^[\w -]+$/),
    paths: z.array(z.string()),
    reports: z.strictObject({ junit: z.string() }),
  }),
});
export type Job = z.infer<typeof job>;
export type Inputs = Record<string, string | string[]>;

export const readSpec = async () => {
  const [spec] = parseAllDocuments(await readFile(file, 'utf8'));
  return header.parse(spec?.toJS()).spec.inputs;
};

/** The job with the inputs that are given. @throws for inputs that GitLab refuses */
export async function readJob(given: Inputs): Promise<Job> {
  const inputs = await readSpec();
  const text = (await readFile(file, 'utf8')).split(/^---$/m)[1] ?? '';
  for (const name of Object.keys(given)) if (!(name in inputs)) throw new Error(`there is no input ${name}`);
  const filled = text.replaceAll(/\$\[\[\s*inputs\.([\w-]+)\s*\]\]/g, (_all, name: string) => {
    const spec = inputs[name];
    const chosen = given[name] ?? spec?.default;
    if (spec === undefined || chosen === undefined) throw new Error(`input ${name}: there is no value`);
    if (Array.isArray(chosen) !== (spec.type === 'array')) throw new Error(`input ${name}: it is no ${spec.type}`);
    if (spec.options && !spec.options.includes(String(chosen))) throw new Error(`input ${name}: none of its options`);
    if (spec.regex && !new RegExp(spec.regex).test(String(chosen))) throw new Error(`input ${name}: not as it must be`);
    return Array.isArray(chosen) ? JSON.stringify(chosen) : chosen;
  });
  return z.strictObject({ relayproof: job }).parse(parse(filled)).relayproof;
}

/** The variables as the job’s script has them. */
export function environmentOf({ variables }: Job): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, one]) => [name, typeof one === 'string' ? one : one.value]),
  );
}
