/** What must be exact, one thing at a time. */
import { describe, expect, test } from 'vitest';
import { addressText, canonicalAddress, newWords, readAddress, readNetwork, within } from './address.ts';
import { Authorisations } from './authorisations.ts';
import { Correlator } from './correlate.ts';
import { yearOfQueueIds, yearsOf } from './log-years.ts';
import { COUNTED, MessageTable } from './message-table.ts';
import { TimeStamps } from './time-stamp.ts';
import { zoneClock } from './time-zone.ts';

describe('addresses', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['IPv6:::ffff:198.51.100.7', '198.51.100.7'],
    ['IPv6:0:0:0:0:0:FFFF:C633:6407', '198.51.100.7'],
    ['IPv6:2001:db8:0:0:0:0:0:7', '2001:db8::7'],
    ['2001:DB8::0:7', '2001:db8::7'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ])('%s is %s', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical));

  test.each([
    '',
    '198.51.100',
    '198.51.100.256',
    '198.51.100.7.1',
    '1.2.3.',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'host',
    '1.2.3.4:',
    '::1.2.3',
    'x'.repeat(99),
  ])('%s is none', (text) => expect(canonicalAddress(text)).toBeUndefined());

  test('networks end where they end', () => {
    const is = (address: string, network: string) => {
      const words = newWords();
      const bytes = Buffer.from(address);
      expect(readAddress(bytes, 0, bytes.length, words)).toBe(true);
      return within(words, readNetwork(network) as NonNullable<ReturnType<typeof readNetwork>>);
    };
    expect([is('203.0.113.64', '203.0.113.64/26'), is('203.0.113.127', '203.0.113.64/26')]).toEqual([true, true]);
    expect([is('203.0.113.63', '203.0.113.64/26'), is('203.0.113.128', '203.0.113.64/26')]).toEqual([false, false]);
    expect([is('2001:db8:ffff::1', '2001:db8::/32'), is('2001:db9::1', '2001:db8::/32')]).toEqual([true, false]);
    expect([is('::ffff:203.0.113.1', '0.0.0.0/0'), is('2001:db8::1', '0.0.0.0/0')]).toEqual([true, false]);
    expect(is('203.0.113.1', '203.0.113.1')).toBe(true);
  });
  test('text and words agree', () =>
    expect(addressText(Uint32Array.of(0x20010db8, 0, 0, 0xffffffff))).toBe('2001:db8::ffff:ffff'));
});

const address = (number: number) => Uint32Array.of(0, 0, 0xffff, 0xc6330000 + number);

describe('an authorisation', () => {
  const minutes = (number: number) => number * 60_000;
  const of = (...logins: number[]) => {
    const authorisations = new Authorisations(minutes(30));
    for (const at of logins) authorisations.login(address(1), 1, at);
    return (at: number) => authorisations.holders(address(1), at).length > 0;
  };
  test('holds from its login to its end, both included', () => {
    const held = of(minutes(60));
    expect([minutes(60) - 1, minutes(60), minutes(90), minutes(90) + 1].map(held)).toEqual([false, true, true, false]);
  });
  test('is renewed, and has gaps, whatever the order of the lines', () => {
    for (const logins of [
      [60, 80, 120, 200],
      [200, 120, 80, 60],
      [120, 60, 200, 80],
    ]) {
      const held = of(...logins.map(minutes));
      expect([59, 60, 95, 110, 111, 119, 120, 150, 151, 199, 230, 231].map((at) => held(minutes(at)))).toEqual([
        false,
        true,
        true,
        true,
        false,
        false,
        true,
        true,
        false,
        false,
        true,
        false,
      ]);
    }
  });
  test('of others on the same address is told', () => {
    const authorisations = new Authorisations(minutes(30));
    expect(authorisations.login(address(1), 1, minutes(60))).toEqual([]);
    expect(authorisations.login(address(1), 2, minutes(90))).toEqual([1]);
    expect(authorisations.login(address(1), 3, minutes(125))).toEqual([]);
    expect(authorisations.login(address(1), 4, minutes(30))).toEqual([1]);
    expect(authorisations.lastBefore(address(1), minutes(100))).toEqual({ user: 2, at: minutes(90) });
  });
  test('of long ago is forgotten, and only that', () => {
    const authorisations = new Authorisations(minutes(30));
    for (let index = 0; index < 30_000; index++) authorisations.login(address(index), 1, minutes(index));
    authorisations.sweep(minutes(20_000));
    expect(authorisations.holders(address(19_990), minutes(20_000))).toEqual([1]);
    expect(authorisations.size).toBe(10_030);
  });
});

