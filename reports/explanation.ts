/** An explained attempt as a terminal shows it: what was tried, the session in short, and the rules' own trace. */
import picocolors from 'picocolors';
import type { Explanation, RuleTrace } from '../audit/explain.ts';
import { type Call, joined, type Lookup, lookupsOf, type Step } from '../containers/target/rule-trace.ts';
import { causeText, certaintyWord, placeOf } from './cause.ts';
import type { Cause, Dialogue } from './model.ts';
import { hanging, shorten } from './terminal/layout.ts';
import { paint } from './terminal/paint.ts';
import { visible } from './visible.ts';
import { attemptMark, count, expectationWord, failMark, observationWord } from './words.ts';

const NARROWEST = 60;
const TEXT_LIMIT = 400;
/** Deeper calls move no further to the right. */
const DEEPEST = 6;
/** How many lines of a session are shown; the report has all of them. */
const SESSION_LINES = 40;

const shown = (text: string) => visible(text, TEXT_LIMIT);

/** Rulesets that take addresses apart or look a key up in several forms: their inside is folded. */
const FOLDED =
  /^(canonify|Canonify2|CanonAddr|ParseRecipient|parse|Parse0|ParseLocal|SearchList|LookUp\w*|[ADFU]|3|96|0)$/;

function lookupWords({ map, key, value }: Lookup): string {
  return `${map}: ${shown(key)} → ${value === undefined ? 'not there' : shown(value)}`;
}

const DULL = new Set(['dequote', 'host', 'canonify', 'macro']);

/** What maps said: hits one by one, misses in one line. */
function lookupLines(lookups: readonly Lookup[]): string[] {
  const telling = lookups.filter(({ map }) => !DULL.has(map));
  const lines: string[] = [];
  let misses: Lookup[] = [];
  const flush = () => {
    const [only] = misses;
    if (only) {
      const keys = new Set(misses.map(({ key }) => key));
      lines.push(
        keys.size === 1
          ? lookupWords(only)
          : `${only.map}: ${count(keys.size, 'key')} not there, from ${shown(only.key)} on`,
      );
    }
    misses = [];
  };
  for (const lookup of telling) {
    if (misses[0] && (lookup.value !== undefined || misses[0].map !== lookup.map)) {
      flush();
    }
    if (lookup.value === undefined) {
      misses.push(lookup);
    } else {
      lines.push(lookupWords(lookup));
    }
  }
  flush();
  return lines;
}

const value = (tokens: string) => (tokens === '' ? '(nothing)' : shown(joined(tokens)));

function stepLines(step: Step, depth: number, width: number, own: boolean): string[] {
  const margin = '  '.repeat(Math.min(depth, DEEPEST));
  const lines = lookupLines(step.lookups).map((line) => shorten(`${margin}? ${line}`, width));
  lines.push(...step.calls.flatMap((call) => callLines(call, depth, width)));
  if (own) {
    lines.push(shorten(`${margin}R ${shown(joined(step.left))}  ⇒  ${value(step.after)}`, width));
  }
  return lines;
}

/** A ruleset, its inside indented below it; what is folded is counted. */
function callLines(call: Call, depth: number, width: number): string[] {
  const margin = '  '.repeat(Math.min(depth, DEEPEST));
  const head = shorten(`${margin}${shown(call.ruleset)}  ${value(call.input)}`, width);
  const end = shorten(`${margin}  = ${value(call.output)}`, width);
  if (FOLDED.test(call.ruleset)) {
    const inside = lookupLines(lookupsOf(call)).map((line) => shorten(`${margin}  ? ${line}`, width));
    const rules = count(rulesMatched(call), 'rule');
    return [head, ...inside, shorten(`${margin}  = ${value(call.output)}  [${rules} folded]`, width)];
  }
  const own = /^Local_|^check_/.test(call.ruleset) || call.steps.length <= 2;
  return [head, ...call.steps.flatMap((step) => stepLines(step, depth + 1, width, own)), end];
}

const rulesMatched = (call: Call): number =>
  call.steps.reduce((sum, { calls }) => sum + 1 + calls.reduce((inner, one) => inner + rulesMatched(one), 0), 0);

/** The session: long replies and the message are folded. */
function sessionLines({ protocol, client, server, lines }: Dialogue, width: number): string[] {
  const said: string[] = [];
  let folded = 0;
  let inMessage = false;
  for (const [index, { from, text }] of lines.entries()) {
    const next = lines[index + 1];
    const continued = from === 'server' && /^\d{3}-/.test(text) && !/^250-AUTH/.test(text);
    if (continued || (inMessage && from === 'client' && next?.from === 'client')) {
      folded++;
      continue;
    }
    const note = folded > 0 ? `  [${count(folded, 'line')} folded]` : '';
    folded = 0;
    said.push(...hanging(from === 'client' ? 'C:' : 'S:', `${shown(text)}${note}`, width, 2));
    inMessage = from === 'server' && text.startsWith('354');
  }
  const more = said.length - SESSION_LINES;
  return [
    ...hanging('', `${protocol === 'smtp' ? 'SMTP' : 'POP3'} from ${client} to ${server}`, width),
    ...said.slice(0, SESSION_LINES),
    ...(more > 0 ? [`  [${count(more, 'more line')}: see report.json, with --report-dir]`] : []),
  ];
}

