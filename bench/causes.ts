/** Reads a report.json with controls and prints how often the named cause is the control's fault: `node bench/causes.ts REPORT`. */
import { readReport } from '../reports/read.ts';
import { type Score, scoreOf } from '../tests/cause-score.ts';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node bench/causes.ts REPORT');
  process.exit(64);
}
const report = await readReport(file);
const scores = report.configurations
  .map(scoreOf)
  .filter((score): score is Score => score !== undefined && score.flagged > 0);
for (const score of scores.filter(({ hits, flagged }) => hits < flagged)) {
  console.log(`${score.control} (${score.effect}): ${score.hits}/${score.flagged}`);
  for (const example of score.examples.slice(0, 4)) {
    console.log(`    ${example.slice(0, 220)}`);
  }
}
const share = (list: readonly Score[]) => {
  const any = list.filter(({ hits }) => hits > 0).length;
  const all = list.reduce((sum, { flagged }) => sum + flagged, 0);
  const hit = list.reduce((sum, { hits }) => sum + hits, 0);
  return `${any} of ${list.length} controls, ${hit} of ${all} attempts`;
};
console.log(`all: ${share(scores)}`);
for (const effect of ['leak', 'lock-out', 'inbound', 'weak'] as const) {
  console.log(`${effect}: ${share(scores.filter((score) => score.effect === effect))}`);
}
