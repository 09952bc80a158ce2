import { describe, expect, test } from 'vitest';
import { addressPlan, ClientAddressBook, targetAddresses } from '../address-plan.ts';
import { outsideDomains } from '../outside-domains.ts';
import type { LabLayout, TargetNames } from './protocol.ts';
import { clientName, groupsOf, lookUp } from './zone.ts';

const plan = addressPlan(0);
const layout: LabLayout = {
  ipv4: plan.helper4,
  ipv6: plan.helper6,
  clients4: plan.clients4,
  clients6: plan.clients6,
  outsideDomains,
  keepDefaultRoute: false,
};
const target: TargetNames = {
  ...targetAddresses(plan, 0),
  hostName: 'mail.Hosting.example',
  localDomains: ['hosting.example', 'Second.example'],
  forwardedTo: [],
  nextHops: [],
};
const other: TargetNames = {
  ...targetAddresses(plan, 1),
  hostName: 'mx.other.example',
  localDomains: ['other.example'],
  forwardedTo: [],
  nextHops: [],
};

const nowhere = { exists: false, records: [] };
const reverse4 = (address: string) => `${address.split('.').reverse().join('.')}.in-addr.arpa`;
const reverse6 = (address: string) => {
  const nibbles = groupsOf(address)
    .map((group) => group.padStart(4, '0'))
    .join('');
  return `${[...nibbles].reverse().join('.')}.ip6.arpa`;
};
const pointer = (name: string, asker?: TargetNames) =>
  lookUp(name, layout, asker).records.flatMap((record) => (record.type === 'PTR' ? [record.data] : []));

describe('an address in full', () => {
  test.each([
    ['::', '0:0:0:0:0:0:0:0'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:2::', '2001:2:0:0:0:0:0:0'],
    ['2001:2:0:0::C:1f', '2001:2:0:0:0:0:c:1f'],
    ['2001:0002:0000:0003:0000:0000:000c:0001', '2001:2:0:3:0:0:c:1'],
  ])('%s is %s', (short, full) => {
    expect(groupsOf(short).join(':')).toBe(full);
  });
});

describe('a client’s name', () => {
  const book = new ClientAddressBook(plan);
  const four = [book.next4(), book.next4(), book.apart4().at(57), book.forReading()];
  const six = Array.from({ length: 20 }, () => book.next6());

  test.each(four)('of %s leads back to it', (address) => {
    const names = pointer(reverse4(address), target);
    expect(names).toEqual([clientName(address)]);
    expect(lookUp(names[0] ?? '', layout, target)).toEqual({ exists: true, records: [{ type: 'A', data: address }] });
  });

  test.each([six[0] ?? '', six[19] ?? ''])('of %s leads back to it', (address) => {
    const names = pointer(reverse6(address), target);
    expect(names).toEqual([clientName(address)]);
    const data = groupsOf(address).join(':');
    expect(lookUp(names[0] ?? '', layout, target)).toEqual({ exists: true, records: [{ type: 'AAAA', data }] });
  });

  test('is its own, and lies in no domain that anybody has', () => {
    const names = [...four, ...six].map(clientName);
    expect(new Set(names).size).toBe(names.length);
    const domains = [...outsideDomains, ...target.localDomains];
    expect(names.filter((name) => domains.some((domain) => name.endsWith(domain.toLowerCase())))).toEqual([]);
    expect(names.filter((name) => !/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(name))).toEqual([]);
  });

  test('is found however it is written', () => {
    const name = clientName(four[0] ?? '');
    expect(lookUp(`${name.toUpperCase()}.`, layout, undefined)).toEqual(lookUp(name, layout, undefined));
  });

  test.each(['host-1-2-3.clients.example', 'clients.example', 'host-a-b-c-d.clients.example', 'x.clients.example'])(
    'is not %s',
    (name) => expect(lookUp(name, layout, target)).toEqual(nowhere),
  );
});

describe('a target', () => {
  const addresses = [
    { type: 'A', data: target.ipv4 },
    { type: 'AAAA', data: target.ipv6 },
  ];

  test('sees its own name and addresses, each leading to the other', () => {
    expect(lookUp('mail.hosting.example', layout, target)).toEqual({ exists: true, records: addresses });
    expect(pointer(reverse4(target.ipv4), target)).toEqual([target.hostName]);
    expect(pointer(reverse6(target.ipv6), target)).toEqual([target.hostName]);
  });

  test.each(['hosting.example', 'HOSTING.example.', 'second.example', 'sub.hosting.example', 'a.b.second.example'])(
    'is the mail exchanger of %s, in its own view',
    (name) => {
      const records = [{ type: 'MX', preference: 10, exchange: target.hostName }];
      expect(lookUp(name, layout, target)).toEqual({ exists: true, records });
      expect(lookUp(name, layout, other)).toEqual(nowhere);
      expect(lookUp(name, layout, undefined)).toEqual(nowhere);
    },
  );

  test('sees another target as any host: it has a client’s name, and no domains', () => {
    expect(pointer(reverse4(other.ipv4), target)).toEqual([clientName(other.ipv4)]);
    expect(lookUp(other.hostName, layout, target)).toEqual(nowhere);
    expect(pointer(reverse4(target.ipv4), undefined)).toEqual([clientName(target.ipv4)]);
  });

  test.each(['nothosting.example', 'hosting.example.evil', 'example', ''])('has no part in %j', (name) => {
    expect(lookUp(name, layout, target)).toEqual(nowhere);
  });
});

describe('the outside world', () => {
  test.each(outsideDomains)('has %s, with the helper as its mail exchanger', (domain) => {
    const { exists, records } = lookUp(domain.toUpperCase(), layout, target);
    expect(exists).toBe(true);
    const exchanges = records.flatMap((record) => (record.type === 'MX' ? [record.exchange] : []));
    expect(exchanges).toEqual([`mx.${domain}`]);
    expect(lookUp(exchanges[0] ?? '', layout, target).records).toEqual([
      { type: 'A', data: plan.helper4 },
      { type: 'AAAA', data: plan.helper6 },
    ]);
  });

  test('has the helper’s addresses under the name of a mail exchanger', () => {
    for (const name of [reverse4(plan.helper4), reverse6(plan.helper6)]) {
      const [exchange = ''] = pointer(name, target);
      expect(lookUp(exchange, layout, target).records).toContainEqual({ type: 'A', data: plan.helper4 });
    }
  });

  test.each([
    'sub.elsewhere.example',
    'www.example.com',
    'example.de.',
    'unknown.example',
    '1.2.in-addr.arpa',
    'f.ip6.arpa',
  ])('has nothing else: %s', (name) => {
    expect(lookUp(name, layout, target).exists).toBe(name === 'example.de.');
  });

  test('has no domain of a target’s name, nor a target one of the outside', () => {
    expect(outsideDomains.filter((domain) => lookUp(domain, { ...layout, outsideDomains: [] }, target).exists)).toEqual(
      [],
    );
  });
});

test('a next hop is the sink for the target that names it, also in its own domain; nobody else knows it', () => {
  const hub = { ...target, nextHops: ['hub.hosting.example', 'smtp.provider.example'] };
  for (const name of hub.nextHops) {
    expect(lookUp(name, layout, hub).records).toEqual([
      { type: 'MX', preference: 10, exchange: name },
      { type: 'A', data: plan.helper4 },
      { type: 'AAAA', data: plan.helper6 },
    ]);
  }
  expect(lookUp('smtp.provider.example', layout, other)).toEqual(nowhere);
});
