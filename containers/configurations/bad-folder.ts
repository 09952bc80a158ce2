/** For tests of folders: makes one, and answers how reading it fails. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { EXIT, Failure } from '../../audit/failure.ts';
import { readConfigurationFolder } from './folder.ts';

/** Makes files in a folder, which is made too, and answers with its path. */
export function makeFolder(path: string, files: Record<string, string | Buffer>): string {
  mkdirSync(path, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

/** The failure that reading a bad folder ends with. */
export async function failureOf(path: string): Promise<Failure> {
  const error = await readConfigurationFolder(path).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({ code: 'BAD_CONFIGURATION', exitStatus: EXIT.configuration });
  expect((error as Failure).advice).not.toBe('');
  return error as Failure;
}
