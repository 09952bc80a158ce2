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

const WITH_PROCMAIL = '-procmail';

export async function readReference(name: ReferenceName): Promise<Configuration> {
  const folder = fileURLToPath(new URL(`./references/${name}`, import.meta.url));
  const configuration = await readConfigurationFolder(folder, 'reference');
  return name.endsWith(WITH_PROCMAIL)
    ? { ...configuration, twinOf: name.slice(0, -WITH_PROCMAIL.length) }
    : configuration;
}
