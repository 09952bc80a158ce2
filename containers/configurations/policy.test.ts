import { describe, expect, test } from 'vitest';
import { EXIT, Failure } from '../../audit/failure.ts';
import { authModes } from '../../reports/model.ts';
import { defaultPolicy, parsePolicy } from './policy.ts';

const file = 'somewhere/relayproof.yaml';

function failureOf(text: string): Failure {
  try {
    parsePolicy(text, file);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return error as Failure;
  }
  throw new Error(`this was taken for a policy: ${text}`);
}

const waiver = (line: string) => `waivers:\n  - attempt: transport/starttls\n    reason: until May\n    ${line}\n`;

describe('a policy', () => {
  test.each(['', '# nothing but a comment\n', '{}', '---\n'])('that says nothing is the default: %j', (text) => {
    expect(parsePolicy(text, file)).toEqual(defaultPolicy);
    expect(defaultPolicy).toEqual({
      trusted: { networks: [], hosts: [] },
      relayTo: [],
      popAuthorization: { lifetime: 1800 },
      waivers: [],
    });
  });

  test('says each thing by its key', () => {
    const text = [
      'mode: both',
      'trusted:',
      '  networks: [203.0.113.0/24]',
      '  hosts: [office.example.net]',
      'relayTo: [partner.example]',
      'popAuthorization:',
      '  map: btree /etc/mail/popauth',
      '  lifetime: 45m',
      'waivers:',
      '  - attempt: transport/plaintext-auth-*',
      '    reason: legacy scanners until the office move',
      '    expires: 2027-01-31',
    ];
    for (const end of ['\n', '\r\n']) {
      expect(parsePolicy(text.join(end), file)).toEqual({
        mode: 'both',
        trusted: { networks: ['203.0.113.0/24'], hosts: ['office.example.net'] },
        relayTo: ['partner.example'],
        popAuthorization: { map: 'btree /etc/mail/popauth', lifetime: 2700 },
        waivers: [
          {
            attempt: 'transport/plaintext-auth-*',
            reason: 'legacy scanners until the office move',
            expires: '2027-01-31',
          },
        ],
      });
    }
  });

  test.each(authModes)('knows the mode %s', (mode) => {
    expect(parsePolicy(`mode: ${mode}`, file)).toEqual({ ...defaultPolicy, mode });
  });

  test('that names some of the trusted leaves the others empty', () => {
    expect(parsePolicy('trusted: {hosts: [a.example]}', file).trusted).toEqual({ networks: [], hosts: ['a.example'] });
  });

  test.each([
    ['1s', 1],
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['1d', 86_400],
  ])('has a lifetime of %s in seconds: %i', (words, seconds) => {
    const { popAuthorization } = parsePolicy(`popAuthorization: {map: hash /m, lifetime: ${words}}`, file);
    expect(popAuthorization.lifetime).toBe(seconds);
  });

  test('has half an hour where it names the map alone', () => {
    expect(parsePolicy('popAuthorization: {map: hash /m}', file).popAuthorization.lifetime).toBe(1800);
  });

  test('takes a date with quotes, without, and as older YAML reads it', () => {
    for (const head of ['', '%YAML 1.1\n---\n']) {
      expect(parsePolicy(`${head}${waiver('expires: 2027-01-31')}`, file).waivers[0]?.expires).toBe('2027-01-31');
      expect(parsePolicy(`${head}${waiver('expires: "2027-01-31"')}`, file).waivers[0]?.expires).toBe('2027-01-31');
    }
  });
});

