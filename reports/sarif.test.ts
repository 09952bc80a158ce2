import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { ConfigurationResult, Report } from './model.ts';
import { baselineReport, compliantReport, sampleReport } from './sample-report.ts';
import { MOST_RESULTS } from './sarif/results.ts';
import { renderSarif } from './sarif.ts';

const schema = fileURLToPath(new URL('./fixtures/sarif-schema-2.1.0.json', import.meta.url));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const valid = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));

function runOf(report: Report): Run {
  const log: Log = JSON.parse(renderSarif(report));
  expect(valid(log), JSON.stringify(valid.errors?.slice(0, 3))).toBe(true);
  return log.runs[0] as Run;
}

const subjectName = 'our mail: Zürich/东京';
const nameOf = (result: Result) => result.properties?.configuration;
const resultsOf = (run: Run, id: string, configuration = subjectName): Result[] =>
  (run.results ?? []).filter((result) => result.ruleId === id && nameOf(result) === configuration);
const only = (results: Result[]): Result => {
  expect(results).toHaveLength(1);
  return results[0] as Result;
};
const placeOf = (result: Result) => result.locations?.[0]?.physicalLocation;

/** The sample with the subject changed. */
function withSubject(change: (subject: ConfigurationResult) => void): Report {
  const report = sampleReport();
  const subject = report.configurations.find(({ name }) => name === subjectName);
  if (subject === undefined) throw new Error('the sample has a subject');
  change(subject);
  return report;
}

const sample = runOf(sampleReport());

describe('the schema', () => {
  test('is that of OASIS, and sees what is wrong', () => {
    const log = JSON.parse(renderSarif(sampleReport()));
    expect(valid(log)).toBe(true);
    expect(valid({ ...log, version: '2.0.0' })).toBe(false);
    log.runs[0].results[0].kind = 'violation';
    expect(valid(log)).toBe(false);
    log.runs[0].results[0].kind = 'fail';
    log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = 'a folder/a file';
    expect(valid(log)).toBe(false);
  });
});

describe('results', () => {
  test.each([
    ['open-relay/plain', subjectName, 'fail', 'error'],
    ['transport/plaintext-auth', 'smtp-auth', 'fail', 'warning'],
    ['smtp-auth/after-starttls', 'smtp-auth', 'fail', 'note'],
    ['pop-before-smtp/neighbour', subjectName, 'open', 'none'],
  ])('%s of %s is %s at level %s', (id, configuration, kind, level) => {
    expect(only(resultsOf(sample, id, configuration))).toMatchObject({ kind, level });
  });

  test('are those of configurations under test, without passes and what does not apply', () => {
    expect(resultsOf(sample, 'open-relay/plain', 'promiscuous')).toEqual([]);
    expect(resultsOf(sample, 'open-relay/plain', 'smtp-auth')).toEqual([]);
    expect(resultsOf(sample, 'pop-before-smtp/neighbour', 'smtp-auth')).toEqual([]);
    expect(sample.results).toHaveLength(7);
    expect(runOf(compliantReport()).results?.map(({ level }) => level)).toEqual(['warning', 'note']);
  });

  test('have the worst first', () => {
    const levels = sample.results?.map(({ level, suppressions }) => (suppressions ? 'waived' : level));
    expect(levels).toEqual(['error', 'error', 'none', 'none', 'warning', 'note', 'waived']);
  });

  test('say in their first sentence what is wrong, then why, and where', () => {
    expect(only(resultsOf(sample, 'open-relay/plain')).message.text).toBe(
      'An outsider writes to an outsider: must be blocked, relayed: the sink received it. ' +
        `Configuration ${subjectName}. The sink received the message of a stranger. ` +
        "Cause: sendmail.mc:31: FEATURE(`promiscuous_relay') (without it, the rules answer otherwise).",
    );
    expect(only(resultsOf(sample, 'smtp-auth/plain')).message.text).toContain('could not be told');
  });

  test('that are waived are suppressed, with the reason and the last day', () => {
    expect(only(resultsOf(sample, 'transport/plaintext-auth')).suppressions).toEqual([
      { kind: 'external', justification: 'legacy scanners (until 2026-03-20)' },
    ]);
    expect(only(resultsOf(sample, 'open-relay/plain')).suppressions).toBeUndefined();
  });

  test('stay below what code scanning takes, and the rest is counted', () => {
    const report = withSubject((subject) => {
      const [failed] = subject.attempts;
      if (failed === undefined) throw new Error('the sample has a violation');
      subject.attempts = Array.from({ length: MOST_RESULTS + 7 }, () => failed);
    });
    const run = runOf(report);
    expect(run.results).toHaveLength(MOST_RESULTS);
    expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toMatch(/^9 results left out here/);
  });
});

