/** What stands in a transcript where something secret was said. */
export const MASK = '[masked]';

/** Text to send whose real form must not reach a transcript. The real form is behind a function so that no dump shows it. */
export type Secret = {
  /** The form for the transcript. */
  readonly shown: string;
  readonly reveal: () => string;
};

/** Pairs what is sent with what is shown, for example `secret('PASS x', 'PASS [masked]')`. */
export function secret(realText: string, shownText: string): Secret {
  return { shown: shownText, reveal: () => realText };
}

/** The part of a secret that its shown form hides: what is left without the common beginning and end. */
export function hiddenPart({ shown, reveal }: Secret): string {
  const real = reveal();
  const shorter = Math.min(real.length, shown.length);
  let start = 0;
  while (start < shorter && real[start] === shown[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && real[real.length - 1 - tail] === shown[shown.length - 1 - tail]) tail += 1;
  return real.slice(start, real.length - tail);
}