describe('lines out of order', () => {
  const host = 'host.example.net [198.51.100.7]';
  const lines = {
    from: 'sm-mta 6ANA0001000244: from=<a@b>, size=1, class=0, nrcpts=1, msgid=<x>, proto=ESMTP, daemon=MTA, relay=',
    to: 'sm-mta 6ANA0001000244: to=<c@elsewhere.example>, delay=00:00:01, xdelay=00:00:00, mailer=esmtp, pri=1, relay=mx. [192.0.2.25], dsn=2.0.0, stat=Sent (OK)',
    pop: 'pop3-login: Login: user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, mpid=5',
  };
  const told = (order: ('from' | 'to' | 'pop')[], late = 0) => {
    const correlator = new Correlator({ lifetime: 1_800_000, trusted: [], relayTo: [], realms: [], imap: false });
    const times = { from: 2000, to: 3000, pop: 1000 };
    order.forEach((what, index) => {
      if (index === 2 && late > 0) correlator.advance(late);
      const at = 1e12 + times[what];
      const text = what === 'from' ? lines.from.slice(7) + host : what === 'to' ? lines.to.slice(7) : lines.pop;
      const bytes = Buffer.from(text);
      if (what === 'pop') correlator.pop(at, correlator.servers('dovecot') ?? [], 0, bytes, 0, bytes.length);
      else correlator.sendmail(at, correlator.host('mail'), 244, bytes, 0, bytes.length);
    });
    correlator.finish();
    const [person] = correlator.accounts.people();
    return person && correlator.accounts.account(person).popRelayed;
  };
  test.each([[['pop', 'from', 'to']], [['from', 'to', 'pop']], [['to', 'from', 'pop']], [['to', 'pop', 'from']]] as (
    | 'from'
    | 'to'
    | 'pop'
  )[][][])('%j', (order) => expect(told(order)).toBe(1));
  test('a login that comes later than lines may is not waited for', () => {
    expect(told(['from', 'to', 'pop'], 1e12 + 3000 + 299_999)).toBe(1);
    expect(told(['from', 'to', 'pop'], 1e12 + 3000 + 300_000)).toBe(0);
  });
});

describe('the table of messages', () => {
  const address = newWords();
  test('forgets the oldest, and keeps what is spoken of or deferred', () => {
    const table = new MessageTable(8);
    const add = (key: number) => table.add(key, 1, 1e12 + key, address, 7, key, true);
    expect(add(1)).toBeGreaterThanOrEqual(0);
    expect(add(1)).toBe(-1);
    add(2);
    table.deferred(table.find(2, 1));
    for (let key = 100; key < 140; key++) {
      add(key);
      if (key % 4 === 0) expect(table.time(table.find(1, 1))).toBe(1e12 + 1);
    }
    expect(table.find(100, 1)).toBe(-1);
    expect(table.order(table.find(2, 1))).toBe(2);
    expect(table.find(139, 1)).toBeGreaterThanOrEqual(0);
  });
  test('knows a message again after the halves have changed places', () => {
    const table = new MessageTable(8);
    table.mark(table.add(1, 1, 1e12, address, 7, 1, true), COUNTED);
    for (let key = 100; key < 108; key++) table.add(key, 1, 1e12, address, 7, key, true);
    expect(table.add(1, 1, 1e12, address, 7, 2, true)).toBe(-1);
    expect(table.flags(table.find(1, 1)) & COUNTED).toBe(COUNTED);
  });
});

