import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fillNames } from '../audit/names.ts';
import { needsNetworkApart } from '../audit/performance.ts';
import { sampleNames as names } from '../audit/sample-names.ts';
import { addressPlan, ClientAddressBook } from '../containers/lab/address-plan.ts';
import { outsideDomains } from '../containers/lab/outside-domains.ts';
import { phases } from '../reports/model.ts';
import { type Attempt, defineSuite } from './attempt.ts';
import { readCatalogue, suiteNames } from './catalogue.ts';
import { isSweep, type Scene, scenesOf } from './scene.ts';

const { suites, broken } = await readCatalogue();
const attempts = suites.flatMap((suite) => suite.attempts);

/** What the tests below say of an attempt that is wrong: its id. */
const idsWhere = (wrong: (attempt: Attempt) => boolean) => attempts.filter(wrong).map((attempt) => attempt.id);

describe('the catalogue', () => {
  test('has every suite, each with attempts, and a file that vitest runs for each', () => {
    expect(broken).toEqual([]);
    expect(suites.map((suite) => suite.name)).toEqual(suiteNames);
    expect(suites.filter((suite) => suite.attempts.length === 0)).toEqual([]);
    const files = readdirSync(fileURLToPath(new URL('.', import.meta.url)));
    const inFiles = files.filter((file) => file.endsWith('.suite.ts')).map((file) => file.replace('.suite.ts', ''));
    expect(inFiles.sort()).toEqual([...suiteNames].sort());
  });

  test('has ids that are unique, begin with their suite, and do not count', () => {
    expect(new Set(attempts.map((attempt) => attempt.id)).size).toBe(attempts.length);
    expect(idsWhere(({ id, suite }) => !id.startsWith(`${suite}/`))).toEqual([]);
    expect(idsWhere(({ id }) => !/^[a-z0-9-]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(idsWhere(({ id }) => /-\d+$/.test(id))).toEqual([]);
    expect(attempts.every(({ suite }) => suites.some(({ name }) => name === suite))).toBe(true);
  });

  test('has titles that tell attempts apart, and aliases that are no ids', () => {
    expect(new Set(attempts.map((attempt) => attempt.title)).size).toBe(attempts.length);
    const ids = new Set(attempts.map((attempt) => attempt.id));
    expect(idsWhere(({ aliases }) => aliases.some((alias) => ids.has(alias) || alias === ''))).toEqual([]);
  });

  test('has one sentence with MUST or SHOULD for each, and the word goes with the level', () => {
    expect(idsWhere(({ requirement }) => !/^[A-Z][^.]*\b(MUST|SHOULD)\b[^.]*\.$/.test(requirement))).toEqual([]);
    expect(idsWhere(({ level, requirement }) => level === 'must' && !requirement.includes('MUST'))).toEqual([]);
    expect(idsWhere(({ level, requirement }) => level === 'should' && requirement.includes('MUST'))).toEqual([]);
  });

  test('has a remedy, and clauses with titles and addresses of documents', () => {
    expect(idsWhere(({ remedy }) => !/^[A-Z].{20,}[.)]$/s.test(remedy))).toEqual([]);
    expect(idsWhere(({ clauses }) => clauses.length === 0)).toEqual([]);
    for (const clause of attempts.flatMap((attempt) => attempt.clauses)) {
      expect(new URL(clause.url).protocol).toBe('https:');
      expect(clause.title).not.toBe('');
      // The document and the section that the id names are those that the address leads to.
      const [, document, section] = /^RFC (\d+) ([\d.]+)$/.exec(clause.id) ?? [];
      expect(clause.url).toBe(`https://www.rfc-editor.org/rfc/rfc${document}#section-${section}`);
    }
  });

  test('says in which phases a refusal counts, for blocks and for nothing else', () => {
    expect(idsWhere(({ expected, refusedIn }) => (expected === 'block') !== refusedIn.length > 0)).toEqual([]);
    expect(idsWhere(({ refusedIn }) => refusedIn.some((phase) => !phases.includes(phase)))).toEqual([]);
    // A refusal in the usual session counts in the envelope, or where the scene ends; elsewhere it says nothing.
    const about = ({ scene }: Attempt) => {
      if (isSweep(scene)) return ['command'];
      if (scene.session) return phases;
      // A server may turn a client away for its name as soon as it connects.
      if (scene.names?.reverse !== undefined) return ['connect', 'mail', 'rcpt'];
      return scene.until === 'auth' ? ['auth'] : ['mail', 'rcpt'];
    };
    expect(idsWhere((one) => one.refusedIn.some((phase) => !about(one).includes(phase)))).toEqual([]);
    expect(idsWhere(({ effect, expected }) => effect === 'leak' && expected !== 'block')).toEqual([]);
    expect(idsWhere(({ effect, expected }) => /lock-out|inbound/.test(effect) && expected !== 'deliver')).toEqual([]);
  });

  test('has a way out for no stranger: what must be delivered outside has a credential', () => {
    const rights = (one: Scene) => [
      one.auth?.with,
      one.by?.auth !== undefined || one.by?.pop !== undefined ? 'right-password' : undefined,
      ...(one.session ?? []).map((step) =>
        step.do === 'auth' || step.do === 'auth-as-offered'
          ? step.with
          : step.do === 'pipelined-envelope'
            ? step.auth
            : undefined,
      ),
      ...[...(one.pop ?? []), ...(one.session ?? []).flatMap((step) => (step.do === 'pop' ? step.steps : []))].map(
        (step) => (step.do === 'login' && step.from === 'same' ? step.with : undefined),
      ),
    ];
    /** Whose message may go out without one: the configuration says so, or the server's own programs send it. */
    const meant = ({ applies, scene }: Attempt) =>
      /^(outside-|relay-to|trusted-|forward-files|procmail)/.test(applies.needs ?? '') ||
      (!isSweep(scene) && (scene.client !== undefined || scene.home !== undefined));
    expect(
      attempts
        .filter((one) => one.expected === 'deliver' && !meant(one))
        .filter(
          ({ scene }) =>
            !isSweep(scene) &&
            scene.destination === 'sink' &&
            !rights(scene).some((one) => one === 'right-password' || one === 'own-realm'),
        )
        .map(({ id }) => id),
    ).toEqual([]);
  });
});

describe('the addresses of the scenes', () => {
  const fill = (template: string) => fillNames(template, { ...names, message: 'Subject: x\r\n\r\nx\r\n' });
  const envelopes = (scene: Scene) => [
    { mailFrom: fill(scene.mailFrom), rcptTo: fill(scene.rcptTo) },
    ...(scene.session ?? []).flatMap((step) =>
      step.do === 'rcpt' && step.to ? [{ mailFrom: '<>', rcptTo: fill(step.to) }] : [],
    ),
  ];
  const filled = attempts.flatMap(({ id, scene }) =>
    isSweep(scene) ? [] : [{ id, scene, envelopes: envelopes(scene) }],
  );

  test('have no name left open', () => {
    expect(filled.filter((one) => one.envelopes.some((path) => /\{\w+\}/.test(path.mailFrom + path.rcptTo)))).toEqual(
      [],
    );
    expect(filled.filter((one) => one.envelopes.some(({ rcptTo }) => rcptTo === '<>' || rcptTo === ''))).toEqual([]);
    for (const { scene } of filled) {
      for (const step of scene.session ?? []) {
        expect(() =>
          Object.values(step).map((value) => (typeof value === 'string' ? fill(value) : value)),
        ).not.toThrow();
      }
    }
  });

  test('carry the token to the sink where a stranger asks for it, so that a relayed message is found whatever is done to it', () => {
    const without = filled.filter(
      ({ scene, envelopes: paths }) =>
        scene.destination === 'sink' &&
        !scene.reflected &&
        !/\{(alias|virtual)\}|\{account\}|\{L\}/.test(scene.rcptTo) &&
        // Whoever names nobody, in a line of signs alone, cannot name the token either; the message has it.
        /\w/.test(paths[0]?.rcptTo ?? '') &&
        !paths.some(({ rcptTo }) => rcptTo.includes(names.token)),
    );
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  test('lead to a local account where its mailbox is looked into', () => {
    const elsewhere = filled.filter(
      ({ scene, envelopes: paths }) =>
        scene.destination === 'mailbox' && outsideDomains.some((domain) => paths[0]?.rcptTo.includes(domain)),
    );
    expect(elsewhere.map(({ id }) => id)).toEqual([]);
  });
});

test('one target has client addresses enough for all attempts at once, and the proofs around every suite', () => {
  const book = new ClientAddressBook(addressPlan(0));
  // One more for those who may share a network.
  const apart = scenesOf(attempts).filter(needsNetworkApart).length + 1;
  expect(() => Array.from({ length: apart }, () => book.apart4())).not.toThrow();
  expect(() => Array.from({ length: attempts.length + 3 * suites.length }, () => book.next4())).not.toThrow();
});

describe('the definition of a suite', () => {
  const good = attempts[0] as Attempt;

  test('gives every attempt its suite', () => {
    expect(defineSuite(good.suite, 'x', [good]).attempts[0]?.suite).toBe(good.suite);
  });

  test.each([
    ['an id of another suite', { id: 'elsewhere/x' }],
    ['an id that only begins with the same letters', { id: `${good.suite}-x/y` }],
    ['a requirement without MUST', { requirement: 'A server ought to.' }],
    ['a requirement that is no sentence', { requirement: 'A server MUST' }],
  ])('refuses %s', (_what, change) => {
    const attempt = { ...good, ...change };
    expect(() => defineSuite(good.suite, 'x', [attempt])).toThrow(attempt.id);
  });
});
