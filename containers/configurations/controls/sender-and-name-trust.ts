/** Controls with a fault in: what is believed of senders, of names in DNS and of recipient domains. */
import { beforeMailers, type ControlDefinition, declares, localCheckRcpt } from './definition.ts';

/** What lets every host relay whose name is below the domain relays to whatever is below it, too. */
const belowOurDomain = [
  'name-trust/confirmed-below-local',
  'name-trust/confirmed-below-host',
  'name-trust/confirmed-among-many-addresses',
  'name-trust/recipient-below-local',
  'name-trust/recipient-below-host',
];

const senders: ControlDefinition[] = [
  {
    name: 'relay-sender-pattern',
    base: 'both',
    fault: 'a rule relays for senders in whose address the domain stands, by a pattern without anchors',
    effect: 'leak',
    edits: [
      { file: 'sendmail.mc', insert: 'LOCAL_CONFIG\nKours regex -a@OURS hosting.example' },
      localCheckRcpt('R$*\t\t$: $(ours $&f $)', 'R@OURS\t\t$#OK'),
    ],
    detectedBy: [
      'sender-trust/local-*',
      ...['account', 'postmaster', 'mailer-daemon'].map((who) => `sender-trust/host-${who}*`),
      'sender-trust/source-route',
      'sender-trust/source-route-submission',
      'sender-trust/percent-*',
      'sender-trust/bang-path*',
      'sender-trust/lookalike-*',
    ],
  },
  {
    name: 'relay-sender-without-domain',
    base: 'both',
    fault:
      'a rule takes a sender without a domain of its own for a user at home, on a server that accepts such senders',
    effect: 'leak',
    edits: [
      { ...beforeMailers, insert: "FEATURE(`accept_unqualified_senders')dnl" },
      localCheckRcpt(
        'R$*\t\t$: <$&f>',
        'R<$* @ $j>\t$#OK',
        'R<$* @ [$*]>\t$#OK',
        'R<$* @ $*>\t$@ has a domain',
        'R<$*>\t\t$#OK',
      ),
    ],
    detectedBy: [
      'sender-trust/null*',
      'sender-trust/without-domain*',
      'sender-trust/at-localhost*',
      'sender-trust/at-loopback*',
      'sender-trust/host-literal*',
    ],
  },
  {
    name: 'access-map-not-found',
    base: 'pop-before-smtp',
    fault: 'FEATURE(`access_db’) names a file that is not there, as an optional one (-o): what is refused gets in',
    effect: 'weak',
    edits: [{ file: 'sendmail.mc', replace: 'hash -T<TMPF> /etc/mail/access', by: 'hash -o /etc/mail/access-list' }],
    detectedBy: ['sender-trust/refused-sender'],
  },
  {
    name: 'recipients-not-blocked',
    base: 'both',
    fault: 'FEATURE(`blocklist_recipients’) is missing: a recipient that the access map refuses gets mail',
    effect: 'weak',
    edits: [
      { file: 'sendmail.mc', replace: "FEATURE(`blocklist_recipients')dnl\n", by: '' },
      { file: 'access', replace: 'To:left@hosting.example', by: 'To:frank@hosting.example' },
    ],
    detectedBy: ['sender-trust/refused-recipient'],
    passes: ['sender-trust/refused-sender'],
  },
];

