/** Report text in SARIF messages: it stays text, whatever a viewer does with messages. */
import type { Message, MultiformatMessageString } from 'sarif';
import { visible } from '../visible.ts';

/** GitHub’s code scanning takes so much of a rule’s description. */
const TEXT_LIMIT = 1000;

/** Braces are doubled: single ones are placeholders (SARIF 2.1.0, 3.11.5). */
export const withoutPlaceholders = (text: string): string => text.replaceAll('{', '{{').replaceAll('}', '}}');

/** Text that is no link and no placeholder in a plain text message (SARIF 2.1.0, 3.11.5 and 3.11.6). */
export function plainText(text: string, limit: number = TEXT_LIMIT): string {
  return withoutPlaceholders(visible(text, limit).replaceAll('](', ']\\u{0028}'));
}

export const messageOf = (text: string): Message => ({ text: plainText(text) });

/** For texts of rules, which must not be empty. */
export const describedAs = (text: string): MultiformatMessageString => ({ text: plainText(text) || '(no text)' });

/** As a sentence of its own: viewers that have little room show the first one alone. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
