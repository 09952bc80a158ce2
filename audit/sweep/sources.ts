/** The lines of a configuration's files that can let somebody relay: what they name, and where they stand. */
import type { ConfigurationFile } from '../../containers/configurations/configuration.ts';
import type { TargetFacts } from '../../containers/target/target-facts.ts';
import { addressToNumber, type Network, networkAround, parseNetwork } from './ip.ts';

export type Files = ReadonlyMap<string, ConfigurationFile>;

/** A line of a file, counted from 1. */
export type SourceLine = { file: string; line: number; text: string };

/** An entry of the access map. `tag` is in lower case and empty where there is none, and so is `key`. */
export type AccessEntry = SourceLine & { tag: string; key: string; value: string };

/** A member of class R: it may be relayed to, and a client of that name or network may relay. */
export type RelayMember = SourceLine & { key: string };

const ROOT = '/etc/mail/';

export const inFolder = (path: string): string => (path.startsWith(ROOT) ? path.slice(ROOT.length) : path);

export function linesOf(files: Files, file: string): SourceLine[] {
  const content = files.get(file)?.content.toString('latin1') ?? '';
  return content.split(/\r?\n/).map((text, index) => ({ file, line: index + 1, text }));
}

const written = (line: SourceLine) => !/^\s*(#|$)/.test(line.text);

/** Entries of the access map's text, under whatever name the configuration has it. */
export function accessEntries(files: Files, maps: TargetFacts['maps']): AccessEntry[] {
  const path = maps.find(({ name }) => name === 'access')?.path;
  return linesOf(files, path === undefined ? 'access' : inFolder(path))
    .filter(written)
    .flatMap((line) => {
      const [, whole, value] = /^\s*(\S+)\s+(.*?)\s*$/.exec(line.text) ?? [];
      if (whole === undefined || value === undefined) {
        return [];
      }
      // IPv6: is no tag but part of an address.
      const [, tag = '', key = ''] = /^(?:(?!ipv6:)([a-z_]+):)?(.*)$/i.exec(whole) ?? [];
      return [{ ...line, tag: tag.toLowerCase(), key: key.toLowerCase(), value }];
    });
}

/** Whether what m4 reads of a line goes as far as a place in it. */
const effective = (text: string, at: number) => !/^\s*#/.test(text) && !/\bdnl\b/.test(text.slice(0, at));

export type MacroCall = SourceLine & { macro: string; argument: string };

/** Calls of m4 macros, with their first argument. */
export function macroCalls(files: Files, ...names: string[]): MacroCall[] {
  const file = 'sendmail.mc';
  const content = files.get(file)?.content.toString('latin1') ?? '';
  const lines = content.split('\n');
  return [...content.matchAll(new RegExp(`\\b(${names.join('|')})\\(\\s*\`?([^'),]*)`, 'g'))].flatMap((match) => {
    const before = content.slice(0, match.index).split('\n');
    const text = lines[before.length - 1] ?? '';
    return effective(text, before.at(-1)?.length ?? 0)
      ? [{ file, line: before.length, text: text.trim(), macro: match[1] ?? '', argument: (match[2] ?? '').trim() }]
      : [];
  });
}

/** Files that class R is read from. */
function relayFiles(files: Files): string[] {
  const named = [
    ...macroCalls(files, 'RELAY_DOMAIN_FILE', 'VIRTUSER_DOMAIN_FILE').map(({ argument }) => argument),
    ...[...(files.get('sendmail.mc')?.content.toString('latin1') ?? '').matchAll(/`confCR_FILE'\s*,\s*`([^']+)'/g)].map(
      (match) => match[1] ?? '',
    ),
    ...(files.has('sendmail.mc') ? [] : linesOf(files, 'sendmail.cf'))
      .map(({ text }) => /^F(?:R|\{VirtHost\})(.*)$/.exec(text)?.[1] ?? '')
      .filter((path) => path !== ''),
  ];
  const paths = named.map((text) => inFolder(/\/\S+/.exec(text)?.[0] ?? '')).filter((path) => path !== '');
  return [...new Set(['relay-domains', ...paths])];
}

/** Members of class R as the files name them. */
export function relayMembers(files: Files): RelayMember[] {
  const ofFiles = relayFiles(files).flatMap((file) =>
    linesOf(files, file)
      .filter(written)
      .map((line) => ({ ...line, key: (line.text.trim().split(/\s+/)[0] ?? '').toLowerCase() })),
  );
  const split = <T extends SourceLine>(line: T, words: string): RelayMember[] =>
    words
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => ({ file: line.file, line: line.line, text: line.text, key: word.toLowerCase() }));
  const ofMacros = macroCalls(files, 'RELAY_DOMAIN', 'VIRTUSER_DOMAIN').flatMap((call) => split(call, call.argument));
  const ofClass = (files.has('sendmail.mc') ? [] : linesOf(files, 'sendmail.cf')).flatMap((line) =>
    split(line, /^C(?:R|\{R\}|\{VirtHost\})(.*)$/.exec(line.text)?.[1] ?? ''),
  );
  return [...ofFiles, ...ofMacros, ...ofClass];
}

/**
 * The network that a key of the access map or a member of class R stands for: leading octets, or leading groups behind
 * `IPv6:`, with a dot or a colon at most behind them. CIDR, which sendmail does not know, is read as what was meant.
 */
export function networkOfKey(key: string): Network | undefined {
  const text = key.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  try {
    if (/^\d{1,3}(\.\d{1,3}){0,3}\.?$/.test(text)) {
      const octets = text.replace(/\.$/, '').split('.');
      const full = [...octets, ...new Array<string>(4 - octets.length).fill('0')].join('.');
      return networkAround(addressToNumber(full), octets.length * 8, 4);
    }
    if (/^[\d.]+\/\d+$/.test(text)) {
      return parseNetwork(text);
    }
    const six = /^(?:ipv6:)?([0-9a-f:]+(?:\/\d+)?)$/.exec(text)?.[1];
    if (six === undefined || !(six.includes(':') || text.startsWith('ipv6:'))) {
      return undefined;
    }
    if (six.includes('::') || six.includes('/')) {
      return parseNetwork(six);
    }
    const groups = six.replace(/:$/, '').split(':');
    const full = [...groups, ...new Array<string>(8 - groups.length).fill('0')].join(':');
    return networkAround(addressToNumber(full), groups.length * 16, 6);
  } catch {
    return undefined;
  }
}
