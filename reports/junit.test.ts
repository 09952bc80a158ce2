import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { markBaseline } from './baseline.ts';
import { renderJunit } from './junit.ts';
import type { AttemptResult, Report } from './model.ts';
import { compliantReport, hostileTexts, sampleReport, withEveryText } from './sample-report.ts';

type Outcome = { '@message': string; '@type'?: string; '#text'?: string };
type Case = {
  '@classname': string;
  '@name': string;
  '@time': string;
  failure?: Outcome;
  error?: Outcome;
  skipped?: Outcome;
  'system-out'?: string;
};
type Counters = Record<'@name' | '@tests' | '@failures' | '@errors' | '@skipped' | '@time', string>;
type Suite = Counters & { testcase?: Case[] };
type Root = Counters & { testsuite?: Suite[] };

function parse(xml: string): Root {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseAttributeValue: false,
    parseTagValue: false,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  return parser.parse(xml).testsuites;
}

const parsed = (report: Report): Root => parse(renderJunit(report));
const casesOf = (root: Root, suite: string): Case[] =>
  root.testsuite?.find((candidate) => candidate['@name'] === suite)?.testcase ?? [];
const caseOf = (root: Root, suite: string, name: string): Case => {
  const found = casesOf(root, suite).filter((candidate) => candidate['@name'] === name);
  expect(found).toHaveLength(1);
  return found[0] as Case;
};
const stateOf = (testCase: Case): string =>
  (['failure', 'error', 'skipped'] as const).filter((state) => state in testCase).join('+') || 'passed';

/** The counters against the elements, on both levels. */
function checkCounters(root: Root): void {
  const sums = { tests: 0, failures: 0, errors: 0, skipped: 0, milliseconds: 0 };
  for (const suite of root.testsuite ?? []) {
    const cases = suite.testcase ?? [];
    const number = (state: string) => cases.filter((testCase) => stateOf(testCase) === state).length;
    const milliseconds = cases.reduce((sum, testCase) => sum + Math.round(Number(testCase['@time']) * 1000), 0);
    expect(Number(suite['@tests'])).toBe(cases.length);
    expect(Number(suite['@failures'])).toBe(number('failure'));
    expect(Number(suite['@errors'])).toBe(number('error'));
    expect(Number(suite['@skipped'])).toBe(number('skipped'));
    expect(suite['@time']).toBe((milliseconds / 1000).toFixed(3));
    sums.tests += cases.length;
    sums.failures += number('failure');
    sums.errors += number('error');
    sums.skipped += number('skipped');
    sums.milliseconds += milliseconds;
  }
  expect(Number(root['@tests'])).toBe(sums.tests);
  expect(Number(root['@failures'])).toBe(sums.failures);
  expect(Number(root['@errors'])).toBe(sums.errors);
  expect(Number(root['@skipped'])).toBe(sums.skipped);
  expect(root['@time']).toBe((sums.milliseconds / 1000).toFixed(3));
}

const sample = parsed(sampleReport());
const subject = 'our mail: Zürich/东京';

