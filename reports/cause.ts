/** The line that most likely causes a finding, in words. */
import type { Finding } from './findings.ts';
import type { Cause } from './model.ts';

/** How sure it is. */
export const certaintyWord: Record<Cause['certainty'], string> = {
  delta: 'without it, the rules answer otherwise',
  trace: 'the rules’ own trace leads to it',
  search: 'it usually decides this',
};

/** `sendmail.mc:31`, as editors take it. */
export const placeOf = ({ file, line }: Cause): string => `${file}:${line}`;

/** What stands there, or should. Untrusted text. */
export const causeText = ({ text, absent }: Cause): string => (absent ? `missing: ${text}` : text);

/** A cause, and how many of the findings it is that of. */
export type SharedCause = { cause: Cause; count: number };

/** Each cause once, the commonest first. */
export function causesOf(findings: readonly Finding[]): SharedCause[] {
  const shared = new Map<string, SharedCause>();
  for (const { attempt } of findings) {
    const { cause } = attempt;
    if (cause) {
      const key = `${placeOf(cause)}\n${causeText(cause)}`;
      const known = shared.get(key);
      shared.set(key, { cause: known?.cause ?? cause, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...shared.values()].sort((a, b) => b.count - a.count);
}
