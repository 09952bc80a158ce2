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

/** A name that can be a mail server's: several labels, and not one that every machine has. */
const isHostName = (name: string) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name) && !/^localhost\./i.test(name);

/** What is defined last counts; a comment defines nothing. */
function lastOf(content: string, pattern: RegExp): string | undefined {
  const lines = content.split(/\r?\n/).filter((line) => !/^\s*(dnl\b|#)/.test(line));
  return lines.flatMap((line) => pattern.exec(line)?.[1] ?? []).at(-1);
}

/**
 * The host name: `confDOMAIN_NAME`, or `Dj` of a macro file or a sendmail.cf, or `Dw` and `Dm` together, else `mail.` and
 * the first local host name.
 */
export function declaredHostName(files: ReadonlyMap<string, ConfigurationFile>): string | undefined {
  const macros = text(files, 'sendmail.mc');
  const content = macros === '' ? text(files, 'sendmail.cf') : macros;
  const line = (name: string) =>
    lastOf(content, new RegExp(`^D${name}([A-Za-z0-9.-]+)(?:\\s|dnl|$)`))?.replace(/dnl$/, '');
  const [host, domain] = [line('w'), line('m')];
  const candidates = [
    lastOf(content, /^\s*define\(\s*`confDOMAIN_NAME'\s*,\s*`([A-Za-z0-9.-]+)'/),
    line('j'),
    host && domain ? `${host.split('.')[0]}.${domain}` : host,
    ...listedNames(text(files, 'local-host-names'))
      .filter(isHostName)
      .map((name) => `mail.${name}`),
  ];
  return candidates.find((name) => name !== undefined && isHostName(name));
}

/** The host name that the configuration says, else a name of the lab's own. */
export function hostNameOf(files: ReadonlyMap<string, ConfigurationFile>): string {
  return declaredHostName(files) ?? 'mail.subject.example';
}
