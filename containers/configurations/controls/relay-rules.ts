/** Controls with a fault in: rules and features of sendmail that relay for strangers. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

export const relayRules: readonly ControlDefinition[] = [
  {
    name: 'promiscuous-relay',
    base: 'both',
    fault: 'FEATURE(`promiscuous_relay’): no relay check at all',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`promiscuous_relay')dnl" }],
    detectedBy: [
      'open-relay/*',
      'sender-trust/*',
      'smtp-auth/*-starttls-wrong-password*',
      'smtp-auth/cram-md5-clear-wrong-password*',
      'smtp-auth/digest-md5-clear-wrong-password*',
      'smtp-auth/scram-*-clear-wrong-password*',
      'smtp-auth/plain-empty-password',
      'smtp-auth/plain-unknown-user',
      'smtp-auth/anonymous-*',
      'pop-before-smtp/no-login',
      'pop-before-smtp/prefix',
      'pop-before-smtp/ipv4-login-ipv6-message',
      'pop-before-smtp/ipv6-login-ipv4-message',
    ],
  },
  {
    name: 'relay-local-from',
    base: 'smtp-auth',
    fault: 'FEATURE(`relay_local_from’): whoever writes a local sender may relay',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`relay_local_from')dnl" }],
    detectedBy: [
      'sender-trust/local-account',
      'sender-trust/local-unknown',
      'sender-trust/local-root',
      'sender-trust/host-postmaster',
      'open-relay/host-sender',
    ],
  },
  {
    name: 'relayed-top-level-domain',
    base: 'smtp-auth',
    fault: 'RELAY_DOMAIN(`org’): mail to a whole top-level domain is relayed for anybody',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "RELAY_DOMAIN(`org')dnl" }],
    detectedBy: ['open-relay/to-org'],
  },
];
