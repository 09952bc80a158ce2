import { expect, test } from 'vitest';
import { type Found, limitsOf } from './image-limits.ts';

const everything: Found = {
  accounts: true,
  accountsPath: '/hooks/accounts',
  popAge: true,
  shell: true,
  sendmail: '/usr/sbin/sendmail',
  pop: {
    capabilities: ['STLS', 'SASL PLAIN LOGIN CRAM-MD5'],
    timestamp: true,
    implicitTls: true,
    logged: true,
  },
};

const limited = (found: Partial<Found>) => [...limitsOf({ ...everything, ...found }).keys()].sort();
const always = ['restarts', 'trusted certificates'];

test('an image that keeps the whole contract has the limits that every image has', () => {
  expect(limited({})).toEqual(always);
});

test('without the accounts hook nobody can log in, be read or have files', () => {
  expect(limited({ accounts: false })).toEqual([...always, 'accounts', 'homes', 'mailboxes'].sort());
  expect(limitsOf({ ...everything, accounts: false }).get('accounts')).toBe(
    'the image has no accounts hook (/hooks/accounts): there is nobody to log in as',
  );
});

test('without POP3 no mailbox can be read either', () => {
  expect(limited({ pop: undefined })).toEqual([...always, 'mailboxes', 'pop'].sort());
});

test('POP3 that is not logged cannot be tried, but read from', () => {
  expect(limited({ pop: { capabilities: [], timestamp: false, implicitTls: false, logged: false } })).toEqual(
    [...always, 'pop'].sort(),
  );
});

test('of the ways to log in over POP3 those are tried that the server offers', () => {
  expect(limited({ pop: { capabilities: undefined, timestamp: false, implicitTls: false, logged: true } })).toEqual(
    [
      ...always,
      'pop by apop',
      'pop by auth-cram-md5',
      'pop by auth-login',
      'pop by auth-plain',
      'pop by implicit-tls',
      'pop by stls',
    ].sort(),
  );
});

test('rules are asked by a program, in a shell; the POP map is aged by a command', () => {
  expect(limited({ sendmail: undefined })).toEqual([...always, 'rules'].sort());
  expect(limited({ shell: false })).toEqual([...always, 'homes', 'rules'].sort());
  expect(limited({ popAge: false })).toEqual([...always, 'pop map'].sort());
});
