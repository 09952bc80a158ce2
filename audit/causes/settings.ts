/**
 * What the rules are not asked about: which option, which daemon or which file usually decides an attempt. Looked for in
 * the folder's own files; where it must be there and is not, that is the cause.
 */
import type { TargetFacts } from '../../containers/target/target-facts.ts';
import type { AttemptResult, Cause } from '../../reports/model.ts';
import type { Attempt } from '../../suites/attempt.ts';
import { isSweep } from '../../suites/scene.ts';
import { matcher } from '../plan.ts';
import { type Files, linesOf } from '../sweep/sources.ts';
import { causeAt, daemon, define, lineOf, missing, statement } from './mc.ts';

export type Failed = { attempt: Attempt; result: AttemptResult };
export type Ground = { files: Files; facts: TargetFacts };

type Finder = (ground: Ground, failed: Failed) => Cause | undefined;

/** An option, or its absence where sendmail's default is what fails. */
const option =
  (name: string, inCf: string, absent?: string): Finder =>
  ({ files }) =>
    define(files, name, inCf) ?? (absent === undefined ? undefined : missing(files, absent));

const feature =
  (name: string, absent?: true): Finder =>
  ({ files }) =>
    statement(files, new RegExp(`^\\s*FEATURE\\(\\s*\`?${name}\\b`)) ??
    (absent ? missing(files, `FEATURE(\`${name}')`) : undefined);

const inMap =
  (map: string, key: RegExp): Finder =>
  ({ files, facts }) => {
    const path = facts.maps.find(({ name }) => name === map)?.path.replace('/etc/mail/', '') ?? map;
    return lineOf(files, path, key, 'map entry');
  };

const first =
  (...finders: Finder[]): Finder =>
  (ground, failed) => {
    for (const find of finders) {
      const found = find(ground, failed);
      if (found) {
        return found;
      }
    }
    return undefined;
  };

const portOf = ({ attempt }: Failed) => (isSweep(attempt.scene) ? 25 : attempt.scene.port);

const onDaemon =
  (wanted: (modifiers: string) => boolean = () => true): Finder =>
  ({ files, facts }, failed) => {
    const port = portOf(failed);
    const listener = facts.listeners.find((one) => one.port === port);
    return listener && wanted(listener.modifiers) ? daemon(files, port) : undefined;
  };

