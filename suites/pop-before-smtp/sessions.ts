/** POP before SMTP: what an authorised address may send, together with AUTH, and in sessions that were open before. */
import type { PopStep } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { SmtpStep } from '../scene.ts';
import { blockedScene, blocks, type Draft, delivers, login, popModes, scene } from './draft.ts';

const envelope: SmtpStep[] = [{ do: 'mail' }, { do: 'rcpt' }, { do: 'data' }];

export const senders: Draft[] = [
  {
    ...delivers,
    id: 'pop-before-smtp/null-sender',
    title: 'POP login, then a message to outside with the null sender, as a receipt has',
    requirement: 'An authorised address SHOULD be able to send receipts, which have no sender.',
    clauses: [clauses.popBeforeSmtp, clauses.nullSender],
    level: 'should',
    remedy: 'Do not make the relaying of POP-authorised clients depend on the sender.',
    scene: scene([login], { mailFrom: '<>' }),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/outside-sender',
    title: 'POP login, then a message to outside with a sender of another domain',
    requirement: 'An authorised address SHOULD be able to send under any address of its user’s.',
    clauses: [clauses.popBeforeSmtp, clauses.senderProvesNothing],
    level: 'should',
    remedy: 'Do not make the relaying of POP-authorised clients depend on the sender.',
    scene: scene([login], { mailFrom: '<{u}@{S}>' }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/blocked-recipient',
    title: 'POP login, then a message to a local address that the access map refuses',
    requirement: 'An authorised address SHOULD have no more rights than to relay.',
    clauses: [clauses.restrictRelay],
    level: 'should',
    effect: 'weak',
    applies: { ...popModes, needs: 'refused-recipient' },
    remedy:
      'Let the POP rules answer RELAY inside Relay_ok, as FEATURE(`drac’) does. `$#OK` in Local_check_rcpt accepts with no ' +
      'further check: what blocklist_recipients refuses is accepted as well.',
    scene: blockedScene([login], { rcptTo: '<{refusedRecipient}>', destination: 'mailbox' }),
  },
];

const both = { modes: ['both'], offered: 'CRAM-MD5' } as const;

export const withAuthentication: Draft[] = [
  {
    ...delivers,
    id: 'pop-before-smtp/failed-auth-keeps-it',
    title: 'POP login, a failed AUTH, then a message to outside',
    requirement: 'A failed AUTH MUST NOT take away what the address has been authorised for.',
    clauses: [clauses.authFailure, clauses.popBeforeSmtp],
    applies: both,
    remedy: 'Do not refuse relaying in Local_Relay_Auth because of a failed AUTH.',
    scene: scene([login], { auth: { mechanism: 'CRAM-MD5', with: 'wrong-password' } }),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/login-and-auth',
    title: 'POP login and AUTH, then a message to outside',
    requirement: 'A user who has both logged in over POP and authenticated MUST be able to send to outside.',
    clauses: [clauses.authRelay, clauses.popBeforeSmtp],
    applies: both,
    remedy: 'Let either of both be enough, and neither of them be a reason to refuse.',
    scene: scene([login], { auth: { mechanism: 'CRAM-MD5', with: 'right-password' } }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/failed-auth-adds-nothing',
    title: 'a failed AUTH, then a message to outside in another session',
    requirement: 'A failed AUTH MUST NOT authorise the address.',
    clauses: [clauses.authFailure, clauses.popBeforeSmtp],
    applies: both,
    remedy: 'Let the writer act on the POP server’s own lines alone, and on those for a success.',
    scene: blockedScene([], {
      session: [
        { do: 'greet' },
        { do: 'auth', mechanism: 'CRAM-MD5', with: 'wrong-password' },
        { do: 'reconnect' },
        { do: 'greet' },
        ...envelope,
      ],
    }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/auth-is-for-its-session',
    title: 'AUTH, then a message to outside in another session without it',
    requirement: 'SMTP-AUTH MUST authorise its own session, and not the address.',
    clauses: [clauses.authRelay, clauses.popBeforeSmtp],
    applies: both,
    remedy: 'Let the writer act on the POP server’s own lines alone.',
    scene: blockedScene([], {
      session: [
        { do: 'greet' },
        { do: 'auth', mechanism: 'CRAM-MD5', with: 'right-password' },
        { do: 'reconnect' },
        { do: 'greet' },
        ...envelope,
      ],
    }),
  },
];

const duringSession = (steps: readonly PopStep[]): SmtpStep => ({ do: 'pop', steps });

const openMapRemedy =
  'None in the configuration: sendmail may answer from its memory of a map that a session has open, and look into the ' +
  'file only for the next session.';

/** What becomes of a session that stands open: nobody promised anything, and it is not always the same. */
export const openSessions: Draft[] = [
  {
    ...delivers,
    id: 'pop-before-smtp/login-in-open-session',
    title: 'POP login after EHLO, then a message to outside in the session that stands open',
    requirement: 'A session SHOULD profit from a POP login that takes place while it stands open.',
    level: 'info',
    remedy: openMapRemedy,
    scene: scene([], { session: [{ do: 'greet' }, duringSession([login]), ...envelope] }),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/login-after-refusal',
    title: 'POP login after a refused recipient, then the message again in the session that stands open',
    requirement: 'A client that was refused and logs in over POP SHOULD be able to send without a new connection.',
    level: 'info',
    remedy: openMapRemedy,
    scene: scene([], {
      session: [
        { do: 'greet' },
        { do: 'mail' },
        { do: 'rcpt', mayFail: true },
        { do: 'say', line: 'RSET' },
        duringSession([login]),
        ...envelope,
      ],
    }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/expired-in-open-session',
    title: 'a message to outside in a session that was open when the authorisation ended',
    requirement: 'A session SHOULD lose the right to relay when the authorisation of its address ends.',
    level: 'info',
    effect: 'weak',
    remedy: `${openMapRemedy} A short timeout (confTO_COMMAND) ends sessions that wait.`,
    scene: blockedScene([login], {
      session: [
        { do: 'greet' },
        { do: 'mail' },
        { do: 'rcpt' },
        { do: 'say', line: 'RSET' },
        duringSession([{ do: 'age', lifetimes: 1.01 }]),
        ...envelope,
      ],
    }),
  },
];
