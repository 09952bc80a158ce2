/** What a client shows in STARTTLS: a certificate says who somebody is, not that he may relay. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { ClientCertificate, SmtpStep } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const shown: { id: string; certificate?: ClientCertificate; words: string }[] = [
  { id: 'none', words: 'no certificate' },
  { id: 'self-signed', certificate: 'self-signed', words: 'a certificate that it signed itself' },
  { id: 'other-authority', certificate: 'other-authority', words: 'a certificate of another authority' },
  { id: 'other-name', certificate: 'other-name', words: 'a certificate of the server’s authority, in another name' },
];

const session = (certificate: ClientCertificate | undefined, auth: SmtpStep[]): SmtpStep[] => [
  { do: 'greet' },
  { do: 'starttls', ...(certificate ? { certificate } : {}) },
  { do: 'greet' },
  ...auth,
  { do: 'mail' },
  { do: 'rcpt' },
  { do: 'data' },
];

const external: SmtpStep[] = [{ do: 'auth', mechanism: 'EXTERNAL', with: 'empty-user' }];

const block = {
  level: 'must',
  effect: 'leak',
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Draft>;

const to = (certificate: ClientCertificate | undefined, auth: SmtpStep[] = []): Draft['scene'] => ({
  family: 'ipv4',
  port: 25,
  tls: true,
  session: session(certificate, auth),
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
});

export const certificates: Draft[] = shown.flatMap(({ id, certificate, words }): Draft[] => [
  {
    ...block,
    id: `name-trust/certificate-${id}`,
    title: `a client that shows ${words} in STARTTLS`,
    requirement: 'A server MUST NOT relay for a client because of TLS, or of a certificate that is nobody’s it trusts.',
    clauses: [clauses.restrictRelay, clauses.noOpenRelay],
    applies: {},
    remedy:
      'Relay by certificate only for subjects that are named: "CertIssuer:… SUBJECT" and "CertSubject:… RELAY" in the ' +
      'access map, not "CertIssuer:… RELAY", and no rule that takes any answer of the macro verify for enough. confCACERT then holds the ' +
      'authority of one’s own clients, and no bundle of public ones.',
    scene: to(certificate),
  },
  {
    ...block,
    id: `name-trust/external-${id}`,
    title: `AUTH EXTERNAL by a client that shows ${words}`,
    requirement: 'A server MUST NOT let a client relay by EXTERNAL whose certificate is nobody’s it trusts.',
    clauses: [clauses.authorisationIdentity, clauses.noOpenRelay],
    applies: { offered: 'EXTERNAL' },
    remedy:
      'Take EXTERNAL out of TRUST_AUTH_MECH, to which Debian’s sasl.m4 adds it, or let confCACERT hold the authority of ' +
      'one’s own clients alone: whoever has a certificate of it may relay.',
    scene: to(certificate, external),
  },
]);
