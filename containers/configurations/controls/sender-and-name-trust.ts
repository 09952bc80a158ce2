/** Controls with a fault in: what is believed of senders, and of what DNS calls a client. */
import { beforeMailers, type ControlDefinition, localCheckRcpt } from './definition.ts';

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
      'pop-before-smtp/borrowed-sender',
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

export const senderAndNameTrust: readonly ControlDefinition[] = [...senders, ...clientNames];