describe('places', () => {
  test('are lines of the subject’s own files', () => {
    expect(placeOf(only(resultsOf(sample, 'open-relay/plain')))).toEqual({
      artifactLocation: { uri: 'sendmail.mc', uriBaseId: 'CONFIGURATION_2' },
      region: { startLine: 31, snippet: { text: "FEATURE(`promiscuous_relay')" } },
    });
  });

  test('have all of the way from where the run was started, and no character that a URI may not have', () => {
    const run = runOf(
      withSubject((subject) => {
        subject.source = { folder: 'hosts/our mail', main: 'sendmail.mc' };
        const cause = subject.attempts[0]?.cause;
        if (cause) cause.file = 'm4/ä #1?%.m4';
      }),
    );
    expect(placeOf(only(resultsOf(run, 'open-relay/plain')))?.artifactLocation).toEqual({
      uri: 'hosts/our%20mail/m4/%C3%A4%20%231%3F%25.m4',
      uriBaseId: '%SRCROOT%',
    });
    expect(run.originalUriBaseIds?.['%SRCROOT%']).toBeDefined();
    expect(run.originalUriBaseIds?.CONFIGURATION_2).toBeUndefined();
  });

  test('are absolute where the folder is elsewhere', () => {
    const run = runOf(withSubject((subject) => (subject.source = { folder: '/srv/etc mail', main: 'sendmail.mc' })));
    expect(placeOf(only(resultsOf(run, 'open-relay/plain')))?.artifactLocation).toEqual({
      uri: 'file:///srv/etc%20mail/sendmail.mc',
    });
  });

  test('name the main file as it is called in the folder', () => {
    const source = { folder: '.', main: 'mail.example.mc', mainAs: 'sendmail.mc' };
    const run = runOf(withSubject((subject) => (subject.source = source)));
    expect(placeOf(only(resultsOf(run, 'open-relay/plain')))?.artifactLocation?.uri).toBe('mail.example.mc');
  });

  test('without a cause are the first line of the main file, and say so', () => {
    const location = only(resultsOf(sample, 'open-relay/percent-hack-host')).locations?.[0];
    expect(location?.physicalLocation?.region).toEqual({ startLine: 1 });
    expect(location?.message?.text).toContain('No line was found');
    const run = runOf(withSubject((subject) => (subject.source = { folder: 'site', main: 'sendmail.cf' })));
    expect(placeOf(only(resultsOf(run, 'open-relay/percent-hack-host')))?.artifactLocation?.uri).toBe(
      'site/sendmail.cf',
    );
  });

  test('never lead out of the folder, nor to a line that there is none of', () => {
    const run = runOf(
      withSubject((subject) => {
        subject.source = { folder: 'site', main: 'sendmail.mc' };
        const cause = subject.attempts[0]?.cause;
        if (cause) Object.assign(cause, { file: '../..//etc/passwd', line: -3, absent: true });
      }),
    );
    expect(placeOf(only(resultsOf(run, 'open-relay/plain')))).toEqual({
      artifactLocation: { uri: 'site/%2E%2E/%2E%2E/etc/passwd', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1 },
    });
  });

  test('what a sweep found has its lines as related ones', () => {
    const run = runOf(
      withSubject((subject) => {
        const evidence = subject.attempts[0]?.evidence;
        const cause = { file: 'access', line: 7, text: '203.0.113 RELAY' };
        const found = { what: '203.0.113.0/24', words: '203.0.113.0/24 may relay', example: '203.0.113.9' };
        if (evidence) evidence.findings = [{ kind: 'network', ...found, confirmed: 'relayed', cause }];
      }),
    );
    const related = only(resultsOf(run, 'open-relay/plain')).relatedLocations;
    expect(related).toHaveLength(1);
    expect(related?.[0]).toMatchObject({ id: 1, physicalLocation: { region: { startLine: 7 } } });
    expect(related?.[0]?.message?.text).toContain('203.0.113.0/24');
  });
});

