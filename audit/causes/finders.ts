/** Finds settings in a folder's own files: an option, a daemon, a mailer's file, an entry; or that one is missing. */
import type { TargetFacts } from '../../containers/target/target-facts.ts';
import type { AttemptResult, Cause } from '../../reports/model.ts';
import type { Attempt } from '../../suites/attempt.ts';
import { isSweep } from '../../suites/scene.ts';
import { type Files, linesOf } from '../sweep/sources.ts';
import { causeAt, daemon, define, lineOf, missing, statement } from './mc.ts';

export type Failed = { attempt: Attempt; result: AttemptResult };
export type Ground = { files: Files; facts: TargetFacts };

export type Finder = (ground: Ground, failed: Failed) => Cause | undefined;

/** An option, or its absence where sendmail's default is what fails. */
export const option =
  (name: string, inCf: string, absent?: string): Finder =>
  ({ files }) =>
    define(files, name, inCf) ?? (absent === undefined ? undefined : missing(files, absent));

export const feature =
  (name: string, absent?: true): Finder =>
  ({ files }) =>
    statement(files, new RegExp(`^\\s*FEATURE\\(\\s*\`?${name}\\b`)) ??
    (absent ? missing(files, `FEATURE(\`${name}')`) : undefined);

export const inMap =
  (map: string, key: RegExp): Finder =>
  ({ files, facts }) => {
    const path = facts.maps.find(({ name }) => name === map)?.path.replace('/etc/mail/', '') ?? map;
    return lineOf(files, path, key, 'map entry');
  };

export const first =
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

export const onDaemon =
  (wanted: (modifiers: string) => boolean = () => true): Finder =>
  ({ files, facts }, failed) => {
    const port = portOf(failed);
    const listener = facts.listeners.find((one) => one.port === port);
    return listener && wanted(listener.modifiers) ? daemon(files, port) : undefined;
  };

/** Where local mail goes, other than to the mailboxes here. */
export const elsewhere: Finder = ({ files }) =>
  statement(files, /^\s*define\(\s*`?(LUSER_RELAY|MAIL_HUB|LOCAL_RELAY)\b/, /^D[LHR]\S/);

/** The file of recipes, or the script, that the local mailer is given for everybody. */
export const mailerFile: Finder = ({ files }) => {
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

export const mailer = first(
  ({ files }) => statement(files, /^\s*MODIFY_MAILER_FLAGS\(\s*`LOCAL'/),
  ({ files }) => statement(files, /^\s*define\(\s*`?LOCAL_MAILER_/),
  mailerFile,
  // As it stands in everybody's file it is no cause.
  ({ files }) =>
    statement(files, /^\s*FEATURE\(\s*`local_(?:procmail|lmtp)'\s*,(?!\s*`[^',]*\/(?:procmail|mail\.local)'\s*\))/),
);

export const tls = first(
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

export const hadTls = (failed: Failed) => textOf(failed).some((text) => /^220 2\.0\.0 Ready/.test(text));

/** Why somebody with the right password did not get through: as far as the session came. */
export const lockedOut: Finder = (ground, failed) => {
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
export const wantsPassword: Finder = (ground, failed) =>
  textOf(failed).some((text) => text.startsWith('530'))
    ? onDaemon((modifiers) => modifiers.includes('a'))(ground, failed)
    : undefined;

const virtualUsers = ({ maps }: TargetFacts) =>
  maps.find(({ name }) => name === 'virtuser')?.path.replace('/etc/mail/', '') ?? 'virtusertable';

/** The entry of aliases or virtusertable that a recipient is looked up under. */
export const localEntry: Finder = ({ files, facts }, { result }) => {
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

export const size: Finder = (ground, failed) =>
  /size|large|552|exceed/i.test(`${failed.result.reason} ${failed.result.evidence?.fate ?? ''}`)
    ? (define(ground.files, 'confMAX_MESSAGE_SIZE', 'MaxMessageSize') ??
      statement(ground.files, /LOCAL_MAILER_MAX|SMTP_MAILER_MAX/))
    : undefined;

export const privacy = (word: string) =>
  option('confPRIVACY_FLAGS', 'PrivacyOptions', `define(\`confPRIVACY_FLAGS', \`…,${word}')`);
export const authOptions = option('confAUTH_OPTIONS', 'AuthOptions', "define(`confAUTH_OPTIONS', `A p y')");

export const anonymous: Finder = ({ files }) =>
  statement(files, /^\s*define\(\s*`?confAUTH_MECHANISMS.*ANONYMOUS/, /^O AuthMechanisms=.*ANONYMOUS/);

const accepted = ({ result }: Failed) => textOf({ result } as Failed).some((text) => text.startsWith('235'));

/** A password that is not right was taken. */
export const wrongPassword: Finder = (ground, failed) => (accepted(failed) ? verifier(ground, failed) : undefined);

/** What takes mail for everybody in a domain. */
export const catchAll: Finder = ({ files, facts }) =>
  lineOf(files, virtualUsers(facts), /^@\S+\s/, 'map entry') ?? lineOf(files, 'aliases', /^\*\s*:/, 'map entry');
