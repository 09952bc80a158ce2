/** Forms of a local address, and of a stranger’s session, by which mail must reach local users. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene, SmtpStep } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

type Way = Pick<Draft, 'id' | 'title' | 'level' | 'remedy'> & {
  what: string;
  clauses?: Draft['clauses'];
  /** Into which mailbox it comes is part of the question. */
  lookInside?: true;
  scene: Partial<Scene>;
};

const localHostNames = 'List the domain in local-host-names (class w), by which sendmail knows it for its own.';
const alias = 'Add the alias to the alias file and run newaliases; it must lead to somebody who reads it.';
const rules = 'See in the log line which rule or access entry refused it, and remove or narrow it.';
const strict =
  'Remove FEATURE(`require_rdns’), a Local_check_relay rule or an access entry that refuses clients for their names: many ' +
  'servers have none that fits.';

const envelope: SmtpStep[] = [{ do: 'mail' }, { do: 'rcpt' }, { do: 'data' }];

const ways: Way[] = [
  {
    id: 'local-domain-in-capitals',
    title: 'a local user, the domain in capitals',
    what: 'whatever case its domain is written in',
    level: 'must',
    remedy: rules,
    scene: { rcptTo: '<{account}@{LC}>' },
  },
  {
    id: 'local-host-name',
    title: 'a local user at the server’s host name',
    what: 'at its host name as well',
    level: 'must',
    remedy: localHostNames,
    scene: { rcptTo: '<{account}@{H}>' },
  },
  {
    id: 'local-literal',
    title: 'a local user at the server’s address literal',
    what: 'at its address literal as well',
    level: 'should',
    remedy: `${localHostNames} sendmail adds its own addresses, unless DontProbeInterfaces is set.`,
    scene: { rcptTo: '<{account}@[{I}]>' },
  },
  {
    id: 'local-detail',
    title: 'a local user with +detail',
    what: 'with +detail as well, which sendmail hands to the user',
    level: 'info',
    remedy: rules,
    lookInside: true,
    scene: { rcptTo: '<{account}+detail@{L}>' },
  },
  {
    id: 'local-quoted',
    title: 'a local user, quoted without need',
    what: 'quoted as well, since a quoted local part means the same',
    level: 'should',
    remedy: rules,
    scene: { rcptTo: '<"{account}"@{L}>' },
  },
  {
    id: 'local-source-route',
    title: 'a local user behind a source route over the server itself',
    what: 'behind a source route as well, which it may strip',
    clauses: [clauses.sourceRoutes],
    level: 'info',
    remedy: rules,
    scene: { rcptTo: '<@{H}:{account}@{L}>' },
  },
  {
    id: 'postmaster',
    title: 'the postmaster of a local domain',
    what: 'to the postmaster of each of its domains',
    level: 'must',
    remedy: alias,
    scene: { rcptTo: '<postmaster@{L}>', readBack: false },
  },
  {
    id: 'postmaster-of-host',
    title: 'the postmaster at the host name, in capitals',
    what: 'to the postmaster at its host name, in any case',
    level: 'must',
    remedy: alias,
    scene: { rcptTo: '<POSTMASTER@{H}>', readBack: false },
  },
  {
    id: 'postmaster-without-domain',
    title: 'the postmaster without any domain',
    what: 'to the postmaster without a domain',
    level: 'must',
    remedy: alias,
    scene: { rcptTo: '<postmaster>', readBack: false },
  },
  {
    id: 'abuse',
    title: 'the abuse desk of a local domain',
    what: 'to its abuse desk',
    level: 'info',
    remedy: alias,
    scene: { rcptTo: '<abuse@{L}>', readBack: false },
  },
  {
    id: 'helo',
    title: 'from a client that knows HELO only',
    what: 'from a client that greets with HELO',
    level: 'must',
    remedy: rules,
    scene: { session: [{ do: 'greet', with: 'HELO' }, ...envelope] },
  },
  {
    id: 'greeting-with-literal',
    title: 'from a client that greets with its address literal',
    what: 'from a client that greets with its address literal, having no name',
    level: 'must',
    remedy: rules,
    scene: { session: [{ do: 'greet', name: '[{client}]' }, ...envelope] },
  },
  {
    id: 'no-reverse-name',
    title: 'from a client whose address has no name',
    what: 'from a client whose address has no name in DNS',
    level: 'should',
    remedy: strict,
    scene: { names: { reverse: 'none' } },
  },
  {
    id: 'unconfirmed-reverse-name',
    title: 'from a client whose name does not lead back to its address',
    what: 'from a client whose name does not lead back to its address',
    level: 'should',
    remedy: strict,
    scene: { names: { reverse: ['{u}.nowhere.example'] } },
  },
  {
    id: 'pipelined',
    title: 'with the envelope in one packet',
    what: 'whose envelope comes in one packet (PIPELINING)',
    clauses: [clauses.pipelining],
    level: 'must',
    remedy: rules,
    scene: { session: [{ do: 'greet' }, { do: 'pipelined-envelope' }] },
  },
  {
    id: 'several-recipients',
    title: 'to two local users at once',
    what: 'for two of its users in one transaction',
    level: 'must',
    remedy: 'Raise confMAX_RCPTS_PER_MESSAGE, or see in the log line which rule refused the second one.',
    scene: {
      session: [{ do: 'greet' }, { do: 'mail' }, { do: 'rcpt' }, { do: 'rcpt', to: '<{other}@{L}>' }, { do: 'data' }],
    },
  },
  {
    id: 'large',
    title: 'of half a megabyte',
    what: 'of half a megabyte, as an ordinary picture has it',
    level: 'should',
    remedy: 'Raise confMAX_MESSAGE_SIZE, LOCAL_MAILER_MAX and the quota of mailboxes to what is sent today.',
    scene: { padding: 500_000 },
  },
  {
    id: 'sender-literal',
    title: 'with a sender at an address literal',
    what: 'whose sender is at an address literal',
    level: 'info',
    remedy: rules,
    scene: { mailFrom: '<{u}@[{client}]>' },
  },
  {
    id: 'sender-quoted',
    title: 'with a quoted sender',
    what: 'whose sender has a quoted local part',
    level: 'should',
    remedy: rules,
    scene: { mailFrom: '<"{u} at home"@{S}>' },
  },
];

export const waysToLocalUsers: Draft[] = ways.map(({ id, title, what, level, remedy, scene, ...rest }) => ({
  id: `legitimate-mail/${id}`,
  title: `a stranger’s message: ${title}`,
  requirement: `A server ${level === 'must' ? 'MUST' : 'SHOULD'} accept and deliver a stranger’s message ${
    /^<(?:"|@|\{)/.test(scene.rcptTo ?? '') ? `to a local user ${what}` : what
  }.`,
  clauses: rest.clauses ?? [clauses.restrictRelay, clauses.postalDuty],
  level,
  effect: 'inbound',
  applies: {},
  expected: 'deliver',
  refusedIn: [],
  remedy,
  aliases: [],
  scene: {
    family: 'ipv4',
    port: 25,
    tls: false,
    mailFrom: '<{u}@{S}>',
    rcptTo: '<{account}@{L}>',
    destination: 'mailbox',
    // How mail comes into the mailbox is other attempts' business; here sendmail's own word on the address is enough.
    ...(rest.lookInside ? {} : { readBack: false as const }),
    ...scene,
  },
}));
