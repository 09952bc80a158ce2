/** What the attempts on delivery agents have in common. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

export type Draft = Omit<Attempt, 'suite'>;

/** A stranger’s message to a local user. */
export const toAUser = (more: Partial<Scene> = {}): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{account}@{L}>',
  destination: 'mailbox',
  ...more,
});

export const arrives = {
  clauses: [clauses.postalDuty],
  level: 'must',
  effect: 'inbound',
  applies: {},
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Draft>;

export const staysInside = {
  clauses: [clauses.restrictRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['rcpt'],
  aliases: [],
} as const satisfies Partial<Draft>;
