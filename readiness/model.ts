/** The result of `relayproof readiness` as `--json` prints it. Every other form is a pure function of it. */
import { z } from 'zod';
import { READINESS_SCHEMA_VERSION } from './schema-version.ts';

/**
 * `ready`: relays with AUTH only. `mixed`: with AUTH, and by POP authorisation. `not-ready`: by POP authorisation only.
 * `silent`: relays nothing.
 */
export const userVerdicts = ['ready', 'mixed', 'not-ready', 'silent'] as const;
export const readinessVerdicts = ['ready', 'not-ready', 'inconclusive'] as const;

const time = z.iso.datetime({ precision: 3 }).describe('UTC');
const count = z.int().nonnegative();

export const userAddress = z.object({
  address: z.string(),
  last: time,
  popLogins: count,
  popRelayed: count,
  authenticated: count,
  /** Several users had authorised it at the same time: what came from there may be any of them. */
  ambiguous: z.boolean(),
});

export const user = z.object({
  user: z.string(),
  /** Other spellings that were taken for the same user. */
  alsoKnownAs: z.array(z.string()),
  /** Messages relayed without AUTH, from an address that he had authorised. */
  popRelayed: count,
  /** Of these, messages from addresses that somebody else had authorised too. */
  popRelayedAmbiguous: count,
  /** Messages relayed in sessions with AUTH. */
  authenticated: count,
  lastPopRelayed: time.nullable(),
  lastAuthenticated: time.nullable(),
  popLogins: count,
  lastPopLogin: time.nullable(),
  authSessions: count,
  mechanisms: z.array(z.string()),
  /** TLS versions of his sessions with AUTH; `none` for sessions without TLS. */
  tls: z.array(z.string()),
  /** Those used last, latest first. */
  addresses: z.array(userAddress),
  moreAddresses: z.boolean(),
  verdict: z.enum(userVerdicts),
});

export const unexplained = z.object({
  address: z.string(),
  messages: count,
  first: time,
  last: time,
  /** `no-login`: nobody had logged in over POP from there. `expired`: somebody had, but too long ago. */
  reason: z.enum(['no-login', 'expired']),
  lastPopLogin: z.object({ user: z.string(), at: time }).nullable(),
});

export const day = z.object({
  day: z.iso.date(),
  popRelayed: count,
  authenticated: count,
  unexplained: count,
});

export const logFile = z.object({
  name: z.string(),
  compression: z.enum(['none', 'gzip', 'xz', 'zstd', 'bzip2']),
  lines: z.object({ read: count, used: count, skipped: count }),
  damaged: z.string().optional(),
  remark: z.string().optional(),
});

export const readiness = z.object({
  schemaVersion: z.literal(READINESS_SCHEMA_VERSION),
  verdict: z.enum(readinessVerdicts),
  reasons: z.array(z.string()),
  exitStatus: z.int(),
  tool: z.object({ name: z.string(), version: z.string() }),
  options: z.object({
    lifetimeSeconds: z.number(),
    timezone: z.string(),
    year: z.int().nullable(),
    trusted: z.array(z.string()),
    relayTo: z.array(z.string()),
    realms: z.array(z.string()),
    imap: z.boolean(),
  }),
  users: z.array(user),
  unexplained: z.array(unexplained),
  /** Messages from addresses beyond those that are listed. */
  unexplainedElsewhere: count,
  period: z.object({ from: time.nullable(), to: time.nullable() }),
  days: z.array(day),
  totals: z.object({
    users: z.object({ ready: count, mixed: count, 'not-ready': count, silent: count }),
    messages: count,
    popLogins: count,
    popRelayed: count,
    authenticated: count,
    unexplained: count,
    /** From trusted networks. */
    trusted: count,
    /** Sent on by an alias, a .forward file or a table of the server’s. */
    forwarded: count,
    /** With AUTH, but the line that says who is not in the logs. */
    authenticatedUnknown: count,
    /** Deliveries to outside of messages whose beginning is not in the logs. */
    withoutBeginning: count,
  }),
  popServers: z.array(z.object({ name: z.string(), logins: count })),
  lines: z.object({
    read: count,
    used: count,
    skipped: count,
    skippedBecause: z.object({ other: count, withoutTime: count, tooLong: count }),
    invalidUtf8: count,
    outOfOrder: count,
    clockJumps: count,
  }),
  logs: z.array(logFile),
  /** What is not known, and what a reader should know. */
  notes: z.array(z.string()),
});

export type Readiness = z.infer<typeof readiness>;
export type ReadinessUser = z.infer<typeof user>;
/** Users who need not be in memory all at once. */
export type ReadinessUsers = Iterable<ReadinessUser> & { readonly length: number };
/** What the program makes: the same as what is read from its JSON, but for that. */
export type ReadinessResult = Omit<Readiness, 'users'> & { users: ReadinessUsers };
export type UserVerdict = (typeof userVerdicts)[number];
