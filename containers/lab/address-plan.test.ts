import { BlockList, isIPv6 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addressPlan, ClientAddressBook, SLOTS, targetAddresses } from './address-plan.ts';
import { groupsOf } from './agent/zone.ts';

const plans = Array.from({ length: SLOTS }, (_, slot) => addressPlan(slot));

function listOf(...ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
const within = (list: BlockList, address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
const network24 = (address: string) => address.split('.').slice(0, 3).join('.');
const numberOf = (address: string) => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
/** First and last address of a range, as numbers. */
const ends = (range: string): [number, number] => {
  const [address = '', bits] = range.split('/');
  return [numberOf(address), numberOf(address) + 2 ** (32 - Number(bits)) - 1];
};
/** Everything that a book gives until it has no more. */
function drain<T>(next: () => T): T[] {
  const all: T[] = [];
  try {
    for (;;) {
      all.push(next());
    }
  } catch {
    return all;
  }
}

describe('the slots', () => {
  test('are disjoint, and all of them lie in the ranges for benchmarks', () => {
    const sorted = plans.map((plan) => ends(plan.subnet4)).sort(([a], [b]) => a - b);
    for (const [index, [first]] of sorted.entries()) {
      expect(first).toBeGreaterThan(sorted[index - 1]?.[1] ?? 0);
    }
    expect(new Set(plans.map((plan) => groupsOf(plan.subnet6.replace('/64', '')).join(':'))).size).toBe(SLOTS);
    const benchmarks = listOf('198.18.0.0/15', '2001:2::/48');
    for (const { subnet4, subnet6 } of plans) {
      expect(ends(subnet4).every((end) => end >= ends('198.18.0.0/15')[0] && end <= ends('198.18.0.0/15')[1])).toBe(
        true,
      );
      expect(within(benchmarks, subnet6.replace('/64', ''))).toBe(true);
    }
  });

  test('begin where a range of their size may begin', () => {
    for (const { subnet4, clients4 } of plans) {
      for (const range of [subnet4, clients4]) {
        const [first, last] = ends(range);
        expect(first % (last - first + 1)).toBe(0);
      }
    }
  });
});

describe.each(plans.map((plan) => [plan.slot, plan] as const))('in slot %i', (_slot, plan) => {
  const lab = listOf(plan.subnet4, plan.subnet6);
  const clients = listOf(plan.clients4, plan.clients6);
  const own = [plan.gateway4, plan.gateway6, plan.helper4, plan.helper6];
  const targets = Array.from({ length: 2_000 }, (_, n) => targetAddresses(plan, n));

  test('gateway, helper and 2,000 targets have addresses of their own, in the lab and not among the clients’', () => {
    const all = [...own, ...targets.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6])];
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((address) => !within(lab, address))).toEqual([]);
    expect(all.filter((address) => within(clients, address))).toEqual([]);
    expect(ends(plan.clients4).map((end) => end <= ends(plan.subnet4)[1])).toEqual([true, true]);
  });

  test('no client address is handed out twice, and none is a target’s', () => {
    const book = new ClientAddressBook(plan);
    const packed = drain(() => book.next4());
    const apart = drain(() => book.apart4());
    const six = Array.from({ length: 1_000 }, () => book.next6());
    const four = [...packed, ...apart.flatMap(({ at }) => [at(5), at(57), at(200)]), book.forReading()];
    expect(new Set([...four, ...six]).size).toBe(four.length + six.length);
    expect(four.filter((address) => !within(clients, address))).toEqual([]);
    expect(six.filter((address) => !within(lab, address) || !within(clients, address))).toEqual([]);
    const whole = (address: string) => groupsOf(address).join(':');
    const taken = new Set([plan.gateway6, plan.helper6, ...targets.map(({ ipv6 }) => ipv6)].map(whole));
    expect(six.filter((address) => taken.has(whole(address)))).toEqual([]);
    expect(packed.length).toBeGreaterThan(1_000);
    expect(apart.length).toBeGreaterThan(30);
  });

  test('a network apart holds no other client, and its addresses are what they are asked to be', () => {
    const book = new ClientAddressBook(plan);
    const packed = new Set(drain(() => book.next4()).map(network24));
    const apart = drain(() => book.apart4());
    const networks = apart.map(({ network }) => network24(network));
    expect(new Set(networks).size).toBe(networks.length);
    expect(networks.filter((network) => packed.has(network))).toEqual([]);
    const reading = network24(book.forReading());
    expect([...packed, ...networks]).not.toContain(reading);
    for (const { network, at } of apart) {
      expect([network24(at(57)), at(57)]).toEqual([network24(network), `${network24(network)}.57`]);
      // The text of one begins with the other's: that is what the prefix attempt is about.
      expect(at(57).startsWith(at(5))).toBe(true);
    }
  });

  test('clients who log in share a network of their own, and no address is the beginning of another', () => {
    const book = new ClientAddressBook(plan);
    const apart = book.apart4();
    const logins = Array.from({ length: 200 }, () => book.login4());
    expect(new Set(logins).size).toBe(logins.length);
    expect(new Set(logins.map(network24)).size).toBe(2);
    expect(logins.map(network24)).not.toContain(network24(apart.network));
    expect(logins.filter((one) => logins.some((other) => other !== one && other.startsWith(one)))).toEqual([]);
    expect(logins.map(network24)).not.toContain(network24(book.apart4().network));
  });

  test('no client has the first or the last address of a /24', () => {
    const book = new ClientAddressBook(plan);
    const lasts = drain(() => book.next4()).map((address) => Number(address.split('.')[3]));
    expect(Math.min(...lasts)).toBeGreaterThan(0);
    expect(Math.max(...lasts)).toBeLessThan(255);
  });
});

test('a book that is used up says so', () => {
  const book = new ClientAddressBook(addressPlan(0));
  drain(() => book.next4());
  drain(() => book.apart4());
  expect(() => book.next4()).toThrow('no further client address');
  expect(() => book.apart4()).toThrow('no further client network');
});
