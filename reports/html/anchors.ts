/** Link targets within the page: made from names, so that they stay the same from run to run, and safe as ids. */
import { createHash } from 'node:crypto';
import type { Report } from '../model.ts';
import { evidenceHere } from './evidence-here.ts';

const LONGEST = 120;

/** A name as part of an id: letters, digits and `-` stay, `/` becomes `.`, all else its number; no two names clash. */
export function anchorPart(name: string): string {
  const encoded = name.replace(/[^A-Za-z0-9-]/gu, (character) =>
    character === '/' ? '.' : `_${(character.codePointAt(0) ?? 0).toString(16)}_`,
  );
  if (encoded.length <= LONGEST) return encoded;
  // As UTF-16, since UTF-8 would make one of all lone surrogates.
  const hash = createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex').slice(0, 24);
  return `${encoded.slice(0, LONGEST)}~${hash}`;
}

/** The ids of the page's parts, by position in the report. */
export type Anchors = {
  configuration: (configuration: number) => string;
  suite: (configuration: number, suite: string) => string;
  attempt: (configuration: number, attempt: number) => string;
  proof: (configuration: number, proof: number) => string;
  /** The table of a suite's attempts. */
  matrix: (suite: string) => string;
  description: (description: number) => string;
  /** The catalogue entry of an attempt id, if there is one. */
  descriptionOf: (attemptId: string) => string | undefined;
  /** Whether an attempt's evidence stands in the page. */
  evidenceHere: (configuration: number, attempt: number) => boolean;
};

/** Tells names that occur more than once apart by a number at the end, in the order of the report. */
function distinct(): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}~${times}`;
  };
}

/** Names every part of the page that something links to. */
export function anchorsOf(report: Report): Anchors {
  const once = distinct();
  const configurations = report.configurations.map(({ name }) => once(`c:${anchorPart(name)}`));
  const attempts = report.configurations.map(({ attempts }, index) =>
    attempts.map(({ id }) => once(`a:${configurations[index]?.slice(2)}:${anchorPart(id)}`)),
  );
  const descriptions = report.catalogue.map(({ id }) => once(`d:${anchorPart(id)}`));
  const firstDescription = new Map<string, string>();
  report.catalogue.forEach(({ id }, index) => {
    const anchor = descriptions[index];
    if (anchor !== undefined && !firstDescription.has(id)) firstDescription.set(id, anchor);
  });
  return {
    configuration: (configuration) => configurations[configuration] ?? '',
    suite: (configuration, suite) => `s:${configurations[configuration]?.slice(2)}:${anchorPart(suite)}`,
    proof: (configuration, proof) => `p:${configurations[configuration]?.slice(2)}:${proof}`,
    matrix: (suite) => `m:${anchorPart(suite)}`,
    attempt: (configuration, attempt) => attempts[configuration]?.[attempt] ?? '',
    description: (description) => descriptions[description] ?? '',
    descriptionOf: (attemptId) => firstDescription.get(attemptId),
    evidenceHere: evidenceHere(report),
  };
}
