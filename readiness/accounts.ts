/** The users: which names are whose, and what each does. */
import { type Account, addName, addWay, emptyAccount, later, merged, placeAt, seenAt } from './account.ts';

const domainOf = (name: string) => {
  const at = name.lastIndexOf('@');
  return at > 0 ? name.slice(at + 1) : '';
};
const localOf = (name: string) => {
  const at = name.lastIndexOf('@');
  return at > 0 ? name.slice(0, at) : name;
};

/**
 * The users. POP and SMTP may call one man `alice`, `Alice` and `alice@example.org`: names are compared without regard to
 * case, a realm that was named is left out, and where none was named, a name without a domain is the same as the only one
 * that adds one.
 */
export class Accounts {
  readonly #realms: ReadonlySet<string>;
  /** By a name as it was written. */
  readonly #ids = new Map<string, number>();
  /** By the name that stands for all spellings, where nobody has written it like that; where realms are left out, always. */
  readonly #byKey = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #accounts: Account[] = [];
  /** Who has a domain, by the part before the @. */
  readonly #withDomain = new Map<string, number[]>();

  constructor(realms: readonly string[]) {
    this.#realms = new Set(realms.map((realm) => realm.toLowerCase().replace(/^@/, '')));
  }

  /** The number of a user by a name of his. */
  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const lower = name.toLowerCase();
    const key = this.#realms.has(domainOf(lower)) ? localOf(lower) : lower;
    let id = this.#idOfKey(key);
    if (id === undefined) {
      id = this.#accounts.length;
      this.#accounts.push(emptyAccount(name));
      this.#keys.push(key);
      if (this.#realms.size > 0 || key !== name) this.#byKey.set(key, id);
      if (domainOf(key) !== '') {
        const local = localOf(key);
        const others = this.#withDomain.get(local);
        if (others === undefined) this.#withDomain.set(local, [id]);
        else others.push(id);
      }
    }
    this.#ids.set(name, id);
    addName(this.account(id), name);
    return id;
  }

  #idOfKey(key: string): number | undefined {
    return (this.#realms.size === 0 ? this.#ids.get(key) : undefined) ?? this.#byKey.get(key);
  }

  account(id: number): Account {
    return this.#accounts[id] as Account;
  }

  /** Who a user is, as far as is known by now: two numbers may be one person. */
  person(id: number): number {
    if (this.#realms.size > 0) return id;
    const key = this.#keys[id] as string;
    const local = localOf(key);
    if (local === key || this.#withDomain.get(local)?.length !== 1) return id;
    return this.#idOfKey(local) ?? id;
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

  login(id: number, name: string, address: string, at: number, others: readonly number[]): void {
    const account = this.account(id);
    // The POP server’s spelling is the one that the help desk looks for.
    if (account.popLogins === 0) account.name = name;
    account.popLogins++;
    account.lastPopLogin = later(account.lastPopLogin, at);
    const place = seenAt(account, address, at);
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
    addWay(account, mechanism, tls);
    seenAt(account, address, at);
  }

  authenticated(id: number, address: string, at: number): void {
    const account = this.account(id);
    account.authenticated++;
    account.lastAuthenticated = later(account.lastAuthenticated, at);
    seenAt(account, address, at).authenticated++;
  }

  popRelayed(id: number, address: string, at: number, shared: boolean): void {
    const account = this.account(id);
    account.popRelayed++;
    if (shared) account.popRelayedShared++;
    account.lastPopRelayed = later(account.lastPopRelayed, at);
    const place = seenAt(account, address, at);
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
