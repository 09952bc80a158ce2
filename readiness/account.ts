/** What is known of one user. */
import type { UserAddress } from './user-addresses.ts';

export type Account = {
  /** As it was written first, preferably by the POP server. */
  name: string;
  names: readonly string[];
  popLogins: number;
  lastPopLogin: number;
  popRelayed: number;
  /** Of these, how many may just as well be somebody else’s. */
  popRelayedShared: number;
  lastPopRelayed: number;
  authSessions: number;
  authenticated: number;
  lastAuthenticated: number;
  mechanisms: readonly string[];
  tls: readonly string[];
  addresses: UserAddress[];
  moreAddresses: boolean;
};

const later = (a: number, b: number) => (Number.isNaN(a) || b > a ? b : a);

/** Two accounts that are one person’s. */
export function merged(a: Account, b: Account): Account {
  const addresses = new Map(a.addresses.map((place) => [place.address, place]));
  for (const place of b.addresses) {
    const mine = addresses.get(place.address);
    addresses.set(
      place.address,
      mine === undefined
        ? place
        : {
            address: place.address,
            last: later(mine.last, place.last),
            logins: mine.logins + place.logins,
            popRelayed: mine.popRelayed + place.popRelayed,
            authenticated: mine.authenticated + place.authenticated,
            shared: mine.shared || place.shared,
          },
    );
  }
  const both = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])];
  return {
    name: b.popLogins > a.popLogins ? b.name : a.name,
    names: both(a.names, b.names),
    popLogins: a.popLogins + b.popLogins,
    lastPopLogin: later(a.lastPopLogin, b.lastPopLogin),
    popRelayed: a.popRelayed + b.popRelayed,
    popRelayedShared: a.popRelayedShared + b.popRelayedShared,
    lastPopRelayed: later(a.lastPopRelayed, b.lastPopRelayed),
    authSessions: a.authSessions + b.authSessions,
    authenticated: a.authenticated + b.authenticated,
    lastAuthenticated: later(a.lastAuthenticated, b.lastAuthenticated),
    mechanisms: both(a.mechanisms, b.mechanisms),
    tls: both(a.tls, b.tls),
    addresses: [...addresses.values()],
    moreAddresses: a.moreAddresses || b.moreAddresses,
  };
}
