/**
 * What is different with another sendmail than the newest, and why: what is known of a version is part of the verdict's
 * reason. tests/versions.lab.ts holds it against the references: what stands here must show, and nothing else may.
 */
import { DEFAULT_SENDMAIL, type SendmailVersion } from '../containers/target/releases.ts';
import type { AttemptResult, AttemptVerdict, Observation } from '../reports/model.ts';
import { matcher } from './plan.ts';

type Source = { title: string; url: string };

/** Attempts (patterns of ids) that come out differently, and how; compared with the default version. */
export type Change = {
  attempts: readonly string[];
  verdict: AttemptVerdict;
  observed: Observation;
  /** What the reason says, where the same result may have others. */
  because?: RegExp;
};

export type VersionDifference = {
  /** Also its anchor in docs/versions.md. */
  id: string;
  versions: readonly SendmailVersion[];
  /**
   * `hole`: it lets something through; `missing`: it lacks something; `stricter`: it refuses what later ones take;
   * `name`: something is called otherwise; `log`: the log speaks otherwise.
   */
  kind: 'hole' | 'missing' | 'stricter' | 'name' | 'log';
  /** One clause without a full stop. */
  what: string;
  /** What to do about it on a server with that version, where there is something to do. */
  remedy?: string;
  sources: readonly Source[];
  changes: readonly Change[];
  /** Attempts (patterns of ids) that tell nothing of a control: with this version no fault shows in them, or one always does. */
  tellNothing?: readonly string[];
};

const releaseNotes = (version: string): Source => ({
  title: `sendmail ${version}, RELEASE_NOTES`,
  url: 'https://ftp.sendmail.org/RELEASE_NOTES',
});

/** Those that need SCRAM to be offered. */
const scramAttempts = [
  'smtp-auth/*scram*',
  'smtp-auth/auth-after-helo',
  'smtp-auth/{auth,wrong-password}-before-greeting',
  'smtp-auth/{authenticated,wrong-password}-before-starttls',
  'smtp-auth/received-in-clear',
];

const nonPrintable = /\(non-printable character\)/;

