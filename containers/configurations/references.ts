/** The six bundled configurations that must be compliant. */
import { fileURLToPath } from 'node:url';
import type { Configuration } from './configuration.ts';
import { readConfigurationFolder } from './folder.ts';

export const referenceNames = [
  'pop-before-smtp',
  'pop-before-smtp-procmail',
  'smtp-auth',
  'smtp-auth-procmail',
  'both',
  'both-procmail',
] as const;

export type ReferenceName = (typeof referenceNames)[number];

export function readReference(name: ReferenceName): Promise<Configuration> {
  return readConfigurationFolder(fileURLToPath(new URL(`./references/${name}`, import.meta.url)), 'reference');
}
