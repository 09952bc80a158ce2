/** The configuration of an audit of somebody's own image: the image, and what is laid into it. */
import { Failure } from '../../audit/failure.ts';
import type { AuthMode } from '../../reports/model.ts';
import type { Configuration } from './configuration.ts';
import { readConfigurationFolder } from './folder.ts';
import { defaultPolicy } from './policy.ts';

/** Part of a report's tables and of patterns: the last part of the image's name, without its digest. */
export function shortNameOf(image: string): string {
  const [path = ''] = image.split('@');
  const last = (path.split('/').at(-1) ?? '').replace(/:latest$/, '');
  return last.replace(/[^\w.-]+/g, '-') || 'image';
}

/**
 * @param folders at most one; what it holds is laid into /etc/mail, and its relayproof.yaml says what is meant
 * @throws Failure USAGE or BAD_CONFIGURATION
 */
export async function readOwnImage(
  image: string,
  folders: readonly string[],
  mode: AuthMode | undefined,
): Promise<Configuration> {
  if (!/^[\w][\w./:@-]*$/.test(image)) {
    throw new Failure('USAGE', `--image ${image}: not the name of an image`, 'Name it as "docker run" would.');
  }
  const [folder, more] = folders;
  if (more !== undefined) {
    throw new Failure(
      'USAGE',
      `--image ${image}: one folder can be laid into it, and ${folders.length} are named`,
      'Audit other configurations by a command of their own.',
    );
  }
  const name = shortNameOf(image);
  const own: Configuration = {
    name,
    role: 'subject',
    title: `the image ${image}`,
    files: new Map(),
    policy: defaultPolicy,
  };
  const read = folder === undefined ? own : await readConfigurationFolder(folder, 'subject', { inImage: true });
  return { ...read, name, title: own.title, image, policy: mode ? { ...read.policy, mode } : read.policy };
}