export const versionDifferences: readonly VersionDifference[] = [
  {
    id: 'loose-end-of-message',
    versions: ['8.15'],
    kind: 'hole',
    what:
      'Debian’s 8.15.2-22+deb11u3 takes any LF, dot, LF for the end of a message (CVE-2023-51765) unless it is told ' +
      'otherwise: its changelog calls that resolved “with ‘o’ in srv_features”, which nothing sets by itself. What it ' +
      'does by itself is to refuse what comes along in the packet behind DATA',
    remedy: 'put the line “Srv_Features: o u g f” into the access map',
    sources: [
      { title: 'Debian bug 1059386', url: 'https://bugs.debian.org/1059386' },
      {
        title: 'Debian changelog in the package sendmail-bin 8.15.2-22+deb11u3',
        url: 'https://tracker.debian.org/pkg/sendmail',
      },
      releaseNotes('8.18.1'),
    ],
    changes: [
      {
        attempts: ['transport/smuggled-*-in-two-packets', 'transport/smuggled-*-in-two-packets-after-pop-login'],
        verdict: 'fail',
        observed: 'relayed',
      },
      {
        // The message ends early, and the second envelope falls to the check of what comes behind DATA; or CR ends nothing.
        attempts: [
          'transport/smuggled-{lf,crlf,crcrlf}-dot-{lf,crlf}{,-after-pop-login,-inbound}',
          'transport/smuggled-{cr,lf,crlf,crcrlf}-dot-{cr,crcrlf}{,-after-pop-login}',
          'transport/smuggled-cr-dot-{lf,crlf}{,-after-pop-login}',
        ],
        verdict: 'pass',
        observed: 'delivered',
      },
      {
        attempts: ['transport/smuggled-lf-dot-nul-crlf{,-after-pop-login}'],
        verdict: 'pass',
        observed: 'rejected',
      },
    ],
    tellNothing: ['transport/smuggled-*'],
  },
  {
    id: 'scram-in-another-package',
    versions: ['8.15'],
    kind: 'missing',
    what:
      'Debian bullseye has SCRAM in libsasl2-modules-gssapi-mit, which comes with Kerberos; it is in libsasl2-modules ' +
      'since 2.1.28+dfsg-4, and so in bookworm',
    remedy: 'do not count on SCRAM there: clients that know no other mechanism but SCRAM cannot log in',
    sources: [{ title: 'Debian bug 977360', url: 'https://bugs.debian.org/977360' }],
    changes: [
      {
        attempts: scramAttempts,
        verdict: 'not-applicable',
        observed: 'none',
        because: /^the SASL library has no SCRAM-/,
      },
    ],
    tellNothing: scramAttempts,
  },
  {
    id: 'eight-bit-addresses',
    versions: ['8.15'],
    kind: 'stricter',
    what:
      'sendmail 8.15 refuses addresses with octets beyond ASCII (501 5.1.3, non-printable character). Later versions, ' +
      'into which support for SMTPUTF8 came, hand them to the rules',
    sources: [releaseNotes('8.17.1')],
    changes: [
      { attempts: ['delivery-agents/detail-eighth-bit'], verdict: 'fail', observed: 'rejected', because: nonPrintable },
      {
        attempts: [
          // Of the other senders' messages it does not come to the recipient.
          'open-relay/{host,host-postmaster,literal,local-account,local-root,local-user,null,other-outside,outside,unresolvable}-to-utf8-local-part{,-ipv6,-submission}',
        ],
        verdict: 'pass',
        observed: 'rejected',
        because: nonPrintable,
      },
    ],
    tellNothing: [
      'open-relay/*-to-utf8-local-part{,-ipv6,-submission}',
      'open-relay/nobody-{fullwidth-at,utf8-percent,utf8-bang}{,-submission}',
      'open-relay/eighth-bit-{at,percent,in-local-part}',
    ],
  },
  {
    id: 'blocklist-recipients',
    versions: ['8.15'],
    kind: 'name',
    what:
      'FEATURE(`blocklist_recipients’) is called `blacklist_recipients’ before sendmail 8.16.1. The target of 8.15 knows ' +
      'both names, and says so where the new one is used; later versions still know the old one',
    remedy: 'write the old name in a sendmail.mc for sendmail 8.15',
    sources: [releaseNotes('8.16.1')],
    changes: [],
  },
  {
    id: 'old-tls-switched-off',
    versions: ['8.15'],
    kind: 'stricter',
    what:
      'Debian bullseye’s /etc/ssl/openssl.cnf has MinProtocol = TLSv1.2 for all programs, so that TLS 1.0 and 1.1 are ' +
      'refused whatever sendmail’s CipherList says',
    sources: [
      {
        title: '/etc/ssl/openssl.cnf of Debian’s openssl 1.1.1w-0+deb11u1',
        url: 'https://tracker.debian.org/pkg/openssl',
      },
    ],
    changes: [],
    tellNothing: ['transport/tls-one-{zero,one}{,-submission}'],
  },
  {
    id: 'features-of-8-16',
    versions: ['8.15'],
    kind: 'missing',
    what:
      'sendmail 8.15 lacks what came with 8.16.1 and later: FEATURE(`check_other’), (`check_cert_altnames’), ' +
      '(`tls_failures’) and (`sts’), the rulesets tls_srv_features and tls_clt_features, the options SSLEngine, DANE, ' +
      'CRLPath and TLSFallbacktoClear, and CDB maps. A sendmail.mc that names such a feature does not compile',
    sources: [releaseNotes('8.16.1'), releaseNotes('8.17.1')],
    changes: [],
  },
  {
    id: 'dovecot-2-3',
    versions: ['8.15', '8.17'],
    kind: 'log',
    what:
      'Dovecot 2.3, which comes with bullseye and bookworm, logs a login as “Login: user=<…>”; Dovecot 2.4 as “Logged ' +
      'in: user=<…>”',
    remedy: 'write the patterns of a POP-authorisation writer that follows the log for the Dovecot that runs beside it',
    sources: [
      { title: 'Dovecot 2.4, upgrading', url: 'https://doc.dovecot.org/2.4.0/installation/upgrade/2.3-to-2.4.html' },
    ],
    changes: [],
  },
];

/** Whether an attempt tells something of controls with a version: whether it can be made to fail there, and not by the version itself. */
export function tellsOfControls(version: SendmailVersion): (id: string) => boolean {
  const patterns = differencesOf(version).flatMap(({ tellNothing = [] }) => tellNothing);
  return (id) => !patterns.some((pattern) => matcher(pattern)(id));
}

export function differencesOf(version: SendmailVersion | undefined): VersionDifference[] {
  return version === undefined ? [] : versionDifferences.filter(({ versions }) => versions.includes(version));
}

type Brief = Pick<AttemptResult, 'id' | 'verdict' | 'observed' | 'reason'>;

/** Whether a change means a result: an attempt of its own that came out as it says. */
export const explains = ({ attempts, verdict, observed, because }: Change, result: Brief): boolean =>
  verdict === result.verdict &&
  observed === result.observed &&
  (because === undefined || because.test(result.reason)) &&
  attempts.some((pattern) => matcher(pattern)(result.id));

/** The known difference that a result comes from, where it is no pass. */
export function differenceBehind(result: Brief, version: SendmailVersion | undefined): VersionDifference | undefined {
  return result.verdict === 'pass' || result.verdict === 'waived'
    ? undefined
    : differencesOf(version).find(({ changes }) => changes.some((change) => explains(change, result)));
}

/** A result, with what is known of the version in its reason. */
export function withKnownDifference<Result extends Brief>(
  result: Result,
  version: SendmailVersion | undefined,
): Result {
  const difference = differenceBehind(result, version);
  if (!difference) {
    return result;
  }
  const { what, remedy, id } = difference;
  const known = [`known of sendmail ${version}: ${what}.`];
  if (remedy !== undefined) {
    known.push(`${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}, or run sendmail ${DEFAULT_SENDMAIL}.`);
  }
  return { ...result, reason: `${result.reason}; ${known.join(' ')} (docs/versions.md#${id})` };
}