describe('counters', () => {
  test('agree with the elements', () => {
    checkCounters(sample);
    expect(sample['@failures']).toBe('2');
    expect(Number(sample['@errors'])).toBe(7);
    expect(sample['@skipped']).toBe('3');
  });

  test('no two cases have the same class and name', () => {
    const report = sampleReport();
    for (const configuration of report.configurations) configuration.attempts.push(...configuration.attempts);
    report.configurations.push(...structuredClone(report.configurations));
    const root = parsed(report);
    checkCounters(root);
    const keys = (root.testsuite ?? [])
      .flatMap(({ testcase }) => testcase ?? [])
      .map((one) => `${one['@classname']} ${one['@name']}`);
    expect(new Set(keys).size).toBe(keys.length);
    const names = root.testsuite?.map((suite) => suite['@name']) ?? [];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('references and subjects', () => {
  test.each([
    ['smtp-auth', 'open-relay/plain', 'passed'],
    ['smtp-auth', 'pop-before-smtp/neighbour', 'skipped'],
    ['smtp-auth', 'smtp-auth/after-starttls', 'passed'],
    ['smtp-auth', 'transport/plaintext-auth', 'passed'],
    [subject, 'open-relay/plain', 'failure'],
    [subject, 'pop-before-smtp/neighbour', 'error'],
    [subject, 'transport/plaintext-auth', 'skipped'],
    ['broken', 'starts', 'error'],
  ])('%s %s: %s', (suite, name, state) => {
    expect(stateOf(caseOf(sample, suite, name))).toBe(state);
  });

  test('say why', () => {
    expect(caseOf(sample, subject, 'open-relay/plain').failure?.['@message']).toBe(
      'The sink received the message of a stranger.',
    );
    expect(caseOf(sample, subject, 'open-relay/plain').failure?.['#text']).toContain('Remedy: Remove FEATURE');
    expect(caseOf(sample, subject, 'transport/plaintext-auth').skipped?.['@message']).toMatch(/^waived: /u);
    expect(caseOf(sample, 'smtp-auth', 'transport/plaintext-auth')['system-out']).toContain('level should');
    expect(caseOf(sample, 'broken', 'starts').error?.['#text']).toContain('line 7: unknown line');
  });

  test('an attempt that the catalogue does not know fails as a must', () => {
    expect(stateOf(caseOf(parsed({ ...sampleReport(), catalogue: [] }), 'smtp-auth', 'transport/plaintext-auth'))).toBe(
      'failure',
    );
  });
});

describe('controls', () => {
  test('pass where they are detected, whatever else fails on them', () => {
    expect(casesOf(sample, 'promiscuous').map(stateOf)).toEqual(['passed', 'passed', 'skipped', 'passed']);
    expect(caseOf(sample, 'promiscuous', 'open-relay/plain')['system-out']).toMatch(/^detected: /u);
  });

  test('stop the pipeline where they are not detected, or the attempt did not run', () => {
    expect(caseOf(sample, 'string-prefix', 'pop-before-smtp/neighbour').error?.['@message']).toMatch(
      /^not detected: pass: /u,
    );
    expect(caseOf(sample, 'string-prefix', 'smtp-auth/wrong-password').error?.['@message']).toMatch(
      /^not detected: .*did not run/u,
    );
  });

  test.each(['pass', 'inconclusive', 'not-applicable', 'waived'] as const)('%s is not detection', (verdict) => {
    const report = sampleReport();
    const attempt = report.configurations.find(({ name }) => name === 'promiscuous')?.attempts[0];
    if (attempt === undefined) throw new Error('the sample has a control');
    attempt.verdict = verdict;
    expect(stateOf(caseOf(parsed(report), 'promiscuous', 'open-relay/plain'))).toBe('error');
  });
});

describe('the run', () => {
  test('its reasons are errors where it is inconclusive', () => {
    expect(casesOf(sample, 'relayproof').map(({ error }) => error?.['@message'])).toEqual(sampleReport().reasons);
  });

  test('a compliant one is all green', () => {
    const root = parsed(compliantReport());
    checkCounters(root);
    expect([root['@failures'], root['@errors']]).toEqual(['0', '0']);
    expect(Number(root['@tests'])).toBeGreaterThan(0);
  });

  test.each([
    ['inconclusive', (report: Report) => ({ ...report, verdict: 'inconclusive' as const })],
    ['non-compliant', (report: Report) => ({ ...report, verdict: 'non-compliant' as const })],
    ['empty', (report: Report) => ({ ...report, configurations: [] })],
    [
      'with a missed control',
      (report: Report) => ({
        ...report,
        configurations: report.configurations.map((one) =>
          one.role === 'control' ? { ...one, verdict: 'missed' as const } : one,
        ),
      }),
    ],
    [
      'with a configuration that is inconclusive for no attempt’s sake',
      (report: Report) => ({
        ...report,
        configurations: report.configurations.map((one) =>
          one.role === 'control' ? one : { ...one, verdict: 'inconclusive' as const },
        ),
      }),
    ],
  ])('is never green if it is %s', (_name, change) => {
    const root = parsed(change(compliantReport()));
    checkCounters(root);
    expect(Number(root['@failures']) + Number(root['@errors'])).toBeGreaterThan(0);
  });
});

describe('with a baseline', () => {
  /** The sample without what makes it inconclusive for another reason. */
  function known(gate: 'all' | 'new', then: AttemptResult['verdict'] = 'fail'): Report {
    const report = compliantReport();
    const earlier = compliantReport();
    const [plain] = report.configurations[0]?.attempts ?? [];
    const [before] = earlier.configurations[0]?.attempts ?? [];
    if (!plain || !before) throw new Error('the sample has a reference');
    plain.verdict = 'fail';
    before.verdict = then;
    Object.assign(report, { verdict: 'non-compliant', reasons: ['smtp-auth is non-compliant'] });
    Object.assign(report.configurations[0] ?? {}, { verdict: 'non-compliant' });
    const [, other] = report.configurations[0]?.attempts ?? [];
    if (other) other.verdict = 'pass';
    return markBaseline(report, { file: 'r.json', report: earlier, gate }, { troubles: [], interrupted: false });
  }
  const counts = (report: Report) => {
    const root = parsed(report);
    checkCounters(root);
    return [root['@failures'], root['@errors']];
  };

  test('a known violation is a failure still', () => {
    expect(counts(known('all'))).toEqual(['1', '0']);
    const text = caseOf(parsed(known('all')), 'smtp-auth', 'open-relay/plain').failure?.['#text'];
    expect(text).toContain('Since the baseline: known');
  });

  test('gated on new ones, it is skipped and says so: a test view knows no gate, and would stop the pipeline', () => {
    expect(counts(known('new'))).toEqual(['0', '0']);
    expect(caseOf(parsed(known('new')), 'smtp-auth', 'open-relay/plain').skipped?.['@message']).toMatch(
      /^known violation, which the baseline has too: /u,
    );
    expect(caseOf(parsed(known('new')), 'smtp-auth', 'verdict').skipped?.['@message']).toMatch(/^non-compliant/u);
  });

  test('gated on new ones, a new one is a failure', () => {
    expect(counts(known('new', 'pass'))).toEqual(['1', '0']);
  });

  test('gated on new ones, an inconclusive run is no greener than its exit status', () => {
    const report = known('new');
    Object.assign(report.baseline?.gated ?? {}, { verdict: 'inconclusive', reasons: ['clean-up failed'] });
    expect(counts(report)).toEqual(['0', '1']);
  });

  test('gated on new ones, what is inconclusive at level info stops nothing', () => {
    const report = known('new');
    const attempt = report.configurations[0]?.attempts.find(({ id }) => id === 'smtp-auth/after-starttls');
    if (attempt) attempt.verdict = 'inconclusive';
    expect(counts(report)).toEqual(['0', '0']);
  });
});

describe('hostile text', () => {
  const skeleton = (xml: string) => (xml.match(/<\/?[\w?-]+/gu) ?? []).join(' ');
  const plain = skeleton(renderJunit(sampleReport()));

  test.each(Object.entries(hostileTexts))('is inert: %s', (_name, hostile) => {
    const xml = renderJunit(withEveryText(sampleReport(), (value) => value + hostile));
    expect(skeleton(xml)).toBe(plain);
    expect(xml).not.toMatch(/[\p{Cf}\p{Cs}\ufffe\uffff]|(?!\n)\p{Cc}/u);
    expect(xml).not.toContain(']]>');
    expect(xml.length).toBeLessThan(1_000_000);
    checkCounters(parse(xml));
  });

  test('comes back as it was, where it is harmless', () => {
    const hostile = hostileTexts.script ?? '';
    const root = parsed(withEveryText(sampleReport(), (value) => value + hostile));
    expect(casesOf(root, 'relayproof')[0]?.error?.['@message']).toBe(`The control string-prefix was missed.${hostile}`);
  });
});
