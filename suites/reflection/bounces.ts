/** What the target sends by itself to a sender who may be somebody else: bounces, reports, answers. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene, SmtpStep } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const greet = { do: 'greet' } as const;

/** The sender is the third party: his domain’s mail exchanger is the sink, which sees what is sent to him. */
export const fromAThirdParty = (more: Partial<Scene> = {}): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{account}@{L}>',
  destination: 'sink',
  reflected: true,
  ...more,
});

export const reflected = {
  level: 'must',
  effect: 'weak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: ['backscatter'],
} as const satisfies Partial<Draft>;

const unknownUser = {
  ...reflected,
  requirement:
    'A server MUST refuse an unknown local user in the session, and MUST NOT send a report to the sender instead.',
  clauses: [clauses.senderProvesNothing, clauses.postalDuty],
  remedy:
    'Let sendmail know who its users are: no LUSER_RELAY, no local mailer without the flag w, no catch-all alias or ' +
    'virtual user that leads to nobody. Misspelt addresses are then refused in the session, and no catch-all reads them.',
} as const;

const unknownUsers: Draft[] = (
  [
    ['', 'at a local domain', '<nobody-{u}@{L}>'],
    ['-of-host', 'at the host name', '<nobody-{u}@{H}>'],
    ['-at-literal', 'at the server’s address literal', '<nobody-{u}@[{I}]>'],
    ['-without-domain', 'without a domain', '<nobody-{u}>'],
    ['-percent', 'behind a percent hack that leads home', '<nobody-{u}%{L}@{H}>'],
    ['-quoted', 'in quotes', '<"nobody {u}"@{L}>'],
    ['-with-detail', 'with a +detail', '<nobody-{u}+detail@{L}>'],
  ] as const
).map(([suffix, how, rcptTo]) => ({
  ...unknownUser,
  id: `reflection/unknown-user${suffix}`,
  title: `a message from a third party’s address to an unknown user ${how}`,
  scene: fromAThirdParty({ rcptTo }),
}));

const elsewhere: Draft[] = [
  {
    ...unknownUser,
    id: 'reflection/unknown-user-submission',
    title: 'a message from a third party’s address to an unknown user, on port 587',
    scene: fromAThirdParty({ port: 587, rcptTo: '<nobody-{u}@{L}>' }),
  },
  {
    ...unknownUser,
    id: 'reflection/unknown-user-beside-known',
    title: 'a message from a third party’s address to a known and an unknown user',
    scene: fromAThirdParty({
      session: [
        greet,
        { do: 'mail' },
        { do: 'rcpt' },
        { do: 'rcpt', to: '<nobody-{u}@{L}>', mayFail: true },
        { do: 'data' },
      ],
    }),
  },
  {
    ...reflected,
    id: 'reflection/outside-recipient',
    title: 'a message from a third party’s address to another outside address',
    requirement:
      'A server MUST refuse in the session what it does not relay, and MUST NOT send a report to the sender instead.',
    clauses: [clauses.relayRefusal, clauses.senderProvesNothing],
    remedy:
      'Decide about relaying in check_rcpt. What check_compat refuses has been accepted already, and is returned.',
    scene: fromAThirdParty({ rcptTo: '<{u}@{E}>' }),
  },
  {
    ...reflected,
    id: 'reflection/automatic-answer',
    title: 'an ordinary message from a third party’s address to a local user',
    requirement: 'A server MUST NOT answer an ordinary message to a local user with a message to its sender.',
    clauses: [clauses.senderProvesNothing],
    remedy:
      'Take out whatever answers by itself for all users: a recipe in the delivery agent’s common file, an alias.',
    scene: fromAThirdParty(),
  },
];

const LARGE = 300_000;

