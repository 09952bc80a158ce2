/** The form of `relayproof.yaml`; the schema for editors is made from it (see policy-json-schema.ts). */
import { z } from 'zod';
import { authModes } from '../../reports/model.ts';
import { whyNoDomain } from './declared-domain.ts';
import { readDeclaredNetwork } from './declared-network.ts';

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

const DURATION = /^[1-9]\d*[smhd]$/;
const LONGEST_LIFETIME = 30 * seconds.d;

const duration = z
  .string()
  .regex(DURATION, { error: 'expected a number and a unit (s, m, h or d), like 30m', abort: true })
  .transform((text, context) => {
    const length = Number(text.slice(0, -1)) * seconds[text.slice(-1) as keyof typeof seconds];
    if (length > LONGEST_LIFETIME) {
      context.addIssue({
        code: 'custom',
        message: `${text} is more than 30 days: by then the address is somebody else’s, and that is no POP before SMTP`,
      });
    }
    return length;
  });

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const day = z.union([z.string(), z.date().transform((date) => date.toISOString().slice(0, 10))]).pipe(
  z
    .string()
    .regex(DAY, { error: 'expected a date like 2027-01-31', abort: true })
    .refine((text) => {
      const time = Date.parse(`${text}T00:00:00Z`);
      return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
    }, 'there is no such day'),
);

const network = z.string().transform((text, context) => {
  const read = readDeclaredNetwork(text);
  if ('mistake' in read) {
    context.addIssue({ code: 'custom', message: read.mistake });
    return z.NEVER;
  }
  return read.text;
});

const domain = z.string().superRefine((text, context) => {
  const why = whyNoDomain(text);
  if (why !== undefined) {
    context.addIssue({ code: 'custom', message: why });
  }
});

const MAP = /^(hash|btree) \/[^\s\p{Cc}]*[^\s\p{Cc}/]$/u;

const map = z
  .string()
  .regex(MAP, {
    error: 'expected a type (hash or btree) and a path without blanks and control characters, like hash /etc/mail/drac',
    abort: true,
  })
  .refine((text) => !text.endsWith('.db'), 'the path is written without its ending .db, as in sendmail.mc')
  .refine((text) => text.length <= 1024, 'the path is too long');

const domainPattern = '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+\\.?$';

const waiver = z
  .strictObject({
    attempt: z
      .string()
      .min(1, 'expected an attempt’s id, alias or pattern')
      .meta({
        description: 'The attempt that may fail: its id, another of its names, or a pattern with *.',
        examples: ['transport/plaintext-auth-plain', 'transport/plaintext-auth-*'],
      }),
    reason: z
      .string()
      .refine((text) => text.trim() !== '', 'expected the reason in words')
      .meta({
        description: 'Why it is accepted; stands in the report.',
        pattern: '\\S',
      }),
    expires: day.meta({
      description: 'The last day of the waiver. From the day after, the violation counts again.',
      examples: ['2027-01-31'],
    }),
  })
  .meta({ description: 'An accepted violation.' });

export const policySchema = z
  .strictObject({
    mode: z
      .enum(authModes)
      .meta({ description: 'How users earn the right to send. Default: read from the configuration.' })
      .optional(),
    trusted: z
      .strictObject({
        networks: z
          .array(
            network.meta({
              description: 'A network in CIDR form, or an address alone.',
              examples: ['203.0.113.0/24', '2001:db8::/32'],
              pattern: '^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)(/[1-9][0-9]{0,2})?$',
            }),
          )
          .meta({ description: 'Networks that may relay.', uniqueItems: true })
          .prefault([]),
        hosts: z
          .array(
            domain.meta({
              description: 'A host’s or a domain’s name; covers what is below it.',
              pattern: domainPattern,
            }),
          )
          .meta({ description: 'Hosts that may relay, by their verified name.', uniqueItems: true })
          .prefault([]),
      })
      .meta({ description: 'Who may relay with no credential. Anybody else who can is a violation.' })
      .prefault({}),
    relayTo: z
      .array(
        domain.meta({
          description: 'A domain; covers what is below it. No public suffix.',
          examples: ['partner.example'],
          pattern: domainPattern,
        }),
      )
      .meta({
        description: 'Domains that mail is relayed to for anybody, as a backup exchanger does.',
        uniqueItems: true,
      })
      .prefault([]),
    popAuthorization: z
      .strictObject({
        map: map
          .meta({
            description:
              'Type (hash or btree) and path of the map in which a POP login leaves the client’s address. Default: the one that the rules look up.',
            pattern: '^(hash|btree) /[^\\s\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f/]$',
          })
          .optional(),
        lifetime: duration
          .meta({
            description: 'How long a login lasts: a number and s, m, h or d; at most 30 days.',
            examples: ['30m'],
            pattern: DURATION.source,
          })
          .prefault('30m'),
      })
      .meta({ description: 'POP before SMTP: where a login leaves its mark, and for how long.' })
      .prefault({}),
    image: z
      .strictObject({
        hostName: domain.meta({ description: 'The server’s name.', pattern: domainPattern }).optional(),
        localDomains: z
          .array(domain.meta({ description: 'A domain whose mail is for the server.', pattern: domainPattern }))
          .meta({ description: 'Domains whose mail is for the server.' })
          .optional(),
        users: z
          .array(
            z
              .string()
              .regex(/^[\w.+-]+$/, 'expected a local user’s name')
              .meta({ description: 'A local user, whom mail is for.', pattern: '^[A-Za-z0-9_.+-]+$' }),
          )
          .meta({ description: 'Local users, whom mail is for.' })
          .optional(),
      })
      .meta({ description: 'What labels of somebody’s own image may say as well (docs/own-image.md).' })
      .optional(),
    waivers: z.array(waiver).meta({ description: 'Accepted violations, which end on their day.' }).prefault([]),
  })
  .meta({
    title: 'relayproof.yaml',
    description: 'What a sendmail configuration is meant to allow.',
  });

/** Lifetimes are in seconds. */
export type Policy = z.output<typeof policySchema>;
