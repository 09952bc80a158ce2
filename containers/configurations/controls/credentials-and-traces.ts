/** Controls with a fault in: who verifies passwords, and what is left of who sent a message. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

export const credentialsAndTraces: readonly ControlDefinition[] = [
  {
    name: 'any-password-accepted',
    base: 'smtp-auth',
    fault: 'sasl/Sendmail.conf has a verifier that takes any password, left from a test',
    effect: 'leak',
    edits: [{ file: 'sasl/Sendmail.conf', create: 'pwcheck_method: alwaystrue\n' }],
    detectedBy: [
      'smtp-auth/plain-starttls-wrong-password',
      'smtp-auth/login-starttls-wrong-password',
      'smtp-auth/{debian,test,admin,postmaster,root}-login',
      'smtp-auth/*-as-password',
      'smtp-auth/*-looks-the-same',
      'smtp-auth/failure-answer',
    ],
    passes: ['smtp-auth/cram-md5-starttls-wrong-password', 'smtp-auth/scram-sha-256-starttls'],
  },
  {
    name: 'published-login',
    base: 'smtp-auth',
    fault: 'default-auth-info has Debian’s default password (DSA-554), and update_auth puts it into SASL’s database',
    effect: 'leak',
    edits: [{ file: 'default-auth-info', create: 'root\nsendmail\nsendmailpwd\nmail.hosting.example\n' }],
    detectedBy: ['smtp-auth/debian-login'],
    passes: ['smtp-auth/test-login'],
  },
  {
    name: 'untraceable',
    base: 'smtp-auth',
    fault: 'confRECEIVED_HEADER hides how a message came in: nobody can tell whose password was stolen',
    effect: 'weak',
    edits: [{ ...beforeMailers, insert: "define(`confRECEIVED_HEADER', `by $j id $i; $b')dnl" }],
    detectedBy: ['smtp-auth/received-*', 'transport/received-says-tls'],
  },
];
