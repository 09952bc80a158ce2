/** Controls with a fault in: POP before SMTP. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

export const popAuthorisation: readonly ControlDefinition[] = [
  {
    name: 'pop-authorises-failed-login',
    base: 'pop-before-smtp',
    fault: 'the writer follows the log, and its pattern matches failed and aborted logins as well',
    effect: 'leak',
    edits: [{ file: 'popauth.conf', create: 'hook = log\npattern = pop3-login: .*\\brip=([0-9a-f.:]+),\n' }],
    detectedBy: [
      'pop-before-smtp/wrong-password',
      'pop-before-smtp/unknown-user',
      'pop-before-smtp/user-only',
      'pop-before-smtp/dropped',
    ],
  },
  {
    name: 'pop-authorisation-never-expires',
    base: 'both',
    fault: 'the writer never removes an address, as the provider’s did without a cron job of one’s own',
    effect: 'leak',
    edits: [{ file: 'popauth.conf', create: 'lifetime = never\n' }],
    detectedBy: ['pop-before-smtp/expired', 'pop-before-smtp/expired-submission'],
  },
  {
    name: 'pop-authorises-network',
    base: 'pop-before-smtp',
    fault: 'the writer authorises the whole /24 of an address, because dial-up users change theirs',
    effect: 'leak',
    edits: [{ file: 'popauth.conf', create: 'authorise = network\n' }],
    detectedBy: ['pop-before-smtp/neighbour', 'pop-before-smtp/prefix'],
  },
  {
    name: 'pop-authorisation-too-short',
    base: 'pop-before-smtp',
    fault: 'the writer’s lifetime is 30 seconds where 30 minutes are declared',
    effect: 'lock-out',
    edits: [{ file: 'popauth.conf', create: 'lifetime = 30\n' }],
    detectedBy: ['pop-before-smtp/before-expiry', 'pop-before-smtp/renewed'],
  },
  {
    name: 'pop-map-at-wrong-path',
    base: 'both',
    fault: 'sendmail looks in another map than the one that the POP server’s writer keeps',
    effect: 'lock-out',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "FEATURE(`drac', `hash /etc/mail/drac')dnl",
        by: "FEATURE(`drac', `hash /etc/mail/popauth')dnl",
      },
    ],
    detectedBy: [
      'pop-before-smtp/login',
      'pop-before-smtp/login-submission',
      'pop-before-smtp/login-ipv6',
      'pop-before-smtp/before-expiry',
      'pop-before-smtp/renewed',
      'pop-before-smtp/failed-auth-keeps-it',
    ],
  },
  {
    name: 'pop-rules-left-in',
    base: 'smtp-auth',
    fault: 'FEATURE(`drac’) stands in a configuration that is meant for SMTP-AUTH alone',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`drac', `hash /etc/mail/drac')dnl" }],
    detectedBy: ['pop-before-smtp/login-outside-the-mode'],
  },
];
