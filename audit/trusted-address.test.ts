import { expect, test } from 'vitest';
import { defaultPolicy } from '../containers/configurations/policy.ts';
import { addressNear, trustedAddress } from './trusted-address.ts';

const policy = { ...defaultPolicy, trusted: { networks: ['203.0.11.0/24', '2001:db8:0:5::/64'], hosts: [] } };

test.each([
  ['of-a-trusted-network', '203.0.11.254', '2001:db8:0:5:ffff:ffff:ffff:fffe'],
  ['just-below-a-trusted-network', '203.0.10.255', '2001:db8:0:4:ffff:ffff:ffff:ffff'],
  ['just-above-a-trusted-network', '203.0.12.0', '2001:db8:0:6:0:0:0:0'],
  ['like-a-trusted-network', '203.0.110.1', '2001:db8:0:50:0:0:0:1'],
] as const)('%s', (which, ipv4, ipv6) => {
  expect(trustedAddress(policy, 'ipv4', which)).toBe(ipv4);
  expect(trustedAddress(policy, 'ipv6', which)).toBe(ipv6);
});

test.each(['203.0.113.0/24', '198.51.100.0/24', '192.168.100.0/24', '192.168.0.0/24', '10.0.0.0/16'])(
  'there is nothing that looks like %s, and that is no error until it is asked for',
  (network) => {
    const declared = { ...defaultPolicy, trusted: { networks: [network], hosts: [] } };
    expect(addressNear(declared, 'ipv4', 'like-a-trusted-network')).toBeUndefined();
    expect(() => trustedAddress(declared, 'ipv4', 'like-a-trusted-network')).toThrow('no ipv4 network');
    expect(addressNear(declared, 'ipv4', 'just-above-a-trusted-network')).toBeDefined();
  },
);

test('what another declared network holds is not outside', () => {
  const networks = ['192.168.0.0/24', '192.168.1.0/24', '203.0.11.0/24', '203.0.110.0/24'];
  const declared = { ...defaultPolicy, trusted: { networks, hosts: [] } };
  expect(addressNear(declared, 'ipv4', 'just-above-a-trusted-network')).toBe('192.168.2.0');
  expect(addressNear(declared, 'ipv4', 'like-a-trusted-network')).toBe('192.168.10.1');
  const pair = { ...defaultPolicy, trusted: { networks: networks.slice(2), hosts: [] } };
  expect(addressNear(pair, 'ipv4', 'like-a-trusted-network')).toBeUndefined();
});

test('a host of its own is a network too, and where none is declared there is no address', () => {
  const host = { ...defaultPolicy, trusted: { networks: ['203.0.113.5/32'], hosts: [] } };
  expect(trustedAddress(host, 'ipv4', 'of-a-trusted-network')).toBe('203.0.113.5');
  expect(() => trustedAddress(host, 'ipv6', 'of-a-trusted-network')).toThrow('no ipv6 network');
});
