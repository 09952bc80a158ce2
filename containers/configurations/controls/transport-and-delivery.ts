/** Controls with a fault in: transport, local delivery and what the server sends by itself. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

export const transportAndDelivery: readonly ControlDefinition[] = [
  {
    name: 'starttls-switched-off',
    base: 'smtp-auth',
    fault: 'the daemon on port 25 has M=S: no STARTTLS, and so no PLAIN or LOGIN there',
    effect: 'lock-out',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp')dnl",
        by: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp, M=S')dnl",
      },
    ],
    detectedBy: ['transport/starttls', 'smtp-auth/plain-starttls', 'smtp-auth/login-starttls'],
  },
  {
    name: 'authentication-on-port-25',
    base: 'smtp-auth',
    fault: 'M=a on port 25: the whole world needs a password to write to our users',
    effect: 'inbound',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp')dnl",
        by: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp, M=a')dnl",
      },
    ],
    detectedBy: [
      'legitimate-mail/local',
      'legitimate-mail/local-ipv6',
      'legitimate-mail/null-sender',
      'legitimate-mail/own-sender',
      'legitimate-mail/local-*',
      'legitimate-mail/helo',
      'legitimate-mail/greeting-with-literal',
      'legitimate-mail/pipelined',
      'legitimate-mail/several-recipients',
      'legitimate-mail/sender-*',
      'legitimate-mail/from-the-server-itself*',
      'false-leads/own-address',
    ],
  },
  {
    name: 'local-mailer-limit',
    base: 'both-procmail',
    fault: 'LOCAL_MAILER_MAX is 100 octets, where kilobytes were meant: mail to local users is accepted and bounces',
    effect: 'inbound',
    edits: [{ ...beforeMailers, insert: "define(`LOCAL_MAILER_MAX', `100')dnl" }],
    detectedBy: ['legitimate-mail/local', 'legitimate-mail/authenticated-local', 'transport/starttls'],
  },
];
