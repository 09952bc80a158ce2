/** What is kept in one piece of memory is the same as what a list of all logins says, when it grows and forgets too. */
import { expect, test } from 'vitest';
import { randomNumbers } from '../tests/readiness/mail-log.ts';
import { addressText } from './address.ts';
import { Authorisations } from './authorisations.ts';
import { MOST_ADDRESSES, POP_RELAYED, UserAddresses } from './user-addresses.ts';

const MINUTE = 60_000;
const LIFETIME = 30 * MINUTE;

/** IPv4 and IPv6 in turns. */
const address = (number: number) =>
  number % 3 === 0
    ? Uint32Array.of(0x20010db8, number >>> 4, 0, number)
    : Uint32Array.of(0, 0, 0xffff, 0xc6120000 + number);

test('holders are those who had logged in, among 60,000 logins from 20,000 addresses', () => {
  const random = randomNumbers(11);
  const authorisations = new Authorisations(LIFETIME);
  const logins = new Map<number, { user: number; at: number }[]>();
  let asked = 0;
  let held = 0;
  let most = 0;
  for (let count = 0; count < 60_000; count++) {
    // Ten days, out of order by up to four minutes.
    const at = Math.floor(count * 0.24 * MINUTE - random() * 4 * MINUTE);
    const where = Math.floor(random() ** 6 * 20_000);
    const user = Math.floor(random() * 500);
    const all = logins.get(where) ?? [];
    const others = new Set(
      all.filter((one) => one.user !== user && Math.abs(one.at - at) <= LIFETIME).map((one) => one.user),
    );
    expect(new Set(authorisations.login(address(where), user, at))).toEqual(others);
    all.push({ user, at });
    logins.set(where, all);
    if (count % 5 === 0) {
      const place = random() < 0.5 ? where : Math.floor(random() ** 6 * 20_000);
      const then = at - Math.floor(random() * 60 * MINUTE);
      const expected = (logins.get(place) ?? []).filter((one) => one.at <= then && then <= one.at + LIFETIME);
      expect(new Set(authorisations.holders(address(place), then))).toEqual(new Set(expected.map((one) => one.user)));
      asked++;
      if (expected.length > 0) held++;
    }
    if (count % 1000 === 0) authorisations.sweep(at - 2 * 24 * 60 * MINUTE);
    most = Math.max(most, authorisations.size);
  }
  expect(asked).toBe(12_000);
  expect(held).toBeGreaterThan(1000);
  expect(authorisations.size).toBeLessThan(most);
});

test('addresses of 300 users: those used last are kept, each with its numbers', () => {
  const random = randomNumbers(12);
  const places = new UserAddresses();
  const known: Map<string, { last: number; popRelayed: number }>[] = Array.from({ length: 300 }, () => new Map());
  for (let at = 1; at < 30_000; at++) {
    const user = Math.floor(random() * 300);
    const where = address(Math.floor(random() ** 3 * (user % 10 === 0 ? 100 : 12)));
    const mine = known[user] as Map<string, { last: number; popRelayed: number }>;
    const text = addressText(where);
    expect(places.find(user, where) >= 0).toBe(mine.has(text));
    places.mark(places.seen(user, where, at), POP_RELAYED);
    const before = mine.get(text);
    if (before === undefined && mine.size === MOST_ADDRESSES) {
      const [oldest] = [...mine].sort(([, a], [, b]) => a.last - b.last);
      mine.delete(oldest?.[0] as string);
    }
    mine.set(text, { last: at, popRelayed: (before?.popRelayed ?? 0) + 1 });
  }
  known.forEach((mine, user) => {
    const all = places.of(user).map(({ address: text, last, popRelayed }) => [text, { last, popRelayed }]);
    expect(new Map(all as [string, { last: number; popRelayed: number }][])).toEqual(mine);
    expect(places.more(user)).toBe(user % 10 === 0);
  });
  expect(places.find(1000, address(1))).toBe(-1);
});
