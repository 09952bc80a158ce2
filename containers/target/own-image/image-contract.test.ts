import { describe, expect, test } from 'vitest';
import { readContract } from './image-contract.ts';

const label = (name: string, value: string) => ({ [`org.relayproof.${name}`]: value });

describe('the labels of an image', () => {
  test('have defaults, and other people’s labels mean nothing', () => {
    expect(readContract('mail', { maintainer: 'somebody', 'org.opencontainers.image.title': 'x' })).toEqual({
      cf: '/etc/mail/sendmail.cf',
      accounts: { path: '/usr/local/lib/relayproof-hooks/accounts', declared: false },
      popAge: undefined,
      log: undefined,
      hostName: undefined,
      localDomains: [],
      users: ['postmaster'],
    });
  });

  test('name files, commands, names and users', () => {
    const contract = readContract('mail', {
      ...label('sendmail-cf', '/usr/local/etc/sendmail.cf'),
      ...label('accounts', '/opt/accounts'),
      ...label('pop-age', 'drac-age --sweep'),
      ...label('log', '/var/log/maillog'),
      ...label('host-name', 'mail.provider.example'),
      ...label('local-domains', 'provider.example, other.example'),
      ...label('users', 'info sales'),
    });
    expect(contract).toEqual({
      cf: '/usr/local/etc/sendmail.cf',
      accounts: { path: '/opt/accounts', declared: true },
      popAge: 'drac-age --sweep',
      log: '/var/log/maillog',
      hostName: 'mail.provider.example',
      localDomains: ['provider.example', 'other.example'],
      users: ['info', 'sales'],
    });
  });

  test('come after what relayproof.yaml says', () => {
    const contract = readContract('mail', label('host-name', 'mail.provider.example'), {
      hostName: 'mx.provider.example',
      localDomains: ['provider.example'],
      users: ['info'],
    });
    expect(contract).toMatchObject({
      hostName: 'mx.provider.example',
      localDomains: ['provider.example'],
      users: ['info'],
    });
  });

  test('of the project itself, and empty ones, are no hooks', () => {
    const contract = readContract('mail', { ...label('image', 'target-trixie'), ...label('pop-age', ' ') });
    expect(contract.popAge).toBeUndefined();
  });

  test('that are misspelt are not passed over', () => {
    expect(() => readContract('mail', label('acounts', '/x'))).toThrow(
      'mail: label org.relayproof.acounts: /x: there is no such label; they are sendmail-cf, accounts',
    );
  });

  test.each([
    ['log', 'var/log/maillog', 'expected an absolute path'],
    ['accounts', '/opt/make accounts', 'expected an absolute path'],
    ['host-name', 'mail', 'expected a name with at least two labels'],
    ['local-domains', 'provider.example nonsense', 'nonsense: expected a name'],
  ])('with a value that cannot be are named: %s', (name, value, words) => {
    expect(() => readContract('mail', label(name, value))).toThrow(words);
  });
});
