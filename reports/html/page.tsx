/** The whole page, in the order in which somebody reads it who has little time. */
import { createHash } from 'node:crypto';
import { clientTable } from '../client-table.ts';
import { conclusion, countsInWords } from '../conclusion.ts';
import { findings } from '../findings.ts';
import type { Report } from '../model.ts';
import { notTested } from '../not-tested.ts';
import { visible } from '../visible.ts';
import { verdictMark } from '../words.ts';
import { anchorsOf } from './anchors.ts';
import { Baseline, Gate } from './baseline.tsx';
import { Catalogue } from './catalogue.tsx';
import { Clients } from './clients.tsx';
import { Configurations } from './configuration.tsx';
import { ControlTable } from './controls.tsx';
import { Overview } from './matrix.tsx';
import { pack } from './pack.ts';
import { Provenance } from './provenance.tsx';
import { RunNotes } from './run-notes.tsx';
import { css } from './style.ts';
import { Targets } from './targets.tsx';
import { Badge, Text } from './text.tsx';
import { Violations } from './violations.tsx';
import { Waivers } from './waivers.tsx';

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');

// Nothing is loaded, and nothing runs but the program that belongs to the page, whatever finds its way into it.
const policyFor = (program: string) =>
  [
    "default-src 'none'",
    `style-src 'sha256-${hashOf(css)}'`,
    `script-src 'sha256-${hashOf(program)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const parts = {
  reasons: 'Reasons and warnings',
  targets: 'What was audited',
  overview: 'Results',
  violations: 'Violations',
  attempts: 'Attempts',
  controls: 'Controls',
  waivers: 'Waivers',
  'not-tested': 'Not tested',
  catalogue: 'Catalogue',
  provenance: 'Provenance',
} as const;

const partsOf = (report: Report) => [
  ...(report.baseline === undefined ? [] : [['baseline', 'Since the baseline']]),
  ...(clientTable(report) === undefined ? [] : [['clients', 'Mail clients']]),
  ...Object.entries(parts),
];

type PageProps = { report: Report; program: string; fingerprint: string };

/** The document element. `program` is the page's script, `fingerprint` the SHA-256 of report.json. */
export function Page({ report, program, fingerprint }: PageProps) {
  const found = findings(report);
  const anchors = anchorsOf(report);
  const packed = pack(report, anchors);
  const mark = verdictMark[report.verdict];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policyFor(program)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${mark.word}: relay audit of ${visible(report.provenance.startedAt, 100)}`}</title>
        {/* The two places where markup is not escaped: our own style and program. */}
        <style dangerouslySetInnerHTML={{ __html: css }} />
      </head>
      <body>
        <header>
          <h1>
            Relay audit: <Badge mark={mark} />
          </h1>
          <p class={`conclusion ${mark.tone}`}>{conclusion(report, found)}</p>
          <Gate report={report} />
          <ul class="counts">
            {countsInWords(report, found).map((words) => (
              <li>{words}</li>
            ))}
          </ul>
          <p class="soft">
            <Text of={report.provenance.tool} /> <Text of={report.provenance.version} />,{' '}
            <Text of={report.provenance.startedAt} />, exit status {report.exitStatus}
          </p>
          <nav aria-label="Parts of the report">
            <ul>
              {partsOf(report).map(([id, title]) => (
                <li>
                  <a href={`#${id}`}>{title}</a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <main>
          <Baseline report={report} anchors={anchors} />
          <RunNotes report={report} found={found} anchors={anchors} />
          <Targets report={report} anchors={anchors} />
          <Overview report={report} anchors={anchors} />
          <Clients report={report} anchors={anchors} />
          <Violations found={found} anchors={anchors} />
          <div id="filter" />
          <section id="attempts">
            <h2>Attempts</h2>
            {packed.blocks.length > 0 && (
              <p class="soft">
                The evidence of the larger part stands here in packed form, and is shown where scripts may run. All of
                it is in report.json and, an attempt a line, in attempts.jsonl.
              </p>
            )}
            <Configurations report={report} anchors={anchors} packed={packed} of={(role) => role !== 'control'} />
          </section>
          <section id="controls">
            <h2>Controls</h2>
            {found.controls.length === 0 ? (
              <p>No control was run.</p>
            ) : (
              <ControlTable found={found} anchors={anchors} />
            )}
            <Configurations report={report} anchors={anchors} packed={packed} of={(role) => role === 'control'} />
          </section>
          <section id="waivers">
            <h2>Waivers</h2>
            {found.waivers.length === 0 && <p>No violation is waived.</p>}
            <Waivers title="Accepted violations" list={found.waivers} anchors={anchors} />
          </section>
          <section id="not-tested">
            <h2>What this report does not test</h2>
            <dl class="facts">
              {notTested.map(({ title, words }) => (
                <div>
                  <dt>{title}</dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
          <Catalogue report={report} anchors={anchors} />
        </main>
        <footer>
          <Provenance report={report} fingerprint={fingerprint} />
        </footer>
        {packed.blocks.map((block, number) => (
          <script type="application/gzip" id={`block-${number}`}>
            {block}
          </script>
        ))}
        <script dangerouslySetInnerHTML={{ __html: program }} />
      </body>
    </html>
  );
}
