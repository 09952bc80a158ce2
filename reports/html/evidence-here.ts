/** Which evidence stands in the page as markup, and which is packed: a page with all of a large run's would not open. */
import type { Report } from '../model.ts';

/** Pieces of evidence as markup; a piece is about 7 kB. */
const MOST = 200;

const where = (configuration: number, attempt: number) => `${configuration}/${attempt}`;

/**
 * Chooses by need: first what is not a pass on what is under test and what should have flagged a control, then what
 * flags controls, then passes, in the order of the report. The answer tells for a configuration's and an attempt's index
 * whether its evidence stands in the page as markup; what does not is packed (see pack.ts).
 */
export function evidenceHere(report: Report): (configuration: number, attempt: number) => boolean {
  const ranked: string[][] = [[], [], []];
  for (const [index, { role, control, attempts }] of report.configurations.entries()) {
    const flagging = new Set(control?.detectedBy);
    for (const [position, { id, verdict, evidence }] of attempts.entries()) {
      if (evidence === undefined) {
        continue;
      }
      // A control that was missed is shown with what should have flagged it.
      const unflagged = verdict === 'pass' && flagging.has(id);
      const flags = role === 'control' && verdict === 'fail';
      const rank = unflagged ? 0 : flags ? 1 : verdict === 'pass' ? 2 : 0;
      ranked[rank]?.push(where(index, position));
    }
  }
  const chosen = new Set(ranked.flat().slice(0, MOST));
  return (configuration, attempt) => chosen.has(where(configuration, attempt));
}
