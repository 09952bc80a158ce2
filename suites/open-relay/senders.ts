/** The sender forms of the product: whatever a stranger may write behind MAIL FROM. */

export type SenderForm = {
  key: string;
  /** Completes "a message from …". */
  words: string;
  /** As it goes over the wire; a template, see Scene. */
  from: string;
  /** Why sendmail refuses the sender itself, by its enhanced status code (RFC 3463), before any recipient is asked about. */
  refusedAs?: string;
};

export const senders = [
  { key: 'null', words: 'the null sender', from: '<>' },
  { key: 'outside', words: 'a sender in the recipient’s outside domain', from: '<{u}@{E}>' },
  { key: 'other-outside', words: 'a sender in another outside domain', from: '<{u}@{S}>' },
  {
    key: 'unresolvable',
    words: 'a sender in a domain that DNS does not know',
    from: '<{u}@nonexistent.{E}>',
    refusedAs: '5.1.8',
  },
  { key: 'localhost', words: 'a sender at localhost', from: '<{u}@localhost>', refusedAs: '5.5.4' },
  { key: 'bare', words: 'a sender without a domain', from: '<{u}>', refusedAs: '5.5.4' },
  { key: 'host', words: 'a sender at the host name', from: '<{u}@{H}>' },
  { key: 'literal', words: 'a sender at the address literal', from: '<{u}@[{I}]>' },
  { key: 'host-postmaster', words: 'postmaster at the host name', from: '<postmaster@{H}>' },
  { key: 'local-root', words: 'root at a local domain', from: '<root@{L}>' },
  { key: 'local-account', words: 'an existing local account', from: '<{account}@{L}>' },
  { key: 'local-user', words: 'an unknown user of a local domain', from: '<{u}@{L}>' },
] as const satisfies readonly SenderForm[];

export type SenderKey = (typeof senders)[number]['key'];

/** The sender of attempts that are not about the sender: nobody of the house, and not of the recipient's domain. */
export const stranger = '<{u}@{S}>';
