/** What all attempts of a stranger have in common, from outside to outside. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';

export type Draft = Omit<Attempt, 'suite'>;

export const blocked = {
  requirement:
    'A server MUST refuse to relay a stranger’s message from outside to outside, in whatever form it is addressed.',
  clauses: [clauses.restrictRelay, clauses.refuseRelay, clauses.noOpenRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Attempt>;

export const remedy =
  'Remove what lets strangers relay: FEATURE(`promiscuous_relay’), an access entry "… RELAY" or a line in relay-domains ' +
  'that is too wide, a Local_check_rcpt rule that answers $#OK. Who may send should authenticate. Whoever sent that way ' +
  'till now is refused then: the log has their names.';
