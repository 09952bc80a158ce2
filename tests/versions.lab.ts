/**
 * The references with every sendmail that targets can run. What is known of a version (audit/version-differences.ts) must
 * show, and nothing else may be different: else the data are wrong, or a configuration that is called proven is not.
 */
import { expect, test } from 'vitest';
import { matcher } from '../audit/plan.ts';
import { differencesOf, explains } from '../audit/version-differences.ts';
import { referenceNames } from '../containers/configurations/references.ts';
import { DEFAULT_SENDMAIL, releaseOf, type SendmailVersion, sendmailVersions } from '../containers/target/releases.ts';
import type { AttemptResult, ConfigurationVerdict, Report } from '../reports/model.ts';
import { auditInLab } from './run-in-lab.ts';

/** 8.15 has a hole that no reference closes: see loose-end-of-message. */
const verdicts: Record<SendmailVersion, ConfigurationVerdict> = {
  '8.15': 'non-compliant',
  '8.17': 'compliant',
  '8.18': 'compliant',
};

/** Where versions differ, and what lies around it: a difference that nobody has written down must have a place to show. */
const attempts = [
  'core',
  'nmap',
  'transport/*',
  'reflection/*',
  'delivery-agents/detail-*',
  'smtp-auth/plain-*',
  ...new Set(
    sendmailVersions.flatMap(differencesOf).flatMap(({ changes }) => changes.flatMap((change) => change.attempts)),
  ),
];

const reports = new Map<SendmailVersion, Promise<Report>>();
function reportOf(sendmail: SendmailVersion): Promise<Report> {
  const known = reports.get(sendmail);
  if (known) {
    return known;
  }
  const made = auditInLab({ configurations: [...referenceNames], attempts, sendmail });
  reports.set(sendmail, made);
  return made;
}

type Cell = { configuration: string; result: AttemptResult; usual: AttemptResult };

/** The results of a version beside those of the default one, as far as they are not the same. */
async function differing(version: SendmailVersion): Promise<Cell[]> {
  const report = await reportOf(version);
  const usual = await reportOf(DEFAULT_SENDMAIL);
  const levels = new Map(usual.catalogue.map(({ id, level }) => [id, level]));
  return report.configurations.flatMap(({ name, attempts: results }) => {
    const there = new Map(
      usual.configurations.find((one) => one.name === name)?.attempts.map((result) => [result.id, result]),
    );
    expect(results.map(({ id }) => id)).toEqual([...there.keys()]);
    return results.flatMap((result) => {
      const other = there.get(result.id) as AttemptResult;
      const applies = (one: AttemptResult) => one.verdict !== 'not-applicable';
      // What is inherent in a mode may come out one way or the other.
      const same =
        levels.get(result.id) === 'info'
          ? applies(result) === applies(other)
          : result.verdict === other.verdict && result.observed === other.observed;
      return same ? [] : [{ configuration: name, result, usual: other }];
    });
  });
}

const inWords = ({ configuration, result, usual }: Cell) =>
  `${configuration} ${result.id}: ${result.verdict}, ${result.observed}: ${result.reason} (usually ${usual.verdict}, ${usual.observed})`;

test.each(sendmailVersions)(
  'with sendmail %s the references have their verdicts, and it is that sendmail',
  async (version) => {
    const report = await reportOf(version);
    const { full, debian } = releaseOf(version);
    expect(report.provenance.sendmail).toBe(`${full} (Debian ${debian})`);
    expect(report.configurations.map(({ name }) => name).sort()).toEqual([...referenceNames].sort());
    for (const { name, verdict, characteristics, attempts: results } of report.configurations) {
      expect(`${name}: ${verdict}`).toBe(`${name}: ${verdicts[version]}`);
      expect(characteristics.sendmail).toContain(`${full} (Debian ${debian}, ${full.slice(0, 4)}`);
      expect(
        results.filter((result) => result.verdict === 'inconclusive').map(({ id, reason }) => [id, reason]),
      ).toEqual([]);
    }
  },
);

test.each(sendmailVersions)('with sendmail %s nothing is different but what is known', async (version) => {
  const changes = differencesOf(version).flatMap((difference) => difference.changes);
  const unknown = (await differing(version)).filter(
    ({ result }) => !changes.some((change) => explains(change, result)),
  );
  expect(unknown.map(inWords)).toEqual([]);
});

test.each(sendmailVersions)('with sendmail %s all that is known shows, on a reference at least', async (version) => {
  const cells = await differing(version);
  const ids = (await reportOf(version)).catalogue.map(({ id }) => id);
  const vanished = differencesOf(version).flatMap(({ id, changes }) =>
    changes.flatMap((change) => {
      const meant = ids.filter((one) => change.attempts.some((pattern) => matcher(pattern)(one)));
      expect(meant).not.toEqual([]);
      return meant
        .filter((one) => !cells.some(({ result }) => result.id === one && explains(change, result)))
        .map((one) => `${id}: ${one} is not ${change.verdict}, ${change.observed}`);
    }),
  );
  expect(vanished).toEqual([]);
});

test.each(sendmailVersions)('what is known of sendmail %s stands in the report', async (version) => {
  const { configurations } = await reportOf(version);
  const known = new Set(differencesOf(version).map(({ id }) => id));
  for (const { adaptations, attempts: results, characteristics } of configurations) {
    expect(characteristics['known of this sendmail']).toHaveLength(known.size);
    // The compiler says so where a reference uses the new name.
    const renamed = adaptations.some((note) =>
      note.includes('FEATURE blocklist_recipients is called blacklist_recipients'),
    );
    expect(renamed).toBe(known.has('blocklist-recipients'));
    const logins = results
      .flatMap(({ evidence }) => evidence?.log ?? [])
      .filter(({ text }) => /pop3-login: Log/.test(text));
    expect(logins.every(({ text }) => text.includes('pop3-login: Login: user=<') === known.has('dovecot-2-3'))).toBe(
      true,
    );
    const notes = results.filter(({ reason }) => reason.includes(`known of sendmail ${version}: `));
    expect(notes.length > 0).toBe(version === '8.15');
    const failed = results.filter(({ verdict, observed }) => verdict === 'fail' && observed === 'relayed');
    if (version === '8.15') {
      expect(
        failed
          .filter(({ id }) => id.startsWith('transport/'))
          .every(({ reason }) => reason.includes('Srv_Features: o u g f')),
      ).toBe(true);
    }
  }
});
