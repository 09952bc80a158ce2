/** Passwords that anybody on the way can read. */
import { type Attempt, type AuthStep, ports } from '../attempt.ts';
import { clauses } from '../clauses.ts';

type Draft = Omit<Attempt, 'suite'>;

export const plaintext: readonly Draft[] = (['PLAIN', 'LOGIN'] as const).flatMap((mechanism) =>
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
