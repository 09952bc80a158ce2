/** Controls with a fault in POP before SMTP: what the writer records, and for how long; the map between it and sendmail. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

const writer = (...lines: string[]) => ({ file: 'popauth.conf', create: `${lines.join('\n')}\n` });
const map = "FEATURE(`drac', `hash /etc/mail/drac')dnl";

/** What everybody who logs in gets to do, and nobody where the map is not found. */
const allLogins = [
  'pop-before-smtp/login',
  'pop-before-smtp/login-submission',
  'pop-before-smtp/login-ipv6*',
  'pop-before-smtp/before-expiry',
  'pop-before-smtp/renewed',
  'pop-before-smtp/failed-auth-keeps-it',
];

/** Who is authorised. */
const recorded: readonly ControlDefinition[] = [
  {
    name: 'pop-authorises-failed-login',
    base: 'pop-before-smtp',
    fault: 'the writer follows the log, and its pattern matches failed logins as well',
    effect: 'leak',
    edits: [writer('hook = log', 'pattern = pop3-login: .*\\brip=([0-9a-f.:]+),')],
    detectedBy: [
      'pop-before-smtp/wrong-password*',
      'pop-before-smtp/unknown-user',
      'pop-before-smtp/blank-password*',
      'pop-before-smtp/another-users-password',
    ],
  },
  {
    name: 'pop-authorises-user-command',
    base: 'pop-before-smtp',
    fault: 'the writer takes USER, and a connection that ends there, for a login',
    effect: 'leak',
    edits: [writer('hook = log', 'pattern = pop3-login: (?:Logged in|.*no_auth_attempts).*\\brip=([0-9a-f.:]+),')],
    detectedBy: ['pop-before-smtp/user-only', 'pop-before-smtp/dropped'],
    passes: ['pop-before-smtp/unknown-user'],
  },
  {
    name: 'pop-authorises-network',
    base: 'pop-before-smtp',
    fault: 'the writer authorises the whole /24 of an address, because dial-up users change theirs',
    effect: 'leak',
    edits: [writer('authorise = network')],
    detectedBy: [
      'pop-before-smtp/neighbour',
      'pop-before-smtp/prefix',
      'pop-before-smtp/substring',
      'pop-before-smtp/neighbour-does-not-renew',
    ],
    passes: ['pop-before-smtp/ipv6-login-ipv4-message'],
  },
  {
    name: 'pop-authorises-whoever-authenticates',
    base: 'both',
    fault: 'the writer’s second pattern takes a success of SMTP-AUTH for a POP login',
    effect: 'leak',
    edits: [
      writer(
        'hook = log',
        'pattern = pop3-login: Logged in: user=<\\w+>, method=\\S+, rip=([0-9a-f.:]+),',
        'pattern = AUTH=server, relay=\\S+ \\[([0-9a-f.:]+)\\]',
      ),
    ],
    detectedBy: ['pop-before-smtp/auth-is-for-its-session'],
    passes: ['pop-before-smtp/failed-auth-adds-nothing'],
  },
  {
    name: 'pop-authorises-failed-auth',
    base: 'both',
    fault: 'the writer’s second pattern takes a failure of SMTP-AUTH with CRAM-MD5 for a login',
    effect: 'leak',
    edits: [
      writer(
        'hook = log',
        'pattern = pop3-login: Logged in: user=<\\w+>, method=\\S+, rip=([0-9a-f.:]+),',
        'pattern = AUTH failure \\(CRAM-MD5\\).* relay=\\S+ \\[([0-9a-f.:]+)\\]',
      ),
    ],
    detectedBy: ['pop-before-smtp/failed-auth-adds-nothing'],
  },
  {
    name: 'pop-hook-knows-plain-only',
    base: 'pop-before-smtp',
    fault: 'the writer’s pattern knows logins with USER and PASS, and no other method',
    effect: 'lock-out',
    edits: [writer('hook = log', 'pattern = pop3-login: Logged in: user=<\\w+>, method=PLAIN, rip=([0-9a-f.:]+),')],
    detectedBy: [
      'pop-before-smtp/login-apop',
      'pop-before-smtp/login-auth-login',
      'pop-before-smtp/login-auth-cram-md5',
    ],
    passes: ['pop-before-smtp/login-auth-plain'],
  },
  {
    name: 'pop-hook-misses-tls',
    base: 'pop-before-smtp',
    fault: 'the writer’s pattern does not know the word TLS in the line of a login',
    effect: 'lock-out',
    edits: [
      writer(
        'hook = log',
        'pattern = pop3-login: Logged in: user=<\\w+>, method=\\S+, rip=([0-9a-f.:]+), lip=\\S+, mpid=\\d+, session=',
      ),
    ],
    detectedBy: ['pop-before-smtp/login-stls', 'pop-before-smtp/login-implicit-tls'],
    passes: ['pop-before-smtp/login-apop'],
  },
  {
    name: 'pop-authorises-at-logout',
    base: 'pop-before-smtp',
    fault: 'the writer records the address when a session ends with QUIT, and not when it begins',
    effect: 'lock-out',
    edits: [writer('hook = log', 'pattern = pop3\\(.* rip=([0-9a-f.:]+), Disconnected: Logged out')],
    detectedBy: ['pop-before-smtp/unfinished-quit'],
  },
  {
    name: 'pop-logout-removes',
    base: 'both',
    fault: 'the writer removes the address when its user logs out',
    effect: 'lock-out',
    edits: [writer('logout = pop3\\(.* rip=([0-9a-f.:]+), Disconnected: Logged out')],
    detectedBy: ['pop-before-smtp/login', 'pop-before-smtp/login-apop'],
    passes: ['pop-before-smtp/unfinished-quit'],
  },
];

