/** The attempts of the page, and which of them are shown. */
import type { Filter } from './filter.ts';

type Row = {
  element: HTMLDetailsElement;
  verdict: string;
  level: string;
  suite: string;
  configuration: string;
  /** Lower case; read when it is first asked for. */
  text: string | undefined;
};

type Group = { element: HTMLElement; rows: Row[] };

/** More of them are not opened all at once: the count says that they are there. */
const OPENED_AT_ONCE = 300;

const textOf = (row: Row): string => {
  const { element } = row;
  row.text ??=
    `${element.querySelector('summary')?.textContent} ${element.querySelector('.reason')?.textContent}`.toLowerCase();
  return row.text;
};

const nameIn = (element: HTMLElement, selector: string) => element.querySelector(selector)?.textContent ?? '';

/** Only what changes is touched: each touch costs the browser a look at the whole page. */
const show = (element: HTMLElement, shown: boolean) => {
  if (element.hidden === shown) element.hidden = !shown;
};

export class Attempts {
  readonly #rows: Row[] = [];
  readonly #groups: Group[] = [];
  readonly #lines: { element: HTMLElement; rows: Row[] }[] = [];

  constructor() {
    const byId = new Map<string, Row>();
    for (const article of document.querySelectorAll<HTMLElement>('article.configuration')) {
      const configuration = nameIn(article, 'h3 code');
      const inConfiguration: Row[] = [];
      for (const section of article.querySelectorAll<HTMLElement>('section.suite')) {
        const suite = nameIn(section, 'h4');
        const inSuite = [...section.querySelectorAll<HTMLDetailsElement>('details.attempt')].map((element): Row => {
          const { verdict = '', level = '' } = element.dataset;
          const row = { element, verdict, level, suite, configuration, text: undefined };
          byId.set(element.id, row);
          return row;
        });
        this.#groups.push({ element: section, rows: inSuite });
        inConfiguration.push(...inSuite);
      }
      this.#groups.push({ element: article, rows: inConfiguration });
      this.#rows.push(...inConfiguration);
    }
    for (const matrix of document.querySelectorAll<HTMLElement>('details.matrix')) {
      const inMatrix: Row[] = [];
      for (const line of matrix.querySelectorAll<HTMLElement>('tbody tr')) {
        const rows = [...line.querySelectorAll('a')].flatMap(
          (link) => byId.get(link.getAttribute('href')?.slice(1) ?? '') ?? [],
        );
        this.#lines.push({ element: line, rows });
        inMatrix.push(...rows);
      }
      this.#lines.push({ element: matrix, rows: inMatrix });
    }
  }

  get total(): number {
    return this.#rows.length;
  }

  /** The values that a field has, in the order of the page. */
  values(field: 'verdict' | 'level' | 'suite' | 'configuration'): string[] {
    return [...new Set(this.#rows.map((row) => row[field]))];
  }

  /** Reads what text is looked for in, while nobody waits for it. */
  readTexts(): void {
    for (const row of this.#rows) textOf(row);
  }

  /** Shows those that match, with what they stand in; answers how many. */
  filter(filter: Filter): number {
    const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (row: Row) =>
      (filter.verdict === '' || row.verdict === filter.verdict) &&
      (filter.level === '' || row.level === filter.level) &&
      (filter.suite === '' || row.suite === filter.suite) &&
      (filter.configuration === '' || row.configuration === filter.configuration) &&
      words.every((word) => textOf(row).includes(word));
    const found = new Set(this.#rows.filter(matches));
    for (const row of this.#rows) show(row.element, found.has(row));
    const narrowed = found.size < this.#rows.length;
    for (const { element, rows } of this.#groups) {
      const some = rows.some((row) => found.has(row));
      show(element, some || !narrowed);
      const details = element.matches('section') ? element.querySelector<HTMLDetailsElement>('details.suite') : null;
      if (details && narrowed && some && found.size <= OPENED_AT_ONCE) details.open = true;
    }
    for (const { element, rows } of this.#lines) show(element, !narrowed || rows.some((row) => found.has(row)));
    return found.size;
  }

  /** Opens all that an element stands in, and itself. */
  reveal(element: Element): void {
    for (let at: Element | null = element; at; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
  }
}
