/** The recipient forms of the product: ways to write somebody outside, most of them so that he looks like one of ours. */
import { OUTSIDE } from '../../containers/lab/outside-domains.ts';
import type { Need } from '../attempt.ts';

export type RecipientForm = {
  key: string;
  /** Completes "a message to …". */
  words: string;
  /** What follows `RCPT TO:` on the wire; a template, see Scene. */
  to: string;
  /** Why no fault of a configuration can make this one relay. */
  noControl?: string;
  /** Enhanced status codes of the rejection, where it is for the form and not about relaying (RFC 3463). */
  rejectedWith?: readonly string[];
  needs?: Need;
};

const twoAts =
  'sendmail rejects an address with two unquoted @ for its form (553 5.1.3) before any rule is asked, in every configuration';
const noHost = 'sendmail rejects an address that ends with @ for its form (553 5.1.3), in every configuration';

/** For addresses that no mailer takes. */
export const noWay =
  'even where nothing is refused, sendmail finds no host for such an address, and sends the message back';

/** As somebody writes it who wants to pass by a comparison: `ElSeWhErE.ExAmPlE`. */
const mixedCase = (domain: string) => [...domain].map((c, at) => (at % 2 ? c : c.toUpperCase())).join('');

export const recipients = [
  { key: 'plain', words: 'an outside address', to: '<{u}@{E}>' },
  { key: 'unbracketed', words: 'an address without angle brackets', to: '{u}@{E}' },
  { key: 'percent-hack-host', words: 'a percent hack via the host name', to: '<{u}%{E}@{H}>' },
  { key: 'percent-hack-literal', words: 'a percent hack via the address literal', to: '<{u}%{E}@[{I}]>' },
  { key: 'percent-hack-local', words: 'a percent hack via a local domain', to: '<{u}%{E}@{L}>' },
  { key: 'percent-hack-bare', words: 'a percent hack via nothing', to: '<{u}%{E}>' },
  { key: 'percent-chain', words: 'a chain of two percent hacks', to: '<{u}%{E}%{H}@{L}>' },
  { key: 'percent-long-chain', words: 'a chain of four percent hacks', to: '<{u}%{E}%{E2}%{H}%{L}@[{I}]>' },
  { key: 'quoted', words: 'a quoted address', to: '<"{u}@{E}">' },
  { key: 'quoted-percent', words: 'a quoted percent hack', to: '<"{u}%{E}">' },
  { key: 'quoted-at-host', words: 'a quoted address at the host name', to: '<"{u}@{E}"@{H}>' },
  { key: 'quoted-at-literal', words: 'a quoted address at the address literal', to: '<"{u}@{E}"@[{I}]>' },
  { key: 'quoted-at-local', words: 'a quoted address at a local domain', to: '<"{u}@{E}"@{L}>' },
  { key: 'double-at-host', words: 'two @, the host name last', to: '<{u}@{E}@{H}>', noControl: twoAts },
  { key: 'double-at-literal', words: 'two @, the address literal last', to: '<{u}@{E}@[{I}]>', noControl: twoAts },
  { key: 'double-at-empty', words: 'two @, nothing last', to: '<{u}@{E}@>', noControl: noWay },
  { key: 'percent-hack-empty', words: 'a percent hack via an empty domain', to: '<{u}%{E}@>', noControl: noHost },
  { key: 'source-route-host', words: 'a source route via the host name', to: '<@{H}:{u}@{E}>' },
  { key: 'source-route-literal', words: 'a source route via the address literal', to: '<@[{I}]:{u}@{E}>' },
  { key: 'source-route-chain', words: 'a source route of two stations', to: '<@{H},@{E}:{u}@{E}>' },
  { key: 'bang-path', words: 'a bang path', to: '<{E}!{u}>' },
  { key: 'bang-path-host', words: 'a bang path at the host name', to: '<{E}!{u}@{H}>' },
  { key: 'bang-path-literal', words: 'a bang path at the address literal', to: '<{E}!{u}@[{I}]>' },
  { key: 'bang-path-local', words: 'a bang path at a local domain', to: '<{E}!{u}@{L}>' },
  { key: 'bang-path-via-host', words: 'a bang path that begins with the host name', to: '<{H}!{E}!{u}>' },
  { key: 'uucp', words: 'an address that ends in .UUCP', to: '<{u}@{E}.UUCP>' },
  {
    key: 'percent-hack-relayed',
    words: 'a percent hack via a relayed domain',
    to: '<{u}%{E}@{relayTo}>',
    needs: 'relay-to',
  },
  { key: 'trailing-dot', words: 'a domain with a dot at its end', to: '<{u}@{E}.>' },
  { key: 'outside-literal', words: 'the literal of an outside address', to: '<{u}@[{sink}]>' },
  { key: 'outside-ipv6-literal', words: 'the literal of an outside IPv6 address', to: '<{u}@[IPv6:{sink6}]>' },
  { key: 'mixed-case', words: 'a domain in mixed case', to: `<{u}@${mixedCase(OUTSIDE.recipients)}>` },
  { key: 'quoted-pair', words: 'a quoted pair in the local part', to: '<\\{u}@{E}>' },
  { key: 'comment', words: 'a comment behind the local part', to: '<{u}(at)@{E}>' },
  { key: 'comment-at-domain', words: 'a comment with a local domain at the end', to: '<{u}@{E}(@{L})>' },
  { key: 'space-before-bracket', words: 'a space before the bracket', to: ' <{u}@{E}>' },
  { key: 'utf8-local-part', words: 'a local part in UTF-8', to: '<{u}-é@{E}>' },
] as const satisfies readonly RecipientForm[];

export type RecipientKey = (typeof recipients)[number]['key'];
