/** Has the lab's DNS tell a target what a scene wants it to hear of names. */
import { isIPv6 } from 'node:net';
import type { ForgedName } from '../containers/lab/agent/protocol.ts';
import { reverseNameOf } from '../containers/lab/agent/zone.ts';
import type { ForgedNames } from '../suites/scene.ts';
import type { Performance } from './performance.ts';

const addressRecord = (address: string) => ({
  type: isIPv6(address) ? ('AAAA' as const) : ('A' as const),
  data: address,
});

/** The records that a scene asks for, by name. */
export function recordsOf(forged: ForgedNames, client: string, fill: (template: string) => string): ForgedName[] {
  const { reverse, addresses = {}, exchangers = {} } = forged;
  const names: ForgedName[] = [];
  if (reverse !== undefined) {
    const records =
      reverse === 'temporary-failure' || reverse === 'none'
        ? reverse
        : reverse.map((name) => ({ type: 'PTR' as const, data: fill(name) }));
    names.push({ name: reverseNameOf(client), records: records === 'none' ? [] : records });
  }
  for (const [name, list] of Object.entries(addresses)) {
    names.push({ name: fill(name), records: list.map((address) => addressRecord(fill(address))) });
  }
  for (const [name, list] of Object.entries(exchangers)) {
    names.push({
      name: fill(name),
      records: list.map((exchange, index) => ({ type: 'MX', preference: 10 * (index + 1), exchange: fill(exchange) })),
    });
  }
  return names;
}

export async function forgeNames(performance: Performance, forged: ForgedNames): Promise<void> {
  const { target, places } = performance;
  const names = recordsOf(forged, places.sender, (template) => performance.fill(template));
  await target.lab.forgeNames(target.ipv4, names);
  performance.notes.push(
    ...names.map(
      ({ name, records }) =>
        `DNS: ${name} ${
          records === 'temporary-failure'
            ? 'SERVFAIL'
            : records
                .map((one) => (one.type === 'MX' ? `MX ${one.preference} ${one.exchange}` : `${one.type} ${one.data}`))
                .join(', ') || 'no records'
        }`,
    ),
  );
}
