/** The versions of sendmail that targets can run: each from the Debian release that has it. */
import { Failure } from '../../audit/failure.ts';
import type { DebianRelease } from '../engine/base-image.ts';

/** What `--sendmail` names, oldest first. */
export const sendmailVersions = ['8.15', '8.17', '8.18'] as const;
export type SendmailVersion = (typeof sendmailVersions)[number];

export type SendmailRelease = {
  version: SendmailVersion;
  /** In full, as sendmail says it of itself. */
  full: string;
  debian: DebianRelease;
};

const releases: Record<SendmailVersion, Omit<SendmailRelease, 'version'>> = {
  '8.15': { full: '8.15.2', debian: 'bullseye' },
  '8.17': { full: '8.17.1.9', debian: 'bookworm' },
  '8.18': { full: '8.18.1', debian: 'trixie' },
};

/** What targets run unless another version is asked for: the newest. */
export const DEFAULT_SENDMAIL: SendmailVersion = '8.18';

export function releaseOf(version: SendmailVersion): SendmailRelease {
  return { version, ...releases[version] };
}

/** The version that a sendmail is of, by what it says of itself; undefined for one that is none of ours. */
export function versionOf(full: string): SendmailVersion | undefined {
  return sendmailVersions.find((version) => full === version || full.startsWith(`${version}.`));
}

/**
 * The version that somebody asks for, in short (8.17) or as far as it is known (8.17.1, 8.17.1.9).
 *
 * @throws Failure USAGE for one that there is no image of
 */
export function checkSendmail(wanted: string | undefined, where: string): SendmailVersion | undefined {
  if (wanted === undefined || wanted === '') {
    return undefined;
  }
  const known = sendmailVersions.find((version) => {
    const { full } = releases[version];
    return wanted === version || wanted === full || (wanted.startsWith(`${version}.`) && full.startsWith(`${wanted}.`));
  });
  if (!known) {
    const list = sendmailVersions.map(
      (version) => `${version} (${releases[version].full}, Debian ${releases[version].debian})`,
    );
    throw new Failure(
      'USAGE',
      `${where} ${wanted}: there is no target with this sendmail`,
      `The versions are ${list.join(', ')}; ${DEFAULT_SENDMAIL} is the default.`,
    );
  }
  return known;
}
