/** `relayproof.yaml`: what a configuration is meant to allow. */
import type { YAMLError } from 'yaml';
import type { z } from 'zod';
import { Failure } from '../../audit/failure.ts';
import { nearest } from '../../audit/nearest.ts';
import { sameDomain } from './declared-domain.ts';
import { readDeclaredNetwork, wholeFamily } from './declared-network.ts';
import { PolicyText } from './policy-places.ts';
import { type Policy, policySchema } from './policy-schema.ts';

export type { Policy } from './policy-schema.ts';

export const defaultPolicy: Policy = policySchema.parse({});

type Path = (string | number)[];
/** `key`: the key in the value at the path that the mistake is about. */
type Mistake = { path: Path; message: string; key?: string };
type Placed = { offset: number; message: string };

const keys: Record<string, string[]> = {
  '': ['mode', 'trusted', 'relayTo', 'popAuthorization', 'waivers'],
  trusted: ['networks', 'hosts'],
  popAuthorization: ['map', 'lifetime'],
  waivers: ['attempt', 'reason', 'expires'],
};

function unknownKey(path: Path, key: string): Mistake {
  const section = String(path[0] ?? '');
  const home = Object.keys(keys).find((one) => one !== section && keys[one]?.includes(key));
  const like = nearest(key, keys[section] ?? []);
  const where = home === undefined ? undefined : home === '' ? 'it belongs to the top' : `it belongs into ${home}`;
  const hint = where ?? (like === undefined ? undefined : `did you mean ${like}?`);
  return { path, key, message: `unknown key "${key}"${hint === undefined ? '' : `: ${hint}`}` };
}

const within = (content: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], content);

function fromIssue(issue: z.core.$ZodIssue, content: unknown): Mistake[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key));
  }
  const missing = within(content, path) === undefined && path.length > 0;
  return [{ path, message: missing ? 'it is missing, and required' : issue.message }];
}

const list = (content: unknown, ...path: Path): unknown[] => {
  const value = within(content, path);
  return Array.isArray(value) ? value : [];
};

/** Entries that say what another one before them says. */
function repeated(
  entries: unknown[],
  path: Path,
  same: (entry: unknown) => string | undefined,
  inside: Path = [],
): Mistake[] {
  const seen = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const key = same(entry);
    if (key === undefined) {
      return [];
    }
    const before = seen.get(key);
    seen.set(key, before ?? index);
    return before === undefined
      ? []
      : [{ path: [...path, index, ...inside], message: `the same as ${[...path, before].join('.')}` }];
  });
}

const networkOf = (entry: unknown) => {
  const read = typeof entry === 'string' ? readDeclaredNetwork(entry) : undefined;
  return read && 'network' in read ? read.network : undefined;
};

/** What no single value shows. */
function betweenEntries(content: unknown): Mistake[] {
  const networks = list(content, 'trusted', 'networks');
  const whole = wholeFamily(networks.flatMap((entry) => networkOf(entry) ?? []));
  const domain = (entry: unknown) => (typeof entry === 'string' ? sameDomain(entry) : undefined);
  return [
    ...repeated(networks, ['trusted', 'networks'], (entry) => {
      const network = networkOf(entry);
      return network && `${network.family} ${network.base}/${network.length}`;
    }),
    ...repeated(list(content, 'trusted', 'hosts'), ['trusted', 'hosts'], domain),
    ...repeated(list(content, 'relayTo'), ['relayTo'], domain),
    ...repeated(
      list(content, 'waivers'),
      ['waivers'],
      (entry) => {
        const attempt = (entry as { attempt?: unknown } | null)?.attempt;
        return typeof attempt === 'string' ? attempt : undefined;
      },
      ['attempt'],
    ),
    ...(whole ? [{ path: ['trusted', 'networks'], message: `together these are all of IPv${whole}: everybody` }] : []),
  ];
}

/** A mistake in the YAML itself. */
function fromSyntax(error: YAMLError, text: string): Placed {
  const [offset, end] = error.pos;
  if (error.code !== 'DUPLICATE_KEY') {
    return { offset, message: error.message };
  }
  const key = /^["']?([^"':\n]*)/.exec(text.slice(offset, Math.max(end, offset + 80)))?.[1]?.trim() ?? '';
  return { offset, message: `the key "${key}" stands twice: keys must be unique` };
}

function failure(places: PolicyText, mistakes: Placed[], advice: string): Failure {
  const lines = [
    ...new Set(
      mistakes.sort((a, b) => a.offset - b.offset).map(({ offset, message }) => `${places.at(offset)}: ${message}`),
    ),
  ];
  const [first = '', ...others] = lines;
  return new Failure(
    'BAD_CONFIGURATION',
    first,
    others.length === 0 ? advice : `These are all mistakes in it. ${advice}`,
    {
      output: others,
    },
  );
}

/**
 * Reads the text of a `relayproof.yaml`.
 *
 * @throws Failure BAD_CONFIGURATION with file, line and column of every mistake: the first is the message, the others
 * are its output
 */
export function parsePolicy(text: string, file: string): Policy {
  const places = new PolicyText(text, file);
  const { errors, warnings } = places.document;
  const syntax = [...errors, ...warnings].map((error) => fromSyntax(error, text));
  // Where the YAML itself is broken, what it means is a guess, and mistakes in that would be about the guess.
  if (errors.some(({ code }) => code !== 'DUPLICATE_KEY')) {
    throw failure(places, syntax, 'Correct the YAML.');
  }
  let content: unknown;
  try {
    content = places.document.toJS() ?? {};
  } catch (error) {
    // An alias without its anchor, or so many of them that they are an attack.
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure('BAD_CONFIGURATION', `${file}: ${why}`, 'Write the value out instead of an alias.');
  }
  const parsed = policySchema.safeParse(content);
  const mistakes = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => fromIssue(issue, content))),
    ...betweenEntries(content),
  ];
  if (parsed.success && mistakes.length === 0 && syntax.length === 0) {
    return parsed.data;
  }
  const placed = mistakes.map(({ path, message, key }) => ({
    offset: places.offsetOf(path, key),
    message: `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`,
  }));
  throw failure(
    places,
    [...syntax, ...placed],
    'The keys are mode, trusted, relayTo, popAuthorization, image and waivers; docs/configuration-folder.md describes them.',
  );
}
