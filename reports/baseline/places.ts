/** What a sweep finds now and did not find then: one attempt stands for every address that there is. */
import { BlockList, isIP } from 'node:net';
import type { AttemptResult } from '../model.ts';

type Place = NonNullable<NonNullable<AttemptResult['evidence']>['findings']>[number];

/** Whether a network lies within another one; both in CIDR form. */
function within(inner: string, outer: string): boolean {
  const parts = [inner, outer].map((text) => text.split('/'));
  const [[address = '', length], [base = '', outerLength]] = parts as [string[], string[]];
  const family = isIP(address);
  if (family === 0 || family !== isIP(base) || length === undefined || outerLength === undefined) return false;
  const bits = family === 4 ? 32 : 128;
  const [narrow, wide] = [Number(length), Number(outerLength)];
  if (![narrow, wide].every((one) => Number.isInteger(one) && one >= 0 && one <= bits) || narrow < wide) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, wide, type);
  return list.check(address, type);
}

function coveredBy(place: Place, known: readonly Place[]): boolean {
  return known.some(
    ({ kind, what }) =>
      kind === place.kind && (what === place.what || (kind === 'network' && within(place.what, what))),
  );
}

/** Networks, hosts and domains that lie in none of those that were found then. */
export function placesSince(then: AttemptResult, now: AttemptResult): string[] {
  const known = then.evidence?.findings ?? [];
  return (now.evidence?.findings ?? []).filter((place) => !coveredBy(place, known)).map(({ what }) => what);
}
