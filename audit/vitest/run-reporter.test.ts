import { describe, expect, test } from 'vitest';
import type { TestCase, TestModule } from 'vitest/node';
import type { AttemptResult } from '../../reports/model.ts';
import type { Run } from '../run.ts';
import { compareWithPlan } from './run-reporter.ts';

/** What the comparison looks at in vitest's objects, and no more. */
type FakeTest = {
  configuration: string;
  attempt: string;
  state?: 'passed' | 'failed' | 'skipped' | 'pending';
  flaky?: boolean;
};
const testCase = ({ configuration, attempt, state = 'passed', flaky = false }: FakeTest) =>
  ({
    meta: () => ({ relayproof: { configuration, attempt } }),
    result: () => ({ state }),
    diagnostic: () => (state === 'pending' ? undefined : { flaky }),
  }) as unknown as TestCase;
const testModule = (tests: FakeTest[], errors: string[] = [], others: TestCase[] = []) =>
  ({
    moduleId: '/project/suites/open-relay.suite.ts',
    errors: () => errors.map((message) => ({ message })),
    children: { allTests: () => [...tests.map(testCase), ...others] },
  }) as unknown as TestModule;

/** A run with trials of the names given, each with results for a and b. */
function run(verdict: AttemptResult['verdict'], ...names: string[]) {
  const trials = new Map(
    names.map((name) => {
      const result = (id: string) => [id, { id, verdict } as AttemptResult] as const;
      return [name, { name, results: new Map([result('a'), result('b')]) }];
    }),
  );
  const kept = () =>
    [...trials.values()].flatMap(({ name, results }) => [...results.keys()].map((id) => `${name} ${id}`));
  return { run: { audit: { trials } } as unknown as Run, kept };
}
const both = (changes: Partial<FakeTest> = {}, configuration = 'one'): FakeTest[] => [
  { configuration, attempt: 'a' },
  { configuration, attempt: 'b', ...changes },
];

describe('a result stays', () => {
  test.each(['passed', 'failed'] as const)('where its test has %s', (state) => {
    const { run: planned, kept } = run('pass', 'one');
    expect(compareWithPlan(planned, [testModule(both({ state }))], [])).toEqual([]);
    expect(kept()).toEqual(['one a', 'one b']);
  });

  test.each(['not-applicable', 'waived'] as const)('where we have skipped its test ourselves: %s', (verdict) => {
    const { run: planned, kept } = run(verdict, 'one');
    expect(compareWithPlan(planned, [testModule(both({ state: 'skipped' }))], [])).toEqual([]);
    expect(kept()).toEqual(['one a', 'one b']);
  });

  test('where its test is in one of several files', () => {
    const { run: planned, kept } = run('pass', 'one', 'two');
    const files = [testModule(both()), testModule(both({}, 'two'))];
    expect(compareWithPlan(planned, files, [])).toEqual([]);
    expect(kept()).toEqual(['one a', 'one b', 'two a', 'two b']);
  });
});

describe('a result goes', () => {
  test.each([
    ['vanished', [{ configuration: 'one', attempt: 'a' }]],
    [
      'is of another configuration',
      [
        { configuration: 'one', attempt: 'a' },
        { configuration: 'two', attempt: 'b' },
      ],
    ],
    ['was skipped by somebody', both({ state: 'skipped' })],
    ['never ran', both({ state: 'pending' })],
  ])('where its test %s', (_why, tests) => {
    const { run: planned, kept } = run('pass', 'one');
    compareWithPlan(planned, [testModule(tests)], []);
    expect(kept()).toEqual(['one a']);
  });

  test.each(['fail', 'inconclusive'] as const)('where its test was skipped, though the result is %s', (verdict) => {
    const { run: planned, kept } = run(verdict, 'one');
    compareWithPlan(planned, [testModule(both({ state: 'skipped' }))], []);
    expect(kept()).toEqual(['one a']);
  });

  test('with all others where no file ran at all', () => {
    const { run: planned, kept } = run('pass', 'one', 'two');
    compareWithPlan(planned, [], []);
    expect(kept()).toEqual([]);
  });

  test('that no test but somebody else’s could stand for', () => {
    const { run: planned, kept } = run('pass', 'one');
    const foreign = { meta: () => ({}), result: () => ({ state: 'passed' }), diagnostic: () => undefined };
    compareWithPlan(planned, [testModule([], [], [foreign as unknown as TestCase])], []);
    expect(kept()).toEqual([]);
  });
});

describe('trouble', () => {
  test('is a file that did not run, by its name', () => {
    const { run: planned, kept } = run('pass', 'one');
    const troubles = compareWithPlan(planned, [testModule([], ['Cannot find module'])], []);
    expect(troubles).toEqual(['open-relay.suite.ts did not run: Cannot find module']);
    expect(kept()).toEqual([]);
  });

  test('is an error of the file’s even if its tests have run', () => {
    const { run: planned, kept } = run('pass', 'one');
    expect(compareWithPlan(planned, [testModule(both(), ['beforeAll'])], [])).toHaveLength(1);
    expect(kept()).toHaveLength(2);
  });

  test('is a test that a retry made pass', () => {
    const { run: planned } = run('pass', 'one');
    const troubles = compareWithPlan(planned, [testModule(both({ flaky: true }))], []);
    expect(troubles).toEqual(['b on one was retried into success']);
  });

  test('is what vitest itself complains of', () => {
    const { run: planned } = run('pass', 'one');
    const errors = [{ message: 'Unhandled rejection' }, {}] as Parameters<typeof compareWithPlan>[2];
    expect(compareWithPlan(planned, [testModule(both())], errors)).toEqual([
      'vitest: Unhandled rejection',
      'vitest: unknown error',
    ]);
  });
});
