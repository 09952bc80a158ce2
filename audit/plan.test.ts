import { describe, expect, test } from 'vitest';
import type { Configuration } from '../containers/configurations/configuration.ts';
import { defaultPolicy } from '../containers/configurations/policy.ts';
import { judgeControl, judgeRun } from '../reports/verdict.ts';
import type { Suite } from '../suites/attempt.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { scenesOf } from '../suites/scene.ts';
import { EXIT, Failure } from './failure.ts';
import { matcher, means, planRun, type Selection, select } from './plan.ts';

const { suites } = await readCatalogue();
const all = suites.flatMap((suite) => suite.attempts);

const idsOf = (selected: readonly Suite[]) => selected.flatMap((suite) => suite.attempts).map((attempt) => attempt.id);
const chosen = (selection: Partial<Selection>) => select(suites, { suites: [], attempts: [], ...selection });

const subject: Configuration = {
  name: 'subject',
  role: 'subject',
  title: 'a subject',
  files: new Map(),
  policy: defaultPolicy,
};
const control = (...detectedBy: string[]): Configuration => ({
  ...subject,
  name: 'control',
  role: 'control',
  control: { base: 'both', fault: 'a fault', effect: 'leak', detectedBy, passes: [], changes: [] },
});

describe('a pattern', () => {
  test.each([
    ['*', 'open-relay/quoted', true],
    ['open-relay/*', 'open-relay/quoted', true],
    ['open*', 'open-relay/quoted', true],
    ['*quoted', 'open-relay/quoted', true],
    ['open-relay/quoted', 'open-relay/quoted', true],
    ['open-relay/quoted', 'open-relay/quoted-percent', false],
    ['open-relay', 'open-relay/quoted', false],
    ['quoted', 'open-relay/quoted', false],
    ['open-relay/quot?d', 'open-relay/quoted', true],
    ['{open-relay,transport}/*', 'transport/starttls', true],
    // Letters count: ids are all small.
    ['OPEN-RELAY/*', 'open-relay/quoted', false],
  ])('%s of %s: %s', (pattern, name, yes) => {
    expect(matcher(pattern)(name)).toBe(yes);
  });

  test('means an attempt by another of its names as well', () => {
    const quoted = all.find((attempt) => attempt.id === 'open-relay/quoted');
    expect(quoted && ['nmap', 'nmap-07', 'nmap*'].every((pattern) => means(pattern, quoted))).toBe(true);
    expect(quoted && ['nmap-08', 'nma', 'nmap-7'].some((pattern) => means(pattern, quoted))).toBe(false);
  });
});

describe('the selection', () => {
  test('of nothing in particular is everything but what has to be named, in the catalogue’s order', () => {
    const unnamed = suites.filter(({ onlyIfNamed }) => !onlyIfNamed);
    expect(idsOf(chosen({}))).toEqual(idsOf(unnamed));
    expect(suites.filter(({ onlyIfNamed }) => onlyIfNamed).map(({ name }) => name)).toEqual(['mail-clients']);
  });

  test.each<[string, Partial<Selection>]>([
    ['its name', { suites: ['mail-clients'] }],
    ['a pattern that means its name', { suites: ['*'] }],
    ['an attempt of it', { attempts: ['mail-clients/scanner-pop'] }],
    ['an alias of such attempts', { attempts: ['scanner'] }],
  ])('has a suite that is to be named by %s', (_what, selection) => {
    expect(chosen(selection).map(({ name }) => name)).toContain('mail-clients');
  });

  test.each<[string, Partial<Selection>]>([
    ['another suite is', { suites: ['smtp-auth'] }],
    ['other attempts are', { attempts: ['nmap', 'open-relay/*'] }],
    ['an attempt of it is, and a suite that it is not in', { suites: ['smtp-auth'], attempts: ['*'] }],
  ])('leaves out a suite that is to be named where %s', (_what, selection) => {
    expect(chosen(selection).map(({ name }) => name)).not.toContain('mail-clients');
  });

  test('of nmap is its sixteen attempts on port 25, and one by one they are nmap-01 to nmap-16', () => {
    const nmap = chosen({ attempts: ['nmap'] }).flatMap((suite) => suite.attempts);
    expect(nmap).toHaveLength(16);
    expect(new Set(scenesOf(nmap).map(({ port }) => port))).toEqual(new Set([25]));
    const one = Array.from({ length: 16 }, (_, n) => `nmap-${String(n + 1).padStart(2, '0')}`).map((alias) =>
      idsOf(chosen({ attempts: [alias] })),
    );
    expect(one).toEqual(nmap.map((attempt) => [attempt.id]));
  });

  test('joins patterns, each attempt once, and leaves out suites that have none', () => {
    const selected = chosen({ attempts: ['nmap-01', 'open-relay/null-sender', 'transport/starttls'] });
    expect(idsOf(selected)).toEqual(['open-relay/null-sender', 'transport/starttls']);
    expect(selected.map((suite) => suite.name)).toEqual(['open-relay', 'transport']);
  });

  test('of suites and attempts is what both mean', () => {
    const selected = chosen({ suites: ['smtp-*'], attempts: ['*plain*submission'] });
    expect(selected.map((suite) => suite.name)).toEqual(['smtp-auth']);
    expect(idsOf(selected).length).toBeGreaterThan(0);
    expect(idsOf(selected).every((id) => /^smtp-auth\/plain.*submission$/.test(id))).toBe(true);
  });

  test.each<[Partial<Selection>, string]>([
    [{ suites: ['open-relais'] }, '--suite open-relais'],
    [{ suites: ['open-relay', 'nope'] }, '--suite nope'],
    [{ attempts: ['nmap-17'] }, '--attempt nmap-17'],
    // One pattern that means something does not excuse another that does not.
    [{ attempts: ['nmap', 'nope'] }, '--attempt nope'],
    [{ suites: ['transport'], attempts: ['nmap'] }, '--attempt nmap'],
  ])('of %j selects nothing: wrong usage that names the option', (selection, option) => {
    let failure: unknown;
    try {
      chosen(selection);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: 'NOTHING_SELECTED', exitStatus: EXIT.usage });
    expect((failure as Failure).message).toContain(option);
    expect((failure as Failure).advice).not.toBe('');
  });
});