describe('fingerprints', () => {
  const printOf = (report: Report) => only(resultsOf(runOf(report), 'open-relay/plain')).partialFingerprints;
  const changed = (field: 'line' | 'text', value: number | string) =>
    printOf(
      withSubject((subject) => {
        const cause = subject.attempts[0]?.cause;
        if (cause) Object.assign(cause, { [field]: value });
      }),
    );

  test('are those of another run, also where lines have moved and the words of the server are others', () => {
    const first = printOf(sampleReport());
    expect(Object.keys(first ?? {})).toContain('primaryLocationLineHash');
    expect(changed('line', 90)).toEqual(first);
    const reworded = withSubject((subject) => Object.assign(subject.attempts[0] ?? {}, { reason: '550 no' }));
    expect(printOf(reworded)).toEqual(first);
  });

  test('are others for another line, attempt or configuration', () => {
    expect(changed('text', 'FEATURE(`relay_entire_domain’)')).not.toEqual(printOf(sampleReport()));
    const all = sample.results?.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints)) ?? [];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('rules', () => {
  const rules = sample.tool.driver.rules ?? [];

  test('are those that have results, each once and in place', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { ruleId, ruleIndex } of sample.results ?? []) expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
    expect(rules.map(({ id }) => id)).not.toContain('transport/smuggling');
  });

  test('say what is required, how to mend it, and by which clause', () => {
    const rule = rules.find(({ id }) => id === 'open-relay/plain');
    expect(rule?.shortDescription?.text).toBe('An outsider writes to an outsider');
    expect(rule?.fullDescription?.text).toContain('MUST');
    expect(rule?.help?.text).toContain('Remedy: Remove FEATURE(`promiscuous_relay’)');
    expect(rule?.help?.markdown).toContain('](<https://www.rfc-editor.org/rfc/rfc5321#section-3.6.2>)');
    expect(rule?.help?.markdown).not.toContain('javascript:');
    expect(rule?.defaultConfiguration?.level).toBe('error');
    expect(rule?.properties).toMatchObject({
      effect: 'leak',
      'security-severity': '9.1',
      clauses: ['RFC 5321 3.6.2', 'op.me 5.1.4.2'],
    });
    expect(rules.find(({ id }) => id === 'smtp-auth/plain')?.properties).not.toHaveProperty('security-severity');
  });

  test('an attempt that the catalogue does not know has one all the same', () => {
    const run = runOf({ ...sampleReport(), catalogue: [] });
    expect(run.results?.[0]?.level).toBe('error');
    expect(run.tool.driver.rules?.[0]?.help?.text).toContain('does not describe');
  });
});

describe('the run', () => {
  const notes = (report: Report) => runOf(report).invocations?.[0]?.toolExecutionNotifications ?? [];

  test('was successful if it came to a verdict', () => {
    expect(sample.invocations?.[0]).toMatchObject({
      executionSuccessful: false,
      exitCode: 2,
      arguments: ['audit', './our mail'],
      startTimeUtc: '2026-03-01T10:00:00.000Z',
    });
    const bad = { ...compliantReport(), verdict: 'non-compliant' as const, exitStatus: 1 };
    expect(runOf(bad).invocations?.[0]).toMatchObject({ executionSuccessful: true, exitCode: 1 });
  });

  test('tells of controls that were missed, of what did not start, of dead paths, waivers and adaptations', () => {
    const kinds = sample.tool.driver.notifications ?? [];
    const said = notes(sampleReport()).map(({ descriptor, level, message }) => {
      expect(kinds[descriptor?.index ?? -1]?.id).toBe(descriptor?.id);
      return `${level} ${descriptor?.id}: ${message.text}`;
    });
    expect(said.join('\n')).toContain(
      'error control-missed: Control string-prefix: pop-before-smtp/neighbour NOT flagged, smtp-auth/wrong-password NOT run.',
    );
    expect(said.join('\n')).toContain('error configuration-broken: Configuration broken does not start');
    expect(said.join('\n')).toContain('error path-not-proved');
    expect(said.join('\n')).toContain('warning waiver');
    expect(said.join('\n')).toContain('note adaptation');
    expect(notes(compliantReport()).map(({ level }) => level)).toEqual(['note']);
  });

  test('says which relayproof it was', () => {
    expect(sample.tool.driver).toMatchObject({ name: 'relayproof', semanticVersion: '0.1.0' });
    const odd = sampleReport();
    odd.provenance.version = 'a version';
    expect(runOf(odd).tool.driver.semanticVersion).toBeUndefined();
  });
});

test('braces and links of a target stay text', () => {
  const run = runOf(
    withSubject((subject) => Object.assign(subject.attempts[0] ?? {}, { reason: '{0} [x](http://evil.example)' })),
  );
  const text = only(resultsOf(run, 'open-relay/plain')).message.text ?? '';
  expect(text).toContain('{{0}} [x]\\u{{0028}}http://evil.example)');
});

test('a run with a baseline says what is new and what is not; one without says nothing', () => {
  const statesOf = (report: Report) => runOf(report).results?.map(({ baselineState }) => baselineState) ?? [];
  const states = statesOf(baselineReport());
  expect(states).toContain('new');
  expect(states).toContain('unchanged');
  expect(statesOf(sampleReport()).every((state) => state === undefined)).toBe(true);
});
