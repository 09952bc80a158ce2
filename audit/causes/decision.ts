/** From the rule that decided to the line of the subject's own files behind it. */
import type { Decision, RuleLine } from '../../containers/target/rule-trace.ts';
import type { TargetFacts } from '../../containers/target/target-facts.ts';
import type { Cause } from '../../reports/model.ts';
import { type Files, inFolder, linesOf, macroCalls, relayMembers, type SourceLine } from '../sweep/sources.ts';
import { causeAt, shortened, statement } from './mc.ts';

const squeezed = (text: string) => text.replace(/["\s]/g, '').toLowerCase();

/** What two forms of a rule have in common: its sides without spaces, and without the comment. */
function sides(text: string): string {
  const [left = '', right = ''] = text.slice(1).split(/\t+/);
  return `${squeezed(left)}|${squeezed(right)}`;
}

/** The rule of sendmail.cf that took a step. */
export const ruleOf = (rules: ReadonlyMap<string, RuleLine[]>, { ruleset, step }: Decision): RuleLine | undefined =>
  rules.get(ruleset)?.[step.number];

/** A rule that stands in sendmail.mc as it is in sendmail.cf. Without one, a macro of m4 made it. */
export function ownRule(files: Files, rule: RuleLine, ruleset: string): SourceLine | undefined {
  const wanted = sides(rule.text);
  let within = '';
  const candidates = linesOf(files, 'sendmail.mc').filter((line) => {
    within = /^S([^=\s]+)/.exec(line.text)?.[1] ?? within;
    return line.text.startsWith('R') && /\t/.test(line.text) && sides(line.text) === wanted && within === ruleset;
  });
  return candidates[0];
}

/** The line of a map's text that has a key. */
export function entryOf(
  files: Files,
  facts: Pick<TargetFacts, 'maps'>,
  map: string,
  key: string,
): SourceLine | undefined {
  const path = facts.maps.find(({ name }) => name === map)?.path;
  if (path === undefined) {
    return undefined;
  }
  return linesOf(files, inFolder(path)).findLast(({ text }) => {
    const own = /^\s*("[^"]*"|\S+)\s+\S/.exec(text)?.[1];
    return own !== undefined && !own.startsWith('#') && own.replaceAll('"', '').toLowerCase() === key.toLowerCase();
  });
}

const CLASS = /\$[=~](?:\{(\w+)\}|(\w))/g;

const classesOf = (left: string) => [...left.matchAll(CLASS)].map((match) => match[1] ?? match[2] ?? '');

/** Members of local domains as the files name them. */
function localMembers(files: Files): (SourceLine & { key: string })[] {
  const listed = linesOf(files, 'local-host-names')
    .filter(({ text }) => !/^\s*(#|$)/.test(text))
    .map((line) => ({ ...line, key: (line.text.trim().split(/\s+/)[0] ?? '').toLowerCase() }));
  const called = macroCalls(files, 'LOCAL_DOMAIN').flatMap((call) =>
    call.argument
      .split(/\s+/)
      .map((key) => ({ file: call.file, line: call.line, text: call.text, key: key.toLowerCase() })),
  );
  const own = (files.has('sendmail.mc') ? [] : linesOf(files, 'sendmail.cf')).flatMap((line) =>
    (/^C(?:w|\{w\})(.*)$/.exec(line.text)?.[1] ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((key) => ({ ...line, key: key.toLowerCase() })),
  );
  return [...listed, ...called, ...own];
}

/** The member of a class that the rule found in what it looked at: the longest. */
function memberIn(text: string, members: readonly (SourceLine & { key: string })[]): SourceLine | undefined {
  const seen = text.replace(/\s/g, '').toLowerCase();
  return members
    .filter(({ key }) => key !== '' && seen.includes(key.replace(/^\./, '')))
    .sort((a, b) => b.key.length - a.key.length)[0];
}

/** The line behind a class that a rule matched with. */
function classLine(files: Files, decision: Decision): Cause | undefined {
  const { left, before } = decision.step;
  for (const name of classesOf(left)) {
    if (name === 'R' || name === 'VirtHost') {
      const member = memberIn(before, relayMembers(files));
      if (member) {
        return causeAt(member, 'trace', 'class member');
      }
    } else if (name === 'w') {
      const member = memberIn(before, localMembers(files));
      if (member) {
        return causeAt(member, 'trace', 'class member');
      }
    } else if (name === 'm') {
      const found = statement(files, /^\s*FEATURE\(\s*`relay_entire_domain/);
      if (found) {
        return { ...found, certainty: 'trace' };
      }
    } else if (name === 'TrustAuthMech') {
      const found = statement(files, /\bTRUST_AUTH_MECH\(/, /^C\{TrustAuthMech\}/);
      if (found) {
        return { ...found, how: 'class member', certainty: 'trace' };
      }
    }
  }
  return undefined;
}

/** What a map of the configuration is for, where its entries are not of the folder. */
function mapLine(files: Files, map: string): Cause | undefined {
  const found = statement(files, new RegExp(`^\\s*FEATURE\\(\\s*\`${map}'?`), new RegExp(`^K${map}\\s`));
  return found && { ...found, how: 'feature', certainty: 'trace' };
}

/**
 * The line behind a decision. `generated`: a rule that m4 made, and no entry of a map: which macro made it, only an
 * attempt without it can tell.
 */
export function lineBehind(
  decision: Decision,
  rule: RuleLine | undefined,
  files: Files,
  facts: Pick<TargetFacts, 'maps'>,
): Cause | 'generated' {
  const { lookup } = decision;
  const own = rule && ownRule(files, rule, decision.ruleset);
  if (own) {
    return causeAt(own, 'trace', 'rule');
  }
  if (lookup) {
    const entry = entryOf(files, facts, lookup.map, lookup.key);
    const found = entry ? causeAt(entry, 'trace', 'map entry') : mapLine(files, lookup.map);
    if (found) {
      return found;
    }
  }
  const member = classLine(files, decision);
  if (member) {
    return member;
  }
  // That nobody gave a permission is said by a rule that everybody has.
  const stock = !decision.accepted && /Relaying|authentication required/i.test(rule?.text ?? '');
  if (!files.has('sendmail.mc') && rule && decision.exhausted) {
    const text = `a rule behind it that refuses: ${decision.ruleset} ends without an answer`;
    return { file: 'sendmail.cf', line: rule.line + 1, text, how: 'rule', certainty: 'trace', absent: true };
  }
  if (!files.has('sendmail.mc') && rule && !stock) {
    return {
      file: 'sendmail.cf',
      line: rule.line,
      text: shortened(rule.text),
      how: 'rule',
      certainty: 'trace',
    };
  }
  return 'generated';
}

/** What a rule or an entry of the access map has a client told. */
const toldBy = (text: string) =>
  /(?:\$:\s*|ERROR:(?:[\d.]+:)?)"?\s*(?:\d{3}\s+)?([^"]{8,}?)"?\s*$/i.exec(text)?.[1]?.trim();

const lineThatTells = (lines: readonly SourceLine[], said: string) =>
  lines.find(({ text }) => {
    const words = /^\s*(#|dnl)/.test(text) ? undefined : toldBy(text);
    return words !== undefined && said.includes(words);
  });

/** The line whose words the client was told. */
export function lineThatSays(files: Files, said: string): Cause | undefined {
  for (const file of ['sendmail.mc', 'access', ...(files.has('sendmail.mc') ? [] : ['sendmail.cf'])]) {
    const found = lineThatTells(linesOf(files, file), said);
    if (found) {
      return causeAt(found, 'search', file === 'access' ? 'map entry' : 'rule');
    }
  }
  return undefined;
}

/** Rules of one's own for a ruleset of sendmail's: its own name, or that with `Local_`. */
function ownRulesOf(files: Files, ruleset: string): SourceLine[] {
  let within = false;
  return linesOf(files, files.has('sendmail.mc') ? 'sendmail.mc' : 'sendmail.cf').filter(({ text }) => {
    const named = /^S(?:Local_)?([^=\s]+)/.exec(text)?.[1];
    within = named === undefined ? within && !/^[A-Z]\w*[(]/.test(text) : named === ruleset;
    return within && text.startsWith('R');
  });
}

/** The rule of one's own that the log says refused, by its words: checks at delivery have no reply. */
export function lineThatLogged(files: Files, log: readonly { text: string }[]): Cause | undefined {
  for (const { text } of log) {
    const [, ruleset, said] = /\bruleset=(\w+),.* reject=(.*)$/.exec(text) ?? [];
    const found = ruleset === undefined ? undefined : lineThatTells(ownRulesOf(files, ruleset), said ?? '');
    if (found) {
      return causeAt(found, 'search', 'rule');
    }
  }
  return undefined;
}

/** Where the rules could not be asked: the last rule of one's own that lets mail through. */
export function ownAcceptance(files: Files): Cause | undefined {
  const found = ownRulesOf(files, 'check_rcpt').findLast(({ text }) => /\t\$#\s*(OK|RELAY)|\$@\s*RELAY/i.test(text));
  return files.has('sendmail.mc') && found ? causeAt(found, 'search', 'rule') : undefined;
}
