/** Controls with a fault in: domains that are relayed to, and hosts and networks that are declared as trusted. */
import { beforeMailers, type ControlDefinition, declares, localCheckRcpt } from './definition.ts';

const recipients: ControlDefinition[] = [
  {
    name: 'relay-based-on-mx',
    base: 'both',
    fault: 'FEATURE(`relay_based_on_MX’): whoever names the server in his DNS is relayed to',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`relay_based_on_MX')dnl" }],
    detectedBy: ['name-trust/exchanger-*'],
  },
  {
    name: 'relay-recipient-pattern',
    base: 'both',
    fault: 'a rule relays to recipients in whose address the domain stands, by a pattern without anchors',
    effect: 'leak',
    edits: [
      { file: 'sendmail.mc', insert: 'LOCAL_CONFIG\nKours regex -a@OURS hosting.example' },
      localCheckRcpt('R$*\t\t$: $(ours $1 $)', 'R@OURS\t\t$#OK'),
    ],
    detectedBy: ['name-trust/recipient-longer-label', 'name-trust/recipient-continued'],
  },
  {
    name: 'partner-may-relay',
    base: 'smtp-auth',
    fault: 'RELAY_DOMAIN(`partner.example’), meant for a backup exchanger: the partner’s hosts may relay to anywhere',
    effect: 'leak',
    edits: [declares('relayTo: [partner.example]'), { ...beforeMailers, insert: "RELAY_DOMAIN(`partner.example')dnl" }],
    detectedBy: ['name-trust/confirmed-below-relayed', 'name-trust/recipient-below-relayed'],
    passes: ['legitimate-mail/relayed-domain*', 'name-trust/recipient-like-relayed'],
  },
  {
    name: 'partner-pattern',
    base: 'smtp-auth',
    fault: 'a rule relays to a partner’s domain by a pattern without anchors',
    effect: 'leak',
    edits: [
      declares('relayTo: [partner.example]'),
      { file: 'sendmail.mc', insert: 'LOCAL_CONFIG\nKpartner regex -a@PARTNER partner.example' },
      localCheckRcpt('R$*\t\t$: $(partner $1 $)', 'R@PARTNER\t$#OK'),
    ],
    detectedBy: ['name-trust/recipient-like-relayed'],
    passes: ['legitimate-mail/relayed-domain', 'name-trust/confirmed-below-relayed'],
  },
];

const declared: ControlDefinition[] = [
  {
    name: 'trusted-host-with-all-below',
    base: 'both',
    fault:
      'the trusted host stands in the access map without FEATURE(`relay_hosts_only’): names below it may relay too',
    effect: 'leak',
    edits: [
      declares('trusted: { hosts: [office.example.net] }'),
      { file: 'access', insert: 'Connect:office.example.net\tRELAY' },
    ],
    detectedBy: ['name-trust/confirmed-below-trusted-host'],
    passes: ['legitimate-mail/trusted-host*', 'name-trust/unconfirmed-trusted-host'],
  },
  {
    name: 'trusted-host-unconfirmed',
    base: 'both',
    fault:
      'a rule lets whoever’s address is called as the trusted host is relay, without a look at where the name leads',
    effect: 'leak',
    edits: [
      declares('trusted: { hosts: [office.example.net] }'),
      localCheckRcpt('R$*\t\t$: $&{client_ptr}', 'Roffice.example.net\t$#OK'),
    ],
    detectedBy: ['name-trust/unconfirmed-trusted-host'],
    passes: ['legitimate-mail/trusted-host', 'name-trust/confirmed-below-trusted-host'],
  },
  {
    name: 'trusted-network-in-cidr',
    base: 'both',
    fault: 'the trusted network stands in the access map with its length (192.0.2.0/24), which never matches',
    effect: 'lock-out',
    edits: [
      declares('trusted: { networks: [192.0.2.0/24] }'),
      { file: 'access', insert: 'Connect:192.0.2.0/24\tRELAY' },
    ],
    detectedBy: ['legitimate-mail/trusted-network', 'legitimate-mail/trusted-network-submission'],
  },
  {
    name: 'trusted-network-compressed',
    base: 'both',
    fault: 'a trusted IPv6 address stands in the access map with "::", which never matches',
    effect: 'lock-out',
    edits: [
      declares("trusted: { networks: ['2001:db8::77/128'] }"),
      { file: 'access', insert: 'Connect:IPv6:2001:db8::77\tRELAY' },
    ],
    detectedBy: ['legitimate-mail/trusted-network-ipv6'],
  },
];

export const relayedAndTrusted: readonly ControlDefinition[] = [...recipients, ...declared];
