/** The form of the result as a JSON Schema, for programs that read it. */
import { z } from 'zod';
import { readiness } from './model.ts';
import { READINESS_SCHEMA_VERSION } from './schema-version.ts';

export const READINESS_SCHEMA_FILE = 'schemas/readiness.schema.json';

/** The content of the schema’s file. Fields that a later version of the same number adds are allowed. */
export function readinessJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(readiness, { io: 'input', target: 'draft-2020-12', reused: 'ref' });
  return `${JSON.stringify({ $schema, $id: `urn:relayproof:readiness:${READINESS_SCHEMA_VERSION}`, ...rest }, null, 2)}\n`;
}
