import { describe, expect, test } from 'vitest';
import { TargetLog } from '../containers/target/target-log.ts';
import { linesOf, namesAddress, observedAddress, spellings, takenOnAs } from './log-search.ts';

const at = '2026-01-01T00:00:00.000Z';
const lines = (...texts: string[]) => texts.map((text) => ({ at, text }));

function logOf(...texts: string[]): TargetLog {
  const log = new TargetLog();
  log.take(texts.map((text) => `syslog ${at} ${text}\n`).join(''));
  return log;
}

describe('an address in a text', () => {
  test.each([
    ['198.18.64.5', 'connect from host [198.18.64.5]', true],
    ['198.18.64.5', 'rip=198.18.64.5, lip=198.18.0.16', true],
    ['198.18.64.5', '198.18.64.5', true],
    ['198.18.64.5', 'from 198.18.64.5.', true],
    ['198.18.64.5', 'rip=::ffff:198.18.64.5,', true],
    // A longer address begins or ends with it, or it does with a shorter one.
    ['198.18.64.5', '[198.18.64.57]', false],
    ['198.18.64.57', '[198.18.64.5]', false],
    ['198.18.64.5', '[198.18.64.50]', false],
    ['198.18.64.57', '[198.18.64.5], [198.18.64.7]', false],
    ['98.18.64.5', '[198.18.64.5]', false],
    ['198.18.64.5', '[1.198.18.64.5]', false],
    ['198.18.64.5', '[198.18.64.5.1]', false],
    ['198.18.64.5', '198a18b64c5', false],
    ['198.18.64.5', 'host-198-18-64-5.clients.example', false],
    ['2001:2:0:1::c:1', 'relay=[IPv6:2001:2:0:1:0:0:c:1]', true],
    ['2001:2:0:1::c:1', 'rip=2001:2:0:1::c:1, lip=x', true],
    ['2001:2:0:1::c:1', 'RIP=2001:2:0:1::C:1,', true],
    ['2001:2:0:0::c:1', 'rip=2001:2::c:1,', true],
    ['2001:2:0:0::c:1', 'IPv6:2001:2:0:0:0:0:c:1]', true],
    ['2001:2:0:1::c:1', 'rip=2001:2:0:1::c:12,', false],
    ['2001:2:0:1::c:12', 'rip=2001:2:0:1::c:1,', false],
    ['2001:2:0:1::c:1', 'rip=2001:2:0:1::c:1:5,', false],
    ['2001:2:0:1::c:1', 'rip=2001:2:0:2::c:1,', false],
    ['2001:2:0:1::c:1', '[IPv6:2001:2:0:1::c:1]', true],
    ['2001:2:0:1::c:1', 'address:2001:2:0:1::c:1, at 18:11:15', true],
    ['2001:2:0:1::c', '[IPv6:2001:2:0:1:0:0:0:c]', true],
  ])('%s in %j: %s', (address, text, yes) => {
    expect(namesAddress(address)(text)).toBe(yes);
    expect(linesOf(logOf(text), [address], []).length > 0).toBe(yes);
  });

  test('is spelled in full, as sendmail does, and in short, as everybody else', () => {
    expect(spellings('2001:2:0:0::c:1')).toEqual(['2001:2:0:0:0:0:c:1', '2001:2::c:1']);
    expect(spellings('2001:2:1:3:4:5:6:7')).toEqual(['2001:2:1:3:4:5:6:7']);
    expect(spellings('198.18.64.5')).toEqual(['198.18.64.5']);
  });
});

