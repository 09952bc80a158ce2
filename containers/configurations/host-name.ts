/** What a configuration says of its own names, read from its text: the target needs them before it can compile anything. */
import type { ConfigurationFile } from './configuration.ts';

const text = (files: ReadonlyMap<string, ConfigurationFile>, path: string) =>
  files.get(path)?.content.toString('latin1') ?? '';

/** The first word of each line that is no comment. */
export function listedNames(content: string): string[] {
  return content
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0] ?? '')
    .filter((word) => word !== '');
}

/** The host name: `confDOMAIN_NAME`, or `Dj` of a sendmail.cf, else `mail.` and the first local host name. */
export function declaredHostName(files: ReadonlyMap<string, ConfigurationFile>): string | undefined {
  const defined = /^\s*define\(\s*`confDOMAIN_NAME'\s*,\s*`([A-Za-z0-9.-]+)'/m.exec(text(files, 'sendmail.mc'));
  if (defined?.[1] !== undefined) {
    return defined[1];
  }
  const fromCf = /^Dj([A-Za-z0-9.-]+)\s*$/m.exec(text(files, 'sendmail.cf'));
  if (fromCf?.[1] !== undefined) {
    return fromCf[1];
  }
  const first = listedNames(text(files, 'local-host-names'))[0];
  return first !== undefined && /^[A-Za-z0-9.-]+$/.test(first) ? `mail.${first}` : undefined;
}

/** The host name that the configuration says, else a name of the lab's own. */
export function hostNameOf(files: ReadonlyMap<string, ConfigurationFile>): string {
  return declaredHostName(files) ?? 'mail.subject.example';
}
