import { describe, expect, test } from 'vitest';
import { controls, readControl } from '../containers/configurations/controls.ts';
import { DEFAULT_SENDMAIL, type SendmailVersion, sendmailVersions } from '../containers/target/releases.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { matcher, planRun } from './plan.ts';
import {
  differenceBehind,
  differencesOf,
  tellsOfControls,
  versionDifferences,
  withKnownDifference,
} from './version-differences.ts';

const meant = (patterns: readonly string[], ids: readonly string[]) =>
  ids.filter((id) => patterns.some((pattern) => matcher(pattern)(id)));

describe('the data', () => {
  test('have ids of their own, a source each, and one clause each', () => {
    expect(new Set(versionDifferences.map(({ id }) => id)).size).toBe(versionDifferences.length);
    for (const { id, versions, sources, what, remedy } of versionDifferences) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(versions.length).toBeGreaterThan(0);
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.every(({ url }) => url.startsWith('https://'))).toBe(true);
      expect(what).not.toMatch(/\.$/);
      expect(remedy ?? '').not.toMatch(/\.$/);
    }
  });

  test('say nothing of the default version: the others are compared with it', () => {
    expect(differencesOf(DEFAULT_SENDMAIL)).toEqual([]);
    expect(differencesOf(undefined)).toEqual([]);
    expect(sendmailVersions.filter((version) => differencesOf(version).length > 0)).toEqual(['8.15', '8.17']);
  });

  test('name attempts that there are, and each in one change alone', async () => {
    const ids = (await readCatalogue()).suites.flatMap(({ attempts }) => attempts.map(({ id }) => id));
    const changes = versionDifferences.flatMap((difference) => difference.changes);
    const named = changes.flatMap(({ attempts }) => meant(attempts, ids));
    expect(new Set(named).size).toBe(named.length);
    for (const pattern of changes.flatMap(({ attempts }) => attempts)) {
      expect([pattern, meant([pattern], ids).length > 0]).toEqual([pattern, true]);
    }
  });

  test('name, where SCRAM is not there, all attempts for which it must be offered, and no others', async () => {
    const attempts = (await readCatalogue()).suites.flatMap((suite) => suite.attempts);
    const patterns = versionDifferences
      .filter(({ id }) => id === 'scram-in-another-package')
      .flatMap(({ changes }) => changes.flatMap((change) => change.attempts));
    const needing = attempts.filter(({ applies }) => applies.offered?.startsWith('SCRAM-')).map(({ id }) => id);
    expect(needing.length).toBeGreaterThan(20);
    expect(
      meant(
        patterns,
        attempts.map(({ id }) => id),
      ).sort(),
    ).toEqual(needing.sort());
  });
});

describe('controls', () => {
  const planned = async (version: SendmailVersion) =>
    planRun(
      await Promise.all(controls.map(readControl)),
      (await readCatalogue()).suites,
      (await readCatalogue()).suites,
      {
        wholeProducts: true,
        tellsOfControls: tellsOfControls(version),
      },
    ).configurations;

  test.each([
    ['8.15', ['line-ends-unchecked', 'line-ends-unchecked-but-for-packets']],
    ['8.17', []],
    ['8.18', []],
  ] as const)(
    'with %s those have nothing to say that its own ways would always or never flag: %j',
    async (version, silent) => {
      const names = (await planned(version)).map(({ configuration }) => configuration.name);
      expect(controls.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual(silent);
    },
  );

  test('are not asked with 8.15 what it has not, neither to flag nor to pass', async () => {
    const asked = (await planned('8.15')).flatMap(({ attempts, detectedBy, mustPass }) => [
      ...attempts.map(({ id }) => id),
      ...detectedBy,
      ...mustPass,
    ]);
    expect(asked.filter((id) => /scram|smuggled|utf8|tls-one-one/.test(id))).toEqual([]);
    expect(asked.filter((id) => id === 'transport/anonymous-ciphers')).not.toEqual([]);
  });

  test('are asked everything with the default version', async () => {
    const ids = (await readCatalogue()).suites.flatMap(({ attempts }) => attempts.map(({ id }) => id));
    expect(ids.every(tellsOfControls(DEFAULT_SENDMAIL))).toBe(true);
  });
});

describe('a result’s reason', () => {
  const relayed = {
    id: 'transport/smuggled-lf-dot-lf-in-two-packets',
    verdict: 'fail',
    observed: 'relayed',
    reason: 'the sink received it',
  } as const;

  test('says what is known of the version, and what to do', () => {
    const { reason, ...rest } = withKnownDifference(relayed, '8.15');
    expect(rest).toEqual({ id: relayed.id, verdict: 'fail', observed: 'relayed' });
    expect(reason).toMatch(/^the sink received it; known of sendmail 8\.15: .*CVE-2023-51765/);
    expect(reason).toContain('“Srv_Features: o u g f” into the access map, or run sendmail 8.18.');
    expect(reason).toContain('docs/versions.md#loose-end-of-message');
  });

  test.each([
    ['with another version', relayed, '8.17'],
    ['with one that is none of ours', relayed, undefined],
    ['for another attempt', { ...relayed, id: 'transport/smuggled-lf-dot-lf' }, '8.15'],
    ['for another outcome', { ...relayed, observed: 'delivered' }, '8.15'],
    ['for a pass', { ...relayed, verdict: 'pass' }, '8.15'],
    [
      'where an attempt does not apply for another reason',
      {
        id: 'smtp-auth/scram-sha-1-clear',
        verdict: 'not-applicable',
        observed: 'none',
        reason: 'not for mode pop-before-smtp',
      },
      '8.15',
    ],
  ] as const)('stays as it is %s', (_where, result, version) => {
    expect(withKnownDifference(result, version)).toBe(result);
  });

  test('says why SCRAM is not there', () => {
    const result = {
      id: 'smtp-auth/scram-sha-1-clear',
      verdict: 'not-applicable',
      observed: 'none',
      reason: 'the SASL library has no SCRAM-SHA-1',
    } as const;
    expect(differenceBehind(result, '8.15')?.id).toBe('scram-in-another-package');
  });
});
