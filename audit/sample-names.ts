import type { SceneNames } from './names.ts';

/** Names of a lab and a target, for tests. */
export const sampleNames: SceneNames = {
  token: 'rp0123456789abcdef',
  hostName: 'mail.hosting.example',
  ipv4: '198.18.0.16',
  localDomain: 'hosting.example',
  ipv6: '2001:2::10',
  account: 'alice',
  other: 'bob',
  client: '198.18.64.1',
  name: 'host-198-18-64-1.clients.example',
  neighbour: 'host-198-18-64-77.clients.example',
  sink: '198.18.0.2',
  sink6: '2001:2::2',
  alias: 'away@hosting.example',
  virtual: 'sales@virtual.example',
  relayTo: 'partner.example',
  trustedHost: 'office.example.net',
  refusedSender: 'bulk@offers.example',
  refusedRecipient: 'left@hosting.example',
};
