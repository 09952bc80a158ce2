/** What both sides have a list of: whom they trust with no credential, and what they say of themselves. */
import type { AttemptResult, ConfigurationResult } from '../model.ts';
import type { Listed } from './model.ts';

type Findings = NonNullable<NonNullable<AttemptResult['evidence']>['findings']>;

const sweeps = [
  {
    what: 'ipv4',
    title: 'IPv4 networks that may relay with no credential',
    kind: 'network',
    declared: 'declared networks',
  },
  {
    what: 'ipv6',
    title: 'IPv6 networks that may relay with no credential',
    kind: 'network',
    declared: 'declared networks',
  },
  { what: 'hosts', title: 'Hosts that may relay with no credential', kind: 'host', declared: 'declared hosts' },
  { what: 'domains', title: 'Domains that anybody’s mail is relayed to', kind: 'domain', declared: 'declared domains' },
] as const;

const settings = [
  ['mechanisms offered', 'Mechanisms offered'],
  ['mechanisms trusted', 'Mechanisms trusted to relay'],
  ['AuthOptions', 'AuthOptions'],
  ['listeners', 'Listeners'],
  ['local domains', 'Local domains'],
  ['maps', 'Maps'],
  ['local mailer', 'Local mailer'],
] as const;

function characteristic({ characteristics }: ConfigurationResult, name: string): string[] | undefined {
  const value = Object.hasOwn(characteristics, name) ? characteristics[name] : undefined;
  return typeof value === 'string' ? (value === '' ? [] : [value]) : value;
}

function listedOf(what: string, title: string, before: string[] | undefined, after: string[] | undefined): Listed {
  const known = before !== undefined && after !== undefined;
  return {
    what,
    title,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    gained: known ? after.filter((one) => !before.includes(one)) : [],
    lost: known ? before.filter((one) => !after.includes(one)) : [],
  };
}

/** Whom a sweep found and who is declared; undefined where that side was not asked, or its answer is inconclusive. */
function trusted(
  configuration: ConfigurationResult,
  { what, declared }: (typeof sweeps)[number],
): string[] | undefined {
  const result = configuration.attempts.find(({ id }) => id === `network-trust/undeclared-${what}`);
  if (result === undefined || result.verdict === 'inconclusive' || result.observed === 'none') {
    return undefined;
  }
  const found: Findings = result.evidence?.findings ?? [];
  const names = (characteristic(configuration, declared) ?? []).filter(
    (network) => !what.startsWith('ip') || network.includes(':') === (what === 'ipv6'),
  );
  return [
    ...new Set([
      ...names.map((name) => `${name} (declared)`),
      ...found.filter(({ confirmed }) => confirmed !== 'refused').map(({ what: whom }) => whom),
    ]),
  ];
}

export function trustOf(before: ConfigurationResult, after: ConfigurationResult): Listed[] {
  return sweeps.map((sweep) => listedOf(sweep.what, sweep.title, trusted(before, sweep), trusted(after, sweep)));
}

export function settingsOf(before: ConfigurationResult, after: ConfigurationResult): Listed[] {
  return settings.map(([name, title]) =>
    listedOf(name, title, characteristic(before, name), characteristic(after, name)),
  );
}
