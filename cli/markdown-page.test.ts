import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { planRun } from '../audit/plan.ts';
import { controls, readControl } from '../containers/configurations/controls.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { attemptsPage, controlsByAttempt, controlsPage } from './markdown-page.ts';

const { suites } = await readCatalogue();
const planned = planRun(await Promise.all(controls.map(readControl)), suites, suites, {
  wholeProducts: true,
}).configurations;
const document = (name: string) => readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8');

test('the pages in docs are those of the catalogue as it is: else "npm run docs" is due', async () => {
  expect(await document('catalogue.md')).toBe(attemptsPage(suites, planned));
  expect(await document('control-list.md')).toBe(controlsPage(planned));
});

test('every attempt stands in the catalogue’s page once, with the controls that show it, or with the reason for none', () => {
  const page = attemptsPage(suites, planned);
  const flags = controlsByAttempt(planned);
  const rows = new Map(
    [...page.matchAll(/^\| `([^`]+\/[^`]+)` \| .* \| (.*) \|$/gm)].map((row) => [row[1], row[2] ?? '']),
  );
  const attempts = suites.flatMap((suite) => suite.attempts);
  expect(rows.size).toBe(attempts.length);
  for (const { id, noControl } of attempts) {
    const shown = rows.get(id) ?? '';
    expect([id, noControl === undefined ? shown : shown.startsWith('none: ')]).toEqual([
      id,
      noControl === undefined ? (flags.get(id) ?? []).map((name) => `\`${name}\``).join(', ') : true,
    ]);
    expect(shown).not.toBe('');
  }
});

test('text cannot break out of a table', () => {
  const [suite] = suites;
  const [attempt] = suite?.attempts ?? [];
  if (!suite || !attempt) throw new TypeError('no attempt');
  const page = attemptsPage([{ ...suite, attempts: [{ ...attempt, title: 'a | b <script>\n## c' }] }], []);
  expect(page).toContain('a \\| b &lt;script> ## c');
  expect(page).not.toMatch(/^## c/m);
});
