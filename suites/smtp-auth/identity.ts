/** Who the client says it is: nobody, whom a certificate names, or somebody else. */
import { clauses } from '../clauses.ts';
import {
  block,
  type Draft,
  deliver,
  message,
  modesWithAuth,
  overTls,
  reply,
  right,
  stockSendmail,
  strangerScene,
  userScene,
} from './forms.ts';

const channels = [
  { tls: true, suffix: '-starttls', how: 'over STARTTLS' },
  { tls: false, suffix: '-clear', how: 'in clear' },
];

/** Codes of a mechanism that is not there, or not in clear (RFC 4954 section 6), and sendmail's own. */
const noSuchMechanism = ['5.3.3', '5.5.1', '5.5.4', '5.7.4', '5.7.11'];

const anonymous: Draft[] = channels.flatMap(({ tls, suffix, how }): Draft[] => [
  {
    ...block,
    id: `smtp-auth/anonymous${suffix}`,
    title: `ANONYMOUS ${how}, then a message to outside`,
    requirement: 'A server MUST NOT relay for a client that authenticated as nobody.',
    clauses: [clauses.anonymousOff, clauses.noOpenRelay],
    applies: {},
    remedy: 'Take ANONYMOUS out of TRUST_AUTH_MECH and confAUTH_MECHANISMS, and put "y" into confAUTH_OPTIONS.',
    scene: strangerScene({ tls, auth: right('ANONYMOUS') }),
  },
  {
    ...reply,
    level: 'should',
    id: `smtp-auth/anonymous-refused${suffix}`,
    title: `ANONYMOUS ${how}, and no message`,
    requirement: 'A server SHOULD NOT let a client authenticate as nobody, relaying or not.',
    clauses: [clauses.anonymousOff],
    applies: {},
    rejectedWith: noSuchMechanism,
    remedy:
      'Take ANONYMOUS out of confAUTH_MECHANISMS, and put "y" into confAUTH_OPTIONS. Without trust in it nothing is ' +
      'relayed, but a rule on auth_type that somebody adds later opens the server.',
    scene: strangerScene({ tls, auth: right('ANONYMOUS'), until: 'auth' }),
  },
]);

const external: Draft[] = [
  ...channels.flatMap(({ tls, suffix, how }): Draft[] => [
    {
      ...block,
      id: `smtp-auth/external-without-certificate${suffix}`,
      title: `EXTERNAL as a real user, without a certificate, ${how}, then a message to outside`,
      requirement: 'A server MUST NOT take for EXTERNAL an identity that no certificate has proven.',
      clauses: [clauses.authorisationIdentity, clauses.noOpenRelay],
      applies: {},
      remedy: 'Update sendmail: until 8.13.0 a TLS session was enough. Take EXTERNAL out of TRUST_AUTH_MECH meanwhile.',
      scene: strangerScene({ tls, auth: right('EXTERNAL') }),
    },
  ]),
  {
    ...reply,
    level: 'should',
    id: 'smtp-auth/external-refused',
    title: 'EXTERNAL without a certificate over STARTTLS, and no message',
    requirement: 'A server SHOULD refuse EXTERNAL to a client whom nothing outside the exchange identifies.',
    clauses: [clauses.authorisationIdentity],
    applies: {},
    rejectedWith: noSuchMechanism,
    remedy: 'Update sendmail: until 8.13.0 a TLS session was enough.',
    scene: strangerScene({ auth: right('EXTERNAL'), until: 'auth' }),
    noControl: 'sendmail offers EXTERNAL only where a client’s certificate was verified, and no option changes that',
  },
];

const somebodyElse = ['{other}', 'root', 'postmaster@{L}'].map((actingAs) => ({
  actingAs,
  name: actingAs.replace('{other}', 'another-user').replace(/@.*/, ''),
}));

const actingAs: Draft[] = [
  ...somebodyElse.map(
    ({ actingAs, name }): Draft => ({
      ...block,
      level: 'info',
      effect: 'weak',
      id: `smtp-auth/plain-acting-as-${name}`,
      title: `PLAIN with the right password, acting as ${name.replaceAll('-', ' ')}, then a message to outside`,
      requirement: 'A server SHOULD refuse a user who wants to act as somebody else without being permitted to.',
      clauses: [clauses.plainIdentity],
      applies: { modes: modesWithAuth, offered: 'PLAIN' },
      noControl: stockSendmail,
      remedy:
        'Nothing in the configuration decides it: sendmail takes any identity to act as, and uses none, since rules and ' +
        'log have the user who proved his password (auth_authen).',
      scene: strangerScene({ auth: { ...right('PLAIN'), actingAs } }),
    }),
  ),
  {
    ...block,
    id: 'smtp-auth/plain-wrong-password-acting-as-user',
    title: 'PLAIN as an unknown user who acts as a real one, then a message to outside',
    requirement: 'A server MUST refuse whoever fails to prove his own identity, whomever he wants to act as.',
    clauses: [clauses.plainIdentity, clauses.authFailure],
    applies: { offered: 'PLAIN' },
    remedy: 'Check pwcheck_method in sasl/Sendmail.conf: what is verified is the user, not whom he acts as.',
    scene: strangerScene({ auth: { mechanism: 'PLAIN', with: 'unknown-user', actingAs: '{account}' } }),
  },
  {
    ...deliver,
    id: 'smtp-auth/plain-acting-as-oneself',
    title: 'PLAIN with the right password, acting as the same user, as some programs write it',
    requirement: 'A server MUST let a user act as himself.',
    clauses: [clauses.plainIdentity],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    remedy: 'Check what verifies passwords: the identity to act as may be empty, or the user’s own.',
    scene: userScene({ auth: { ...right('PLAIN'), actingAs: '{account}' } }),
  },
];

const ofOthers: Draft[] = [
  {
    ...block,
    level: 'info',
    effect: 'weak',
    id: 'smtp-auth/sender-of-another-user',
    title: 'a user’s message to outside with another user’s address as the sender',
    requirement:
      'A server SHOULD refuse a sender that belongs to another user, if users are not to write as each other.',
    clauses: [clauses.authSender],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    noControl: stockSendmail,
    remedy:
      'By itself sendmail takes any sender of an authenticated user. A rule in Local_check_mail that compares $&{auth_authen} with ' +
      'the sender, or a milter, changes that; it locks out users with several addresses unless they are listed.',
    scene: userScene({ auth: right('PLAIN'), mailFrom: '<{other}@{L}>' }),
  },
  {
    ...deliver,
    id: 'smtp-auth/auth-parameter',
    title: 'a user’s message to outside with MAIL AUTH=, as servers and curl send it',
    requirement: 'A server that offers AUTH MUST take the AUTH parameter of MAIL.',
    clauses: [clauses.authParameter],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    remedy: 'Remove the rule that refuses it. To disbelieve it is right: sendmail passes on AUTH=<>.',
    scene: userScene({
      session: [
        ...overTls,
        { do: 'auth', ...right('PLAIN') },
        { do: 'mail', parameters: 'AUTH=ceo@{L}' },
        ...message.slice(1),
      ],
    }),
  },
];

export const identityAttempts: Draft[] = [...anonymous, ...external, ...actingAs, ...ofOthers];
