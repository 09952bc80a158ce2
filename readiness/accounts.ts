/** What is known of each user: his logins, what he relayed and how, and from where. */

/** Where a user was seen. */
export type UserAddress = { last: number; logins: number; popRelayed: number; authenticated: number; shared: boolean };

export type Account = {
  /** As it was written first, preferably by the POP server. */
  name: string;
  names: Set<string>;
  popLogins: number;
  lastPopLogin: number;
  popRelayed: number;
  /** Of these, how many may just as well be somebody else’s. */
  popRelayedShared: number;
  lastPopRelayed: number;
  authSessions: number;
  authenticated: number;
  lastAuthenticated: number;
  mechanisms: Set<string>;
  tls: Set<string>;
  addresses: Map<string, UserAddress>;
  /** The one of them that was looked for last. */
  lastAddress: string;
  lastPlace: UserAddress | undefined;
  moreAddresses: boolean;
};

/** So many addresses of a user are kept: those used last. */
export const MOST_ADDRESSES = 24;
const MOST_NAMES = 8;

const domainOf = (name: string) => {
  const at = name.lastIndexOf('@');
  return at > 0 ? name.slice(at + 1) : '';
};
const localOf = (name: string) => {
  const at = name.lastIndexOf('@');
  return at > 0 ? name.slice(0, at) : name;
};

const emptyAccount = (name: string): Account => ({
  name,
  names: new Set(),
  popLogins: 0,
  lastPopLogin: Number.NaN,
  popRelayed: 0,
  popRelayedShared: 0,
  lastPopRelayed: Number.NaN,
  authSessions: 0,
  authenticated: 0,
  lastAuthenticated: Number.NaN,
  mechanisms: new Set(),
  tls: new Set(),
  addresses: new Map(),
  lastAddress: '',
  lastPlace: undefined,
  moreAddresses: false,
});

const placeAt = (account: Account, address: string): UserAddress | undefined =>
  account.lastAddress === address ? account.lastPlace : account.addresses.get(address);

const later = (a: number, b: number) => (Number.isNaN(a) || b > a ? b : a);

/**
 * The users. POP and SMTP may call one man `alice`, `Alice` and `alice@example.org`: names are compared without regard to
 * case, a realm that was named is left out, and where none was named, a name without a domain is the same as the only one
 * that adds one.
 */
export class Accounts {
  readonly #realms: ReadonlySet<string>;
  readonly #ids = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #accounts: Account[] = [];
  /** By the part before the @: who has no domain, and who has one. */
  readonly #byLocal = new Map<string, { bare: number; full: number[] }>();

  constructor(realms: readonly string[]) {
    this.#realms = new Set(realms.map((realm) => realm.toLowerCase().replace(/^@/, '')));
  }

