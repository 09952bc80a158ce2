/** POP before SMTP: which address a login authorises, and no other. */
import { clauses } from '../clauses.ts';
import { blockedScene, blocks, type Draft, login } from './draft.ts';

const exactRemedy = 'Compare whole addresses: no regular expression without an end, no grep.';
const familyRemedy = 'Record the address of the login, and nothing that is derived from the host’s name.';

export const otherAddresses: Draft[] = [
  {
    ...blocks,
    id: 'pop-before-smtp/no-login',
    title: 'a message to outside from an address that never logged in',
    requirement: 'The server MUST NOT relay for an address that has not been authorised.',
    applies: {},
    remedy: 'See that a missing entry, or a missing map, is not taken for a hit.',
    scene: blockedScene([]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/neighbour',
    title: 'a message to outside from another address of the /24 in which somebody logged in',
    requirement: 'A POP login MUST authorise the client’s own address, and no other of its network.',
    applies: {},
    remedy:
      'Record the whole address: no /24 keys, no access entries that end after three octets. ' +
      'Whose provider changes his address has to log in again.',
    scene: blockedScene([{ ...login, from: 'neighbour' }]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/neighbour-ipv6',
    title: 'a message to outside from another address of the /64 in which somebody logged in',
    requirement: 'A POP login MUST authorise the client’s own IPv6 address, and no other of its network.',
    remedy: 'Record and look up the whole address: no keys that end after four groups.',
    scene: blockedScene([{ ...login, from: 'neighbour' }], { family: 'ipv6' }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/prefix',
    title: 'a message to outside from an address whose text begins with an authorised one',
    requirement: 'A POP login from an address MUST NOT authorise another that only begins with the same characters.',
    applies: {},
    remedy: exactRemedy,
    scene: blockedScene([{ ...login, from: 'prefix' }]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/substring',
    title: 'a message to outside from an address whose text is the beginning of an authorised one',
    requirement: 'A POP login from an address MUST NOT authorise another that is only a part of its text.',
    remedy: exactRemedy,
    scene: blockedScene([{ ...login, from: 'longer' }]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/ipv4-login-ipv6-message',
    title: 'POP login over IPv4, then a message to outside over IPv6',
    requirement: 'A POP login over IPv4 MUST NOT authorise an IPv6 address.',
    applies: {},
    remedy: familyRemedy,
    scene: blockedScene([{ ...login, from: 'other-family' }], { family: 'ipv6' }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/ipv6-login-ipv4-message',
    title: 'POP login over IPv6, then a message to outside over IPv4',
    requirement: 'A POP login over IPv6 MUST NOT authorise an IPv4 address.',
    applies: {},
    remedy: familyRemedy,
    scene: blockedScene([{ ...login, from: 'other-family' }]),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/borrowed-name',
    title: 'a message to outside from an address that DNS calls by the name of a host that logged in',
    requirement: 'A POP login MUST authorise an address, and not whoever claims the name of its host.',
    clauses: [clauses.popBeforeSmtp, clauses.restrictRelay],
    remedy:
      'Look up $&{client_addr}, and neither client_name nor client_ptr: what the reverse zone says is in the hands of whoever ' +
      'has the address.',
    scene: blockedScene([{ ...login, from: 'neighbour' }], { names: { reverse: ['{neighbour}'] } }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/borrowed-sender',
    title: 'a message to outside that gives a user as its sender who is logged in elsewhere',
    requirement: 'A POP login MUST authorise an address, and not whoever claims to be its user.',
    clauses: [clauses.popBeforeSmtp, clauses.senderProvesNothing],
    remedy: 'Look up $&{client_addr} alone: the sender is what the client says (`$&f`, `$&{mail_addr}`).',
    scene: blockedScene([{ ...login, from: 'neighbour' }], { mailFrom: '<{account}@{L}>' }),
  },
  {
    ...blocks,
    id: 'pop-before-smtp/login-outside-the-mode',
    title: 'POP login where the mode has no POP before SMTP, then a message to outside',
    requirement: 'A configuration that is not meant for POP before SMTP MUST NOT relay for a POP login.',
    applies: { modes: ['smtp-auth', 'none'] },
    remedy:
      'Remove FEATURE(`drac’) or the rules that look the client up in the POP map, or declare the mode "both". ' +
      'Users who log in over POP alone can then send no more: see that they authenticate first.',
    scene: blockedScene([login]),
  },
];
