/** Passwords and users that are guessed: what the replies tell, and how often one may guess. */
import type { Mechanism } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Credential, SmtpStep } from '../scene.ts';
import {
  type Draft,
  deliver,
  mechanisms,
  message,
  modesWithAuth,
  overTls,
  reply,
  right,
  stockSendmail,
  strangerScene,
  userScene,
  wrong,
} from './forms.ts';

/** Cyrus SASL's SCRAM refuses a user whom it does not know at once, and others after their proof. */
const tells: ReadonlySet<Mechanism> = new Set(['SCRAM-SHA-1', 'SCRAM-SHA-256']);

/** In the other mechanisms that ask for a proof, no verifier of the configuration's is asked. */
const verified: ReadonlySet<Mechanism> = new Set(['PLAIN', 'LOGIN']);

type Comparison = { name: string; words: string; one: Credential; other: Credential };

const users: Comparison = {
  name: 'unknown-user-looks-the-same',
  words: 'an unknown user and a wrong password are answered alike',
  one: 'unknown-user',
  other: 'wrong-password',
};

const passwords: Comparison = {
  name: 'empty-password-looks-the-same',
  words: 'an empty and a wrong password are answered alike',
  one: 'empty-password',
  other: 'wrong-password',
};

const compare = (mechanism: Mechanism, { name, words, one, other }: Comparison): Draft => ({
  ...reply,
  level: tells.has(mechanism) && one === 'unknown-user' ? 'info' : 'should',
  id: `smtp-auth/${mechanism.toLowerCase()}-${name}`,
  title: `${mechanism}: ${words}`,
  requirement: 'The replies to a login that fails SHOULD NOT tell a stranger which users exist.',
  clauses: [clauses.authReplies],
  applies: { offered: mechanism },
  remedy: tells.has(mechanism)
    ? 'Nothing in the configuration decides it: Cyrus SASL ends SCRAM at once for a user whom it does not know. Take SCRAM ' +
      'out of confAUTH_MECHANISMS if that is worse than what users of it lose.'
    : 'See to a verifier that refuses both, with the same words.',
  ...(verified.has(mechanism)
    ? {}
    : {
        noControl: tells.has(mechanism)
          ? stockSendmail
          : 'the mechanism’s plug-in answers, and nothing in a configuration changes its words',
      }),
  scene: strangerScene({ session: [...overTls, { do: 'compare-auth', mechanism, one, other }] }),
});

const comparisons: Draft[] = mechanisms.flatMap((mechanism) => [
  compare(mechanism, users),
  ...(verified.has(mechanism) ? [compare(mechanism, passwords)] : []),
]);

const wrongPlain: SmtpStep = { do: 'auth', ...wrong('PLAIN') };

const patience: Draft[] = [
  {
    ...deliver,
    level: 'should',
    id: 'smtp-auth/right-password-after-two-failures',
    title: 'two wrong passwords, then the right one in the same session',
    requirement: 'A server SHOULD NOT end a session, or refuse the right password, before a third failed AUTH.',
    clauses: [clauses.authAttempts],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    remedy: 'Let whatever counts failures (a milter, fail2ban) begin to act at the third.',
    scene: userScene({ session: [...overTls, wrongPlain, wrongPlain, { do: 'auth', ...right('PLAIN') }, ...message] }),
  },
  {
    ...deliver,
    level: 'info',
    id: 'smtp-auth/right-password-after-six-failures',
    title: 'six wrong passwords, then the right one in the same session',
    requirement:
      'A server SHOULD let a user in who types his password wrong six times, as long as it only slows him down.',
    clauses: [clauses.authAttempts],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    remedy: 'Nothing has to change if the server ends such sessions on purpose: against guessing, that is allowed.',
    scene: userScene({
      session: [
        ...overTls,
        ...Array.from({ length: 6 }, () => wrongPlain),
        { do: 'auth', ...right('PLAIN') },
        ...message,
      ],
    }),
  },
  {
    ...deliver,
    level: 'info',
    id: 'smtp-auth/right-password-after-failures-in-other-sessions',
    title: 'two wrong passwords in each of four sessions from one address, then the right one in a fifth',
    requirement: 'A server SHOULD let a user in whose mail program goes on with an old password for a while.',
    clauses: [clauses.authAttempts],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    remedy:
      'Nothing has to change if the server locks such addresses out on purpose: against guessing, that is allowed.',
    scene: userScene({
      session: [
        ...Array.from({ length: 4 }, (): SmtpStep[] => [
          ...overTls,
          wrongPlain,
          wrongPlain,
          { do: 'reconnect' },
        ]).flat(),
        ...overTls,
        { do: 'auth', ...right('PLAIN') },
        ...message,
      ],
    }),
  },
];

export const guessingAttempts: Draft[] = [...comparisons, ...patience];
