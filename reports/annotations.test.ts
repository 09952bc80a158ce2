import { describe, expect, test } from 'vitest';
import { type Command, commandsIn } from '../tests/composite-action.ts';
import { MOST_OF_A_KIND, renderAnnotations } from './annotations.ts';
import { markBaseline } from './baseline.ts';
import type { Report } from './model.ts';
import { compliantReport, hostileTexts, sampleReport, withEveryText } from './sample-report.ts';

const commands = (report: Report): Command[] => commandsIn(renderAnnotations(report));
const ofKind = (report: Report, kind: string) => commands(report).filter(({ name }) => name === kind);

/** The sample, with the place of the subject's files. */
function placed(source: { folder: string; main: string; mainAs?: string }): Report {
  const report = sampleReport();
  Object.assign(report.configurations[1] ?? {}, { source });
  return report;
}
const violation = (report: Report) =>
  ofKind(report, 'error').find(({ properties }) => properties.title?.includes('violation'));

describe('a violation', () => {
  test('is an error at the line that causes it, with its remedy', () => {
    expect(violation(placed({ folder: 'etc/mail', main: 'sendmail.mc' }))).toEqual({
      name: 'error',
      properties: { file: 'etc/mail/sendmail.mc', line: '31', title: 'our mail: Zürich/东京: 2 violations' },
      text: [
        'open-relay/plain: The sink received the message of a stranger.',
        'open-relay/percent-hack-host: The sink received the message.',
        "Cause: FEATURE(`promiscuous_relay') (without it, the rules answer otherwise)",
        'Remedy: Remove FEATURE(`promiscuous_relay’) and name the networks that may relay.',
      ].join('\n'),
    });
  });

  test.each<[string, Parameters<typeof placed>[0], string | undefined]>([
    ['in the folder where the run was started', { folder: '.', main: 'sendmail.mc' }, 'sendmail.mc'],
    ['in the file as it is called there', { folder: 'm', main: 'host.mc', mainAs: 'sendmail.mc' }, 'm/host.mc'],
    [
      'with signs that mean something to the runner',
      { folder: 'a,b:c%2C', main: 'sendmail.mc' },
      'a,b:c%2C/sendmail.mc',
    ],
    ['nowhere, where the name cannot be shown', { folder: 'a\nb', main: 'sendmail.mc' }, undefined],
  ])('is %s', (_what, source, file) => {
    const { properties } = violation(placed(source)) ?? { properties: {} };
    expect(properties).toMatchObject({ title: 'our mail: Zürich/东京: 2 violations' });
    expect([(properties as Record<string, string>).file, (properties as Record<string, string>).line]).toEqual([
      file,
      file && '31',
    ]);
  });

  test('has no place where it is not known', () => {
    expect(Object.keys(violation(sampleReport())?.properties ?? {})).toEqual(['title']);
  });
});

describe('the others', () => {
  test('an inconclusive run is an error with its reasons, a warning and a waiver that ends are warnings', () => {
    const report = placed({ folder: 'etc/mail', main: 'sendmail.mc' });
    expect(ofKind(report, 'error')[0]).toMatchObject({
      properties: { title: 'inconclusive' },
      text: report.reasons.join('\n'),
    });
    expect(ofKind(report, 'warning').map(({ properties }) => [properties.title, properties.file])).toEqual([
      ...Array.from({ length: 4 }, () => ['our mail: Zürich/东京: a waiver', 'etc/mail/relayproof.yaml']),
      ['smtp-auth: 1 warning', undefined],
    ]);
  });

  test('a compliant run has no error, and a notice with the verdict', () => {
    expect(ofKind(compliantReport(), 'error')).toEqual([]);
    expect(ofKind(compliantReport(), 'notice').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Compliant: /),
    ]);
  });

  test('a known violation is a notice where the gate lets it pass, and an error where not', () => {
    const marked = (gate: 'all' | 'new') => {
      const report = compliantReport();
      const [plain] = report.configurations[0]?.attempts ?? [];
      if (plain) plain.verdict = 'fail';
      report.verdict = 'non-compliant';
      const earlier = { file: 'r.json', report: structuredClone(report), gate };
      return markBaseline(report, earlier, { troubles: [], interrupted: false });
    };
    expect([ofKind(marked('all'), 'error').length, ofKind(marked('all'), 'notice').length]).toEqual([1, 1]);
    expect(ofKind(marked('new'), 'error')).toEqual([]);
    expect(ofKind(marked('new'), 'notice').map(({ properties }) => properties.title)).toEqual([
      'smtp-auth: 1 known violation',
      'relayproof',
    ]);
    expect(ofKind(marked('new'), 'notice').at(-1)?.text).toMatch(/\nExit status \d: 1 known violation, no new one/);
  });

  test('there are no more of a kind than a step shows, and the last one says how many are left', () => {
    const report = sampleReport();
    const subject = report.configurations[1];
    if (!subject) throw new Error('the sample has a subject');
    report.configurations = Array.from({ length: 30 }, (_, n) => ({ ...subject, name: `c${n}`, waivers: [] }));
    const errors = ofKind(report, 'error');
    expect(errors).toHaveLength(MOST_OF_A_KIND);
    // 30 groups and the run's own reasons, of which nine are shown.
    expect(errors.at(-1)?.text).toMatch(/^22 more/);
  });
});

describe('hostile text', () => {
  const plain = commands(sampleReport());
  test.each(
    Object.entries({
      ...hostileTexts,
      'a command': '\n::error::pwned',
      'an old command': '##[error]pwned',
      'an escaped line break': '%0A::error::pwned',
      'the end of the properties': ',line=1::pwned',
    }),
  )('is inert: %s', (_name, hostile) => {
    const output = renderAnnotations(withEveryText(sampleReport(), (text) => text + hostile));
    const told = commandsIn(output);
    expect(told.map(({ name, properties }) => [name, Object.keys(properties)])).toEqual(
      plain.map(({ name, properties }) => [name, Object.keys(properties)]),
    );
    expect(output.split('\n')).toHaveLength(plain.length + 1);
    expect(output).not.toMatch(/[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/u);
    expect(Buffer.byteLength(output)).toBeLessThan(100_000);
  });
});
