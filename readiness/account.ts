/**
 * What is known of one user. There may be a hundred thousand of them, who mostly have one name, one mechanism and one or
 * two addresses: short lists take a tenth of the room of a Set or a Map each.
 */

/** Where a user was seen. */
export type UserAddress = {
  address: string;
  last: number;
  logins: number;
  popRelayed: number;
  authenticated: number;
  shared: boolean;
};

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
  /** Made anew for each that is added, by concat(): an array that grows keeps room for sixteen more. */
  addresses: UserAddress[];
  moreAddresses: boolean;
};

/** So many addresses of a user are kept: those used last. */
export const MOST_ADDRESSES = 24;
const MOST_NAMES = 8;
/** Of mechanisms, and of TLS versions. */
const MOST_WAYS = 20;

const none: readonly string[] = [];

export const emptyAccount = (name: string): Account => ({
  name,
  names: none,
  popLogins: 0,
  lastPopLogin: Number.NaN,
  popRelayed: 0,
  popRelayedShared: 0,
  lastPopRelayed: Number.NaN,
  authSessions: 0,
  authenticated: 0,
  lastAuthenticated: Number.NaN,
  mechanisms: none,
  tls: none,
  addresses: [],
  moreAddresses: false,
});

const having = (texts: readonly string[], text: string, most: number): readonly string[] =>
  texts.includes(text) || texts.length >= most ? texts : texts.concat(text);

/** Thousands have the same mechanisms: they share the list. */
const lists = new Map<string, readonly string[]>();
const MOST_LISTS = 1000;

function havingWay(ways: readonly string[], way: string): readonly string[] {
  const more = having(ways, way, MOST_WAYS);
  if (more === ways) return ways;
  const key = more.join('\0');
  const known = lists.get(key);
  if (known === undefined && lists.size < MOST_LISTS) lists.set(key, more);
  return known ?? more;
}

export function addName(account: Account, name: string): void {
  account.names = having(account.names, name, MOST_NAMES);
}

export function addWay(account: Account, mechanism: string, tls: string): void {
  account.mechanisms = havingWay(account.mechanisms, mechanism);
  account.tls = havingWay(account.tls, tls);
}

/** The place where a user was seen, if he was. The one that was asked for last stands first. */
export function placeAt({ addresses }: Account, address: string): UserAddress | undefined {
  for (let index = 0; index < addresses.length; index++) {
    const place = addresses[index] as UserAddress;
    if (place.address !== address) continue;
    if (index > 0) {
      addresses[index] = addresses[0] as UserAddress;
      addresses[0] = place;
    }
    return place;
  }
  return undefined;
}

/** The place where a user is seen at that time. The one of longest ago is forgotten for a new one, if there are many. */
export function seenAt(account: Account, address: string, at: number): UserAddress {
  const known = placeAt(account, address);
  if (known !== undefined) {
    if (at > known.last) known.last = at;
    return known;
  }
  const place = { address, last: at, logins: 0, popRelayed: 0, authenticated: 0, shared: false };
  const { addresses } = account;
  if (addresses.length >= MOST_ADDRESSES) {
    let oldest = 0;
    for (let index = 1; index < addresses.length; index++) {
      if ((addresses[index] as UserAddress).last < (addresses[oldest] as UserAddress).last) oldest = index;
    }
    addresses[oldest] = place;
    account.moreAddresses = true;
  } else {
    account.addresses = addresses.concat(place);
  }
  return place;
}

export const later = (a: number, b: number) => (Number.isNaN(a) || b > a ? b : a);

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
