/** The report as SARIF 2.1.0, for code scanning: findings at the lines of the subject’s own files. */
import type { Invocation, Log } from 'sarif';
import { conclusion } from './conclusion.ts';
import { describer, findings } from './findings.ts';
import { jsonLine } from './json-line.ts';
import type { Report } from './model.ts';
import { basesOf } from './sarif/locations.ts';
import { plainText } from './sarif/message.ts';
import { notificationKinds, notificationsOf } from './sarif/notifications.ts';
import { MOST_RESULTS, resultsOf, shownIn } from './sarif/results.ts';
import { ruleOf } from './sarif/rules.ts';
import { visible } from './visible.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const semanticVersion = /^\d+\.\d+\.\d+(-[\dA-Za-z.-]+)?(\+[\dA-Za-z.-]+)?$/;

/** How the run went. It was successful if it came to a verdict, whatever the verdict is. */
function invocationOf(report: Report, notifications: Invocation['toolExecutionNotifications']): Invocation {
  const { command, startedAt, finishedAt } = report.provenance;
  return {
    arguments: command.slice(1).map((word) => visible(word)),
    ...(utc.test(startedAt) ? { startTimeUtc: startedAt } : {}),
    ...(utc.test(finishedAt) ? { endTimeUtc: finishedAt } : {}),
    executionSuccessful: report.verdict !== 'inconclusive',
    exitCode: Math.trunc(report.exitStatus),
    exitCodeDescription: report.verdict,
    ...(notifications && notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}),
  };
}

/** The content of `report.sarif`. */
export function renderSarif(report: Report): string {
  const found = findings(report);
  const all = shownIn(found);
  const shown = all.slice(0, MOST_RESULTS);
  const ids = [...new Set(shown.map(({ attempt }) => attempt.id))];
  const places = new Map(ids.map((id, index) => [id, index]));
  const describe = describer(report);
  const { version } = report.provenance;
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'relayproof',
            fullName: visible(`relayproof ${version}`, 100),
            version: visible(version, 100),
            ...(semanticVersion.test(version) ? { semanticVersion: version } : {}),
            rules: ids.map((id) => ruleOf(id, describe(id))),
            notifications: notificationKinds,
          },
        },
        invocations: [invocationOf(report, notificationsOf(report, found, all.length - shown.length))],
        originalUriBaseIds: basesOf(report.configurations),
        columnKind: 'utf16CodeUnits',
        results: resultsOf(report, shown, (id) => places.get(id) ?? -1),
        properties: {
          verdict: report.verdict,
          conclusion: plainText(conclusion(report, found)),
          sendmail: visible(report.provenance.sendmail ?? ''),
        },
      },
    ],
  };
  return `${jsonLine(log)}\n`;
}
