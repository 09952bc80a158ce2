/** Logins that must fail, with every mechanism; afterwards the session must be as good as one without. */
import type { Attempt, Mechanism } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Credential, PublishedLogin } from '../scene.ts';
import {
  block,
  type Draft,
  deliver,
  mechanisms,
  modesWithAuth,
  stockSendmail,
  strangerScene,
  userScene,
} from './forms.ts';

type Kind = Pick<Draft, 'requirement' | 'clauses' | 'remedy'> & {
  credential: Credential;
  words: string;
  level?: (mechanism: Mechanism) => Attempt['level'];
};

const verifier = 'Check pwcheck_method in sasl/Sendmail.conf: whatever verifies passwords must refuse this.';

/** Cyrus SASL's plug-ins for these two read a name up to its first NUL: the user in front of it, with his password. */
const readsToNul: ReadonlySet<Mechanism> = new Set(['LOGIN', 'CRAM-MD5']);

const kinds: readonly Kind[] = [
  {
    credential: 'empty-password',
    words: 'with an empty password',
    requirement: 'A server MUST refuse an empty password.',
    clauses: [clauses.plainEmptyPassword, clauses.authFailure],
    remedy: 'Do not verify passwords with a back end that takes an empty one (PAM nullok, unauthenticated LDAP bind).',
  },
  {
    credential: 'unknown-user',
    words: 'as an unknown user',
    requirement: 'A server MUST refuse a user whom it does not know.',
    clauses: [clauses.authFailure],
    remedy: 'Check pwcheck_method in sasl/Sendmail.conf.',
  },
  {
    credential: 'empty-user',
    words: 'with an empty user name',
    requirement: 'A server MUST refuse a login without a user name, whatever the password is.',
    clauses: [clauses.authFailure],
    remedy: verifier,
  },
  {
    credential: 'another-users-password',
    words: 'with another user’s password',
    requirement: 'A server MUST refuse a password that is another user’s.',
    clauses: [clauses.authFailure],
    remedy: verifier,
  },
  {
    credential: 'overlong-user',
    words: 'with a user name of 4,000 characters that begins with a real one',
    requirement: 'A server MUST refuse a user name that only begins with one that it knows.',
    clauses: [clauses.authFailure],
    remedy: 'Update Cyrus SASL, or whatever verifies passwords: a name must not be cut to fit a field.',
  },
  {
    credential: 'foreign-realm',
    words: 'as a user of another realm, with the password of the one here',
    level: () => 'should',
    requirement: 'A server SHOULD NOT take a user of a realm that is not its own for the one of the same name here.',
    clauses: [clauses.authorisationIdentity, clauses.authFailure],
    remedy:
      'Give saslauthd -r if several domains have users of their own: without it, the realm is cut off the name. With ' +
      'users of one domain alone, this is a matter of what they are used to typing.',
  },
  {
    credential: 'nul-in-user',
    words: 'with a NUL and more behind the right user name',
    level: (mechanism) => (readsToNul.has(mechanism) ? 'info' : 'should'),
    requirement:
      'A server SHOULD refuse a user name with a NUL in it, which the log and the verifier read differently.',
    clauses: [clauses.plainIdentity],
    remedy: 'Nothing in the configuration decides it: Cyrus SASL’s plug-ins for LOGIN and CRAM-MD5 read up to the NUL.',
  },
  {
    credential: 'upper-case-user',
    words: 'with the right user name in capitals',
    level: () => 'info',
    requirement: 'A server SHOULD take user names as they are written, so that each user has one name in the log.',
    clauses: [clauses.authorisationIdentity],
    remedy: 'Nothing needs to change if the verifier takes both for the same user, with the same password.',
  },
];

type Channel = { tls: boolean; port: 25 | 587; name: string; where: string };

const overStartTls: Channel = { tls: true, port: 25, name: '', where: 'over STARTTLS' };