describe('the lines of an attempt', () => {
  const texts = [
    'sendmail[1]: NOQUEUE: connect from host-198-18-64-5.clients.example [198.18.64.5]',
    'sendmail[2]: NOQUEUE: connect from host-198-18-64-57.clients.example [198.18.64.57]',
    'dovecot: pop3-login: Login: user=<alice>, rip=198.18.64.5, lip=198.18.0.16',
    'sendmail[3]: 6AMIAw49000001: to=<u@elsewhere.example>, stat=Sent',
    'sendmail[3]: 6AMIAw49000002: to=<u@elsewhere.example>, stat=Sent',
    'sendmail[3]: 6AMIAW49000002: to=<u@elsewhere.example>, stat=Sent',
    'sendmail[3]: 6AMIAw490000023: to=<u@elsewhere.example>, stat=Sent',
    'sendmail[3]: 6AMIAw49000009: 6AMIAw49000002: DSN: User unknown',
    'sendmail[3]: SYSERR: cannot open ./qf6AMIAw49000002, client 198.18.64.5',
    'elsemail[3]: message-7: gone',
  ];
  const log = logOf(...texts);
  const found = (addresses: string[], queueIds: string[]) =>
    linesOf(log, addresses, queueIds).map(({ text }) => texts.indexOf(text));

  test('name one of its addresses or of its queue ids, in their order, once', () => {
    expect(found(['198.18.64.5'], ['6AMIAw49000002'])).toEqual([0, 2, 4, 7, 8]);
    expect(found(['198.18.64.57'], [])).toEqual([1]);
    expect(found([], ['6AMIAw490000023'])).toEqual([6]);
    expect(found([], [])).toEqual([]);
  });

  test('name a queue id of a form that sendmail does not give', () => {
    expect(found([], ['message-7'])).toEqual([9]);
  });
});

describe('the address that the target saw', () => {
  const seen = (address: string, ...texts: string[]) => observedAddress(lines(...texts), address);

  test.each([
    ['198.18.64.5', 'sendmail[9]: NOQUEUE: connect from host.example [198.18.64.5]', '198.18.64.5'],
    ['198.18.64.5', 'sendmail[9]: x: from=<a@b>, relay=host.example [198.18.64.5]', '198.18.64.5'],
    ['198.18.64.5', 'sendmail[9]: x: ruleset=check_rcpt, relay=[198.18.64.5], reject=550', '198.18.64.5'],
    ['2001:2:0:1::c:1', 'sendmail[9]: connect from h [IPv6:2001:2:0:1:0:0:c:1]', '2001:2:0:1:0:0:c:1'],
    ['2001:2:0:1::c:1', 'sendmail-mta[9]: connect from h [IPv6:2001:2:0:1:0:0:c:1]', '2001:2:0:1:0:0:c:1'],
  ])('%s in %j', (address, text, observed) => {
    expect(seen(address, text)).toBe(observed);
  });

  test('is nobody else’s, and no word of another program', () => {
    expect(seen('198.18.64.5')).toBeUndefined();
    expect(seen('198.18.64.5', 'sendmail[9]: connect from h [198.18.64.57]')).toBeUndefined();
    expect(seen('198.18.64.57', 'sendmail[9]: connect from h [198.18.64.5]')).toBeUndefined();
    expect(seen('198.18.64.5', 'dovecot: connect from h [198.18.64.5]')).toBeUndefined();
    // The peer's greeting is its own word; the bracket is sendmail's.
    expect(seen('198.18.64.5', 'sendmail[9]: EHLO 198.18.64.5, relay=h [198.18.64.7]')).toBeUndefined();
  });
});

describe('a message that a program of the target sends on', () => {
  const token = 'rp0123456789abcdef';
  const taken = (text: string) => takenOnAs(lines(text), token);
  const from = `sendmail[562]: 6AMIcFkJ000562: from=<heidi@mail.hosting.example>, size=672, nrcpts=1, msgid=<${token}@relayproof.example>`;

  test.each([
    [
      'handed over',
      `sendmail[561]: 6AMIcF4l000561: to=${token}@elsewhere.example, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (6AMIcFkJ000562 Message accepted for delivery)`,
    ],
    ['taken', `${from}, proto=ESMTPS, daemon=MTA, relay=localhost [127.0.0.1]`],
    ['taken over IPv6', `${from}, proto=ESMTPS, daemon=MTA, relay=localhost [IPv6:0:0:0:0:0:0:0:1]`],
  ])('has the name under which it was %s', (_how, text) => {
    expect(taken(text)).toEqual(['6AMIcFkJ000562']);
  });

  test.each([
    ['the client’s own', `${from}, proto=ESMTP, daemon=MTA, relay=host-198-18-64-69.clients.example [198.18.64.69]`],
    ['the submission program’s', `${from}, relay=heidi@localhost`],
    ['another message’s', `${from.replace(token, 'rpffffffffffffffff')}, daemon=MTA, relay=localhost [127.0.0.1]`],
    ['what the outside gave it', `sendmail[1]: 6AMIcFkJ000562: to=<${token}@elsewhere.example>, stat=Sent (OK)`],
  ])('does not have %s', (_whose, text) => {
    expect(taken(text)).toEqual([]);
  });
});
