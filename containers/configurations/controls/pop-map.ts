/** Controls with a fault in POP before SMTP: the map between the writer and sendmail. */
import { beforeMailers, type ControlDefinition, popMap, popWriter } from './definition.ts';

/** What everybody who logs in gets to do, and nobody where the map is not found. */
const allLogins = [
  'pop-before-smtp/login',
  'pop-before-smtp/login-submission',
  'pop-before-smtp/login-ipv6*',
  'pop-before-smtp/before-expiry',
  'pop-before-smtp/renewed',
  'pop-before-smtp/failed-auth-keeps-it',
];

export const popMaps: readonly ControlDefinition[] = [
  {
    name: 'pop-map-at-wrong-path',
    base: 'both',
    fault: 'sendmail looks in another map than the one that the POP server’s writer keeps',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: popMap, by: popMap.replace('/drac', '/popauth') }],
    detectedBy: [
      ...allLogins,
      'pop-before-smtp/login-auth-plain',
      'pop-before-smtp/null-sender',
      'pop-before-smtp/outside-sender',
      'pop-before-smtp/login-in-open-session',
      'pop-before-smtp/login-after-refusal',
      'mail-clients/*-pop',
    ],
  },
  {
    name: 'pop-map-of-wrong-type',
    base: 'both',
    fault: 'the writer keeps a btree, as Debian’s rpc.dracd does, and sendmail looks for a hash',
    effect: 'lock-out',
    edits: [popWriter('map = btree /etc/mail/drac')],
    detectedBy: ['pop-before-smtp/login', 'pop-before-smtp/login-ipv6'],
  },
  {
    name: 'pop-map-damaged',
    base: 'both',
    fault: 'the map that sendmail looks in is damaged, as after a full disk',
    effect: 'lock-out',
    edits: [
      { file: 'sendmail.mc', replace: popMap, by: popMap.replace('/drac', '/relayers') },
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
      { file: 'sendmail.mc', replace: popMap, by: popMap.replace('/etc/mail', '/var/mail') },
      popWriter('map = hash /var/mail/drac'),
    ],
    detectedBy: ['pop-before-smtp/login'],
  },
  {
    name: 'pop-keys-mapped',
    base: 'both',
    fault: 'the writer spells IPv4 addresses as its IPv6 socket does: ::ffff:192.0.2.1',
    effect: 'lock-out',
    edits: [popWriter('keys = mapped')],
    detectedBy: ['pop-before-smtp/login', 'pop-before-smtp/login-submission'],
    passes: ['pop-before-smtp/login-ipv6'],
  },
  {
    name: 'pop-keys-compressed',
    base: 'pop-before-smtp',
    fault: 'the writer shortens IPv6 addresses, which sendmail writes in full',
    effect: 'lock-out',
    edits: [popWriter('keys = compressed')],
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
    edits: [{ ...beforeMailers, insert: popMap }],
    detectedBy: ['pop-before-smtp/login-outside-the-mode'],
  },
];
