/**
 * The users: which names are whose, and what each does. There may be a hundred thousand of them, who mostly have one name,
 * one mechanism and one or two addresses: numbers lie side by side, and lists are short or shared.
 */
import { type Account, merged } from './account.ts';
import type { AddressWords } from './address.ts';
import { AUTHENTICATED, LOGINS, POP_RELAYED, SHARED, type UserAddress, UserAddresses } from './user-addresses.ts';

const domainOf = (name: string) => {
  const at = name.lastIndexOf('@');
  return at > 0 ? name.slice(at + 1) : '';
};
const localOf = (name: string) => {
  const at = name.lastIndexOf('@');
  return at > 0 ? name.slice(0, at) : name;
};

const MOST_NAMES = 8;
/** Of mechanisms, and of TLS versions. */
const MOST_WAYS = 20;

const none: readonly string[] = [];

const having = (texts: readonly string[], text: string, most: number): readonly string[] =>
  texts.includes(text) || texts.length >= most ? texts : texts.concat(text);

/** Lists of mechanisms and TLS versions: thousands have the same, and share it. */
class Ways {
  readonly #of: (readonly string[])[] = [];
  readonly #lists = new Map<string, readonly string[]>();

  of(user: number): readonly string[] {
    return this.#of[user] ?? none;
  }

