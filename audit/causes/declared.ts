/** The line that was meant to make a declaration true, or the declaration itself where there is none. */
import type { Policy } from '../../containers/configurations/policy.ts';
import type { TargetFacts } from '../../containers/target/target-facts.ts';
import type { Cause } from '../../reports/model.ts';
import { parseNetwork } from '../sweep/ip.ts';
import { accessEntries, type Files, networkOfKey, relayMembers } from '../sweep/sources.ts';
import type { Failed } from './finders.ts';
import { causeAt, lineOf } from './mc.ts';

type Source = { files: Files; facts: Pick<TargetFacts, 'maps'>; policy: Policy };

/** An IPv4 or IPv6 network whose text has much in common with a key that sendmail does not read as one. */
function meansNetwork(key: string, what: string): boolean {
  const declared = parseNetwork(what);
  const network = networkOfKey(key) ?? networkOfKey(`ipv6:${key}`);
  if (network === undefined || network.family !== declared.family) {
    return key.includes(what.replace(/\/\d+$/, ''));
  }
  const bits = BigInt(declared.family === 4 ? 32 : 128);
  const shift = bits - BigInt(Math.min(network.length, declared.length));
  return network.base >> shift === declared.base >> shift;
}

const meansName = (key: string, what: string) => {
  const parent = what.split('.').slice(1).join('.');
  return key.includes(what) || (parent.includes('.') && key.replace(/^[*.]+/, '') === parent);
};

function causeOf({ files, facts }: Source, what: string): Cause | undefined {
  const isNetwork = /[/:]/.test(what);
  const lines = [...accessEntries(files, facts.maps), ...relayMembers(files)];
  const found = lines.findLast(({ key }) => (isNetwork ? meansNetwork(key, what) : meansName(key, what)));
  if (found) {
    return causeAt(found, 'search', 'value' in found ? 'map entry' : 'class member');
  }
  const text = new RegExp(what.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const declaration = lineOf(files, 'relayproof.yaml', text, 'declaration');
  return declaration;
}

/** What an attempt takes at its word. */
function declaredFor({ attempt, result }: Failed, { trusted, relayTo }: Policy): string | undefined {
  const { id } = attempt;
  const six = /ipv6/.test(id);
  if (/trusted-network|declared-ipv/.test(id)) {
    const said = /^(\S+\/\d+) is declared/.exec(result.reason)?.[1];
    return said ?? trusted.networks.find((network) => network.includes(':') === six);
  }
  if (/trusted-host|declared-hosts/.test(id)) {
    return trusted.hosts[0];
  }
  return /relayed-domain|declared-domains/.test(id) ? relayTo[0] : undefined;
}

export function declaredCause(source: Source, failed: Failed): Cause | undefined {
  const what = failed.attempt.expected === 'deliver' ? declaredFor(failed, source.policy) : undefined;
  return what === undefined ? undefined : causeOf(source, what);
}
