/** Where an attempt's evidence stands in the page: once, with the first statement that names it, or else in the list. */
import { anchorPart } from '../../html/anchors.ts';
import type { Comparison, Difference, Statement } from '../model.ts';

/** Attempts whose evidence stands in the page; each is up to 20 kB, of both sides. */
const MOST = 300;

export type Places = {
  anchor: (id: string) => string;
  /** Whether its evidence stands with this statement. */
  withStatement: (id: string, statement: Statement) => boolean;
  /** Whether its evidence stands with a statement at all. */
  inStatements: (id: string) => boolean;
  /** Whether its evidence stands in the page. */
  here: (id: string) => boolean;
};

const weight: Record<Difference['judgement'], number> = { unexpected: 0, unclear: 1, expected: 2, noted: 3 };

/** The differences, those that want a decision first. */
export const byWeight = (differences: readonly Difference[]): Difference[] =>
  [...differences].sort((a, b) => weight[a.judgement] - weight[b.judgement]);

export function placesOf({ statements, differences, answers }: Comparison): Places {
  const owner = new Map<string, Statement>();
  for (const statement of statements) {
    for (const id of statement.attempts) {
      if (!owner.has(id)) owner.set(id, statement);
    }
  }
  const ranked = [
    ...new Set([
      ...owner.keys(),
      ...byWeight(differences).map(({ id }) => id),
      ...answers.flatMap(({ attempts: [first] }) => first ?? []),
    ]),
  ];
  const shown = new Set(ranked.slice(0, MOST));
  return {
    anchor: (id) => `a:${anchorPart(id)}`,
    withStatement: (id, statement) => owner.get(id) === statement,
    inStatements: (id) => owner.has(id),
    here: (id) => shown.has(id),
  };
}
