/** Which names are asked for, as recipients' domains and as clients' names, and how answers become a list. */
import { OUTSIDE } from '../../containers/lab/outside-domains.ts';
import type { Reach } from './findings.ts';
import { accessEntries, type Files, linesOf, networkOfKey, relayMembers } from './sources.ts';

/** Top-level names, a rule for any of which relays for a large part of the world. */
const TOP =
  'com net org edu gov info biz arpa eu de uk fr nl it es ch at jp cn ru br in us ca au io test example invalid local'.split(
    ' ',
  );

const LIMIT = { important: 500, others: 300 } as const;

const isName = (text: string) =>
  /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(text) && text.length < 200;

/** Last parts of file names, which look like domains in a text. */
const FILE_NAMES = /\.(mc|cf|m4|db|pem|conf|cfg|pl|sh|so|py|txt|html?|log|pid|sock|st|cert|key|crt|org\.\w+~)$/;

/** Names whose line or declaration is about relaying. */
export function importantNames(
  files: Files,
  maps: Parameters<typeof accessEntries>[1],
  more: readonly string[],
): string[] {
  const keys = [
    ...more,
    ...relayMembers(files).map(({ key }) => key),
    ...accessEntries(files, maps)
      .filter(({ tag }) => ['', 'to', 'connect'].includes(tag))
      .sort((a, b) => Number(/^relay/i.test(b.value)) - Number(/^relay/i.test(a.value)))
      .map(({ key }) => key),
  ];
  const names = keys
    .map((key) => key.toLowerCase().replace(/^.*@/, '').replace(/^\./, '').replace(/\.$/, ''))
    .filter((name) => isName(name) && networkOfKey(name) === undefined && !/^[\d.]+$/.test(name));
  return [...new Set(names)].slice(0, LIMIT.important);
}

/** Every name that a text of the folder mentions. */
export function mentionedNames(files: Files): string[] {
  const names = new Set<string>();
  for (const [file, { content }] of files) {
    if (/(^README\.md|relayproof\.yaml|\.(db|pem))$/.test(file) || content.subarray(0, 4096).includes(0)) {
      continue;
    }
    for (const { text } of linesOf(files, file)) {
      for (const [name] of text.toLowerCase().matchAll(/(?<![/\w.-])[a-z0-9_-]+(\.[a-z0-9_-]+)+/g)) {
        if (isName(name) && !/^[\d.]+$/.test(name) && !FILE_NAMES.test(name)) {
          names.add(name);
        }
      }
    }
  }
  return [...names].slice(0, LIMIT.others);
}

const ancestorsOf = (name: string): string[] => {
  const labels = name.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
};

/** A name below another, that no file names. */
export const below = (name: string): string => `rp-sweep.${name}`;

/** The names to ask for: those given, what lies above them, what looks like the important ones, and top-level names. */
export function candidates(important: readonly string[], others: readonly string[]): string[] {
  const outside: string[] = Object.values(OUTSIDE);
  const lookalikes = important.flatMap((name) => [`not${name}`, `${name}.stranger.invalid`]);
  const all = [...important, ...others, ...outside, ...lookalikes];
  return [...new Set([...all, ...all.flatMap(ancestorsOf), ...TOP])];
}

export const covers = (domains: readonly string[], name: string): boolean =>
  domains.some((domain) => {
    const one = domain.toLowerCase().replace(/\.$/, '');
    return name === one || name.endsWith(`.${one}`);
  });

/**
 * The undeclared part of what relays, each name once: what lies below a name that relays with all below it is left out.
 * `own` names relay by themselves, whatever the configuration.
 */
export function undeclared(
  reaches: ReadonlyMap<string, Reach>,
  declared: readonly string[],
  own: readonly string[],
): Map<string, Reach> {
  const kept = new Map<string, Reach>();
  const byDepth = [...reaches].sort(([a], [b]) => a.split('.').length - b.split('.').length || (a < b ? -1 : 1));
  for (const [name, { self, below: all }] of byDepth) {
    const reach = { self: self && !own.includes(name), below: all };
    const known = ancestorsOf(name).some((above) => kept.get(above)?.below === true);
    if ((reach.self || reach.below) && !known && !covers(declared, name)) {
      kept.set(name, reach);
    }
  }
  return kept;
}