function ruleLines(rules: RuleTrace, overPop: boolean, width: number): string[] {
  if ('none' in rules) {
    return hanging('', rules.none, width, 2);
  }
  const { macros, client, trace, decided } = rules;
  const identity = Object.entries(macros).filter(([name]) => name !== 's' && name !== '{nrcpts}');
  const by = [
    ...(identity.length > 0
      ? [
          `What the session had learnt is set by macros: ${identity.map(([name, text]) => `$&${name} = ${text}`).join(', ')}.`,
        ]
      : []),
    ...(overPop ? ['Maps are as they are after the attempt: who logged in over POP is in them, or not any more.'] : []),
  ].join(' ');
  const name = client.name === '' ? 'without a name' : client.name;
  return [
    ...hanging('', shown(`As a client ${client.address}, ${name} (${client.resolve}). ${by}`), width, 2),
    ...callLines(trace, 1, width),
    ...(decided ? decisionLines(decided, width) : []),
  ];
}

/** Where the rule comes from. A class was only matched: which rule asks for it is m4's doing. */
function originOf(exhausted: true | undefined, from: Cause | undefined): string {
  if (!from) {
    return exhausted ? 'which accepts it' : 'which m4 made: it stands in no file of the folder';
  }
  return `${from.how === 'class member' ? 'matched by' : 'from'} ${shown(placeOf(from))}: ${shown(causeText(from))}`;
}

function decisionLines(
  { ruleset, accepted, exhausted, rule, lookup, from }: NonNullable<Extract<RuleTrace, { trace: Call }>['decided']>,
  width: number,
): string[] {
  const place = rule ? `sendmail.cf:${rule.line}` : 'a rule';
  const text = rule ? `: ${rule.text.replace(/\t+/g, '  ')}` : '';
  return [
    ...(exhausted
      ? hanging('', `No rule refused it: ${ruleset} ends without an answer behind ${place}${shown(text)}`, width)
      : hanging('', `Decided (${accepted ? 'accepted' : 'refused'}) in ${ruleset}, ${place}${shown(text)}`, width)),
    ...(lookup ? hanging('', `by ${lookupWords(lookup)}`, width, 2) : []),
    ...hanging('', originOf(exhausted, from), width, 2),
  ];
}

/** One attempt, explained. */
export function renderExplanation(
  { attempt, result, rules }: Explanation,
  { columns, colour }: { columns: number; colour: boolean },
): string {
  const width = Math.max(NARROWEST, Math.floor(columns) || NARROWEST);
  const colours = picocolors.createColors(colour);
  const mark = result.verdict === 'fail' ? failMark[attempt.level] : attemptMark[result.verdict];
  const { evidence, cause } = result;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', colours.bold(title), ...lines];
  const lines = [
    ...hanging('', `${attempt.id}: ${shown(attempt.title)}`, width).map((line) => colours.bold(line)),
    ...hanging(
      mark.glyph,
      `${mark.word}: must be ${expectationWord[attempt.expected]}; ${observationWord[result.observed]}. ${shown(result.reason)}`,
      width,
      2,
    ).map((line) => paint(mark, line, colours)),
    ...hanging('', `Requirement: ${shown(attempt.requirement)}`, width, 2),
    ...(result.needs === undefined ? [] : hanging('', `It would need: ${shown(result.needs)}`, width, 2)),
    ...(evidence ? hanging('', `Client: ${shown(evidence.clientAddress)}, ${shown(evidence.identity)}`, width, 2) : []),
    ...(evidence?.envelope
      ? hanging(
          '',
          `Envelope: from <${shown(evidence.envelope.mailFrom.replace(/^<|>$/g, ''))}> to ${evidence.envelope.rcptTo.map(shown).join(', ')}`,
          width,
          2,
        )
      : []),
    ...section(
      'Session',
      (evidence?.dialogues ?? []).flatMap((dialogue) => sessionLines(dialogue, width)),
    ),
    ...(evidence
      ? section(
          'Rules',
          ruleLines(
            rules,
            evidence.dialogues.some(({ protocol }) => protocol === 'pop3'),
            width,
          ),
        )
      : []),
    ...(cause
      ? section('Cause', [
          ...hanging(
            '',
            `${shown(placeOf(cause))}: ${shown(causeText(cause))} (${certaintyWord[cause.certainty]})`,
            width,
            2,
          ),
          ...hanging('', `Remedy: ${visible(attempt.remedy, 1000)}`, width, 2),
        ])
      : []),
  ];
  return `${lines.join('\n')}\n`;
}