describe('times', () => {
  const read = (text: string, zone = 'UTC', year = 2026) => {
    const stamps = new TimeStamps(zoneClock(zone) as NonNullable<ReturnType<typeof zoneClock>>, year);
    const bytes = Buffer.from(`${text} mail x: y`);
    const time = stamps.read(bytes, 0, bytes.length);
    return Number.isNaN(time) ? undefined : [new Date(time).toISOString(), stamps.end];
  };
  test.each([
    ['Nov 23 01:09:15', 'UTC', '2026-11-23T01:09:15.000Z', 15],
    ['Nov  3 01:09:15', '+02:00', '2026-11-02T23:09:15.000Z', 15],
    ['Nov 23 2025 01:09:15', 'UTC', '2025-11-23T01:09:15.000Z', 20],
    ['Mon Nov 23 01:09:15', 'UTC', '2026-11-23T01:09:15.000Z', 19],
    ['2026-11-23T01:09:15.707789+01:30', 'UTC', '2026-11-22T23:39:15.707Z', 32],
    ['2026-11-23T01:09:15Z', 'Asia/Tokyo', '2026-11-23T01:09:15.000Z', 20],
    ['2026-11-23T01:09:15+0100', 'UTC', '2026-11-23T00:09:15.000Z', 24],
    ['2026-11-23 01:09:15', 'Asia/Tokyo', '2026-11-22T16:09:15.000Z', 19],
    ['Jul  1 12:00:00', 'Europe/Vienna', '2026-07-01T10:00:00.000Z', 15],
  ])('%s in %s', (text, zone, time, end) => expect(read(text, zone)).toEqual([time, end]));
  test.each([
    'Nov 32 01:09:15',
    'Nov 23 24:09:15',
    'Nov 23 01:60:15',
    'Nix 23 01:09:15',
    'Nov 23 01.09.15',
    '2026-13-23T01:09:15Z',
    '2026-11-23X01:09:15',
    'x',
  ])('%s is none', (text) => expect(read(text)).toBeUndefined());
  test('the hour that is there twice is first the earlier one, and then the later one', () => {
    const clock = zoneClock('Europe/Vienna');
    const half = Date.UTC(2025, 9, 26, 2, 30);
    expect(clock?.(half, Number.NaN)).toBe(Date.UTC(2025, 9, 26, 0, 30));
    expect(clock?.(half, Date.UTC(2025, 9, 26, 0, 29))).toBe(Date.UTC(2025, 9, 26, 0, 30));
    expect(clock?.(half - 1_800_000, Date.UTC(2025, 9, 26, 0, 59, 59))).toBe(Date.UTC(2025, 9, 26, 1));
  });
  test('there is no zone of that name', () => expect(zoneClock('Mars/Olympus')).toBeUndefined());
});

describe('years', () => {
  const stamp = (month: number, day: number) => Date.UTC(2000, month - 1, day);
  const plain = (first: number, last?: number, written = Date.UTC(2026, 1, 1)) => ({
    first,
    last,
    dated: false,
    written,
  });
  test('of files over the turn of the year, without anything that says it', () => {
    const files = [plain(stamp(1, 5)), plain(stamp(12, 20)), plain(stamp(12, 27), stamp(1, 4)), plain(stamp(1, 12))];
    expect(yearsOf(files, undefined)).toEqual([2026, 2025, 2025, 2026]);
    expect(yearsOf(files, 2011)).toEqual([2012, 2011, 2011, 2012]);
  });
  test('of one file: not in the future', () => {
    expect(yearsOf([plain(stamp(1, 20))], undefined)).toEqual([2026]);
    expect(yearsOf([plain(stamp(3, 20))], undefined)).toEqual([2025]);
    expect(yearsOf([plain(stamp(12, 20), stamp(1, 3))], undefined)).toEqual([2025]);
  });
  test('from a log beside it', () => {
    const dated = { first: Date.UTC(2019, 0, 3), dated: true, written: Date.UTC(2026, 1, 1) };
    expect(yearsOf([plain(stamp(12, 20)), dated], undefined)).toEqual([2018, 2019]);
  });
  test('from queue ids, which say year, month, day, hour, minute and second', () => {
    const line = (month: string, id: string) => `${month} 23 01:09:15 mail sm-mta[244]: ${id}: from=<a@b>, size=1\n`;
    const now = Date.UTC(2026, 10, 24);
    expect(yearOfQueueIds(line('Nov', '6AN19FYG000252'), now)).toBe(2026);
    expect(yearOfQueueIds(line('Nov', 'jAN19FYG000252'), now)).toBe(2005);
    expect(yearOfQueueIds(line('Oct', '6AN19FYG000252'), now)).toBeUndefined();
    expect(yearOfQueueIds('Nov 23 01:09:15 mail x: y', now)).toBeUndefined();
    const solaris = line('Nov', '6AN19FYG000252').replace(': 6A', ': [ID 801593 mail.info] 6A');
    expect(yearOfQueueIds(solaris, now)).toBe(2026);
    // Of another minute, in a zone that differs by half an hour, and in none.
    expect(yearOfQueueIds(line('Nov', '6AN1dFYG000252'), now)).toBe(2026);
    expect(yearOfQueueIds(line('Nov', '6AN1IFYG000252'), now)).toBeUndefined();
    expect(yearOfQueueIds(line('Nov', '6AJ19FYG000252'), now)).toBeUndefined();
  });
  test('from queue ids, where the year ends behind the first stamp, or lines are out of order', () => {
    const line = (stamp: string, id: string) => `${stamp} mail sm-mta[471]: ${id}: from=<a@b>, size=1\n`;
    const december = line('Dec 31 23:20:59', '4BVNKw0H000471');
    const january = line('Jan  1 03:31:00', '5013V00H000471');
    const now = Date.UTC(2026, 10, 24);
    expect(yearOfQueueIds(december + january.repeat(3), now)).toBe(2024);
    expect(yearOfQueueIds(january + december.repeat(3), now)).toBe(2025);
  });
});
