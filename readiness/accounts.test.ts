import { expect, test } from 'vitest';
import { Accounts } from './accounts.ts';
import { newWords, readAddressText } from './address.ts';
import { MOST_ADDRESSES } from './user-addresses.ts';

function words(text: string) {
  const read = newWords();
  if (!readAddressText(text, read)) throw new Error(text);
  return read;
}

const namesOf = (accounts: Accounts) =>
  accounts
    .people()
    .map((ids) => accounts.account(ids))
    .map(({ name, names }) => [name, [...names].filter((one) => one !== name)]);

test.each([[['Alice', 'alice', 'ALICE']], [['alice', 'Alice', 'ALICE']], [['ALICE', 'alice', 'Alice']]])(
  '%j is one user with all of his spellings',
  (names) => {
    const accounts = new Accounts([]);
    expect(new Set(names.map((name) => accounts.id(name))).size).toBe(1);
    expect(namesOf(accounts)).toEqual([[names[0], names.slice(1)]]);
  },
);

test('a realm that was named is left out, once, and others are not', () => {
  const accounts = new Accounts(['example.org']);
  const ids = ['alice', 'Alice@Example.org', 'alice@example.net', 'alice@example.org@example.org'].map((name) =>
    accounts.id(name),
  );
  expect(ids).toEqual([0, 0, 1, 2]);
  expect(accounts.id('alice@example.org')).toBe(0);
  expect(ids.map((id) => accounts.person(id))).toEqual(ids);
});

test('a name without a domain is the only one that adds a domain, whichever comes first', () => {
  for (const names of [
    ['alice', 'alice@example.org'],
    ['Alice@example.org', 'Alice'],
  ]) {
    const accounts = new Accounts([]);
    const [one, other] = names.map((name) => accounts.id(name)) as [number, number];
    expect(one).not.toBe(other);
    expect(accounts.person(one)).toBe(accounts.person(other));
    expect(accounts.people()).toHaveLength(1);
    accounts.id('alice@example.net');
    expect(accounts.people()).toHaveLength(3);
  }
});

test('of many addresses those are kept that were used last', () => {
  const accounts = new Accounts([]);
  const id = accounts.id('alice');
  for (let number = 0; number < 100; number++) {
    accounts.authenticated(id, words(`198.51.100.${number}`), number);
    // One of them is used all the time.
    accounts.authenticated(id, words('203.0.113.1'), number);
  }
  const { addresses, moreAddresses } = accounts.account([id]);
  expect(moreAddresses).toBe(true);
  expect(addresses).toHaveLength(MOST_ADDRESSES);
  expect(addresses.map(({ last }) => last).sort((a, b) => a - b)).toEqual(
    [...Array.from({ length: MOST_ADDRESSES - 1 }, (_, index) => 100 - MOST_ADDRESSES + 1 + index), 99].sort(
      (a, b) => a - b,
    ),
  );
  expect(addresses.find(({ address }) => address === '203.0.113.1')?.authenticated).toBe(100);
});