  /** The number of a user by a name of his. */
  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const lower = name.toLowerCase();
    const key = this.#realms.has(domainOf(lower)) ? localOf(lower) : lower;
    let id = this.#ids.get(`\0${key}`);
    if (id === undefined) {
      id = this.#accounts.length;
      this.#accounts.push(emptyAccount(name));
      this.#keys.push(key);
      this.#ids.set(`\0${key}`, id);
      this.#register(key, id);
    }
    this.#ids.set(name, id);
    const { names } = this.account(id);
    if (names.size < MOST_NAMES) names.add(name);
    return id;
  }

  #register(key: string, id: number): void {
    const local = localOf(key);
    const entry = this.#byLocal.get(local) ?? { bare: -1, full: [] };
    if (domainOf(key) === '') entry.bare = id;
    else entry.full.push(id);
    this.#byLocal.set(local, entry);
  }

  account(id: number): Account {
    return this.#accounts[id] as Account;
  }

  /** Who a user is, as far as is known by now: two numbers may be one person. */
  person(id: number): number {
    if (this.#realms.size > 0) return id;
    const { bare, full } = this.#byLocal.get(localOf(this.#keys[id] as string)) ?? { bare: -1, full: [] };
    return bare >= 0 && full.length === 1 ? bare : id;
  }

  /** The users among these, each once. */
  persons(ids: readonly number[]): number[] {
    if (ids.length < 2) return [...ids];
    const seen = new Set<number>();
    return ids.filter((id) => {
      const person = this.person(id);
      return !seen.has(person) && seen.add(person);
    });
  }

  /** The place where a user was seen, at that time. */
  place(id: number, address: string, at: number): UserAddress {
    const account = this.account(id);
    let place = placeAt(account, address);
    if (place === undefined) {
      place = { last: at, logins: 0, popRelayed: 0, authenticated: 0, shared: false };
      if (account.addresses.size >= MOST_ADDRESSES) this.#forgetOne(account);
      account.addresses.set(address, place);
    } else if (at > place.last) {
      place.last = at;
    }
    account.lastAddress = address;
    account.lastPlace = place;
    return place;
  }

  #forgetOne(account: Account): void {
    let oldest: string | undefined;
    let last = Number.POSITIVE_INFINITY;
    for (const [address, place] of account.addresses) {
      if (place.last < last) {
        last = place.last;
        oldest = address;
      }
    }
    if (oldest !== undefined) account.addresses.delete(oldest);
    account.moreAddresses = true;
  }

  login(id: number, name: string, address: string, at: number, others: readonly number[]): void {
    const account = this.account(id);
    // The POP server’s spelling is the one that the help desk looks for.
    if (account.popLogins === 0) account.name = name;
    account.popLogins++;
    account.lastPopLogin = later(account.lastPopLogin, at);
    const place = this.place(id, address, at);
    place.logins++;
    for (const other of others) {
      const theirs = placeAt(this.account(other), address);
      if (place.shared && theirs?.shared !== false) continue;
      if (this.person(other) === this.person(id)) continue;
      place.shared = true;
      if (theirs !== undefined) theirs.shared = true;
    }
  }

  session(id: number, address: string, at: number, mechanism: string, tls: string): void {
    const account = this.account(id);
    account.authSessions++;
    if (account.mechanisms.size < 20) account.mechanisms.add(mechanism);
    if (account.tls.size < 20) account.tls.add(tls);
    this.place(id, address, at);
  }

  authenticated(id: number, address: string, at: number): void {
    const account = this.account(id);
    account.authenticated++;
    account.lastAuthenticated = later(account.lastAuthenticated, at);
    this.place(id, address, at).authenticated++;
  }

  popRelayed(id: number, address: string, at: number, shared: boolean): void {
    const account = this.account(id);
    account.popRelayed++;
    if (shared) account.popRelayedShared++;
    account.lastPopRelayed = later(account.lastPopRelayed, at);
    const place = this.place(id, address, at);
    place.popRelayed++;
    if (shared) place.shared = true;
  }

  /** All users, each person once. */
  all(): Account[] {
    const persons = new Map<number, Account>();
    this.#accounts.forEach((account, id) => {
      const person = this.person(id);
      const known = persons.get(person);
      persons.set(person, known === undefined ? account : merged(known, account));
    });
    return [...persons.values()];
  }
}

function merged(a: Account, b: Account): Account {
  const addresses = new Map(a.addresses);
  for (const [address, place] of b.addresses) {
    const mine = addresses.get(address);
    addresses.set(
      address,
      mine === undefined
        ? place
        : {
            last: later(mine.last, place.last),
            logins: mine.logins + place.logins,
            popRelayed: mine.popRelayed + place.popRelayed,
            authenticated: mine.authenticated + place.authenticated,
            shared: mine.shared || place.shared,
          },
    );
  }
  return {
    name: b.popLogins > a.popLogins ? b.name : a.name,
    names: new Set([...a.names, ...b.names]),
    popLogins: a.popLogins + b.popLogins,
    lastPopLogin: later(a.lastPopLogin, b.lastPopLogin),
    popRelayed: a.popRelayed + b.popRelayed,
    popRelayedShared: a.popRelayedShared + b.popRelayedShared,
    lastPopRelayed: later(a.lastPopRelayed, b.lastPopRelayed),
    authSessions: a.authSessions + b.authSessions,
    authenticated: a.authenticated + b.authenticated,
    lastAuthenticated: later(a.lastAuthenticated, b.lastAuthenticated),
    mechanisms: new Set([...a.mechanisms, ...b.mechanisms]),
    tls: new Set([...a.tls, ...b.tls]),
    addresses,
    lastAddress: '',
    lastPlace: undefined,
    moreAddresses: a.moreAddresses || b.moreAddresses,
  };
}
