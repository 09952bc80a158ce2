/** Names: what DNS calls a client, what a domain resembles, and what a certificate says. All of them can be chosen. */
import { defineSuite } from './attempt.ts';
import { certificates } from './name-trust/certificates.ts';
import { clientNames } from './name-trust/client-names.ts';
import { recipientDomains } from './name-trust/recipient-domains.ts';

export const nameTrust = defineSuite('name-trust', 'Name trust: what DNS and certificates call a client or a domain', [
  ...clientNames,
  ...recipientDomains,
  ...certificates,
]);
