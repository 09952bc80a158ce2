/** Controls with a fault in: SMTP-AUTH. */
import { beforeMailers, type ControlDefinition, mechanismsBut, offered, options, trusted } from './definition.ts';

export const authentication: readonly ControlDefinition[] = [
  {
    name: 'anonymous-trusted',
    base: 'smtp-auth',
    fault: 'ANONYMOUS is offered and trusted',
    effect: 'leak',
    edits: [
      { file: 'sendmail.mc', replace: offered, by: offered.replace("PLAIN'", "PLAIN ANONYMOUS'") },
      { file: 'sendmail.mc', replace: trusted, by: trusted.replace("PLAIN'", "PLAIN ANONYMOUS'") },
      { file: 'sendmail.mc', replace: options, by: options.replace(' y', '') },
    ],
    detectedBy: ['smtp-auth/anonymous-clear', 'smtp-auth/anonymous-starttls'],
  },
  {
    name: 'mechanisms-not-trusted',
    base: 'smtp-auth',
    fault: 'TRUST_AUTH_MECH is missing: users authenticate and may not relay all the same',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: `${trusted}\n`, by: '' }],
    detectedBy: mechanismsBut(['PLAIN', 'LOGIN'], 'clear').concat(mechanismsBut([], 'starttls')),
  },
  {
    name: 'plaintext-mechanisms-not-trusted',
    base: 'both',
    fault: 'PLAIN and LOGIN are offered in clear, as the provider of 2003 did, but not trusted',
    effect: 'lock-out',
    edits: [
      { file: 'sendmail.mc', replace: options, by: options.replace(' p', '') },
      { file: 'sendmail.mc', replace: trusted, by: trusted.replace(" LOGIN PLAIN'", "'") },
    ],
    detectedBy: ['smtp-auth/plain-clear*', 'smtp-auth/login-clear*'].flatMap((pattern) => [
      pattern.replace('*', ''),
      pattern.replace('*', '-submission'),
    ]),
  },
  {
    name: 'plaintext-auth-offered',
    base: 'smtp-auth',
    fault: 'confAUTH_OPTIONS without p: passwords are taken in clear',
    effect: 'weak',
    edits: [{ file: 'sendmail.mc', replace: options, by: options.replace(' p', '') }],
    detectedBy: ['transport/plaintext-auth-*'],
  },
  {
    name: 'plaintext-promiscuous',
    base: 'both',
    fault: 'Local_check_rcpt answers $#OK for everybody, on a server that takes passwords in clear',
    effect: 'leak',
    edits: [
      { file: 'sendmail.mc', replace: options, by: options.replace(' p', '') },
      { file: 'sendmail.mc', insert: 'LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t\t$#OK' },
    ],
    detectedBy: ['smtp-auth/plain-clear-wrong-password*', 'smtp-auth/login-clear-wrong-password*'],
  },
  {
    name: 'submission-open-to-strangers',
    base: 'smtp-auth',
    fault: 'the submission daemon lacks M=a: strangers may use it for local mail',
    effect: 'weak',
    edits: [{ file: 'sendmail.mc', replace: 'Port=submission, M=Ea', by: 'Port=submission, M=E' }],
    detectedBy: ['smtp-auth/submission-unauthenticated'],
  },
  {
    name: 'auth-left-in',
    base: 'pop-before-smtp',
    fault: 'AUTH is offered and trusted in a configuration that is meant for POP before SMTP alone',
    effect: 'leak',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp, M=A')dnl",
        by: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp')dnl",
      },
      {
        ...beforeMailers,
        insert: "define(`confAUTH_MECHANISMS', `LOGIN PLAIN')dnl\nTRUST_AUTH_MECH(`LOGIN PLAIN')dnl",
      },
    ],
    detectedBy: ['smtp-auth/login-outside-the-mode'],
  },
];
