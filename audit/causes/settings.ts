/**
 * What the rules are not asked about: which option, which daemon or which file usually decides an attempt. Looked for in
 * the folder's own files; where it must be there and is not, that is the cause.
 */
import { matcher } from '../plan.ts';
import {
  anonymous,
  authOptions,
  catchAll,
  elsewhere,
  type Finder,
  feature,
  first,
  hadTls,
  inMap,
  localEntry,
  lockedOut,
  mailer,
  mailerFile,
  onDaemon,
  option,
  privacy,
  size,
  tls,
  wantsPassword,
  wrongPassword,
} from './finders.ts';
import { lineOf, statement } from './mc.ts';

type Entry = { attempts: readonly string[]; find: Finder };

/** The first entry that names the attempt and finds something counts. */
const before: readonly Entry[] = [
  { attempts: ['smtp-auth/debian-login'], find: ({ files }) => lineOf(files, 'default-auth-info', /\S/, 'file line') },
  { attempts: ['smtp-auth/*anonymous*', 'false-leads/anonymous*'], find: anonymous },
  {
    attempts: [
      'smtp-auth/*password*',
      'smtp-auth/*-login',
      'smtp-auth/*looks-the-same',
      'smtp-auth/failure-answer',
      'smtp-auth/*unknown-user*',
      'smtp-auth/*-user',
    ],
    find: (ground, failed) => (failed.attempt.expected === 'block' ? wrongPassword(ground, failed) : undefined),
  },
  {
    attempts: ['transport/smuggled-*', 'open-relay/no-greeting*', 'open-relay/pipelined-session*'],
    find: inMap('access', /^Srv_Features/i),
  },
];

const after: readonly Entry[] = [
  { attempts: ['transport/plaintext-auth-*', 'smtp-auth/*-not-listed-in-clear'], find: authOptions },
  { attempts: ['smtp-auth/anonymous-*'], find: first(anonymous, authOptions) },
  {
    attempts: ['smtp-auth/not-offered-outside-the-mode-*', 'smtp-auth/login-outside-the-mode*'],
    find: first(
      ({ files }) => statement(files, /\bTRUST_AUTH_MECH\(/, /^C\{TrustAuthMech\}/),
      option('confAUTH_MECHANISMS', 'AuthMechanisms'),
      onDaemon(),
    ),
  },
  { attempts: ['smtp-auth/submission-*'], find: onDaemon((modifiers) => !modifiers.includes('a')) },
  { attempts: ['smtp-auth/received-*', 'transport/received-*'], find: option('confRECEIVED_HEADER', 'ReceivedHeader') },
  { attempts: ['transport/certificate-*'], find: option('confSERVER_CERT', 'ServerCertFile') },
  {
    attempts: ['transport/tls-one-*', 'transport/anonymous-ciphers*', 'transport/no-encryption*'],
    find: option('confCIPHER_LIST', 'CipherList', "define(`confCIPHER_LIST', …)"),
  },
  {
    attempts: ['transport/starttls*', 'transport/speaks-*'],
    find: (ground, failed) => (hadTls(failed) ? mailer : tls)(ground, failed),
  },
  { attempts: ['reflection/vrfy*'], find: privacy('novrfy') },
  { attempts: ['reflection/expn*', 'reflection/verb*'], find: privacy('noexpn') },
  { attempts: ['reflection/etrn*'], find: privacy('noetrn') },
  { attempts: ['reflection/unknown-user*'], find: first(catchAll, elsewhere, mailer) },
  { attempts: ['reflection/large-message'], find: first(({ files }) => statement(files, /LOCAL_MAILER_MAX/), mailer) },
  {
    attempts: [
      'reflection/header-*',
      'reflection/automatic-answer',
      'delivery-agents/forward-to-*',
      'delivery-agents/shell-*',
    ],
    find: first(mailerFile, mailer),
  },
  { attempts: ['delivery-agents/forward-file*'], find: first(option('confFORWARD_PATH', 'ForwardPath'), mailer) },
  { attempts: ['delivery-agents/*'], find: mailer },
  { attempts: ['sender-trust/refused-sender'], find: feature('access_db', true) },
  { attempts: ['sender-trust/refused-recipient'], find: feature('blocklist_recipients', true) },
  { attempts: ['legitimate-mail/trusted-*', 'legitimate-mail/relayed-*'], find: () => undefined },
  {
    attempts: [
      'smtp-auth/*',
      'false-leads/auth-*',
      'legitimate-mail/authenticated-*',
      'pop-before-smtp/login-and-auth',
    ],
    find: (ground, failed) =>
      failed.attempt.expected === 'deliver' || failed.attempt.answer
        ? (lockedOut(ground, failed) ?? mailer(ground, failed))
        : undefined,
  },
  { attempts: ['*'], find: first(wantsPassword, size) },
  {
    attempts: ['open-relay/*', 'legitimate-mail/local', 'false-leads/*'],
    find: (ground, failed) =>
      failed.result.observed === 'relayed' || failed.attempt.effect !== 'leak' ? elsewhere(ground, failed) : undefined,
  },
  {
    attempts: ['legitimate-mail/*', 'false-leads/*'],
    find: (ground, failed) =>
      failed.attempt.expected === 'deliver'
        ? first(localEntry, catchAll, elsewhere, mailer)(ground, failed)
        : undefined,
  },
];

const fromTable =
  (table: readonly Entry[]): Finder =>
  (ground, failed) => {
    for (const { attempts, find } of table) {
      const found = attempts.some((pattern) => matcher(pattern)(failed.attempt.id)) ? find(ground, failed) : undefined;
      if (found) {
        return found;
      }
    }
    return undefined;
  };

/** What decided before the rules were asked. */
export const settingBeforeRules = fromTable(before);
/** What decides where the rules tell nothing. */
export const settingAfterRules = fromTable(after);