  add(user: number, way: string): void {
    const ways = this.of(user);
    const more = having(ways, way, MOST_WAYS);
    if (more === ways) return;
    const key = more.join('\0');
    const known = this.#lists.get(key);
    if (known === undefined && this.#lists.size < 1000) this.#lists.set(key, more);
    this.#of[user] = known ?? more;
  }
}

// What is counted of a user. Times are in ms, or NaN.
const POP_LOGINS = 0;
const LAST_POP_LOGIN = 1;
const RELAYED = 2;
const RELAYED_SHARED = 3;
const LAST_RELAYED = 4;
const SESSIONS = 5;
const SENT = 6;
const LAST_SENT = 7;
/** Sessions with AUTH and without TLS. */
const CLEAR = 8;
const NUMBERS = 9;

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
  /** As they were written first, preferably by the POP server; and all that were written. */
  readonly #shown: string[] = [];
  readonly #names: (readonly string[])[] = [];
  #numbers = new Float64Array(1024 * NUMBERS);
  readonly #places = new UserAddresses();
  readonly #mechanisms = new Ways();
  readonly #tls = new Ways();
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
      id = this.#begin(name, key);
      if (this.#realms.size > 0 || key !== name) this.#byKey.set(key, id);
      if (domainOf(key) !== '') {
        const local = localOf(key);
        const others = this.#withDomain.get(local);
        if (others === undefined) this.#withDomain.set(local, [id]);
        else others.push(id);
      }
    }
    this.#ids.set(name, id);
    this.#names[id] = having(this.#names[id] as readonly string[], name, MOST_NAMES);
    return id;
  }

  #begin(name: string, key: string): number {
    const id = this.#keys.push(key) - 1;
    this.#shown.push(name);
    this.#names.push(none);
    if ((id + 1) * NUMBERS > this.#numbers.length) {
      const grown = new Float64Array(this.#numbers.length * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    for (const last of [LAST_POP_LOGIN, LAST_RELAYED, LAST_SENT]) this.#numbers[id * NUMBERS + last] = Number.NaN;
    return id;
  }

  #idOfKey(key: string): number | undefined {
    return (this.#realms.size === 0 ? this.#ids.get(key) : undefined) ?? this.#byKey.get(key);
  }

  /** The name that is shown. */
  name(id: number): string {
    return this.#shown[id] as string;
  }

  /** What is known of a person by his numbers. */
  account(ids: readonly number[]): Account {
    return ids.map((id) => this.#account(id, this.#places.of(id))).reduce(merged);
  }

  /** The same, but for where he was seen, which is most of it. */
  accountWithoutAddresses(ids: readonly number[]): Account {
    return ids.map((id) => this.#account(id, [])).reduce(merged);
  }

  #account(id: number, addresses: UserAddress[]): Account {
    const number = (which: number) => this.#numbers[id * NUMBERS + which] as number;
    return {
      name: this.name(id),
      names: this.#names[id] as readonly string[],
      popLogins: number(POP_LOGINS),
      lastPopLogin: number(LAST_POP_LOGIN),
      popRelayed: number(RELAYED),
      popRelayedShared: number(RELAYED_SHARED),
      lastPopRelayed: number(LAST_RELAYED),
      authSessions: number(SESSIONS),
      authenticated: number(SENT),
      lastAuthenticated: number(LAST_SENT),
      mechanisms: this.#mechanisms.of(id),
      tls: number(CLEAR) > 0 ? [...this.#tls.of(id), 'none'] : this.#tls.of(id),
      addresses,
      moreAddresses: this.#places.more(id),
    };
  }

  #count(id: number, which: number): void {
    const at = id * NUMBERS + which;
    this.#numbers[at] = (this.#numbers[at] as number) + 1;
  }

  #latest(id: number, which: number, time: number): void {
    const at = id * NUMBERS + which;
    // Of NaN nothing is true.
    if (!((this.#numbers[at] as number) >= time)) this.#numbers[at] = time;
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
  persons(ids: readonly number[]): readonly number[] {
    if (ids.length < 2) return ids;
    const seen = new Set<number>();
    return ids.filter((id) => {
      const person = this.person(id);
      return !seen.has(person) && seen.add(person);
    });
  }

  login(id: number, name: string, address: AddressWords, at: number, others: readonly number[]): void {
    // The POP server’s spelling is the one that the help desk looks for.
    if (this.#numbers[id * NUMBERS + POP_LOGINS] === 0) this.#shown[id] = name;
    this.#count(id, POP_LOGINS);
    this.#latest(id, LAST_POP_LOGIN, at);
    const places = this.#places;
    const place = places.seen(id, address, at);
    places.mark(place, LOGINS);
    for (let index = 0; index < others.length; index++) {
      const other = others[index] as number;
      const theirs = places.find(other, address);
      if (places.isShared(place) && (theirs < 0 || places.isShared(theirs))) continue;
      if (this.person(other) === this.person(id)) continue;
      places.mark(place, SHARED);
      if (theirs >= 0) places.mark(theirs, SHARED);
    }
  }

  /** @param tls the version, or undefined in clear */
  session(id: number, address: AddressWords, at: number, mechanism: string, tls: string | undefined): void {
    this.#count(id, SESSIONS);
    this.#mechanisms.add(id, mechanism);
    if (tls === undefined) this.#count(id, CLEAR);
    else this.#tls.add(id, tls);
    this.#places.seen(id, address, at);
  }

  /** A session that seemed to be in clear was not. */
  encrypted(id: number, tls: string): void {
    const at = id * NUMBERS + CLEAR;
    this.#numbers[at] = (this.#numbers[at] as number) - 1;
    this.#tls.add(id, tls);
  }

  authenticated(id: number, address: AddressWords, at: number): void {
    this.#count(id, SENT);
    this.#latest(id, LAST_SENT, at);
    this.#places.mark(this.#places.seen(id, address, at), AUTHENTICATED);
  }

  popRelayed(id: number, address: AddressWords, at: number, shared: boolean): void {
    this.#count(id, RELAYED);
    if (shared) this.#count(id, RELAYED_SHARED);
    this.#latest(id, LAST_RELAYED, at);
    const place = this.#places.seen(id, address, at);
    this.#places.mark(place, POP_RELAYED);
    if (shared) this.#places.mark(place, SHARED);
  }

  /** The numbers of each person. */
  people(): (readonly number[])[] {
    const people = new Map<number, readonly number[]>();
    for (let id = 0; id < this.#keys.length; id++) {
      const person = this.person(id);
      const known = people.get(person);
      people.set(person, known === undefined ? [id] : [...known, id]);
    }
    return [...people.values()];
  }
}