/** For how long. */
const timed: readonly ControlDefinition[] = [
  {
    name: 'pop-authorisation-never-expires',
    base: 'both',
    fault: 'the writer never removes an address, as the provider’s did without a cron job of one’s own',
    effect: 'leak',
    edits: [writer('lifetime = never')],
    detectedBy: [
      'pop-before-smtp/expired',
      'pop-before-smtp/expired-submission',
      'pop-before-smtp/expired-ipv6',
      'pop-before-smtp/expired-long-ago',
      'pop-before-smtp/expired-in-open-session',
      'pop-before-smtp/crowd-expired',
    ],
  },
  {
    name: 'pop-authorisation-too-short',
    base: 'pop-before-smtp',
    fault: 'the writer’s lifetime is 30 seconds where 30 minutes are declared',
    effect: 'lock-out',
    edits: [writer('lifetime = 30')],
    detectedBy: ['pop-before-smtp/before-expiry', 'pop-before-smtp/renewed', 'pop-before-smtp/polled'],
  },
  {
    name: 'pop-lifetime-in-minutes',
    base: 'pop-before-smtp',
    fault: 'the writer takes the 1800 seconds of the lifetime for minutes',
    effect: 'leak',
    edits: [writer('lifetime = 108000')],
    detectedBy: ['pop-before-smtp/expired'],
    passes: ['pop-before-smtp/expired-long-ago'],
  },
  {
    name: 'pop-lifetime-rounded-up',
    base: 'pop-before-smtp',
    fault: 'the writer’s lifetime is a minute longer than the declared one',
    effect: 'leak',
    edits: [writer('lifetime = 1860')],
    detectedBy: ['pop-before-smtp/expired-edge'],
    passes: ['pop-before-smtp/expired-long-ago'],
  },
  {
    name: 'pop-sweep-once-a-day',
    base: 'pop-before-smtp',
    fault: 'entries whose lifetime is over are removed by a cron job once a day',
    effect: 'leak',
    edits: [writer('sweep = daily')],
    detectedBy: ['pop-before-smtp/expired', 'pop-before-smtp/expired-submission'],
    passes: ['pop-before-smtp/expired-long-ago'],
  },
  {
    name: 'pop-times-in-milliseconds',
    base: 'pop-before-smtp',
    fault: 'the writer stores milliseconds, and its sweep takes them for seconds',
    effect: 'leak',
    edits: [writer('value = milliseconds')],
    detectedBy: ['pop-before-smtp/expired-long-ago'],
  },
  {
    name: 'pop-times-in-the-future',
    base: 'pop-before-smtp',
    fault: 'the POP server’s clock is a day ahead of that of the sweep',
    effect: 'leak',
    edits: [writer('clock = 86400')],
    detectedBy: ['pop-before-smtp/expired'],
    passes: ['pop-before-smtp/expired-long-ago'],
  },
  {
    name: 'pop-sending-renews',
    base: 'pop-before-smtp',
    fault: 'the writer takes a message that an authorised address sends for a new login',
    effect: 'leak',
    edits: [writer('renewal = sendmail\\[\\d+\\]: \\w+: from=.* relay=\\S+ \\[([0-9a-f.:]+)\\]')],
    detectedBy: ['pop-before-smtp/sent-does-not-renew'],
    passes: ['pop-before-smtp/expired'],
  },
  {
    name: 'pop-restart-wipes',
    base: 'pop-before-smtp',
    fault: 'the writer empties the map whenever it starts, as DRAC does with -i',
    effect: 'lock-out',
    edits: [writer('restart = wipe')],
    detectedBy: ['pop-before-smtp/restart-sendmail', 'pop-before-smtp/restart-pop-server'],
  },
  {
    name: 'pop-restart-rereads-log',
    base: 'pop-before-smtp',
    fault: 'the writer reads the log from its beginning when it starts, and takes old logins for new ones',
    effect: 'leak',
    edits: [writer('hook = log', 'restart = reread')],
    detectedBy: ['pop-before-smtp/restart-revives-nothing'],
  },
  {
    name: 'pop-restart-renews',
    base: 'pop-before-smtp',
    fault: 'the writer gives every entry a new lifetime when it starts, as pop-before-smtp does',
    effect: 'leak',
    edits: [writer('restart = renew')],
    detectedBy: ['pop-before-smtp/restart-renews-nothing'],
    passes: ['pop-before-smtp/restart-revives-nothing'],
  },
  {
    name: 'pop-map-keeps-last-login',
    base: 'pop-before-smtp',
    fault: 'the writer builds the map anew at each login, with that login’s address alone',
    effect: 'lock-out',
    edits: [writer('entries = 1')],
    detectedBy: ['pop-before-smtp/crowd'],
  },
];

