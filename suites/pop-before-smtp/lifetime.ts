/** POP before SMTP: how long an authorisation lasts, through renewals, restarts and load. */
import { type PopStep, ports } from '../attempt.ts';
import { blockedScene, blocks, type Draft, delivers, login, scene } from './draft.ts';

const aged = (lifetimes: number, seconds?: number): PopStep => ({
  do: 'age',
  lifetimes,
  ...(seconds === undefined ? {} : { seconds }),
});

const lifetimeRemedy = 'Compare the writer’s lifetime with the declared one; beware of minutes taken for seconds.';
const sweepRemedy =
  'Run the sweep regularly (cron or the writer itself), and see that times are Unix seconds, not in the future.';
const renewalRemedy = 'Let the writer overwrite the entry’s time at every login.';
const restartRemedy =
  'Let the writer leave the map alone when it starts: neither empty it, nor take the old entries, or the old lines of ' +
  'the log, for new logins.';
const loadRemedy =
  'Let the writer lock the map as sendmail does (fcntl), change one entry at a time, and never build the map anew beside ' +
  'logins that are under way.';

/** What must still be there. */
export const lasting: Draft[] = [
  {
    ...delivers,
    id: 'pop-before-smtp/before-expiry',
    title: 'POP login, nearly a lifetime ago, then a message to outside',
    requirement: 'An authorisation MUST last as long as it is declared to.',
    remedy: lifetimeRemedy,
    scene: scene([login, aged(0.97)]),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/renewed',
    title: 'POP login, renewed by a second one, then a message to outside',
    requirement: 'A new login MUST begin a new lifetime.',
    remedy: renewalRemedy,
    scene: scene([login, aged(0.6), login, aged(0.6)]),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/polled',
    title: 'POP logins at regular intervals, for longer than a lifetime, then a message to outside',
    requirement: 'An address MUST stay authorised for as long as its mail program goes on asking for mail.',
    remedy: renewalRemedy,
    scene: scene([login, aged(0.45), login, aged(0.45), login, aged(0.45)]),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/restart-sendmail',
    title: 'POP login, a restart of sendmail, then a message to outside',
    requirement: 'An authorisation MUST outlive a restart of the mail server.',
    remedy: restartRemedy,
    scene: scene([login], { restart: 'sendmail' }),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/restart-pop-server',
    title: 'POP login, a restart of the POP server, then a message to outside',
    requirement: 'An authorisation MUST outlive a restart of the POP server.',
    remedy: restartRemedy,
    scene: scene([login], { restart: 'pop-server' }),
  },
  {
    ...delivers,
    id: 'pop-before-smtp/crowd',
    title: 'POP login among many others at the same time, then a message to outside',
    requirement: 'A login MUST NOT be lost because others log in at the same time.',
    remedy: loadRemedy,
    scene: scene([{ do: 'crowd', logins: 8, meanwhile: true }, login, { do: 'crowd', logins: 2 }]),
  },
];

/** The message that is sent while the address is still authorised: it must not be taken for the one that counts. */
const firstMessage = 'Subject: sent in time\r\n\r\nThis one may go.\r\n.\r\n';

/** What must have ended. */
export const ended: Draft[] = [
  ...ports.map(
    ({ port, suffix, where }): Draft => ({
      ...blocks,
      id: `pop-before-smtp/expired${suffix}`,
      title: `POP login, longer than its lifetime ago, then a message to outside, ${where}`,
      requirement: 'An authorisation MUST end with its lifetime.',
      remedy: sweepRemedy,
      scene: blockedScene([login, aged(1.01)], { port }),
    }),
  ),
  {
    ...blocks,
    id: 'pop-before-smtp/expired-ipv6',
    title: 'POP login over IPv6, longer than its lifetime ago, then a message to outside',
    requirement: 'An authorisation of an IPv6 address MUST end with its lifetime.',
    remedy: sweepRemedy,
    scene: blockedScene([login, aged(1.01)], { family: 'ipv6' }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/expired-edge',
    title: 'POP login, a second more than its lifetime ago, then a message to outside',
    requirement: 'An authorisation MUST NOT last a minute longer than it is declared to.',
    remedy: lifetimeRemedy,
    scene: blockedScene([login, aged(1, 1)]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/expired-long-ago',
    title: 'POP login, many lifetimes ago, then a message to outside',
    requirement: 'An authorisation MUST end at some time, whatever its value says.',
    remedy: `${sweepRemedy} Milliseconds taken for seconds never end.`,
    scene: blockedScene([login, aged(100)]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/sent-does-not-renew',
    title: 'POP login, a message, and another one when the lifetime of the login is over',
    requirement: 'Sending MUST NOT renew an authorisation, or whoever gets the address next keeps it alive for ever.',
    remedy: 'Let logins alone renew: the writer must not act on lines of the mail server.',
    scene: blockedScene([login, aged(0.6)], {
      session: [
        { do: 'greet' },
        { do: 'mail', from: '<{account}@{L}>' },
        { do: 'rcpt', to: '<somebody@{E}>' },
        { do: 'data', content: firstMessage },
        { do: 'reconnect' },
        { do: 'pop', steps: [aged(0.6)] },
        { do: 'reconnect' },
        { do: 'greet' },
        { do: 'mail' },
        { do: 'rcpt' },
        { do: 'data' },
      ],
    }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/neighbour-does-not-renew',
    title: 'POP login, expired, then a login from another address of the /24 and a message to outside',
    requirement: 'A login MUST renew the authorisation of its own address, and of no other.',
    remedy: 'Record the whole address: no /24 keys. Whose provider changes his address has to log in again.',
    scene: blockedScene([login, aged(1.01), { ...login, from: 'neighbour' }]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/restart-revives-nothing',
    title: 'POP login, expired, then a restart of the POP server and a message to outside',
    requirement: 'A restart MUST NOT bring back an authorisation that has ended.',
    remedy: restartRemedy,
    scene: blockedScene([login, aged(1.01)], { restart: 'pop-server' }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/restart-renews-nothing',
    title: 'POP login, a restart of the POP server, and a message to outside when the lifetime of the login is over',
    requirement: 'A restart MUST NOT begin a new lifetime.',
    remedy: restartRemedy,
    scene: blockedScene([login, aged(0.6)], {
      restart: 'pop-server',
      session: [
        { do: 'pop', steps: [aged(0.6)] },
        { do: 'reconnect' },
        { do: 'greet' },
        { do: 'mail' },
        { do: 'rcpt' },
        { do: 'data' },
      ],
    }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/crowd-expired',
    title: 'POP login, expired while many others log in, then a message to outside',
    requirement: 'The end of an authorisation MUST NOT be lost because others log in at the same time.',
    remedy: loadRemedy,
    scene: blockedScene([login, { do: 'crowd', logins: 8, meanwhile: true }, aged(1.01)]),
  },
];
