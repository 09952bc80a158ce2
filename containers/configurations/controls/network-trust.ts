/** Controls with a fault in: networks, hosts and domains that are trusted and were not meant to be. */
import type { ControlDefinition } from './definition.ts';

export const networkTrust: readonly ControlDefinition[] = [
  {
    name: 'trusted-network',
    base: 'both',
    fault: 'the access map lets the networks 198.18.0.0/16 and 198.19.0.0/16 relay, which nobody declared',
    effect: 'leak',
    edits: [{ file: 'access', insert: 'Connect:198.18\tRELAY\nConnect:198.19\tRELAY' }],
    detectedBy: [
      'open-relay/outside-sender',
      'open-relay/null-sender',
      'pop-before-smtp/no-login',
      'pop-before-smtp/neighbour',
    ],
  },
  {
    name: 'trusted-network-ipv6',
    base: 'smtp-auth',
    fault: 'the access map lets the network 2001:2::/32 relay, which nobody declared',
    effect: 'leak',
    edits: [{ file: 'access', insert: 'Connect:IPv6:2001:2\tRELAY' }],
    detectedBy: ['open-relay/outside-sender-ipv6'],
  },
];
