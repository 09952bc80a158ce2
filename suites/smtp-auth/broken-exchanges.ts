/** Exchanges that do not come to their end, or are none: the session must be as good as one without. */
import type { Mechanism } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import { block, type Draft, message, overTls, say, strangerScene } from './forms.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Longer than any line that a mechanism needs (RFC 4954 section 4 has 12,288 octets for sufficient). */
const OVERLONG = base64('x'.repeat(12_000));

type Exchange = {
  name: string;
  title: string;
  lines: readonly string[];
  mechanism?: Mechanism;
};

const endsIt = 'sendmail ends the session at such a line, whatever it would have relayed';

const exchanges: readonly Exchange[] = [
  { name: 'bad-base64', title: 'an initial response that is no base64', lines: ['AUTH PLAIN {u}!'] },
  { name: 'bad-base64-response', title: 'a response that is no base64', lines: ['AUTH PLAIN', '%%%%'] },
  { name: 'padding-inside', title: 'base64 with its padding in the middle', lines: ['AUTH PLAIN AAA=BBBB'] },
  { name: 'cancelled', title: 'PLAIN, cancelled', lines: ['AUTH PLAIN', '*'] },
  {
    name: 'cancelled-after-user',
    title: 'LOGIN, cancelled after a user name',
    lines: ['AUTH LOGIN', base64('alice'), '*'],
    mechanism: 'LOGIN',
  },
  { name: 'cancelled-cram-md5', title: 'CRAM-MD5, cancelled', lines: ['AUTH CRAM-MD5', '*'], mechanism: 'CRAM-MD5' },
  {
    name: 'cancelled-scram',
    title: 'SCRAM-SHA-256, cancelled',
    lines: ['AUTH SCRAM-SHA-256', '*'],
    mechanism: 'SCRAM-SHA-256',
  },
  { name: 'empty-initial-response', title: 'an initial response of no octets', lines: ['AUTH PLAIN ='] },
  { name: 'empty-response', title: 'an empty line for a response', lines: ['AUTH PLAIN', ''] },
  { name: 'empty-answers', title: 'LOGIN with two empty answers', lines: ['AUTH LOGIN', '', ''], mechanism: 'LOGIN' },
  {
    name: 'no-password-field',
    title: 'PLAIN with a user and nothing behind him',
    lines: [`AUTH PLAIN ${base64('\0alice')}`],
  },
  { name: 'one-nul', title: 'PLAIN with a NUL alone', lines: ['AUTH PLAIN AA=='] },
  { name: 'command-for-a-response', title: 'RSET where a response is due', lines: ['AUTH PLAIN', 'RSET'] },
  {
    name: 'more-parameters',
    title: 'more parameters than AUTH has',
    lines: [`AUTH PLAIN ${base64('\0alice\0x')} {u}`],
  },
  { name: 'overlong-response', title: 'an initial response of 16,000 octets', lines: [`AUTH PLAIN ${OVERLONG}`] },
  { name: 'no-mechanism', title: 'AUTH without a mechanism', lines: ['AUTH'] },
  { name: 'unoffered-mechanism', title: 'a mechanism that is not offered', lines: ['AUTH NTLM', 'AUTH X-NONE'] },
];

export const brokenExchanges: Draft[] = exchanges.map(
  ({ name, title, lines, mechanism = 'PLAIN' }): Draft => ({
    ...block,
    id: `smtp-auth/${name}`,
    title: `${title}, then a message to outside`,
    requirement: 'After an exchange that did not succeed the server MUST behave as if there had been none.',
    clauses: [clauses.authFailure, clauses.authMechanisms],
    applies: { offered: mechanism },
    // A line beyond all bounds may end the session instead.
    ...(name === 'overlong-response' ? { deferredWith: [421], noControl: endsIt } : {}),
    remedy: 'Look for a rule that relays without asking $&{auth_type}: no exchange came to its end here.',
    ...(['bad-base64', 'cancelled', 'unoffered-mechanism'].includes(name) ? {} : { ofProduct: true }),
    scene: strangerScene({ session: [...overTls, ...say(...lines), ...message] }),
  }),
);