const sizes: Draft[] = [
  {
    ...reflected,
    id: 'reflection/large-message',
    title: `a message of ${LARGE} octets from a third party’s address to a local user`,
    requirement:
      'A server MUST refuse a message for its size in the session, and MUST NOT send a report to the sender instead.',
    clauses: [clauses.senderProvesNothing, clauses.postalDuty],
    refusedIn: ['mail', 'rcpt', 'end-of-data'],
    // "552 5.2.3 Message size exceeds fixed maximum message size".
    rejectedWith: ['5.2.3', '5.3.4'],
    remedy: 'Limit the size with confMAX_MESSAGE_SIZE, which is told in EHLO, and not in a mailer (LOCAL_MAILER_MAX).',
    scene: fromAThirdParty({ padding: LARGE, session: [greet, { do: 'mail' }, { do: 'rcpt' }, { do: 'data' }] }),
  },
  {
    ...reflected,
    id: 'reflection/large-message-announced',
    title: 'a message from a third party’s address that is announced with SIZE=1000000000',
    requirement: 'A server SHOULD NOT send a report to the sender of a message whose announced size it does not like.',
    clauses: [clauses.senderProvesNothing],
    level: 'should',
    refusedIn: ['mail', 'rcpt', 'end-of-data'],
    rejectedWith: ['5.2.3', '5.3.4'],
    noControl: 'sendmail judges the announced size in the session, or not at all',
    remedy: 'Limit the size with confMAX_MESSAGE_SIZE, and not in a mailer.',
    scene: fromAThirdParty({
      session: [greet, { do: 'mail', parameters: 'SIZE=1000000000' }, { do: 'rcpt' }, { do: 'data' }],
    }),
  },
];

const stock = 'stock sendmail sends it, so that the references themselves show it';

const reportOn = (parameters: string, mail?: string): SmtpStep[] => [
  greet,
  { do: 'mail', ...(mail === undefined ? {} : { parameters: mail }) },
  { do: 'rcpt', parameters },
  { do: 'data' },
];

const onRequest = {
  ...reflected,
  level: 'info',
  requirement: 'A server SHOULD NOT let strangers have reports sent to an address that they only claim to have.',
  clauses: [clauses.senderProvesNothing],
  noControl: stock,
} as const;

const reports: Draft[] = [
  {
    ...onRequest,
    id: 'reflection/success-report',
    title: 'a report of success (NOTIFY=SUCCESS) to a third party',
    remedy: 'Put noreceipts into confPRIVACY_FLAGS: EHLO offers DSN no longer, and nobody gets reports of success.',
    scene: fromAThirdParty({ session: reportOn('NOTIFY=SUCCESS') }),
  },
  {
    ...onRequest,
    id: 'reflection/success-report-original-recipient',
    title: 'a report of success that names a third party as the original recipient (ORCPT)',
    remedy: 'Put noreceipts into confPRIVACY_FLAGS: EHLO offers DSN no longer, and nobody gets reports of success.',
    scene: fromAThirdParty({ session: reportOn('NOTIFY=SUCCESS ORCPT=rfc822;{u}@{E}', 'RET=FULL ENVID={u}') }),
  },
  {
    ...onRequest,
    id: 'reflection/deliver-by-trace',
    title: 'a report that DELIVERBY asks for (BY=3600;RT) to a third party',
    remedy: 'Put noreceipts into confPRIVACY_FLAGS, and set no confDELIVER_BY_MIN.',
    scene: fromAThirdParty({
      session: [greet, { do: 'mail', parameters: 'BY=3600;RT' }, { do: 'rcpt' }, { do: 'data' }],
    }),
  },
];

const asked = {
  ...reflected,
  requirement: 'A server MUST NOT send anything to an address that a header field of a stranger’s message names.',
  clauses: [clauses.senderProvesNothing],
  remedy: 'Take out what reads addresses out of header fields: recipes of the delivery agent, programs behind aliases.',
} as const;

const fields: Draft[] = (
  [
    ['return-receipt-to', 'Return-Receipt-To: {u}@{E}'],
    ['disposition-notification-to', 'Disposition-Notification-To: {u}@{E}'],
    ['errors-to', 'Errors-To: {u}@{E}'],
    ['reply-to', 'Reply-To: {u}@{E}'],
    ['further-recipients', 'Cc: {u}@{E}\nBcc: {u}@{E2}\nResent-To: {u}@{com}\nApparently-To: {u}@{net}'],
    ['forward-to', 'X-Forward-To: {u}@{E}\nX-Original-To: {u}@{E}\nDelivered-To: {u}@{E}\nX-Loop: {u}@{E}'],
  ] as const
).map(([id, header]) => ({
  ...asked,
  id: `reflection/header-${id}`,
  title: `a message to a local user with ${header.split(':')[0]} to a third party`,
  scene: fromAThirdParty({ mailFrom: '<>', header }),
}));

export const bounces: readonly Draft[] = [...unknownUsers, ...elsewhere, ...sizes, ...reports, ...fields];
