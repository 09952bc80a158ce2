import { decode, encode, type Packet, type RecordType } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { NameServer } from './name-server.ts';
import type { TargetNames } from './protocol.ts';

const layout = {
  ipv4: '198.18.0.2',
  ipv6: '2001:2::2',
  clients4: '198.18.64.0/18',
  clients6: '2001:2::c:0/112',
  outsideDomains: ['elsewhere.example'],
  keepDefaultRoute: false,
};
const target: TargetNames = {
  ipv4: '198.18.0.16',
  ipv6: '2001:2:0:1::10',
  hostName: 'mail.hosting.example',
  localDomains: ['hosting.example'],
  forwardedTo: [],
  nextHops: [],
};
const targets = new Map([[target.ipv4, target]]);
const server = new NameServer(layout, targets);

/** The answer as it arrives: through the wire format and back. */
function ask(type: RecordType, name: string, from = target.ipv4): Packet & { rcode: string; authoritative: boolean } {
  const query = decode(encode({ type: 'query', id: 4711, questions: [{ type, name }] }));
  const reply = decode(encode(server.answer(query, from))) as unknown as Packet & { rcode: string; flag_aa: boolean };
  return { ...reply, authoritative: reply.flag_aa };
}

describe('an answer', () => {
  test('is authoritative, and carries the id and the question', () => {
    const reply = ask('A', 'mail.hosting.example');
    expect(reply).toMatchObject({ type: 'response', id: 4711, rcode: 'NOERROR', authoritative: true });
    expect(reply.questions).toMatchObject([{ type: 'A', name: 'mail.hosting.example' }]);
    expect(reply.answers).toMatchObject([{ type: 'A', name: 'mail.hosting.example', data: target.ipv4 }]);
  });

  test('names the exchanger of a domain, and its addresses when they are asked for', () => {
    expect(ask('MX', 'elsewhere.example').answers).toMatchObject([
      { type: 'MX', data: { preference: 10, exchange: 'mx.elsewhere.example' } },
    ]);
    expect(ask('A', 'mx.elsewhere.example').answers).toMatchObject([{ data: layout.ipv4 }]);
    expect(ask('AAAA', 'mx.elsewhere.example').answers).toMatchObject([{ type: 'AAAA', data: layout.ipv6 }]);
  });

  test('to a reverse query is the client’s name', () => {
    expect(ask('PTR', '5.64.18.198.in-addr.arpa').answers).toMatchObject([
      { type: 'PTR', data: 'host-198-18-64-5.clients.example' },
    ]);
  });

  test('about what is not there is a name error (RCODE 3), still authoritative', () => {
    const reply = ask('A', 'unknown.example');
    expect(reply).toMatchObject({ rcode: 'NXDOMAIN', authoritative: true, answers: [] });
    expect((server.answer({ questions: [{ type: 'A', name: 'unknown.example' }] }, '').flags ?? 0) & 0xf).toBe(3);
  });

  test('about a name that has no such record is empty, and no error', () => {
    for (const type of ['TXT', 'AAAA', 'CNAME'] as const) {
      expect(ask(type, 'hosting.example')).toMatchObject({ rcode: 'NOERROR', answers: [] });
    }
  });

  test.each([target.ipv4, target.ipv6])('depends on who asks: %s sees itself', (from) => {
    expect(ask('MX', 'hosting.example', from).answers).toMatchObject([{ data: { exchange: target.hostName } }]);
    expect(ask('A', target.hostName, from).rcode).toBe('NOERROR');
  });

  test.each(['198.18.0.17', '198.18.0.1', ''])('depends on who asks: %j does not see it', (from) => {
    expect(ask('MX', 'hosting.example', from).rcode).toBe('NXDOMAIN');
    expect(ask('A', target.hostName, from).rcode).toBe('NXDOMAIN');
  });

  test('follows a target that has got its names later', () => {
    const late: TargetNames = { ...target, ipv4: '198.18.0.99', ipv6: '2001:2:0:1::99', hostName: 'late.example' };
    expect(ask('A', 'late.example', late.ipv4).rcode).toBe('NXDOMAIN');
    targets.set(late.ipv4, late);
    expect(ask('A', 'late.example', late.ipv4).rcode).toBe('NOERROR');
    targets.delete(late.ipv4);
  });

  test('is what an attempt forged, to its own target alone', () => {
    server.forge(target.ipv4, [{ name: 'Forged.example', records: [{ type: 'A', data: '192.0.2.1' }] }]);
    expect(ask('A', 'forged.example').answers).toMatchObject([{ data: '192.0.2.1' }]);
    expect(ask('A', 'forged.example', '198.18.0.17').rcode).toBe('NXDOMAIN');
    server.forge(target.ipv4, [{ name: '5.64.18.198.in-addr.arpa', records: 'temporary-failure' }]);
    expect(ask('PTR', '5.64.18.198.in-addr.arpa')).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
    server.forge(target.ipv4, [{ name: '6.64.18.198.in-addr.arpa', records: [] }]);
    expect(ask('PTR', '6.64.18.198.in-addr.arpa').answers).toEqual([]);
  });

  test('is the zone’s again when the next configuration takes the target’s place', () => {
    server.forge(target.ipv4, [{ name: 'gone.example', records: [{ type: 'A', data: '192.0.2.1' }] }]);
    server.forge('198.18.0.160', [{ name: 'stays.example', records: [{ type: 'A', data: '192.0.2.2' }] }]);
    targets.set('198.18.0.160', { ...target, ipv4: '198.18.0.160' });
    server.forget(target.ipv4);
    expect(ask('A', 'gone.example').rcode).toBe('NXDOMAIN');
    expect(ask('A', 'stays.example', '198.18.0.160').rcode).toBe('NOERROR');
    targets.delete('198.18.0.160');
  });

  test('has the addresses that several attempts give one name, and leaves its other records', () => {
    for (const data of ['192.0.2.7', '192.0.2.8', '192.0.2.7']) {
      server.forge(target.ipv4, [{ name: 'hosting.example', records: [{ type: 'A', data }] }]);
    }
    const { answers } = ask('A', 'hosting.example');
    expect(answers?.map((one) => 'data' in one && one.data).sort()).toEqual(['192.0.2.7', '192.0.2.8']);
    expect(ask('MX', 'hosting.example').answers).toMatchObject([{ data: { exchange: target.hostName } }]);
    // Records of a type stand in place of the zone’s.
    const exchange = 'mx.elsewhere.example';
    server.forge(target.ipv4, [{ name: 'hosting.example', records: [{ type: 'MX', preference: 10, exchange }] }]);
    expect(ask('MX', 'hosting.example').answers).toMatchObject([{ data: { exchange } }]);
  });

  test('to a query without a question is empty', () => {
    expect(server.answer({ id: 1 }, target.ipv4)).toMatchObject({ type: 'response', id: 1, answers: [] });
  });
});
