/** Controls with a fault in TLS, or in where one message ends and the next begins. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

const certificate = (cert: string, key: string): ControlDefinition['edits'] => [
  { file: 'sendmail.mc', replace: '`/etc/mail/tls/cert.pem', by: `\`${cert}` },
  { file: 'sendmail.mc', replace: '`/etc/mail/tls/key.pem', by: `\`${key}` },
];

export const transport: readonly ControlDefinition[] = [
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
    detectedBy: [
      'transport/starttls',
      'transport/starttls-ipv6',
      'transport/speaks-*',
      'smtp-auth/plain-starttls',
      'smtp-auth/login-starttls',
    ],
    passes: ['transport/starttls-submission'],
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
    name: 'server-key-damaged',
    base: 'pop-before-smtp',
    fault:
      'confSERVER_KEY names a file in which there is no key: sendmail offers no STARTTLS on any port, and runs all the same',
    effect: 'lock-out',
    edits: [
      { file: 'sendmail.mc', replace: '`/etc/mail/tls/key.pem', by: '`/etc/mail/tls/private-key.pem' },
      { file: 'tls/private-key.pem', create: 'The key is in the safe.\n' },
    ],
    detectedBy: ['transport/starttls', 'transport/starttls-*'],
  },
  {
    name: 'certificate-of-another-name',
    base: 'both',
    fault: 'the server shows a certificate that was made out to somebody else',
    effect: 'lock-out',
    edits: certificate('/etc/relayproof/other-ca.pem', '/etc/relayproof/other-ca-key.pem'),
    detectedBy: ['transport/certificate-name'],
    passes: ['transport/certificate-dates', 'transport/starttls'],
  },
  {
    name: 'certificate-expired',
    base: 'both',
    fault: 'the server’s certificate has expired',
    effect: 'lock-out',
    edits: certificate('/etc/relayproof/expired.pem', '/etc/relayproof/expired-key.pem'),
    detectedBy: ['transport/certificate-dates'],
    passes: ['transport/certificate-name', 'transport/starttls'],
  },
  {
    name: 'ciphers-of-long-ago',
    base: 'smtp-auth',
    fault: 'confCIPHER_LIST allows everything, for programs of long ago: old versions, no encryption, no certificate',
    effect: 'weak',
    edits: [{ ...beforeMailers, insert: "define(`confCIPHER_LIST', `ALL:aNULL:eNULL@SECLEVEL=0')dnl" }],
    detectedBy: ['transport/tls-one-*', 'transport/anonymous-ciphers*', 'transport/no-encryption*'],
    passes: ['transport/speaks-*'],
  },
  {
    name: 'line-ends-unchecked',
    base: 'both',
    fault:
      'Srv_Features O, U, G and F: any LF, dot, LF ends a message, and what follows it in the same packet is taken',
    effect: 'leak',
    edits: [{ file: 'access', insert: 'Srv_Features:\tO U G F' }],
    detectedBy: ['transport/smuggled-*'],
  },
  {
    name: 'line-ends-unchecked-but-for-packets',
    base: 'pop-before-smtp',
    fault: 'Srv_Features U and G: bare CR and LF are taken, and do not end a message; a stray CR before CRLF is none',
    effect: 'weak',
    edits: [{ file: 'access', insert: 'Srv_Features:\tU G F' }],
    detectedBy: ['transport/smuggled-crcrlf-dot-crlf-inbound'],
    passes: ['transport/smuggled-lf-dot-lf-inbound', 'transport/smuggled-crlf-dot-lf-after-pop-login'],
  },
];
