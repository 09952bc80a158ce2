/** Controls with a fault in: features and rules of sendmail that relay for strangers. */
import { anybodyInAuth, anybodyInBoth } from './anybody.ts';
import { beforeMailers, type ControlDefinition, declares } from './definition.ts';
import { ownRules } from './own-rules.ts';

const relayed = declares('relayTo:\n  - thirdparty.example');

const features: readonly ControlDefinition[] = [
  {
    name: 'promiscuous-relay',
    base: 'both',
    fault: 'FEATURE(`promiscuous_relay’): no relay check at all',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`promiscuous_relay')dnl" }],
    detectedBy: [
      'transport/session-that-goes-on',
      // Every sender form whose sender itself is not refused, with every recipient form.
      ...['null', 'outside', 'other-outside', 'host', 'literal', 'host-postmaster']
        .concat(['local-root', 'local-account', 'local-user'])
        .flatMap((from) => [`open-relay/${from}-sender*`, `open-relay/${from}-to-*`]),
      'open-relay/percent-hack-*',
      'open-relay/quoted*',
      'open-relay/source-route-*',
      'open-relay/bang-path*',
      'open-relay/odd-!(via-)*',
      'open-relay/helo',
      'open-relay/helo-submission',
      'open-relay/starttls*',
      'open-relay/pipelined-envelope*',
      'open-relay/outside-then-local',
      'open-relay/local-{ehlo,mail-again,message,rset}-then-outside*',
      'open-relay/refused-*',
      'open-relay/rcpt-before-mail',
      'open-relay/xclient*',
      'open-relay/proxy-protocol',
      'open-relay/auth-parameter-empty',
      'open-relay/dsn-*',
      'open-relay/size',
      'open-relay/body-8bit',
      'open-relay/lower-case',
      'open-relay/spaces-in-commands',
      'open-relay/eighth-bit-in-local-part',
      'open-relay/long-*',
      'open-relay/bare-line-feed*',
      'open-relay/octet-by-octet',
      'sender-trust/local-account',
      'false-leads/two-recipients-in-one-reversed',
      'false-leads/mixed-recipients',
      'false-leads/reset-transaction',
      'smtp-auth/*-starttls-wrong-password*',
      'smtp-auth/cram-md5-clear-wrong-password*',
      'smtp-auth/digest-md5-clear-wrong-password*',
      'smtp-auth/scram-*-clear-wrong-password*',
      'pop-before-smtp/no-login',
      'pop-before-smtp/wrong-password',
      'pop-before-smtp/ipv4-login-ipv6-message',
      'pop-before-smtp/ipv6-login-ipv4-message',
    ],
  },
  {
    name: 'nothing-checked',
    base: 'both',
    fault: 'neither greeting, nor order of commands, nor sender, nor relaying is checked',
    effect: 'leak',
    edits: [
      {
        ...beforeMailers,
        insert: ['promiscuous_relay', 'accept_unresolvable_domains', 'accept_unqualified_senders']
          .map((feature) => `FEATURE(\`${feature}')dnl`)
          .join('\n'),
      },
      { file: 'sendmail.mc', replace: '`authwarnings,needmailhelo,', by: '`authwarnings,' },
      { file: 'access', insert: 'Srv_Features:\tF' },
      relayed,
    ],
    detectedBy: [
      'open-relay/unresolvable-*',
      'open-relay/localhost-*',
      'open-relay/bare-sender*',
      'open-relay/bare-to-*',
      'open-relay/bare-via-*',
      'open-relay/no-greeting*',
      'open-relay/pipelined-session*',
      ...anybodyInBoth,
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
      'open-relay/local-user-sender',
    ],
    passes: ['open-relay/null-sender', 'open-relay/other-outside-sender'],
  },
  {
    name: 'relayed-sender',
    base: 'smtp-auth',
    fault: 'FEATURE(`relay_mail_from’), and the access map trusts one sender address, which anybody can write',
    effect: 'leak',
    edits: [
      { ...beforeMailers, insert: "FEATURE(`relay_mail_from')dnl" },
      { file: 'access', insert: 'From:root@hosting.example\tRELAY' },
    ],
    detectedBy: ['open-relay/local-root-sender'],
    passes: ['open-relay/local-user-sender', 'open-relay/host-postmaster-sender'],
  },
  {
    name: 'relayed-sender-domain',
    base: 'smtp-auth',
    fault: 'FEATURE(`relay_mail_from’, `domain’): whoever writes a sender in the domain may relay',
    effect: 'leak',
    edits: [
      { ...beforeMailers, insert: "FEATURE(`relay_mail_from', `domain')dnl" },
      { file: 'access', insert: 'From:hosting.example\tRELAY' },
    ],
    detectedBy: [
      'open-relay/local-user-sender',
      'open-relay/local-account-sender',
      'open-relay/host-postmaster-sender',
      'sender-trust/local-account',
      'sender-trust/local-subdomain',
    ],
    passes: ['open-relay/null-sender', 'open-relay/other-outside-sender'],
  },
  {
    name: 'two-label-host-name',
    base: 'smtp-auth',
    fault: 'FEATURE(`relay_entire_domain’) with a host name of two labels, whose domain part is a top-level domain',
    effect: 'leak',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "define(`confDOMAIN_NAME', `mail.hosting.example')",
        by: "define(`confDOMAIN_NAME', `hosting.example')",
      },
      { ...beforeMailers, insert: "FEATURE(`relay_entire_domain')dnl" },
    ],
    detectedBy: [...anybodyInAuth, 'open-relay/to-com'],
  },
  {
    name: 'relayed-top-level-domain',
    base: 'smtp-auth',
    fault: 'RELAY_DOMAIN(`org’): mail to a whole top-level domain is relayed for anybody',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "RELAY_DOMAIN(`org')dnl" }],
    detectedBy: ['open-relay/to-org'],
    passes: ['open-relay/to-com', 'open-relay/to-net', 'open-relay/to-country'],
  },
  {
    name: 'relayed-top-level-domains',
    base: 'pop-before-smtp',
    fault: 'the access map relays to three whole top-level domains',
    effect: 'leak',
    edits: [{ file: 'access', insert: ['com', 'net', 'de'].map((name) => `To:${name}\tRELAY`).join('\n') }],
    detectedBy: ['open-relay/to-com', 'open-relay/to-net', 'open-relay/to-country'],
    passes: ['open-relay/to-org'],
  },
  {
    name: 'relayed-top-level-domain-of-clients',
    base: 'smtp-auth',
    fault: 'RELAY_DOMAIN(`.example’): mail to and from a whole top-level domain is relayed, the clients’ own',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "RELAY_DOMAIN(`.example')dnl" }],
    detectedBy: [...anybodyInAuth, 'open-relay/to-org'],
  },
  {
    name: 'loose-relay-check',
    base: 'both',
    fault: 'FEATURE(`loose_relay_check’): routes via a relayed domain are not taken apart before the check',
    effect: 'leak',
    edits: [
      { ...beforeMailers, insert: "RELAY_DOMAIN(`thirdparty.example')dnl\nFEATURE(`loose_relay_check')dnl" },
      relayed,
    ],
    detectedBy: [
      ...['null', 'outside', 'other-outside', 'host', 'literal', 'host-postmaster']
        .concat(['local-root', 'local-account', 'local-user'])
        .map((from) => `open-relay/${from}-via-*`),
      'open-relay/odd-via-*',
    ],
    passes: ['open-relay/source-route-host', 'open-relay/to-org'],
  },
  {
    name: 'unknown-users-elsewhere',
    base: 'both',
    fault: 'LUSER_RELAY: what nobody here is called goes to a host of somebody else',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "define(`LUSER_RELAY', `esmtp:[mx.elsewhere.example]')dnl" }],
    detectedBy: ['open-relay/nobody-*', 'open-relay/eighth-bit-at', 'open-relay/eighth-bit-percent'],
    passes: ['open-relay/percent-hack-host', 'open-relay/bang-path-host'],
  },
  {
    name: 'routes-left-to-a-hub',
    base: 'both',
    fault: 'percent signs and bangs are ordinary characters here (`nospecial’), and not for the hub behind LUSER_RELAY',
    effect: 'leak',
    edits: [
      {
        ...beforeMailers,
        insert: [
          "FEATURE(`nopercenthack', `nospecial')dnl",
          "FEATURE(`nouucp', `nospecial')dnl",
          "define(`LUSER_RELAY', `esmtp:[mx.elsewhere.example]')dnl",
        ].join('\n'),
      },
    ],
    detectedBy: [
      'open-relay/percent-hack-host',
      'open-relay/other-outside-to-percent-hack-local',
      'open-relay/bang-path-host',
      'open-relay/other-outside-to-bang-path-local',
    ],
    passes: ['open-relay/source-route-host'],
  },
];

export const relayRules: readonly ControlDefinition[] = [...features, ...ownRules];
