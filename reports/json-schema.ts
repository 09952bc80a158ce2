/** The form of `report.json` as a JSON Schema, for programs that read it. */
import { z } from 'zod';
import { report, SCHEMA_VERSION } from './model.ts';

export const REPORT_SCHEMA_FILE = 'schemas/report.schema.json';

/** The content of the schema's file. Fields that a later version of the same number adds are allowed. */
export function reportJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(report, {
    io: 'input',
    target: 'draft-2020-12',
    reused: 'ref',
  });
  return `${JSON.stringify({ $schema, $id: `urn:relayproof:report:${SCHEMA_VERSION}`, ...rest }, null, 2)}\n`;
}
