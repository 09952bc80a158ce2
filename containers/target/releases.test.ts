import { describe, expect, test } from 'vitest';
import { Failure } from '../../audit/failure.ts';
import { checkSendmail, DEFAULT_SENDMAIL, releaseOf, sendmailVersions, versionOf } from './releases.ts';

describe('--sendmail', () => {
  test.each([
    ['8.15', '8.15'],
    ['8.15.2', '8.15'],
    ['8.17', '8.17'],
    ['8.17.1', '8.17'],
    ['8.17.1.9', '8.17'],
    ['8.18', '8.18'],
    ['8.18.1', '8.18'],
  ])('%s is %s', (wanted, version) => {
    expect(checkSendmail(wanted, '--sendmail')).toBe(version);
  });

  test.each([undefined, ''])('%j asks for nothing', (wanted) => {
    expect(checkSendmail(wanted, '--sendmail')).toBeUndefined();
  });

  test.each([
    '8',
    '8.1',
    '8.16',
    '8.17.2',
    '8.17.',
    '8.17.1.',
    '8.17.1.90',
    '8.18.10',
    'bookworm',
    ' 8.18',
    'constructor',
  ])('%j is none: the list says which there are', (wanted) => {
    const failure = (() => {
      try {
        checkSendmail(wanted, 'RELAYPROOF_SENDMAIL');
      } catch (error) {
        return error as Failure;
      }
      return undefined;
    })();
    expect(failure).toBeInstanceOf(Failure);
    expect(failure?.exitStatus).toBe(64);
    expect(failure?.message).toBe(`RELAYPROOF_SENDMAIL ${wanted}: there is no target with this sendmail`);
    for (const version of sendmailVersions) {
      expect(failure?.advice).toContain(`${version} (${releaseOf(version).full}, Debian ${releaseOf(version).debian})`);
    }
  });
});

test('a sendmail’s version is read from what it says of itself', () => {
  expect(sendmailVersions.map((version) => versionOf(releaseOf(version).full))).toEqual([...sendmailVersions]);
  expect(['8.18', '8.18.2', '8.180.1', '8.16.1', '', '18.18.1'].map(versionOf)).toEqual([
    '8.18',
    '8.18',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('the default is the newest', () => {
  expect(sendmailVersions.at(-1)).toBe(DEFAULT_SENDMAIL);
});
