/** The report as a web page: one file, nothing to load, nothing to run. */
import { renderToString } from 'preact-render-to-string';
import { Page } from './html/page.tsx';
import type { Report } from './model.ts';

/** The content of `index.html`. */
export function renderHtml(report: Report): string {
  return `<!doctype html>\n${renderToString(<Page report={report} />)}\n`;
}
