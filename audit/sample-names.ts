import type { SceneNames } from './names.ts';

/** Names of a lab and a target, for tests. */
export const sampleNames: SceneNames = {
  token: 'rp0123456789abcdef',
  hostName: 'mail.hosting.example',
  ipv4: '198.18.0.16',
  localDomain: 'hosting.example',
  account: 'alice',
};