describe('the plan', () => {
  test('gives a subject every attempt, and a control those alone that must flag it', () => {
    const plan = planRun([subject, control('transport/*', 'nmap-03')], suites, suites);
    expect(plan.configurations[0]).toEqual({
      configuration: subject,
      attempts: all,
      detectedBy: [],
      mustPass: [],
      unmatched: [],
    });
    const failing = chosen({ suites: ['transport'] }).map((suite) => ({
      ...suite,
      attempts: suite.attempts.filter(({ noControl, ofProduct }) => noControl === undefined && !ofProduct),
    }));
    const must = ['open-relay/host-sender', ...idsOf(failing)];
    expect(plan.configurations[1]?.detectedBy).toEqual(must);
    const opens = all.filter(({ core, expected }) => core && expected === 'block').map(({ id }) => id);
    expect(plan.configurations[1]?.mustPass).toEqual(opens);
    expect(plan.configurations[1]?.attempts.map((attempt) => attempt.id).sort()).toEqual([...must, ...opens].sort());
    expect(plan.configurations[1]?.unmatched).toEqual([]);
  });

  test('keeps to what is selected, for controls too', () => {
    const selected = chosen({ attempts: ['nmap-03'] });
    const plan = planRun([subject, control('open-relay/*')], suites, selected);
    expect(plan.suites).toEqual(selected);
    expect(plan.configurations.map((one) => one.attempts.map((attempt) => attempt.id))).toEqual([
      ['open-relay/host-sender'],
      ['open-relay/host-sender'],
    ]);
  });

  test('asks no attempt to flag a control that no fault can make fail', () => {
    const plan = planRun([control('open-relay/double-at-*', 'open-relay/quoted')], suites, suites);
    expect(plan.configurations[0]?.detectedBy).toEqual(['open-relay/quoted']);
  });

  test('leaves a control out that none of the selected attempts is meant for, and no subject', () => {
    const selected = chosen({ suites: ['transport'] });
    const plan = planRun([subject, control('open-relay/*')], suites, selected);
    expect(plan.configurations.map((one) => one.configuration.name)).toEqual(['subject']);
  });

  test('keeps a control whose attempts have been taken out of the catalogue, and the run cannot be green', () => {
    const without = suites
      .map((suite) => ({
        ...suite,
        attempts: suite.attempts.filter(({ id }) => !id.startsWith('transport/plaintext')),
      }))
      .filter((suite) => suite.attempts.length > 0);
    for (const patterns of [['transport/plaintext-auth-*'], ['transport/plaintext-auth-*', 'transport/starttls']]) {
      const plan = planRun([control(...patterns)], without, without);
      expect(plan.configurations).toHaveLength(1);
      const [one] = plan.configurations;
      expect(one?.unmatched).toEqual(['transport/plaintext-auth-*']);
      const flagged = (one?.attempts ?? []).map(({ id, suite, expected }) => ({
        id,
        suite,
        expected,
        observed: 'refused' as const,
        verdict: 'fail' as const,
        reason: '',
        durationMs: 0,
      }));
      const judged = judgeControl(
        flagged,
        { detectedBy: one?.detectedBy ?? [], mustPass: [], unmatched: one?.unmatched ?? [] },
        undefined,
      );
      expect(judged.verdict).toBe('missed');
      expect(judged.reasons.join()).toContain('transport/plaintext-auth-*');
      expect(judgeRun([{ name: 'control', role: 'control', ...judged }], []).verdict).toBe('inconclusive');
    }
  });

  test('counts a pattern as met by the catalogue, not by what is selected', () => {
    const selected = chosen({ attempts: ['transport/starttls'] });
    const [one] = planRun([control('transport/starttls', 'nmap')], suites, selected).configurations;
    expect(one?.unmatched).toEqual([]);
    expect(one?.detectedBy).toEqual(['transport/starttls']);
  });
});
