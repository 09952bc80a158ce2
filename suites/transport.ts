/** What protects the password and the message on their way in. */
import { type Attempt, type AuthStep, defineSuite, ports } from './attempt.ts';
import { clauses } from './clauses.ts';

type Draft = Omit<Attempt, 'suite'>;

const plaintext: Draft[] = (['PLAIN', 'LOGIN'] as const).flatMap((mechanism) =>
  ports.map(({ port, suffix, where }): Draft => {
    const auth: AuthStep = { mechanism, with: 'right-password' };
    return {
      id: `transport/plaintext-auth-${mechanism.toLowerCase()}${suffix}`,
      title: `AUTH ${mechanism} without TLS, ${where}`,
      requirement: 'A server SHOULD NOT take a plain-text password over an unprotected connection.',
      clauses: [clauses.plaintextAuth],
      level: 'should',
      effect: 'weak',
      applies: { modes: ['smtp-auth', 'both'] },
      expected: 'block',
      refusedIn: ['auth'],
      rejectedWith: ['5.3.3', '5.5.4', '5.7.11'],
      remedy: 'Put "p" into confAUTH_OPTIONS, and see that STARTTLS works, or users of PLAIN and LOGIN are locked out.',
      aliases: ['plaintext-auth', 'transport/plaintext-auth'],
      scene: {
        family: 'ipv4',
        port,
        tls: false,
        auth,
        until: 'auth',
        mailFrom: '<{account}@{L}>',
        rcptTo: '<{u}@{E}>',
        destination: 'sink',
      },
    };
  }),
);

const startTls: Draft = {
  id: 'transport/starttls',
  title: 'a stranger’s message to a local user over STARTTLS',
  requirement: 'A server SHOULD offer STARTTLS and take mail over it.',
  clauses: [clauses.startTls],
  level: 'should',
  effect: 'weak',
  applies: {},
  expected: 'deliver',
  refusedIn: [],
  remedy:
    'Set confSERVER_CERT and confSERVER_KEY to files that sendmail may read (the key for root alone), and no M=S.',
  aliases: [],
  scene: {
    family: 'ipv4',
    port: 25,
    tls: true,
    mailFrom: '<{u}@{S}>',
    rcptTo: '<{account}@{L}>',
    destination: 'mailbox',
  },
};

export const transport = defineSuite('transport', 'Transport: what protects passwords and messages', [
  ...plaintext,
  startTls,
]);
