/** Recipients under several top-level domains: a hole can be as narrow as one of them. */
import { blocked, type Draft } from './blocked.ts';
import { stranger } from './senders.ts';

export const topLevel: readonly Draft[] = (
  [
    ['com', '{com}'],
    ['net', '{net}'],
    ['org', '{org}'],
    ['country', '{country}'],
  ] as const
).map(([name, domain]) => ({
  ...blocked,
  id: `open-relay/to-${name}`,
  title: `to a recipient under another top-level domain (${name})`,
  remedy:
    'Remove the top-level domain from RELAY_DOMAIN, relay-domains or the access map ("To:org RELAY"): it relays to and ' +
    'from everybody under it. Name the domains that are meant: those that are not are refused then.',
  scene: {
    family: 'ipv4',
    port: 25,
    tls: false,
    mailFrom: stranger,
    rcptTo: `<{u}@${domain}>`,
    destination: 'sink',
  },
}));