/** Where local mail goes, other than to the mailboxes here. */
const elsewhere: Finder = ({ files }) =>
  statement(files, /^\s*define\(\s*`?(LUSER_RELAY|MAIL_HUB|LOCAL_RELAY)\b/, /^D[LHR]\S/);

/** The file of recipes, or the script, that the local mailer is given for everybody. */
const mailerFile: Finder = ({ files }) => {
  const call = statement(files, /^\s*(FEATURE\(\s*`local_procmail|define\(\s*`(?:LOCAL|PROCMAIL)_MAILER_ARGS)/);
  const named = /\/etc\/mail\/([\w.-]+)/.exec(call?.text ?? '')?.[1];
  if (named === undefined || !files.has(named)) {
    return undefined;
  }
  const lines = linesOf(files, named).filter(({ text }) => !/^\s*(#|$)/.test(text));
  // What acts: a forward, a program, a shell; and before the last one, which delivers.
  const acting = lines.filter(({ text }) => /^\s*[!|]|\beval\b/.test(text));
  const found = acting[0] ?? lines[0];
  return found && causeAt(found, 'search', 'file line');
};

const mailer = first(
  ({ files }) => statement(files, /^\s*MODIFY_MAILER_FLAGS\(\s*`LOCAL'/),
  ({ files }) => statement(files, /^\s*define\(\s*`?LOCAL_MAILER_/),
  mailerFile,
  // As it stands in everybody's file it is no cause.
  ({ files }) =>
    statement(files, /^\s*FEATURE\(\s*`local_(?:procmail|lmtp)'\s*,(?!\s*`[^',]*\/(?:procmail|mail\.local)'\s*\))/),
);

const tls = first(
  onDaemon((modifiers) => modifiers.includes('S')),
  ({ files }) => lineOf(files, 'tls/key.pem', /./, 'file line'),
  ({ files }) => lineOf(files, 'tls/cert.pem', /./, 'file line'),
  option('confSERVER_KEY', 'ServerKeyFile'),
  option('confSERVER_CERT', 'ServerCertFile', "define(`confSERVER_CERT', …) with confSERVER_KEY"),
);

const verifier: Finder = ({ files }) =>
  lineOf(files, 'sasl/Sendmail.conf', /^\s*pwcheck_method/, 'file line') ??
  lineOf(files, 'sasl/Sendmail.conf', /\S/, 'file line');

const textOf = ({ result }: Failed) =>
  (result.evidence?.dialogues ?? [])
    .flatMap(({ lines }) => lines.filter(({ from }) => from === 'server'))
    .map(({ text }) => text);

const hadTls = (failed: Failed) => textOf(failed).some((text) => /^220 2\.0\.0 Ready/.test(text));

/** Why somebody with the right password did not get through: as far as the session came. */
const lockedOut: Finder = (ground, failed) => {
  const { files, facts } = ground;
  const said = textOf(failed);
  const wantsTls = !isSweep(failed.attempt.scene) && failed.attempt.scene.tls;
  if (wantsTls && !hadTls(failed)) {
    return tls(ground, failed);
  }
  if (said.some((text) => text.startsWith('235'))) {
    const untrusted = facts.mechanisms.some((mechanism) => !facts.trustedMechanisms.includes(mechanism));
    return untrusted
      ? (statement(files, /TRUST_AUTH_MECH/, /^C\{TrustAuthMech\}/) ??
          missing(files, 'TRUST_AUTH_MECH(`…’) with the mechanisms of confAUTH_MECHANISMS'))
      : undefined;
  }
  if (said.some((text) => /^(535|454)/.test(text))) {
    return (
      define(files, 'confAUTH_REALM', 'AuthRealm') ??
      lineOf(files, 'sasl/Sendmail.conf', /^\s*(sasldb_path|auxprop_plugin|pwcheck_method)/, 'file line')
    );
  }
  const listed = said.findLast((text) => /^250[- ]AUTH\b/.test(text));
  if (listed === undefined) {
    const off = onDaemon((modifiers) => modifiers.includes('A'))(ground, failed);
    return (
      off ??
      (/[acf]/.test(facts.authOptions) ? define(files, 'confAUTH_OPTIONS', 'AuthOptions') : undefined) ??
      define(files, 'confAUTH_MECHANISMS', 'AuthMechanisms')
    );
  }
  return option(
    'confAUTH_MECHANISMS',
    'AuthMechanisms',
    "define(`confAUTH_MECHANISMS', …): the default has neither PLAIN nor LOGIN",
  )(ground, failed);
};

/** A daemon that wants a password from everybody. */
const wantsPassword: Finder = (ground, failed) =>
  textOf(failed).some((text) => text.startsWith('530'))
    ? onDaemon((modifiers) => modifiers.includes('a'))(ground, failed)
    : undefined;

const virtualUsers = ({ maps }: TargetFacts) =>
  maps.find(({ name }) => name === 'virtuser')?.path.replace('/etc/mail/', '') ?? 'virtusertable';

/** The entry of aliases or virtusertable that a recipient is looked up under. */
const localEntry: Finder = ({ files, facts }, { result }) => {
  for (const recipient of result.evidence?.envelope?.rcptTo ?? []) {
    const address = recipient.replace(/^<|>$/g, '').toLowerCase();
    const user = address.split('@')[0] ?? '';
    const starts = (word: string) => new RegExp(`^${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*[:\\t ]`, 'i');
    const found =
      lineOf(files, virtualUsers(facts), starts(address), 'map entry') ??
      lineOf(files, 'aliases', starts(user), 'map entry');
    const next = /^\S+:\s*([\w.-]+)\s*$/.exec(found?.text ?? '')?.[1];
    // An alias of an alias: the last one is what leads nowhere.
    return (next && lineOf(files, 'aliases', starts(next), 'map entry')) || found;
  }
  return undefined;
};

const size: Finder = (ground, failed) =>
  /size|large|552|exceed/i.test(`${failed.result.reason} ${failed.result.evidence?.fate ?? ''}`)
    ? (define(ground.files, 'confMAX_MESSAGE_SIZE', 'MaxMessageSize') ??
      statement(ground.files, /LOCAL_MAILER_MAX|SMTP_MAILER_MAX/))
    : undefined;

const privacy = (word: string) =>
  option('confPRIVACY_FLAGS', 'PrivacyOptions', `define(\`confPRIVACY_FLAGS', \`…,${word}')`);
const authOptions = option('confAUTH_OPTIONS', 'AuthOptions', "define(`confAUTH_OPTIONS', `A p y')");

const anonymous: Finder = ({ files }) =>
  statement(files, /^\s*define\(\s*`?confAUTH_MECHANISMS.*ANONYMOUS/, /^O AuthMechanisms=.*ANONYMOUS/);

const accepted = ({ result }: Failed) => textOf({ result } as Failed).some((text) => text.startsWith('235'));

/** A password that is not right was taken. */
const wrongPassword: Finder = (ground, failed) => (accepted(failed) ? verifier(ground, failed) : undefined);

/** What takes mail for everybody in a domain. */
const catchAll: Finder = ({ files, facts }) =>
  lineOf(files, virtualUsers(facts), /^@\S+\s/, 'map entry') ?? lineOf(files, 'aliases', /^\*\s*:/, 'map entry');

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
