/** Every mechanism with the right and with a wrong password. */
import { type Attempt, ports } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import {
  block,
  type Draft,
  deliver,
  mechanisms,
  modesWithAuth,
  right,
  strangerScene,
  userScene,
  wrong,
} from './forms.ts';

const channels = [
  { tls: true, suffix: '-starttls', how: 'over STARTTLS' },
  { tls: false, suffix: '-clear', how: 'in clear' },
];

const places = [
  ...ports.map((place) => ({ ...place, family: 'ipv4' }) as const),
  { port: 25, suffix: '-ipv6', where: 'on port 25 over IPv6', family: 'ipv6' },
] as const;

/** Over IPv6 one mechanism shows what the others would. */
const overIpv6 = new Set(['PLAIN', 'SCRAM-SHA-256']);

const rightPassword = {
  ...deliver,
  requirement: 'A client that authenticates with a mechanism that the server offers MUST be able to send to outside.',
  clauses: [clauses.authRelay, clauses.authAdvertised],
} satisfies Partial<Attempt>;

const everyMechanism: Draft[] = mechanisms.flatMap((mechanism) =>
  channels.flatMap(({ tls, suffix: channel, how }) =>
    places
      .filter(({ family }) => family === 'ipv4' || overIpv6.has(mechanism))
      .flatMap(({ port, suffix, where, family }): Draft[] => {
        const name = `${mechanism.toLowerCase()}${channel}`;
        return [
          {
            ...rightPassword,
            id: `smtp-auth/${name}${suffix}`,
            title: `${mechanism} with the right password ${how}, ${where}`,
            applies: { modes: modesWithAuth, offered: mechanism },
            remedy: `List ${mechanism} in TRUST_AUTH_MECH as well as in confAUTH_MECHANISMS, separated by spaces.`,
            scene: userScene({ family, port, tls, auth: right(mechanism) }),
          },
          {
            ...block,
            id: `smtp-auth/${name}-wrong-password${suffix}`,
            title: `${mechanism} with a wrong password ${how}, then a message to outside, ${where}`,
            requirement:
              'After a failed AUTH the server MUST treat the session as if there had been none, and refuse to relay.',
            clauses: [clauses.authFailure, clauses.noOpenRelay],
            applies: { offered: mechanism },
            remedy: 'Check pwcheck_method in sasl/Sendmail.conf: whatever verifies passwords must refuse a wrong one.',
            ...(port === 587 && mechanism !== 'PLAIN' ? { ofProduct: true } : {}),
            scene: strangerScene({ family, port, tls, auth: wrong(mechanism) }),
          },
        ];
      }),
  ),
);

/** The client's first words may come with AUTH, or after the server has asked for them with an empty 334. */
const waiting: Draft[] = (['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256'] as const).map((mechanism) => ({
  ...rightPassword,
  id: `smtp-auth/${mechanism.toLowerCase()}-no-initial-response`,
  title: `${mechanism} with the right password over STARTTLS, without an initial response`,
  requirement: 'A server MUST ask for an initial response that a client has not sent, with a challenge that is empty.',
  clauses: [clauses.authMechanisms],
  applies: { modes: modesWithAuth, offered: mechanism },
  remedy: 'Nothing in the configuration forbids it: see the log for what SASL says of the exchange.',
  scene: userScene({ auth: { ...right(mechanism), initialResponse: false } }),
}));

const atOnce: Draft = {
  ...rightPassword,
  level: 'should',
  id: 'smtp-auth/login-initial-response',
  title: 'LOGIN with the user name in the AUTH command itself, as the mail class of .NET gives it',
  requirement: 'A server SHOULD take the user name of LOGIN as an initial response, since clients give it so.',
  applies: { modes: modesWithAuth, offered: 'LOGIN' },
  remedy: 'Nothing in the configuration forbids it: Cyrus SASL takes it. See the log for what it says of the exchange.',
  scene: userScene({ auth: { ...right('LOGIN'), initialResponse: true } }),
};

/** Programs that know one mechanism need it whatever the configuration says that it offers. */
const programs: Draft[] = [
  {
    mechanism: 'PLAIN',
    level: 'should',
    requirement: 'A server SHOULD offer PLAIN over TLS, the one mechanism that every implementation must have.',
  } as const,
  {
    mechanism: 'LOGIN',
    level: 'info',
    requirement: 'A server SHOULD offer LOGIN over TLS as long as programs are in use that know no other mechanism.',
  } as const,
].flatMap(({ mechanism, level, requirement }) =>
  ports.map(
    ({ port, suffix, where }): Draft => ({
      ...deliver,
      level,
      id: `smtp-auth/${mechanism.toLowerCase()}-only-program${suffix}`,
      title: `a program that knows no other mechanism than ${mechanism}, with the right password over STARTTLS, ${where}`,
      requirement,
      clauses: [clauses.plainOverTls],
      applies: { modes: modesWithAuth },
      remedy:
        `Name ${mechanism} in confAUTH_MECHANISMS, whose default has neither PLAIN nor LOGIN, and in TRUST_AUTH_MECH; put ` +
        'no M=A into DAEMON_OPTIONS; see that STARTTLS works.',
      scene: userScene({ port, auth: right(mechanism) }),
    }),
  ),
);

export const mechanismAttempts: Draft[] = [...everyMechanism, ...waiting, atOnce, ...programs];
