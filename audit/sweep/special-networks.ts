/** Networks that rules are written for, by purpose rather than by owner: what is trusted by mistake is often one of them. */
import { type Family, type Network, parseNetwork } from './ip.ts';

/** The IANA special-purpose registries (RFC 6890), and multicast. */
const ipv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** The same, with the global unicast space and the /12s and /16s that it is given out in. */
const ipv6 = [
  '::/8',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2000::/3',
  '2001::/16',
  '2001::/23',
  '2001::/32',
  '2001:2::/48',
  '2001:db8::/32',
  '2002::/16',
  '2003::/18',
  '2400::/12',
  '2600::/12',
  '2610::/23',
  '2620::/23',
  '2630::/12',
  '2800::/12',
  '2a00::/12',
  '2a10::/12',
  '2c00::/12',
  '3fff::/20',
  'fc00::/7',
  'fd00::/8',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

export const specialNetworks = (family: Family): Network[] => (family === 4 ? ipv4 : ipv6).map(parseNetwork);
