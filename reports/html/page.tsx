/** The whole page, in the order in which somebody reads it who has little time. */
import { createHash } from 'node:crypto';
import { conclusion, countsInWords } from '../conclusion.ts';
import { findings } from '../findings.ts';
import type { Report } from '../model.ts';
import { visible } from '../visible.ts';
import { verdictMark } from '../words.ts';
import { anchorsOf } from './anchors.ts';
import { Catalogue } from './catalogue.tsx';
import { Configurations } from './configuration.tsx';
import { Overview } from './matrix.tsx';
import { Provenance } from './provenance.tsx';
import { RunNotes } from './run-notes.tsx';
import { css } from './style.ts';
import { Badge, Text } from './text.tsx';
import { Violations } from './violations.tsx';

const styleHash = createHash('sha256').update(css).digest('base64');
// Nothing is loaded and nothing runs, whatever finds its way into the page.
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

const parts = {
  reasons: 'Reasons and warnings',
  overview: 'Overview',
  violations: 'Violations',
  configurations: 'Configurations',
  catalogue: 'Catalogue',
  provenance: 'Provenance',
} as const;

/** The document element. */
export function Page({ report }: { report: Report }) {
  const found = findings(report);
  const anchors = anchorsOf(report);
  const mark = verdictMark[report.verdict];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{`${mark.word}: relay audit of ${visible(report.provenance.startedAt, 100)}`}</title>
        {/* The one place where markup is not escaped: our own constant. */}
        <style dangerouslySetInnerHTML={{ __html: css }} />
      </head>
      <body>
        <header>
          <h1>
            Relay audit: <Badge mark={mark} />
          </h1>
          <p class={`conclusion ${mark.tone}`}>{conclusion(report, found)}</p>
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
              {Object.entries(parts).map(([id, title]) => (
                <li>
                  <a href={`#${id}`}>{title}</a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <main>
          <RunNotes report={report} found={found} anchors={anchors} />
          <Overview report={report} found={found} anchors={anchors} />
          <Violations found={found} anchors={anchors} />
          <Configurations report={report} anchors={anchors} />
          <Catalogue report={report} anchors={anchors} />
        </main>
        <footer>
          <Provenance report={report} />
        </footer>
      </body>
    </html>
  );
}
