/**
 * Controls with a fault in: SMTP-AUTH whose users cannot send. Those who log in over POP3 can: what is blocked at the
 * same time proves something.
 */
import { type ControlDefinition, offered, options, trusted } from './definition.ts';

const rulesOf = (name: string, ...rules: string[]) => ({
  file: 'sendmail.mc',
  insert: ['LOCAL_RULESETS', `S${name}`, ...rules].join('\n'),
});

export const lockedOutUsers: readonly ControlDefinition[] = [
  {
    name: 'trusted-mechanisms-by-comma',
    base: 'both',
    fault: 'TRUST_AUTH_MECH has commas between the mechanisms, which makes one long name of them that nobody has',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: trusted, by: trusted.replaceAll(' ', ',') }],
    detectedBy: [
      'smtp-auth/plain-starttls',
      'smtp-auth/authenticated-then-*',
      'smtp-auth/right-password-after-wrong',
      'smtp-auth/pipelined',
    ],
  },
  {
    name: 'trusted-mechanisms-by-line',
    base: 'both',
    fault: 'TRUST_AUTH_MECH is broken into lines, of which the first alone counts',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: trusted, by: trusted.replace('SHA-1 ', 'SHA-1\n') }],
    detectedBy: [
      'smtp-auth/plain-starttls',
      'smtp-auth/plain-no-initial-response',
      'smtp-auth/login-initial-response',
      'smtp-auth/plain-acting-as-oneself',
      'smtp-auth/auth-parameter',
    ],
    passes: ['smtp-auth/scram-sha-256-starttls'],
  },
  {
    name: 'trust-macro-misspelt',
    base: 'both',
    fault: 'TRUST_AUTH_MECHS, which m4 does not know and sendmail takes for a list of trusted users',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: trusted, by: trusted.replace('MECH(', 'MECHS(') }],
    detectedBy: [
      'smtp-auth/plain-starttls',
      'smtp-auth/right-password-after-*-failures',
      'smtp-auth/right-password-after-failures-in-other-sessions',
    ],
  },
  {
    name: 'mechanisms-undefined',
    base: 'both',
    fault: 'confAUTH_MECHANISMS is not defined, and its default has neither PLAIN nor LOGIN',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: `${offered}\n`, by: '' }],
    detectedBy: ['smtp-auth/plain-only-program', 'smtp-auth/login-only-program'],
    passes: ['smtp-auth/cram-md5-starttls'],
  },
  {
    name: 'auth-off-on-submission',
    base: 'both',
    fault: 'the submission daemon has M=A, which never offers AUTH, where M=a was meant',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: 'Port=submission, M=E', by: 'Port=submission, M=EA' }],
    detectedBy: ['smtp-auth/plain-only-program-submission', 'smtp-auth/login-only-program-submission'],
  },
  {
    name: 'mechanisms-asked-too-much',
    base: 'both',
    fault: 'confAUTH_OPTIONS asks for forward secrecy (f), which no mechanism here has: AUTH is not offered at all',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: options, by: options.replace(' y', ' y f') }],
    detectedBy: [
      'smtp-auth/plain-starttls',
      'smtp-auth/scram-sha-256-starttls',
      'mail-clients/*-{clear,cram-md5,starttls,tls-if-offered,tls}',
    ],
  },
  {
    name: 'trust-taken-back',
    base: 'both',
    fault: 'Local_Relay_Auth answers NO, which takes back the trust in every mechanism',
    effect: 'lock-out',
    edits: [rulesOf('Local_Relay_Auth', 'R$*\t\t$: NO')],
    detectedBy: ['smtp-auth/plain-starttls', 'smtp-auth/login-starttls'],
  },
  {
    name: 'tls-key-broken',
    base: 'both',
    fault: 'tls/key.pem is no key: there is no STARTTLS, and so no PLAIN or LOGIN',
    effect: 'lock-out',
    edits: [{ file: 'tls/key.pem', create: 'the key is in the safe\n' }],
    detectedBy: ['smtp-auth/plain-starttls', 'smtp-auth/login-starttls'],
    passes: ['smtp-auth/scram-sha-256-clear'],
  },
  {
    name: 'auth-taken-away-by-features',
    base: 'both',
    fault: 'an entry Srv_Features: of the access map hides AUTH from all clients',
    effect: 'lock-out',
    edits: [{ file: 'access', insert: 'Srv_Features:\tA' }],
    detectedBy: ['smtp-auth/plain-starttls', 'smtp-auth/success-answer'],
  },
  {
    name: 'password-database-elsewhere',
    base: 'both',
    fault: 'sasl/Sendmail.conf looks for the users in a database that is not there',
    effect: 'lock-out',
    edits: [
      {
        file: 'sasl/Sendmail.conf',
        create: 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: /etc/mail/sasl/users\n',
      },
    ],
    detectedBy: ['smtp-auth/plain-starttls', 'smtp-auth/scram-sha-256-starttls', 'smtp-auth/user-with-host-name'],
  },
];
