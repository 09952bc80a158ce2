/** POP before SMTP: which logins authorise. */
import { ports } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import { blockedScene, blocks, type Draft, delivers, login, mapRemedy, scene, ways } from './draft.ts';

const hookRemedy =
  'Let every way of logging in tell the writer: hook into the POP server behind its authentication, or match all forms of ' +
  'its line for a login, whatever the method and with TLS or without.';
const successRemedy = 'Authorise on successful logins only: match the server’s line for them, whole.';

export const rightLogins: Draft[] = [
  ...ports.map(
    ({ port, suffix, where }): Draft => ({
      ...delivers,
      id: `pop-before-smtp/login${suffix}`,
      title: `POP login, then a message to outside from the same address, ${where}`,
      requirement: 'An address from which a user has just logged in over POP MUST be able to send to outside.',
      remedy: mapRemedy,
      scene: scene([login], { port }),
    }),
  ),
  ...ports.map(
    ({ port, suffix, where }): Draft => ({
      ...delivers,
      id: `pop-before-smtp/login-ipv6${suffix}`,
      title: `POP login and message to outside over IPv6, ${where}`,
      requirement: 'An IPv6 address from which a user has just logged in over POP MUST be able to send to outside.',
      remedy: `${mapRemedy} IPv6 keys are uncompressed.`,
      scene: scene([login], { family: 'ipv6', port }),
    }),
  ),
  ...ways.map(
    ([by, words]): Draft => ({
      ...delivers,
      id: `pop-before-smtp/login-${by}`,
      title: `POP login ${words}, then a message to outside`,
      requirement: `An address from which a user has logged in ${words} MUST be able to send to outside.`,
      clauses: [clauses.popBeforeSmtp, clauses.popLogin],
      remedy: hookRemedy,
      scene: scene([{ ...login, by }]),
    }),
  ),
  {
    ...delivers,
    id: 'pop-before-smtp/unfinished-quit',
    title: 'POP login that ends with QUIT but no line end, as PHPMailer’s does, then a message to outside',
    requirement: 'What a POP login has authorised MUST NOT depend on how the session ends.',
    remedy: 'Let the login itself authorise, neither the logout nor what was read of the mailbox.',
    scene: scene([{ ...login, unfinishedQuit: true }]),
  },
];

const wrongLogin = (id: string, words: string, remedy: string, step: object): Draft => ({
  ...blocks,
  id: `pop-before-smtp/${id}`,
  title: `${words}, then a message to outside`,
  requirement: `The server MUST NOT relay for an address because of ${words}.`,
  clauses: [clauses.popLogin, clauses.popUser, clauses.popBeforeSmtp],
  // The POP server runs in every mode: where nothing follows from its logins, nothing follows from wrong ones.
  applies: {},
  remedy,
  scene: blockedScene([{ do: 'login', with: 'wrong-password', from: 'same', ...step }]),
});

export const wrongLogins: Draft[] = [
  wrongLogin('wrong-password', 'a POP login with a wrong password', successRemedy, {}),
  wrongLogin('unknown-user', 'a POP login as an unknown user', successRemedy, { with: 'unknown-user' }),
  wrongLogin(
    'user-only',
    'USER without PASS',
    'Do not authorise on USER, which the server may answer with +OK whoever it is.',
    { with: 'user-only' },
  ),
  wrongLogin('dropped', 'a POP connection that is cut before PASS', 'Do not authorise on a connection or on its end.', {
    with: 'dropped',
  }),
  ...ways.map(([by, words]) => ({
    ...wrongLogin(`wrong-password-${by}`, `a POP login with a wrong password ${words}`, successRemedy, { by }),
    applies: blocks.applies,
  })),
  ...(
    [
      ['blank-password', 'a POP login with a blank password', { with: 'empty-password' }],
      ['blank-password-apop', 'APOP with the digest of a blank password', { with: 'empty-password', by: 'apop' }],
      ['another-users-password', 'a POP login with another user’s password', { with: 'another-users-password' }],
    ] as const
  ).map(([id, words, step]) => ({
    ...wrongLogin(
      id,
      words,
      'Give every account a password, and see that the POP server compares it (CVE-2006-2346 took a blank one).',
      step,
    ),
    applies: blocks.applies,
  })),
];
