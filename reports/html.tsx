/** The report as a web page: one file, nothing to load. */
import { createHash } from 'node:crypto';
import { renderToString } from 'preact-render-to-string';
import { Page } from './html/page.tsx';
import { pageProgram } from './html/program.ts';
import { jsonPieces } from './json.ts';
import type { Report } from './model.ts';

/** The content of `index.html`. */
export async function renderHtml(report: Report): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of jsonPieces(report)) hash.update(piece);
  const page = <Page report={report} program={await pageProgram()} fingerprint={hash.digest('hex')} />;
  return `<!doctype html>\n${renderToString(page)}\n`;
}
