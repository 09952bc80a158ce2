/** A comparison as a web page: one file, nothing to load, nothing that runs. */
import { createHash } from 'node:crypto';
import { renderToString } from 'preact-render-to-string';
import { css } from '../html/style.ts';
import { Badge, Code, Text, Texts } from '../html/text.tsx';
import { visible } from '../visible.ts';
import { Differences } from './html/differences.tsx';
import { Lists } from './html/lists.tsx';
import { placesOf } from './html/places.ts';
import { Sides } from './html/sides.tsx';
import { Statements } from './html/statements.tsx';
import type { Comparison } from './model.ts';
import { comparisonConclusion, countsOf, verdictOf } from './words.ts';

const own = `
.sides{display:grid;grid-template-columns:1fr 1fr;gap:0 1em;margin:.5em 0}
.sides>*{min-width:0;border-top:.3em solid var(--line);padding-top:.3em}
.sides>*+*{border-color:var(--link)}
.sides h2{margin:.2em 0}.sides .name{font-weight:600}
.sides .facts>div{grid-template-columns:1fr}
.sides .facts dt{font-size:.875em}
.words{font-weight:600}
.changed>summary .words{font-weight:600}.unchanged>summary .words{font-weight:400}
@media(max-width:44rem){.sides{grid-template-columns:1fr}.sides>*+*{margin-top:.8em}}
@media print{.sides{display:block}details.statement::details-content{content-visibility:hidden}}
`;

const style = css + own;
const hash = createHash('sha256').update(style).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;

function Page({ comparison }: { comparison: Comparison }) {
  const mark = verdictOf(comparison);
  const { before, after, provenance, reasons } = comparison;
  const places = placesOf(comparison);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${mark.word}: ${visible(before.name, 100)} → ${visible(after.name, 100)}`}</title>
        {/* The one place where markup is not escaped: our own style. */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <header>
          <h1>
            Before and after: <Badge mark={mark} />
          </h1>
          <p class={`conclusion ${mark.tone}`}>
            <Text of={comparisonConclusion(comparison)} />
          </p>
          <ul class="counts">
            {countsOf(comparison).map((words) => (
              <li>{words}</li>
            ))}
          </ul>
          <Sides before={before} after={after} />
          {reasons.length > 0 && (
            <section id="reasons">
              <h2>Reasons</h2>
              <Texts of={reasons} />
            </section>
          )}
          <nav aria-label="Parts of the comparison">
            <ul>
              <li>
                <a href="#changes">What changes</a>
              </li>
              <li>
                <a href="#stays">What stays</a>
              </li>
              <li>
                <a href="#lists">Trust and settings</a>
              </li>
              <li>
                <a href="#differences">Differences</a>
              </li>
            </ul>
          </nav>
        </header>
        <main>
          <Statements id="changes" title="What changes" comparison={comparison} places={places} changed />
          <Statements id="stays" title="What stays" comparison={comparison} places={places} changed={false} />
          <Lists comparison={comparison} />
          <Differences comparison={comparison} places={places} />
        </main>
        <footer>
          <p class="soft">
            <Text of={provenance.tool} /> <Text of={provenance.version} />, <Text of={provenance.at} />, exit status{' '}
            {comparison.exitStatus}, <Code of={provenance.command.join(' ')} />
          </p>
        </footer>
      </body>
    </html>
  );
}

/** The content of `comparison.html`. */
export function renderComparisonHtml(comparison: Comparison): string {
  return `<!doctype html>\n${renderToString(<Page comparison={comparison} />)}\n`;
}
