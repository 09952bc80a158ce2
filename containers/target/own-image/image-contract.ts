/** What somebody's own image says of itself, in labels: the contract is in docs/own-image.md. */
import { Failure } from '../../../audit/failure.ts';
import type { Policy } from '../../configurations/policy.ts';

const PREFIX = 'org.relayproof.';

/** What the project itself writes on images and containers. */
const ofTheProject = ['image', 'run', 'owner', 'configuration'];

const DEFAULT_ACCOUNTS = '/usr/local/lib/relayproof-hooks/accounts';
const DEFAULT_CF = '/etc/mail/sendmail.cf';

export type ImageContract = {
  /** The compiled configuration's path. */
  cf: string;
  /** The executable that makes accounts; `declared`: the label names it, and it must be there. */
  accounts: { path: string; declared: boolean };
  /** A command that makes an entry of the POP map older. */
  popAge: string | undefined;
  /** The file that syslog writes, where it is not the container's output. */
  log: string | undefined;
  hostName: string | undefined;
  localDomains: string[];
  /** Local users whom mail can be for, where there is no accounts hook. */
  users: string[];
};

const known = ['sendmail-cf', 'accounts', 'pop-age', 'log', 'host-name', 'local-domains', 'users'] as const;
type Known = (typeof known)[number];

const words = (text: string | undefined) => (text ?? '').split(/[\s,]+/).filter((word) => word !== '');

const isName = (text: string) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text);

function wrong(image: string, label: string, value: string, what: string): Failure {
  return new Failure(
    'BAD_CONFIGURATION',
    `${image}: label ${PREFIX}${label}: ${value}: ${what}`,
    'Correct the LABEL line of its Dockerfile; docs/own-image.md describes the labels.',
  );
}

/**
 * Reads the labels of an image; what relayproof.yaml says of the same comes first.
 *
 * @throws Failure BAD_CONFIGURATION for a label that there is none of, or with a value that cannot be
 */
export function readContract(
  image: string,
  labels: Readonly<Record<string, string>>,
  { hostName, localDomains, users }: NonNullable<Policy['image']> = {},
): ImageContract {
  const found = new Map<Known, string>();
  for (const [label, value] of Object.entries(labels)) {
    const name = label.startsWith(PREFIX) ? label.slice(PREFIX.length) : undefined;
    if (name === undefined || ofTheProject.includes(name)) {
      continue;
    }
    const key = known.find((one) => one === name);
    if (!key) {
      throw wrong(image, name, value, `there is no such label; they are ${known.join(', ')}`);
    }
    if (value.trim() !== '') {
      found.set(key, value.trim());
    }
  }
  for (const name of ['sendmail-cf', 'accounts', 'log'] as const) {
    const path = found.get(name);
    if (path !== undefined && !/^\/[^\s'"]+$/.test(path)) {
      throw wrong(image, name, path, 'expected an absolute path');
    }
  }
  const names = [found.get('host-name') ?? [], words(found.get('local-domains'))].flat();
  const bad = names.find((name) => !isName(name));
  if (bad !== undefined) {
    const label = bad === found.get('host-name') ? 'host-name' : 'local-domains';
    throw wrong(image, label, bad, 'expected a name with at least two labels, like mail.provider.example');
  }
  const labelledUsers = words(found.get('users'));
  return {
    cf: found.get('sendmail-cf') ?? DEFAULT_CF,
    accounts: { path: found.get('accounts') ?? DEFAULT_ACCOUNTS, declared: found.has('accounts') },
    popAge: found.get('pop-age'),
    log: found.get('log'),
    hostName: hostName ?? found.get('host-name'),
    localDomains: localDomains ?? words(found.get('local-domains')),
    // RFC 5321 section 4.5.1: there must be one everywhere.
    users: users ?? (labelledUsers.length > 0 ? labelledUsers : ['postmaster']),
  };
}
