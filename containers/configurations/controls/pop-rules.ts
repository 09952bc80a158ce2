/** Controls with a fault in rules of one's own for POP before SMTP, as DRAC's README and popauth.m4 have them. */
import { type ControlDefinition, localCheckRcpt, popMap, popWriter } from './definition.ts';

/** Rules in place of FEATURE(`drac'). */
const rules = (maps: string[], ...lines: string[]) => [
  { file: 'sendmail.mc', replace: popMap, by: '' },
  { file: 'sendmail.mc', insert: ['LOCAL_CONFIG', ...maps].join('\n') },
  localCheckRcpt(...lines),
];

const hash = 'Kpop hash /etc/mail/drac';
const lookUp = 'R$*\t\t$: $(pop $&{client_addr} $: $)';
const accept = 'R$+\t\t$#OK';
/** Relays only if what was looked up is a time to come. */
const notOver = (now: string) => [`R$+\t\t$: $(arith l $@ ${now} $@ $1 $)`, 'RTRUE\t\t$#OK'];

/** Faults that keep everybody from relaying after a login. */
const lockOut = (name: string, fault: string, ...lines: string[]): ControlDefinition => ({
  name,
  base: 'both',
  fault,
  effect: 'lock-out',
  edits: rules([hash], ...lines),
  detectedBy: ['pop-before-smtp/login', 'pop-before-smtp/login-submission'],
});

export const popRules: readonly ControlDefinition[] = [
  lockOut(
    'pop-rule-expands-early',
    'the rule looks up the client’s address without & ($&{client_addr}): it is empty when the file is read',
    lookUp.replace('$&', '$'),
    accept,
  ),
  lockOut(
    'pop-rule-with-spaces',
    'a rule was copied from a web page: between its sides are spaces, and the only tab is that before the comment',
    lookUp,
    `${accept.replace(/\t+/, '    ')}\t\tauthorised by POP`,
  ),
  lockOut(
    'pop-rule-names-no-mailer',
    'the rule answers $@ OK, which means nothing, and not $#OK',
    lookUp,
    'R$+\t\t$@ OK',
  ),
  {
    name: 'pop-rule-wants-times',
    base: 'both',
    fault: 'the rules compare times (POP_TO), and the writer stores a word',
    effect: 'lock-out',
    edits: [...rules([hash, 'Karith arith'], lookUp, ...notOver('$&{time}')), popWriter('value = fixed')],
    detectedBy: ['pop-before-smtp/login'],
  },
  {
    name: 'pop-rule-without-clock',
    base: 'pop-before-smtp',
    fault: 'the rules compare the end of the lifetime with $&T, which has no value any more, and not with $&{time}',
    effect: 'leak',
    edits: [...rules([hash, 'Karith arith'], lookUp, ...notOver('$&T')), popWriter('value = expiry', 'sweep = daily')],
    detectedBy: ['pop-before-smtp/expired', 'pop-before-smtp/expired-submission'],
  },
  {
    name: 'pop-rule-fails-open',
    base: 'pop-before-smtp',
    fault: 'the rule has no default for an address that is not in the map, and takes the address itself for a hit',
    effect: 'leak',
    edits: rules([hash], 'R$*\t\t$: $(pop $&{client_addr} $)', accept),
    detectedBy: [
      'pop-before-smtp/no-login',
      'pop-before-smtp/wrong-password',
      'open-relay/outside-sender',
      'open-relay/outside-sender-submission',
      'open-relay/outside-sender-ipv6',
      'sender-trust/local-account',
      'smtp-auth/login-outside-the-mode',
    ],
  },
  {
    name: 'pop-rule-skips-other-checks',
    base: 'pop-before-smtp',
    fault: '$#OK in Local_check_rcpt lets POP users write to local addresses that the access map refuses',
    effect: 'weak',
    edits: [...rules([hash], lookUp, accept), { file: 'access', replace: 'To:left@', by: 'To:heidi@' }],
    detectedBy: ['pop-before-smtp/blocked-recipient'],
  },
  {
    name: 'pop-authorises-ipv6-network',
    base: 'pop-before-smtp',
    fault: 'writer and rule know IPv6 addresses by their first four groups, because hosts change the others',
    effect: 'leak',
    edits: [
      popWriter('authorise = network'),
      localCheckRcpt(
        'R$*\t\t$: $&{client_addr}',
        'RIPv6:$-:$-:$-:$-:$*\t$: <$(drac $1:$2:$3:$4 $: $)>',
        'R<$+>\t\t$#OK',
      ),
    ],
    detectedBy: ['pop-before-smtp/neighbour-ipv6'],
  },
  {
    name: 'pop-map-searched-by-grep',
    base: 'pop-before-smtp',
    fault: 'the address is searched in the map with grep, which finds it in longer ones as well',
    effect: 'leak',
    edits: rules(['Kpop program /usr/bin/grep -aoF -m1 /etc/mail/drac.db -e'], lookUp, accept),
    detectedBy: ['pop-before-smtp/substring'],
    passes: ['pop-before-smtp/neighbour'],
  },
  {
    name: 'pop-key-is-client-name',
    base: 'pop-before-smtp',
    fault: 'writer and rule know clients by the name that the reverse zone gives them, confirmed or not',
    effect: 'leak',
    edits: [...rules([hash], lookUp.replace('client_addr', 'client_ptr'), accept), popWriter('authorise = name')],
    detectedBy: ['pop-before-smtp/borrowed-name'],
    passes: ['pop-before-smtp/neighbour'],
  },
  {
    name: 'authenticated-clients-refused',
    base: 'both',
    fault: 'a rule refuses whoever authenticates, left over from the time when AUTH was tried out',
    effect: 'lock-out',
    edits: [localCheckRcpt('R$*\t\t$: $&{auth_type}', 'R$+\t\t$#error $@ 5.7.1 $: "550 Please do not authenticate"')],
    detectedBy: ['pop-before-smtp/login-and-auth', 'smtp-auth/plain-starttls'],
    passes: ['pop-before-smtp/failed-auth-keeps-it'],
  },
];