const clientNames: ControlDefinition[] = [
  {
    name: 'relay-unconfirmed-name',
    base: 'pop-before-smtp',
    fault: 'a rule relays by the macro client_ptr: the name of the client’s address, whether it leads back or not',
    effect: 'leak',
    edits: [localCheckRcpt('R$*\t\t$: $&{client_ptr}', 'R$* $=w\t\t$#OK')],
    detectedBy: [
      'name-trust/unconfirmed-below-local*',
      'name-trust/unconfirmed-local',
      'name-trust/unconfirmed-host',
      'name-trust/unconfirmed-below-host',
      'name-trust/unconfirmed-localhost',
      'name-trust/unconfirmed-leads-*',
      'name-trust/several-names-local-first',
    ],
    passes: ['name-trust/unconfirmed-longer-label', 'name-trust/no-name'],
  },
  {
    name: 'relay-forged-name',
    base: 'pop-before-smtp',
    fault: 'a rule takes FORGED, by which sendmail calls a name that does not lead back, for good',
    effect: 'leak',
    edits: [localCheckRcpt('R$*\t\t$: $&{client_resolve}', 'RFORGED\t\t$#OK')],
    detectedBy: [
      'name-trust/unconfirmed-longer-label',
      'name-trust/unconfirmed-continued',
      'name-trust/unconfirmed-host-continued',
      'name-trust/unconfirmed-outside',
      'name-trust/unconfirmed-begins-with-own-address',
    ],
    passes: ['name-trust/no-name', 'name-trust/name-not-found-for-now'],
  },
  {
    name: 'relay-unknown-name',
    base: 'pop-before-smtp',
    fault: 'a rule relays for clients whose name DNS does not tell, so that trouble with DNS locks nobody out',
    effect: 'leak',
    edits: [localCheckRcpt('R$*\t\t$: $&{client_resolve}', 'RFAIL\t\t$#OK', 'RTEMP\t\t$#OK')],
    detectedBy: [
      'name-trust/no-name',
      'name-trust/name-not-found-for-now',
      'name-trust/unconfirmed-*-in-digits',
      'false-leads/temporary-refusal',
    ],
    passes: ['name-trust/unconfirmed-local'],
  },
  {
    name: 'relay-name-pattern',
    base: 'smtp-auth',
    fault: 'a rule relays for clients in whose confirmed name the domain stands, by a pattern without anchors',
    effect: 'leak',
    edits: [
      { file: 'sendmail.mc', insert: 'LOCAL_CONFIG\nKours regex -a@OURS hosting.example' },
      localCheckRcpt('R$*\t\t$: $(ours $&{client_name} $)', 'R@OURS\t\t$#OK'),
    ],
    detectedBy: [
      'name-trust/confirmed-longer-label',
      'name-trust/confirmed-continued',
      'name-trust/confirmed-host-continued',
    ],
    passes: ['name-trust/unconfirmed-local'],
  },
  {
    name: 'relay-entire-domain',
    base: 'both',
    fault: 'FEATURE(`relay_entire_domain’): whoever is below the host name’s domain may relay, and is relayed to',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`relay_entire_domain')dnl" }],
    detectedBy: belowOurDomain,
    passes: ['name-trust/unconfirmed-below-local', 'name-trust/confirmed-longer-label'],
  },
  {
    name: 'own-domain-untagged',
    base: 'smtp-auth',
    fault: 'the access map has its own domain with RELAY and without a tag: it counts for clients as well',
    effect: 'leak',
    edits: [{ file: 'access', insert: 'hosting.example\tRELAY' }],
    detectedBy: belowOurDomain,
    passes: ['name-trust/unconfirmed-below-local', 'sender-trust/local-unknown'],
  },
  {
    name: 'virtual-domain-relays',
    base: 'both',
    fault: 'VIRTUSER_DOMAIN(`hosting.example’): virtual domains are in class R, and so their hosts may relay',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "VIRTUSER_DOMAIN(`hosting.example')dnl" }],
    detectedBy: belowOurDomain,
    passes: ['name-trust/unconfirmed-below-local'],
  },
  {
    name: 'foreign-domain-as-own',
    base: 'smtp-auth',
    fault:
      'local-host-names lists example.com, which is somebody else’s: its mail is swallowed, and its host may relay',
    effect: 'leak',
    edits: [{ file: 'local-host-names', insert: 'example.com' }],
    detectedBy: ['name-trust/confirmed-outside'],
    passes: ['name-trust/unconfirmed-outside'],
  },
];

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

export const senderAndNameTrust: readonly ControlDefinition[] = [
  ...senders,
  ...clientNames,
  ...recipients,
  ...declared,
];
