/** STARTTLS: that it works for who wants it, in the versions of today, with a certificate that says who the server is. */
import { type Attempt, ports } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene, SmtpStep, TlsAbility } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;
type StartTls = Extract<SmtpStep, { do: 'starttls' }>;

const greet = { do: 'greet' } as const;
const toAUser: SmtpStep[] = [{ do: 'mail' }, { do: 'rcpt' }, { do: 'data' }];

const scene = (more: Partial<Scene> = {}): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: true,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{account}@{L}>',
  destination: 'mailbox',
  ...more,
});

const withStartTls = (step: Omit<StartTls, 'do'>): SmtpStep[] => [
  greet,
  { do: 'starttls', ...step },
  greet,
  ...toAUser,
];

const works = {
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
} as const satisfies Partial<Draft>;

const offered = (['ipv4', 'ipv6'] as const).flatMap((family) =>
  ports.map(({ port, suffix, where }): Draft => {
    const over = family === 'ipv6' ? ' over IPv6' : '';
    // On port 587 a stranger may be refused altogether; there the handshake is all that is asked for.
    return port === 25
      ? {
          ...works,
          id: `transport/starttls${family === 'ipv6' ? '-ipv6' : ''}`,
          title: `a stranger’s message to a local user over STARTTLS${over}`,
          scene: scene({ family }),
        }
      : {
          ...works,
          id: `transport/starttls${suffix}${family === 'ipv6' ? '-ipv6' : ''}`,
          title: `STARTTLS ${where}${over}`,
          requirement: 'A submission server SHOULD offer STARTTLS.',
          clauses: [clauses.startTls, clauses.cleartextObsolete],
          answer: { codes: [220] },
          scene: scene({ family, port, until: 'starttls', session: [greet, { do: 'starttls' }] }),
        };
  }),
);

const versions = (['TLSv1.2', 'TLSv1.3'] as const).map(
  (ability): Draft => ({
    ...works,
    id: `transport/speaks-${ability.toLowerCase().replace('.', '-')}-only`,
    title: `a client that speaks ${ability} and nothing else`,
    requirement: 'A server SHOULD take mail from clients that speak one of today’s versions of TLS alone.',
    remedy: 'Take out of confSERVER_SSL_OPTIONS, confCIPHER_LIST and confCIPHER_SUITES what forbids it.',
    scene: scene({ session: withStartTls({ ability }) }),
  }),
);

const certificate: Draft[] = [
  {
    ...works,
    id: 'transport/certificate-name',
    title: 'a client that insists on the server’s name in its certificate',
    requirement: 'A server’s certificate SHOULD carry the name that the server goes by.',
    remedy: 'Get a certificate for the name that clients connect to (confDOMAIN_NAME, the MX record).',
    applies: { needs: 'tls' },
    scene: scene({ session: withStartTls({ insistsOn: 'name' }) }),
  },
  {
    ...works,
    id: 'transport/certificate-dates',
    title: 'a client that insists on a certificate that has not expired',
    requirement: 'A server’s certificate SHOULD be valid today.',
    remedy: 'Renew the certificate, and restart sendmail, which reads it once.',
    applies: { needs: 'tls' },
    scene: scene({ session: withStartTls({ insistsOn: 'dates' }) }),
  },
];

/** What a handshake must not come to; each is a way for somebody on the line to read or change what is said. */
const tooWeak: readonly [id: string, ability: TlsAbility, what: string][] = [
  ['tls-one-zero', 'TLSv1', 'TLS 1.0'],
  ['tls-one-one', 'TLSv1.1', 'TLS 1.1'],
  ['anonymous-ciphers', 'anonymous-ciphers', 'ciphers that show nobody who the server is'],
  ['no-encryption', 'no-encryption', 'ciphers that encrypt nothing'],
];

const weak = tooWeak.flatMap(([id, ability, what]) =>
  ports.map(
    ({ port, suffix, where }): Draft => ({
      id: `transport/${id}${suffix}`,
      title: `a client that speaks ${what} and nothing better, ${where}`,
      requirement: 'A server SHOULD refuse a handshake that protects too little.',
      clauses: [clauses.cleartextObsolete],
      level: 'should',
      effect: 'weak',
      applies: { needs: 'tls' },
      expected: 'block',
      refusedIn: ['starttls'],
      remedy:
        'Leave confCIPHER_LIST at its default or without aNULL, eNULL and SECLEVEL=0; OpenSSL’s own level does the rest.',
      aliases: [],
      scene: scene({
        port,
        until: 'starttls',
        destination: 'sink',
        rcptTo: '<{u}@{E}>',
        session: [greet, { do: 'starttls', ability }],
      }),
    }),
  ),
);

const tells: Draft = {
  ...works,
  id: 'transport/received-says-tls',
  title: 'the Received field of a message that came over TLS',
  requirement: 'A server SHOULD write "with ESMTPS" into the Received field of a message that came over TLS.',
  clauses: [clauses.receivedWith],
  remedy: 'Leave the Received field as OSTYPE and proto.m4 make it (confRECEIVED_HEADER).',
  applies: { needs: 'tls' },
  scene: scene({ leaves: { receivedWith: 'ESMTPS' } }),
};

export const startTls: readonly Draft[] = [...offered, ...versions, ...certificate, ...weak, tells];
