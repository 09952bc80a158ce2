/** The form of `relayproof.yaml` as a JSON Schema, by which editors complete and check it. */
import { z } from 'zod';
import { policySchema } from './policy-schema.ts';

export const POLICY_SCHEMA_FILE = 'schemas/relayproof.yaml.schema.json';

/** The content of the schema's file. What a pattern cannot say, such as host bits or a public suffix, the parser sees alone. */
export function policyJsonSchema(): string {
  const schema = z.toJSONSchema(policySchema, {
    io: 'input',
    target: 'draft-2020-12',
    // A date without quotes is a string to editors.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'pipe' && jsonSchema.anyOf) {
        delete jsonSchema.anyOf;
        Object.assign(jsonSchema, { type: 'string', format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
      }
    },
  });
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, $id: 'urn:relayproof:relayproof.yaml', ...rest }, null, 2)}\n`;
}
