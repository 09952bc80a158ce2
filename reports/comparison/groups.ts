/** An administrator's questions, and the attempts that answer them: who sends, by which door, with what. */
import type { ComparedAttempt } from './model.ts';

/** How a group is spoken of. */
export const verbs = {
  send: {
    could: 'could send',
    couldNot: 'could not send',
    still: 'still can',
    now: 'can now',
    noLonger: 'can no longer',
  },
  arrive: {
    could: 'arrived',
    couldNot: 'did not arrive',
    still: 'still arrives',
    now: 'arrives now',
    noLonger: 'no longer arrives',
  },
  take: {
    could: 'was taken',
    couldNot: 'was refused',
    still: 'still is',
    now: 'is taken now',
    noLonger: 'is refused now',
  },
} as const;

export type Verb = keyof typeof verbs;

/**
 * `shownBy`: ids that ask the same in different modes; of each side the first that has an answer counts. `detail`: what
 * tells the members of a family apart; those that changed alike are said in one sentence.
 */
export type Group = {
  group: string;
  who: string;
  verb: Verb;
  shownBy: readonly string[];
  detail?: { name: string; place?: string };
};

const doors = [
  { suffix: '', place: 'port 25' },
  { suffix: '-submission', place: 'port 587' },
] as const;

const withIpv6 = [...doors, { suffix: '-ipv6', place: 'port 25 over IPv6' }] as const;

const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'] as const;

/** Where no mode has AUTH, other attempts ask the same: with the right password, to outside. */
const outsideTheMode: Record<string, string> = {
  'plain-starttls': 'smtp-auth/login-outside-the-mode',
  'plain-starttls-submission': 'smtp-auth/login-outside-the-mode-submission',
  'login-starttls': 'smtp-auth/login-outside-the-mode-by-login',
  'cram-md5-clear': 'smtp-auth/login-outside-the-mode-by-cram-md5',
};

const authenticated = [
  { channel: 'starttls', who: 'Authenticated senders over TLS' },
  { channel: 'clear', who: 'Authenticated senders in clear' },
].flatMap(({ channel, who }) =>
  mechanisms.flatMap((mechanism) =>
    doors.map(({ suffix, place }): Group => {
      const name = `${mechanism.toLowerCase()}-${channel}${suffix}`;
      const other = outsideTheMode[name];
      return {
        group: `authenticated-${channel}`,
        who,
        verb: 'send',
        shownBy: [`smtp-auth/${name}`, ...(other === undefined ? [] : [other])],
        detail: { name: mechanism, place },
      };
    }),
  ),
);

const one = (group: string, who: string, verb: Verb, ...shownBy: string[]): Group => ({ group, who, verb, shownBy });

/** The questions, in the order of an answer. */
const groups: readonly Group[] = [
  ...[...withIpv6, { suffix: '-ipv6-submission', place: 'port 587 over IPv6' }].map(
    ({ suffix, place }): Group => ({
      group: 'pop-authorised',
      who: 'POP-authorised senders without AUTH',
      verb: 'send',
      shownBy: [`pop-before-smtp/login${suffix}`, ...(suffix === '' ? ['pop-before-smtp/login-outside-the-mode'] : [])],
      detail: { name: '', place },
    }),
  ),
  ...authenticated,
  one('in-clear', 'AUTH PLAIN in clear', 'take', 'transport/plaintext-auth-plain'),
  one('in-clear', 'AUTH LOGIN in clear', 'take', 'transport/plaintext-auth-login'),
  ...withIpv6.map(
    ({ suffix, place }): Group => ({
      group: 'strangers',
      who: 'Strangers, to outside',
      verb: 'send',
      shownBy: [`open-relay/outside-sender${suffix}`],
      detail: { name: '', place },
    }),
  ),
  one('local-senders', 'Strangers under a local user’s address', 'send', 'sender-trust/local-account'),
  one('wrong-password', 'Whoever gives a wrong password', 'send', 'smtp-auth/plain-starttls-wrong-password'),
  one('wrong-pop-password', 'Whoever gives a wrong POP password', 'send', 'pop-before-smtp/wrong-password'),
  one('expired', 'Whose POP authorisation has expired', 'send', 'pop-before-smtp/expired'),
  one('trusted-networks', 'Declared networks, with no credential', 'send', 'legitimate-mail/trusted-network'),
  one('trusted-hosts', 'Declared hosts, with no credential', 'send', 'legitimate-mail/trusted-host'),
  one('the-server', 'The server’s own programs', 'send', 'legitimate-mail/from-the-server-itself'),
  one('incoming', 'Mail from outside to local users', 'arrive', 'legitimate-mail/local'),
  one('incoming', 'Mail from outside to local users over IPv6', 'arrive', 'legitimate-mail/local-ipv6'),
  one('incoming-tls', 'Mail from outside over STARTTLS', 'arrive', 'transport/starttls'),
  one(
    'submission-local',
    'Strangers’ mail to local users on port 587',
    'arrive',
    'smtp-auth/submission-unauthenticated',
  ),
  one('aliases', 'Mail to aliases that lead outside', 'arrive', 'legitimate-mail/alias-that-leads-outside'),
  one(
    'virtual-users',
    'Mail to virtual users that lead outside',
    'arrive',
    'legitimate-mail/virtual-user-that-leads-outside',
  ),
  one('relay-domains', 'Mail to domains of relayTo', 'arrive', 'legitimate-mail/relayed-domain'),
];

/** Mail programs, by the way in which they are set up: those that change alike are said in one sentence. */
function mailPrograms(attempts: readonly ComparedAttempt[]): Group[] {
  return attempts.flatMap(({ id, description }): Group[] => {
    const client = description?.client;
    return client === undefined
      ? []
      : [
          {
            group: 'mail-clients',
            who: `Mail programs set up for ${client.way}`,
            verb: 'send',
            shownBy: [id],
            detail: { name: client.program },
          },
        ];
  });
}

/** All questions that the attempts can answer: those of everybody, and those of the mail programs that were tried. */
export const groupsFor = (attempts: readonly ComparedAttempt[]): Group[] => [...groups, ...mailPrograms(attempts)];