/** How both sides speak of it. */
const mapped: readonly ControlDefinition[] = [
  {
    name: 'pop-map-at-wrong-path',
    base: 'both',
    fault: 'sendmail looks in another map than the one that the POP server’s writer keeps',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: map, by: map.replace('/drac', '/popauth') }],
    detectedBy: [
      ...allLogins,
      'pop-before-smtp/login-auth-plain',
      'pop-before-smtp/null-sender',
      'pop-before-smtp/outside-sender',
      'pop-before-smtp/login-in-open-session',
      'pop-before-smtp/login-after-refusal',
    ],
  },
  {
    name: 'pop-map-of-wrong-type',
    base: 'both',
    fault: 'the writer keeps a btree, as Debian’s rpc.dracd does, and sendmail looks for a hash',
    effect: 'lock-out',
    edits: [writer('map = btree /etc/mail/drac')],
    detectedBy: ['pop-before-smtp/login', 'pop-before-smtp/login-ipv6'],
  },
  {
    name: 'pop-map-damaged',
    base: 'both',
    fault: 'the map that sendmail looks in is damaged, as after a full disk',
    effect: 'lock-out',
    edits: [
      { file: 'sendmail.mc', replace: map, by: map.replace('/drac', '/relayers') },
      { file: 'relayers.db', create: 'no database\n' },
    ],
    detectedBy: ['pop-before-smtp/login'],
  },
  {
    name: 'pop-map-in-writable-folder',
    base: 'both',
    fault: 'the map is in a folder that a group may write, which sendmail holds to be unsafe',
    effect: 'lock-out',
    edits: [
      { file: 'sendmail.mc', replace: map, by: map.replace('/etc/mail', '/var/mail') },
      writer('map = hash /var/mail/drac'),
    ],
    detectedBy: ['pop-before-smtp/login'],
  },
  {
    name: 'pop-keys-mapped',
    base: 'both',
    fault: 'the writer spells IPv4 addresses as its IPv6 socket does: ::ffff:192.0.2.1',
    effect: 'lock-out',
    edits: [writer('keys = mapped')],
    detectedBy: ['pop-before-smtp/login', 'pop-before-smtp/login-submission'],
    passes: ['pop-before-smtp/login-ipv6'],
  },
  {
    name: 'pop-keys-compressed',
    base: 'pop-before-smtp',
    fault: 'the writer shortens IPv6 addresses, which sendmail writes in full',
    effect: 'lock-out',
    edits: [writer('keys = compressed')],
    detectedBy: ['pop-before-smtp/login-ipv6', 'pop-before-smtp/login-ipv6-submission'],
  },
  {
    name: 'pop-user-in-refused-network',
    base: 'pop-before-smtp',
    fault: 'the access map refuses the network that users dial in from, and delay_checks does not help them',
    effect: 'lock-out',
    edits: [
      { file: 'access', insert: 'Connect:IPv6:2001:2\tREJECT' },
      { ...beforeMailers, insert: "FEATURE(`delay_checks')dnl" },
    ],
    detectedBy: ['pop-before-smtp/login-ipv6', 'pop-before-smtp/login-ipv6-submission'],
  },
  {
    name: 'pop-rules-left-in',
    base: 'smtp-auth',
    fault: 'FEATURE(`drac’) stands in a configuration that is meant for SMTP-AUTH alone',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: map }],
    detectedBy: ['pop-before-smtp/login-outside-the-mode'],
  },
];

export const popAuthorisation: readonly ControlDefinition[] = [...recorded, ...timed, ...mapped];
