/** Lines whose removal might change the rules' answer, and the files without them. */
import type { Variant } from '../../containers/target/rule-tracer.ts';
import type { Cause } from '../../reports/model.ts';
import { type Files, linesOf } from '../sweep/sources.ts';
import { causeAt, type Statement, statementsOf } from './mc.ts';

/** A suspect, and the folder's file without it. */
export type Suspect = { cause: Cause; variant: Variant };

/** The file without some lines from one on. */
export function without(files: Files, file: string, line: number, lines = 1): Variant {
  const kept = (files.get(file)?.content.toString('latin1') ?? '').split('\n');
  kept.splice(line - 1, lines);
  return { file, content: Buffer.from(kept.join('\n'), 'latin1') };
}

/** What lets mail through comes first: of several lines without which the answer changes, the first is named. */
export const RELAYING =
  /promiscuous_relay|relay_(local_from|mail_from|entire_domain|based_on_MX|hosts_only)|loose_relay|RELAY_DOMAIN|VIRTUSER_DOMAIN|TRUST_AUTH_MECH|accept_un/;
const OWN = /^R/;
/** Without these there is no configuration to ask. */
const NEEDED =
  /^\s*(include|divert|VERSIONID|OSTYPE|FEATURE\(`use_cw_file|MAILER|LOCAL_RULESETS|LOCAL_CONFIG|S\w|DOMAIN|undivert)/;

const rank = ({ text }: Statement) =>
  RELAYING.test(text) ? 0 : OWN.test(text) ? 1 : /^\s*(FEATURE|HACK)/.test(text) ? 2 : 3;

/** How many lines are tried: each costs a run of m4 and of sendmail -bt, some 50 ms together. */
const MOST_STATEMENTS = 40;

/** Suspects among the statements of sendmail.mc, likeliest first. */
export function suspectsInMc(files: Files): Suspect[] {
  return statementsOf(files)
    .filter(({ text }) => !NEEDED.test(text))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_STATEMENTS)
    .map((statement) => ({
      cause: causeAt(statement, 'delta'),
      variant: without(files, 'sendmail.mc', statement.line, statement.lines),
    }));
}

/** A cause that is already suspected, put to the test. */
export function suspect(files: Files, cause: Cause): Suspect | undefined {
  if (cause.absent || !files.has(cause.file) || cause.file.includes('/')) {
    return undefined;
  }
  const lines =
    cause.file === 'sendmail.mc' ? (statementsOf(files).find(({ line }) => line === cause.line)?.lines ?? 1) : 1;
  const known = linesOf(files, cause.file)[cause.line - 1];
  return known && { cause, variant: without(files, cause.file, cause.line, lines) };
}
