/** Busy servers: what is held in fixed places is still right when they are used again. */

import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readinessAsJson } from '../tests/readiness/readiness-as-json.ts';
import { Authorisations } from './authorisations.ts';

const read = (lines: readonly string[]) =>
  readinessAsJson({
    logs: ['-'],
    stdin: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]),
    year: 2026,
  });

const id = (number: number) => `6AN19F${number.toString(36).padStart(6, '0')}`;
const login = (user: string, address: string) =>
  `Nov 23 01:00:00 mail dovecot: pop3-login: Login: user=<${user}>, method=PLAIN, rip=${address}, lip=192.0.2.1`;
const from = (number: number, pid: number, address: string, proto: string) =>
  `Nov 23 01:09:15 mail sm-mta[${pid}]: ${id(number)}: from=<a@b.example>, size=1, class=0, nrcpts=1, msgid=<x@y>, proto=${proto}, daemon=MTA, relay=host [${address}]`;
const to = (number: number, pid: number) =>
  `Nov 23 01:09:16 mail sm-mta[${pid}]: ${id(number)}: to=<c@d.example>, delay=00:00:01, mailer=esmtp, pri=1, relay=mx [192.0.2.25], dsn=2.0.0, stat=Sent (ok)`;

test('150,000 messages that wait for judgement at the same time are each counted once', async () => {
  const users = Array.from({ length: 50 }, (_, number) => ({
    user: `user${number}`,
    address: `198.51.100.${number + 1}`,
  }));
  const lines = users.map(({ user, address }) => login(user, address));
  for (let number = 0; number < 150_000; number++) {
    const { address } = users[number % users.length] as (typeof users)[0];
    lines.push(from(number, 100 + (number % 900), address, 'ESMTP'), to(number, 100 + (number % 900)));
  }
  const result = await read(lines);
  expect(result.users.map(({ user, popRelayed, verdict }) => [user, popRelayed, verdict]).sort()).toEqual(
    users.map(({ user }) => [user, 3000, 'not-ready']).sort(),
  );
  expect(result.unexplained).toEqual([]);
});

test('a session is known while as many as there is room for begin after it, and no session is taken for another', async () => {
  const auth = (number: number) =>
    `Nov 23 01:09:14 mail sm-mta[${1000 + number}]: AUTH=server, relay=host [10.${number >> 16}.${(number >> 8) & 255}.${number & 255}], authid=user${number}, mech=PLAIN, bits=0`;
  const client = (number: number) => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  const lines: string[] = [];
  const sessions = 50_000;
  for (let number = 0; number < sessions; number++) lines.push(auth(number));
  const sending = [sessions - 1, sessions - 9000, sessions - 16_000];
  for (const number of sending) {
    lines.push(from(number, 1000 + number, client(number), 'ESMTPA'), to(number, 1000 + number));
  }
  const result = await read(lines);
  const senders = result.users.filter(({ authenticated }) => authenticated > 0);
  expect(senders.map(({ user, authenticated }) => [user, authenticated]).sort()).toEqual(
    sending.map((number) => [`user${number}`, 1]).sort(),
  );
});

test('many users of one address, each with many logins, in any order of lines', () => {
  const minutes = 60_000;
  const address = Uint32Array.of(0x20010db8, 0, 0, 1);
  const ways = [1, -1].map((direction) => {
    const authorisations = new Authorisations(30 * minutes);
    const times = Array.from({ length: 50 }, (_, hour) => hour * 60 * minutes);
    for (const time of direction > 0 ? times : times.reverse()) {
      for (let user = 0; user < 300; user++) authorisations.login(address, user, time + user);
    }
    return authorisations;
  });
  for (const authorisations of ways) {
    for (const hour of [0, 20, 49]) {
      const at = hour * 60 * minutes;
      expect(authorisations.holders(address, at + 150)).toHaveLength(151);
      expect(authorisations.holders(address, at + 300 + 30 * minutes)).toHaveLength(0);
      expect(authorisations.holders(address, at + 30 * minutes + 150)).toHaveLength(150);
    }
  }
});
