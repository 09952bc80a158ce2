/** The report as lines of JSON, one for each attempt of each configuration: each says all of itself, for `jq` and its kin. */
import { describer } from './findings.ts';
import { jsonLine } from './json-line.ts';
import type { Report } from './model.ts';

/** One line an attempt, in the order of the report; the fields are those of `report.json`, laid side by side. */
export function renderLines(report: Report): string {
  const describe = describer(report);
  const { version, startedAt } = report.provenance;
  return report.configurations
    .flatMap(({ name, role, mode, verdict, attempts }) =>
      attempts.map((attempt) => {
        const known = describe(attempt.id);
        return `${jsonLine({
          schemaVersion: report.schemaVersion,
          relayproof: version,
          startedAt,
          configuration: name,
          role,
          ...(mode === undefined ? {} : { mode }),
          configurationVerdict: verdict,
          ...attempt,
          ...(known
            ? {
                title: known.title,
                requirement: known.requirement,
                clauses: known.clauses.map((clause) => clause.id),
                level: known.level,
                effect: known.effect,
                remedy: known.remedy,
                ...(known.client ? { client: known.client } : {}),
              }
            : {}),
        })}\n`;
      }),
    )
    .join('');
}
