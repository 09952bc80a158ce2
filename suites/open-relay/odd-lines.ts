/** Odd lines, of the kind that mail servers test their resolvers with; each is written from one sender. */
import { noWay, type RecipientForm } from './recipients.ts';

const form = 'sendmail rejects the line for its form before any rule is asked, in every configuration';

/** Lines that lead outside, or may look so to a rule. */
export const oddLines: readonly RecipientForm[] = [
  { key: 'brackets-two-ats', words: 'brackets in the local part, two @', to: '<{u}[{E}]@{H}@{H}>', noControl: form },
  { key: 'bracketed-percent', words: 'a percent hack to a domain in brackets', to: '<{u}%[{E}]@{H}>' },
  {
    key: 'bracketed-percent-empty',
    words: 'a percent hack to a domain in brackets, via nothing',
    to: '<{u}%[{E}]@>',
    noControl: form,
  },
  { key: 'bracketed-domain', words: 'a domain name in literal brackets', to: '<{u}@[{E}]>' },
  { key: 'nested-brackets', words: 'angle brackets within the brackets', to: '<<{u}@{E}>>' },
  { key: 'two-ats-alone', words: 'nothing but two @', to: '<@@>', noControl: form },
  { key: 'at-alone', words: 'nothing but an @', to: '<@>', noControl: form },
  { key: 'bang-and-at', words: 'nothing but a bang and an @', to: '<!@>', noControl: form },
  { key: 'bang-alone', words: 'nothing but a bang', to: '<!>', noControl: form, rejectedWith: ['5.0.0'] },
  {
    key: 'percent-alone',
    words: 'nothing but a percent sign',
    to: '<%>',
    noControl: 'it names nobody, here or elsewhere, and sendmail knows no such user in any configuration',
  },
  { key: 'percent-at-end', words: 'a percent sign at the end', to: '<{u}@{E}%>', noControl: noWay },
  { key: 'port', words: 'a domain with a port', to: '<{u}@{E}:25>', noControl: form },
  {
    key: 'impossible-literal',
    words: 'the literal of an impossible address',
    to: '<{u}@[321.1.2.3]>',
    noControl: noWay,
  },
  { key: 'bang-and-percent', words: 'a bang path that ends in a percent hack', to: '<{E}!{u}%{H}>' },
  { key: 'host-bang-at', words: 'a bang path via the host name to an outside address', to: '<{H}!{u}@{E}>' },
  { key: 'host-bang-percent', words: 'a bang path via the host name to a percent hack', to: '<{H}!{u}%{E}>' },
  { key: 'host-bang-percent-local', words: 'bang, percent hack and local domain', to: '<{H}!{u}%{E}@{L}>' },
  { key: 'local-percent-outside', words: 'a local address before an outside one', to: '<{u}.{account}%{L}%{E}@{H}>' },
  { key: 'source-route-percent', words: 'a source route to a percent hack', to: '<@{H}:{u}%{E}@{L}>' },
  { key: 'source-route-bang', words: 'a source route to a bang path', to: '<@{H}:{E}!{u}@{L}>' },
  { key: 'quoted-bang', words: 'a quoted bang path at a local domain', to: '<"{E}!{u}"@{L}>' },
  { key: 'quoted-percent-local', words: 'a quoted percent hack at a local domain', to: '<"{u}%{E}"@{L}>' },
  {
    key: 'quoted-domain',
    words: 'a quoted outside domain behind a local one',
    to: '<{u}@{L}"@{E}">',
    noControl: noWay,
  },
  { key: 'empty-quotes', words: 'an empty quoted string in a percent hack', to: '<""{u}%{E}@{L}>' },
  {
    key: 'percent-hack-ipv6-literal',
    words: 'a percent hack via the IPv6 literal',
    to: '<{u}%{E}@[IPv6:{I6}]>',
    noControl:
      'sendmail knows itself by its uncompressed IPv6 literal alone, and finds that the message would come back',
  },
  { key: 'source-route-ipv6-literal', words: 'a source route via the IPv6 literal', to: '<@[IPv6:{I6}]:{u}@{E}>' },
  { key: 'group', words: 'a group with an outside member', to: '<group:{u}@{E};>' },
  {
    key: 'phrase',
    words: 'a phrase before the brackets',
    to: '"{L}" <{u}@{E}>',
    noControl: form,
    rejectedWith: ['5.5.4'],
  },
  {
    key: 'semicolon',
    words: 'an outside address and a local domain behind a semicolon',
    to: '<{u}@{E};@{L}>',
    noControl: form,
  },
  {
    key: 'ideographic-full-stop',
    words: 'a domain with an ideographic full stop',
    to: '<{u}@elsewhere。example>',
    noControl: form,
  },
  { key: 'slash-path', words: 'an address like an X.400 path', to: '</u={u}/d={E}/@{L}>', noControl: form },
  { key: 'bang-path-relayed', words: 'a bang path via a relayed domain', to: '<{E}!{u}@{relayTo}>', needs: 'relay-to' },
];

/** Lines by which, once they are taken apart, somebody of ours is meant that there is not. */
export const nobodyHere: readonly RecipientForm[] = [
  { key: 'at-own-literal', words: 'an unknown user at the server’s own literal', to: '<{u}@[{I}]>' },
  { key: 'bang-at-end', words: 'a bang path to nobody', to: '<{u}.{E}!>' },
  { key: 'brackets-bang-percent', words: 'brackets between a bang and a percent sign', to: '<{H}!{u}[{E}]%{H}>' },
  { key: 'escaped-at', words: 'an escaped @ at the host name', to: '<{u}\\@{E}@{H}>' },
  { key: 'source-route-outside-first', words: 'a source route that begins outside', to: '<@{E},@{H}:{u}@{L}>' },
  { key: 'fullwidth-at', words: 'a full-width @ at the host name', to: '<{u}＠{E}@{H}>' },
  // The last octets of these letters are a percent sign and a bang with their highest bit set, which sendmail takes off.
  { key: 'utf8-percent', words: 'a letter in UTF-8 that hides a percent sign', to: '<{u}å{E}@{H}>' },
  { key: 'utf8-bang', words: 'a letter in UTF-8 that hides a bang', to: '<{E}á{u}@{H}>' },
];
