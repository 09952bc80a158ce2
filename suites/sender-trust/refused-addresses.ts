/** Addresses that the configuration’s own access map refuses: a sender proves nothing, and may be turned away all the same. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

const scene = {
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{account}@{L}>',
  destination: 'mailbox',
  readBack: false,
} as const satisfies Scene;

const refused = {
  clauses: [clauses.restrictRelay],
  level: 'should',
  effect: 'weak',
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  // The map says in which words.
  rejectedWith: ['any'],
  aliases: [],
} as const satisfies Partial<Attempt>;

export const refusedAddresses: Omit<Attempt, 'suite'>[] = [
  {
    ...refused,
    id: 'sender-trust/refused-sender',
    title: 'a sender that the access map refuses writes to a local user',
    requirement: 'A server SHOULD refuse the senders that its access map refuses.',
    applies: { needs: 'refused-sender' },
    remedy:
      'Let FEATURE(`access_db’) name the file that is edited, with -T<TMPF>: without it a map that cannot be read refuses ' +
      'nobody, in silence.',
    scene: { ...scene, mailFrom: '<{refusedSender}>' },
  },
  {
    ...refused,
    id: 'sender-trust/refused-recipient',
    title: 'a stranger writes to a local recipient that the access map refuses',
    requirement: 'A server SHOULD refuse the recipients that its access map refuses.',
    applies: { needs: 'refused-recipient' },
    remedy: 'Add FEATURE(`blocklist_recipients’): without it To: entries of the access map refuse nobody.',
    scene: { ...scene, rcptTo: '<{refusedRecipient}>' },
  },
];