const failing = (mechanism: Mechanism, kind: Kind, { tls, port, name, where }: Channel): Draft => ({
  ...block,
  level: kind.level?.(mechanism) ?? 'must',
  id: `smtp-auth/${mechanism.toLowerCase()}${tls ? '' : '-clear'}-${kind.credential}${name}`,
  title: `${mechanism} ${kind.words} ${where}, then a message to outside`,
  requirement: kind.requirement,
  clauses: kind.clauses,
  applies: { offered: mechanism },
  remedy: kind.remedy,
  ...(mechanism === 'PLAIN' && tls ? {} : { ofProduct: true }),
  ...(kind.credential === 'nul-in-user' && readsToNul.has(mechanism) ? { noControl: stockSendmail } : {}),
  scene: strangerScene({ tls, port, auth: { mechanism, with: kind.credential } }),
});

const everyMechanism = mechanisms.flatMap((mechanism) => kinds.map((kind) => failing(mechanism, kind, overStartTls)));

/** The rest of what a stranger would try first, where he would try it. */
const firstTried = kinds.filter(({ credential }) => /^(empty-password|unknown-user|another)/.test(credential));
const elsewhere = firstTried.flatMap((kind) => [
  failing('PLAIN', kind, { tls: true, port: 587, name: '-submission', where: 'over STARTTLS on port 587' }),
  ...(['CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-256'] as const).map((mechanism) =>
    failing(mechanism, kind, { tls: false, port: 25, name: '', where: 'in clear' }),
  ),
]);

/** In every list of passwords; the first is what Debian's package put into SASL's database in 2004 (DSA-554). */
const published: readonly (PublishedLogin & { name: string; words: string })[] = [
  { user: 'sendmail', password: 'sendmailpwd', name: 'debian-login', words: 'sendmail and sendmailpwd (DSA-554)' },
  { user: 'test', password: 'test', name: 'test-login', words: 'test and test' },
  { user: 'admin', password: 'admin', name: 'admin-login', words: 'admin and admin' },
  { user: 'postmaster', password: 'postmaster', name: 'postmaster-login', words: 'postmaster and postmaster' },
  { user: 'root', password: 'root', name: 'root-login', words: 'root and root' },
  { user: '{account}', password: '{account}', name: 'name-as-password', words: 'a real user and his name' },
  { user: '{account}', password: 'password', name: 'password-as-password', words: 'a real user and “password”' },
];

const publishedLogins: Draft[] = published.map(({ user, password, name, words }) => ({
  ...block,
  id: `smtp-auth/${name}`,
  title: `PLAIN with a login that everybody knows, ${words}, over STARTTLS, then a message to outside`,
  requirement: 'A server MUST NOT relay for a user name and password that are in everybody’s hands.',
  clauses: [clauses.noOpenRelay],
  applies: { offered: 'PLAIN' },
  remedy:
    'Remove the account: sasldblistusers2 shows those of SASL’s database, saslpasswd2 -d removes one. ' +
    'Debian’s update_auth puts the one of default-auth-info there.',
  aliases: ['published-login'],
  scene: strangerScene({ auth: { mechanism: 'PLAIN', with: { user, password } } }),
}));

const ownRealm: Draft = {
  ...deliver,
  level: 'info',
  id: 'smtp-auth/user-with-host-name',
  title: 'PLAIN as user@host with the server’s host name over STARTTLS',
  requirement: 'A server SHOULD take a user with its own realm behind the name for the same user.',
  clauses: [clauses.authorisationIdentity],
  applies: { modes: modesWithAuth, offered: 'PLAIN' },
  remedy:
    'SASL’s own database has the realm that saslpasswd2 -u named: it has to be the host name ($j), or confAUTH_REALM.',
  scene: userScene({ auth: { mechanism: 'PLAIN', with: 'own-realm' } }),
};

export const credentialAttempts: Draft[] = [...everyMechanism, ...elsewhere, ...publishedLogins, ownRealm];
