/** `relayproof.yaml`: what a configuration is meant to allow. */
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Failure } from '../../audit/failure.ts';
import { authModes } from '../../reports/model.ts';

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

const duration = z
  .string()
  .regex(/^[1-9]\d*[smhd]$/, 'expected a number and a unit (s, m, h or d), like 30m')
  .transform((text) => Number(text.slice(0, -1)) * seconds[text.slice(-1) as keyof typeof seconds]);

const day = z.union([z.string(), z.date().transform((date) => date.toISOString().slice(0, 10))]).pipe(
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date like 2027-01-31')
    .refine((text) => !Number.isNaN(Date.parse(text)), 'there is no such day'),
);

/** An IPv4 or IPv6 network in CIDR form. */
const network = z.union([z.cidrv4(), z.cidrv6()], { error: 'expected a network like 203.0.113.0/24 or 2001:db8::/32' });

/** A whole top-level domain is never meant: it would be relayed to for everybody under it. */
const domain = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+\.?$/i, 'expected a domain with at least two labels, like partner.example');

const policySchema = z.strictObject({
  mode: z.enum(authModes).optional(),
  trusted: z
    .strictObject({ networks: z.array(network).default([]), hosts: z.array(domain).default([]) })
    .default({ networks: [], hosts: [] }),
  relayTo: z.array(domain).default([]),
  popAuthorization: z
    .strictObject({
      map: z
        .string()
        .regex(/^(hash|btree) \/\S+$/, 'expected a type (hash or btree) and a path, like hash /etc/mail/drac')
        .default('hash /etc/mail/drac'),
      lifetime: duration.default(1800),
    })
    .default({ map: 'hash /etc/mail/drac', lifetime: 1800 }),
  /** What labels of somebody's own image may say as well (docs/own-image.md). */
  image: z
    .strictObject({
      hostName: domain.optional(),
      localDomains: z.array(domain).optional(),
      users: z.array(z.string().regex(/^[\w.+-]+$/, 'expected a local user’s name')).optional(),
    })
    .optional(),
  waivers: z.array(z.strictObject({ attempt: z.string(), reason: z.string().min(1), expires: day })).default([]),
});

/** Lifetimes are in seconds. */
export type Policy = z.output<typeof policySchema>;

export const defaultPolicy: Policy = policySchema.parse({});

/**
 * Reads the text of a `relayproof.yaml`.
 *
 * @throws Failure BAD_CONFIGURATION with file, line and column of the first mistake
 */
export function parsePolicy(text: string, file: string): Policy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const syntax = document.errors[0];
  if (syntax) {
    throw new Failure('BAD_CONFIGURATION', `${at(syntax.pos[0])}: ${syntax.message}`, 'Correct the YAML.');
  }
  let content: unknown;
  try {
    content = document.toJS() ?? {};
  } catch (error) {
    // An alias without its anchor, or so many of them that they are an attack.
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure('BAD_CONFIGURATION', `${file}: ${why}`, 'Write the value out instead of an alias.');
  }
  const parsed = policySchema.safeParse(content);
  if (parsed.success) {
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const path = [...(issue?.path ?? [])] as (string | number)[];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  // The node that is wrong, or, where it is missing, the nearest one around it.
  let node: unknown;
  for (let depth = path.length; depth >= 0 && !node; depth--) {
    node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
  }
  const offset = (unknown === undefined ? undefined : keyOffset(node, unknown)) ?? rangeStart(node) ?? 0;
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  const what = unknown === undefined ? issue?.message : `unknown key "${unknown}"`;
  throw new Failure(
    'BAD_CONFIGURATION',
    `${at(offset)}: ${where}${what}`,
    'The keys are mode, trusted, relayTo, popAuthorization, image and waivers; docs/configuration-folder.md describes them.',
  );
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] } | null)?.range?.[0];
}

function keyOffset(node: unknown, key: string): number | undefined {
  const items = (node as { items?: { key?: unknown }[] } | null)?.items ?? [];
  const pair = items.find((item) => String(item.key) === key);
  return rangeStart(pair?.key);
}
