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

describe('a mistake', () => {
  test.each([
    // Unknown keys: the key is what is pointed at.
    ['modes: both\n', '1:1', 'unknown key "modes"'],
    ['mode: both\nrelayto: []\n', '2:1', 'unknown key "relayto"'],
    ['trusted:\n  networks: []\n  nets: []\n', '3:3', 'trusted: unknown key "nets"'],
    ['popAuthorization:\n  map: hash /m\n  lifetime: 1m\n  path: /m\n', '4:3', 'unknown key "path"'],
    [`${waiver('expires: 2027-01-31')}    until: x\n`, '5:5', 'waivers.0: unknown key "until"'],
    ['1: x\n', '1:1', 'unknown key "1"'],
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
