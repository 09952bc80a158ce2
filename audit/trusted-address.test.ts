import { expect, test } from 'vitest';
import { defaultPolicy } from '../containers/configurations/policy.ts';
import { trustedAddress } from './trusted-address.ts';

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

test('a host of its own is a network too, and where none is declared there is no address', () => {
  const host = { ...defaultPolicy, trusted: { networks: ['203.0.113.5/32'], hosts: [] } };
  expect(trustedAddress(host, 'ipv4', 'of-a-trusted-network')).toBe('203.0.113.5');
  expect(() => trustedAddress(host, 'ipv6', 'of-a-trusted-network')).toThrow('no ipv6 network');
});
