/** The form of `comparison.json` as a JSON Schema, for programs that read it. */
import { z } from 'zod';
import { COMPARISON_VERSION, comparison } from './model.ts';

export const COMPARISON_SCHEMA_FILE = 'schemas/comparison.schema.json';

/** The content of the schema's file. Fields that a later version of the same number adds are allowed. */
export function comparisonJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(comparison, { io: 'input', target: 'draft-2020-12', reused: 'ref' });
  return `${JSON.stringify({ $schema, $id: `urn:relayproof:comparison:${COMPARISON_VERSION}`, ...rest }, null, 2)}\n`;
}
