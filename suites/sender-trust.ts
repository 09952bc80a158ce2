/** A stranger who claims a sender address of the house: MAIL FROM is forgeable, and must authorise nothing. */

import { defineSuite, ports } from './attempt.ts';
import { clauses } from './clauses.ts';

const senders = [
  { id: 'local-account', form: 'an existing local account', from: '<{account}@{L}>' },
  { id: 'local-unknown', form: 'an unknown local user', from: '<{u}@{L}>' },
  { id: 'local-root', form: 'root at the local domain', from: '<root@{L}>' },
  { id: 'host-postmaster', form: 'postmaster at the host name', from: '<postmaster@{H}>' },
  { id: 'local-subdomain', form: 'a user under a subdomain of the local domain', from: '<{u}@sub.{L}>' },
];

export const senderTrust = defineSuite(
  'sender-trust',
  'Sender trust: a stranger who claims a local sender',
  senders.flatMap(({ id, form, from }) =>
    ports.map(({ port, suffix, where }) => ({
      id: `sender-trust/${id}${suffix}`,
      title: `forged sender: ${form}, ${where}`,
      requirement: 'A server MUST NOT relay to outside because the envelope sender is one of its own addresses.',
      clauses: [clauses.restrictRelay, clauses.senderProvesNothing],
      level: 'must' as const,
      effect: 'leak' as const,
      applies: {},
      expected: 'block' as const,
      refusedIn: ['mail' as const, 'rcpt' as const],
      remedy:
        'Remove FEATURE(`relay_local_from’) and FEATURE(`relay_mail_from’): anybody can write any sender. Users who are ' +
        'away authenticate instead.',
      aliases: [],
      scene: {
        family: 'ipv4' as const,
        port,
        tls: false,
        mailFrom: from,
        rcptTo: '<{u}@{E}>',
        destination: 'sink' as const,
      },
    })),
  ),
);