describe('every mistake', () => {
  test('is told, in the order of the text, and not the first alone', () => {
    const text = [
      'modes: both',
      'trusted:',
      '  networks: [203.0.113.7/24, 5, 0.0.0.0/0]',
      '  networks: [10.0.0.0/8]',
      'relayTo: [co.uk]',
      'popAuthorization: {map: dbm /m, lifetime: 31d}',
      'waivers:',
      '  - attempt: transport/starttls',
      '    expires: soon',
      '',
    ].join('\n');
    const failure = failureOf(text);
    const told = [failure.message, ...failure.output].map((line) => line.replace(`${file}:`, ''));
    expect(told.map((line) => line.split(' ')[0])).toEqual([
      '1:1:',
      '4:3:',
      '5:11:',
      '6:25:',
      '6:43:',
      '8:5:',
      '9:14:',
    ]);
    expect(told[0]).toContain('did you mean mode?');
    expect(told[1]).toContain('the key "networks" stands twice');
    expect(told[5]).toContain('waivers.0.reason: it is missing');
    const networks = failureOf(text.replace('  networks: [10.0.0.0/8]\n', ''));
    expect([networks.message, ...networks.output].filter((line) => line.includes(':3:'))).toHaveLength(3);
    expect(failure.advice).toContain('all mistakes');
    expect(failureOf('mode: x').advice).not.toContain('all mistakes');
  });

  test('of the YAML itself is told, and what it would mean is not guessed at', () => {
    const failure = failureOf('mode: [\nnonsense: 1\nx: {\n');
    expect([failure.message, ...failure.output].join()).not.toContain('unknown key');
    expect(failure.output.length).toBeGreaterThan(0);
  });

  test.each([
    ['trusted: {networks: [192.0.2.0/24, 198.51.100.0/24, 192.0.2.0/24]}', '1:53', 'the same as trusted.networks.0'],
    ['trusted: {networks: [2001:db8::1, "2001:DB8:0:0::1/128"]}', '1:35', 'the same as trusted.networks.0'],
    ['trusted: {hosts: [a.example, A.example.]}', '1:30', 'the same as trusted.hosts.0'],
    ['relayTo: [a.example, b.example, a.Example]', '1:33', 'the same as relayTo.0'],
    [
      `${waiver('expires: 2027-01-31')}  - {attempt: transport/starttls, reason: b, expires: 2027-01-31}`,
      '5:15',
      'the same',
    ],
    ['trusted: {networks: [0.0.0.0/1, 128.0.0.0/1]}', '1:21', 'all of IPv4'],
    ['trusted: {networks: ["::/1", "8000::/1"]}', '1:21', 'all of IPv6'],
  ])('in %s is between entries, at %s', (text, place, words) => {
    const { message } = failureOf(text);
    expect(message).toContain(`${file}:${place}: `);
    expect(message).toContain(words);
  });

  test.each([
    ['203.0.113.7/24', 'the network is 203.0.113.0/24, the address alone 203.0.113.7/32'],
    ['2001:db8::1/64', 'the network is 2001:db8::/64, the address alone 2001:db8::1/128'],
    ['0.0.0.0/0', 'everybody'],
    ['::/0', 'everybody'],
    ['203.0.113.7/0', 'everybody'],
    ['203.0.113.0/33', 'at most 32 bits'],
    ['2001:db8::/129', 'at most 128 bits'],
    ['203.0.113.0/024', 'expected a network'],
    ['203.0.113.0/24/24', 'expected a network'],
    ['203.0.113.0/', 'expected a network'],
    ['203.0.113.256', 'expected a network'],
    ['10.0.0.0/255.0.0.0', 'write 10.0.0.0/8'],
    ['10.1', 'what an access map writes as 10.1 is 10.1.0.0/16'],
    ['IPv6:2001:db8::/32', 'without "IPv6:"'],
    ['fe80::1%eth0', 'expected a network'],
    ['::ffff:192.0.2.0/120', 'write 192.0.2.0/24'],
    ['office.example.net', 'trusted.hosts'],
  ])('has words for the network %s', (network, words) => {
    expect(failureOf(`trusted: {networks: ["${network}"]}`).message).toContain(words);
  });

  test.each([
    ['203.0.113.7', '203.0.113.7/32'],
    ['203.0.113.7/32', '203.0.113.7/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['::', '::/128'],
    ['128.0.0.0/1', '128.0.0.0/1'],
  ])('is not seen in the network %s', (text, network) => {
    expect(parsePolicy(`trusted: {networks: ["${text}"]}`, file).trusted.networks).toEqual([network]);
  });

  test.each([
    ['com', 'at least two labels'],
    ['co.uk', 'co.uk is a public suffix: anybody'],
    ['CO.UK.', 'co.uk is a public suffix: anybody'],
    ['kobe.jp', 'public suffix'],
    ['anything.ck', 'public suffix'],
    ['www.ck', undefined],
    ['xn--55qx5d.cn', 'public suffix'],
    ['github.io', 'private section'],
    ['partner.github.io', undefined],
    ['partner.co.uk', undefined],
    ['partner.example.', undefined],
    ['_mail.partner.example', undefined],
    ['公司.cn', 'xn--'],
    ['203.0.113.7', 'trusted.networks'],
    ['user@partner.example', 'a domain alone'],
    ['.partner.example', 'a domain alone'],
    ['*.partner.example', 'a domain alone'],
    ['partner..example', 'expected a domain'],
    ['-partner.example', 'expected a domain'],
    [`${'a'.repeat(64)}.example`, 'expected a domain'],
    [`${'a.'.repeat(127)}example`, 'expected a domain'],
  ])('has words for the domain %s', (domain, words) => {
    for (const text of [`relayTo: ["${domain}"]`, `trusted: {hosts: ["${domain}"]}`]) {
      if (words === undefined) {
        expect(parsePolicy(text, file)).toBeDefined();
      } else {
        expect(failureOf(text).message).toContain(words);
      }
    }
  });

  test.each([
    ['map: "hash /etc/mail/dr\\ac"', undefined],
    ['map: "hash /etc/mail/dr\\x07ac"', 'control characters'],
    ['map: "hash /etc/mail/dr\\nac"', 'control characters'],
    ['map: "hash /etc/mail/dr\\x7fac"', 'control characters'],
    ['map: hash /etc/mail/', 'a type (hash or btree) and a path'],
    ['map: hash /etc/mail/drac.db', 'without its ending .db'],
    [`map: hash /${'x'.repeat(1025)}`, 'too long'],
    ['lifetime: 31d', 'more than 30 days'],
    ['lifetime: 721h', 'more than 30 days'],
    ['lifetime: 99999999999999999999999s', 'more than 30 days'],
    ['lifetime: 30d', undefined],
  ])('has words for popAuthorization with %s', (line, words) => {
    const text = `popAuthorization:\n  ${line}\n`;
    if (words === undefined) {
      expect(parsePolicy(text.replace('\\a', '\\\\a'), file)).toBeDefined();
    } else {
      expect(failureOf(text).message).toContain(words);
    }
  });

  test.each(['2027-02-29', '2027-13-01', '2027-04-31', '2027-00-10'])(
    'is seen in a day that there is not: %s',
    (day) => {
      expect(failureOf(waiver(`expires: ${day}`)).message).toContain('there is no such day');
    },
  );

  test('has words for tags and for a reason of blanks', () => {
    expect(failureOf('mode: !mine both').message).toContain(`${file}:1:7`);
    expect(failureOf(waiver('expires: 2027-01-31').replace('until May', '"  "')).message).toContain('reason in words');
  });
});

test('a byte order mark before the text is no mistake', () => {
  expect(parsePolicy('\uFEFFmode: both\n', file).mode).toBe('both');
});

describe('a mistake', () => {
  test.each([
    // Unknown keys: the key is what is pointed at.
    ['modes: both\n', '1:1', 'unknown key "modes"'],
    ['mode: both\nrelayto: []\n', '2:1', 'unknown key "relayto"'],
    ['trusted:\n  networks: []\n  nets: []\n', '3:3', 'trusted: unknown key "nets"'],
    ['popAuthorization:\n  map: hash /m\n  lifetime: 1m\n  path: /m\n', '4:3', 'unknown key "path"'],
    [`${waiver('expires: 2027-01-31')}    until: x\n`, '5:5', 'waivers.0: unknown key "until"'],
    ['1: x\n', '1:1', 'unknown key "1"'],
    ['networks: []\n', '1:1', 'it belongs into trusted'],
    ['lifetime: 30m\n', '1:1', 'it belongs into popAuthorization'],
    ['trusted: {relayTo: []}\n', '1:11', 'it belongs to the top'],
    ['popAuthorisation: {}\n', '1:1', 'did you mean popAuthorization?'],
    ['waivers: [{attempts: a, attempt: a, reason: b, expires: 2027-01-31}]\n', '1:12', 'did you mean attempt?'],
    // Bad values: the value is.
    ['mode: smtp\n', '1:7', 'mode: '],
    ['# comment\n\nmode:   [both]\n', '3:9', 'mode: '],
    ['mode:\n', '1:6', 'mode: '],
    ['relayTo: partner.example\n', '1:10', 'relayTo: '],
    ['relayTo:\n  - a.example\n  - 5\n', '3:5', 'relayTo.1: '],
    ['trusted:\n  networks: 198.18.0.0/16\n', '2:13', 'trusted.networks: '],
    ['trusted:\n  hosts:\n    - {}\n', '3:7', 'trusted.hosts.0: '],
    ['popAuthorization:\n  map: /etc/mail/drac\n', '2:8', 'a type (hash or btree) and a path'],
    ['popAuthorization:\n  map: hash etc/mail/drac\n', '2:8', 'popAuthorization.map: '],
    ['popAuthorization:\n  map: dbm /etc/mail/drac\n', '2:8', 'popAuthorization.map: '],
    ['popAuthorization:\n  map: hash /m\n  lifetime: 30\n', '3:13', 'popAuthorization.lifetime: '],
    ['popAuthorization:\n  map: hash /m\n  lifetime: 0m\n', '3:13', 'a number and a unit'],
    ['popAuthorization:\n  map: hash /m\n  lifetime: 1w\n', '3:13', 'a number and a unit'],
    ['popAuthorization:\n  map: hash /m\n  lifetime: -5m\n', '3:13', 'a number and a unit'],
    [waiver('expires: soon'), '4:14', 'waivers.0.expires: expected a date'],
    [waiver('expires: 31.1.2027'), '4:14', 'waivers.0.expires: expected a date'],
    ['waivers:\n  - attempt: a\n    reason: ""\n    expires: 2027-01-31\n', '3:13', 'waivers.0.reason: '],
    // What is missing: where it should be.
    ['waivers:\n  - attempt: a\n    expires: 2027-01-31\n', '2:5', 'waivers.0.reason: '],
    ['waivers:\n  - attempt: a\n    reason: b\n', '2:5', 'waivers.0.expires: '],
    ['mode: both\nwaivers:\n  - reason: b\n    expires: 2027-01-31\n', '3:5', 'waivers.0.attempt: '],
    // No mapping at all.
    ['both\n', '1:1', 'expected object'],
    ['- mode: both\n', '1:1', 'expected object'],
    // Not even YAML.
    ['mode: both\nmode: both\n', '2:1', 'unique'],
    ['mode: both\n  x: 1\n', '1:7', ''],
    ['trusted: {networks: [a}\n', '1:23', ''],
    ['mode: both\n---\nmode: both\n', '2:1', ''],
    ['\tmode: both\n', '1:1', ''],
  ])('in %j is reported at %s', (text, place, words) => {
    const failure = failureOf(text);
    expect(failure).toMatchObject({ code: 'BAD_CONFIGURATION', exitStatus: EXIT.configuration });
    expect(failure.message.slice(0, failure.message.indexOf(': '))).toBe(`${file}:${place}`);
    expect(failure.message).toContain(words);
    expect(failure.advice).not.toBe('');
  });
});
