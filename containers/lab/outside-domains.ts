/**
 * Domains of the outside world, under several top-level names, because a hole can be as narrow as one of them.
 * All are reserved for examples (RFC 2606, RFC 6761) or below such a name, except that no country has one: the
 * lab has no way out, so nothing can reach the real bearer.
 */
export const OUTSIDE = {
  /** Where most recipients live. */
  recipients: 'elsewhere.example',
  /** Where most senders live. */
  senders: 'outside.example',
  /** A third one. */
  third: 'thirdparty.example',
  com: 'example.com',
  net: 'example.net',
  org: 'example.org',
  country: 'example.de',
} as const;

export const outsideDomains: string[] = Object.values(OUTSIDE);
