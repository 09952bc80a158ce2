/** What is wrong, in words, with what to do about it. */
import { causesOf, causeText, certaintyWord, placeOf } from '../cause.ts';
import { byRemedy, type Finding, type Findings, type RemedyGroup } from '../findings.ts';
import { visible } from '../visible.ts';
import { markOf, termOf, workOf } from '../waivers.ts';
import { attemptMark, baselineMark, count, failMark } from '../words.ts';
import { hanging } from './layout.ts';

// A terminal is no place for a thousand lines: the report has them all.
const GROUPS = 20;
const PER_GROUP = 10;
const CAUSES = 5;
const TEXT_LIMIT = 400;
/** A remedy is ours, and its side effect stands at its end. */
const REMEDY_LIMIT = 1000;

const shown = (text: string): string => visible(text, TEXT_LIMIT);

function rest(list: readonly unknown[], limit: number, noun: string): string[] {
  return list.length > limit ? [`  and ${count(list.length - limit, noun)} more: see the report`] : [];
}

/** The lines behind a group's violations. */
function causeLines(findings: readonly Finding[], width: number): string[] {
  const causes = causesOf(findings);
  const lines = causes
    .slice(0, CAUSES)
    .flatMap(({ cause }) =>
      hanging(
        '',
        `Cause: ${shown(placeOf(cause))}: ${shown(causeText(cause))} (${certaintyWord[cause.certainty]})`,
        width,
        2,
      ),
    );
  return [...lines, ...rest(causes, CAUSES, 'cause')];
}

function groupLines({ configuration, remedy, findings }: RemedyGroup, width: number): string[] {
  return [
    ...hanging('', `${shown(configuration.name)}: ${count(findings.length, 'violation')}`, width),
    ...findings.slice(0, PER_GROUP).flatMap(({ attempt, description }) => {
      const title = description === undefined ? '' : `: ${shown(description.title)}`;
      const state = attempt.baselineState === undefined ? '' : ` (${baselineMark[attempt.baselineState].word})`;
      const words = `${shown(attempt.id)}${state}${title}. ${shown(attempt.reason)}`;
      return hanging(attemptMark.fail.glyph, words, width, 2);
    }),
    ...rest(findings, PER_GROUP, 'violation'),
    ...causeLines(findings, width),
    ...hanging('', `Remedy: ${remedy === '' ? 'the catalogue names none.' : visible(remedy, REMEDY_LIMIT)}`, width, 2),
    '',
  ];
}

/** Violations by configuration and remedy. */
export function violationLines({ violations }: Findings, width: number): string[] {
  const groups = byRemedy(violations);
  const left = groups.slice(GROUPS).flatMap(({ findings }) => findings);
  return [...groups.slice(0, GROUPS).flatMap((group) => groupLines(group, width)), ...rest(left, 0, 'violation')];
}

function findingLine({ configuration, attempt }: Finding): string {
  return `${shown(configuration.name)}, ${shown(attempt.id)}: ${shown(attempt.reason)}`;
}

const OUTPUT_LINES = 12;

/** A configuration that did not start, and what the program that gave up said. */
function brokenLines({ configuration }: Findings['broken'][number], width: number): string[] {
  const { message, output } = configuration.error ?? { message: 'it did not start', output: [] };
  return [
    ...hanging(attemptMark.inconclusive.glyph, `${shown(configuration.name)} did not start: ${shown(message)}`, width),
    ...output.slice(0, OUTPUT_LINES).flatMap((line) => hanging('|', shown(line), width, 2)),
    ...rest(output, OUTPUT_LINES, 'line'),
  ];
}

/** Everything that leaves a question open. */
export function unclearLines({ broken, lostProofs, missedControls, inconclusive }: Findings, width: number): string[] {
  // What was not tried because its configuration did not start needs no line of its own.
  const open = inconclusive.filter(({ configuration }) => configuration.error === undefined);
  const texts = [
    ...missedControls.map(({ configuration }) => `The control ${shown(configuration.name)} was not detected.`),
    ...lostProofs.map(
      ({ configuration, proof }) =>
        `${shown(configuration.name)}, ${proof.when} ${shown(proof.batch)}: the path was not shown to be alive: ${shown(proof.reason)}`,
    ),
    ...open.map(findingLine),
  ];
  const lines = texts.slice(0, GROUPS).flatMap((text) => hanging(attemptMark.inconclusive.glyph, text, width));
  return [...broken.flatMap((one) => brokenLines(one, width)), ...lines, ...rest(texts, GROUPS, 'result')];
}

/** Failures at level `should`, which decide nothing but want attention. */
export function warningLines({ warnings }: Findings, width: number): string[] {
  const lines = warnings
    .slice(0, PER_GROUP)
    .flatMap((finding) => hanging(failMark.should.glyph, findingLine(finding), width));
  return [...lines, ...rest(warnings, PER_GROUP, 'warning')];
}

/** Accepted violations, whether they are needed or not. */
export function waiverLines({ waivers }: Findings, width: number): string[] {
  const lines = waivers.slice(0, GROUPS).flatMap(({ configuration, waiver }) => {
    const { glyph, word } = markOf(waiver);
    const named = waiver.attempts.slice(0, PER_GROUP).map((id) => hanging('', shown(id), width, 2));
    const said = `${word}, ${termOf(waiver)}; ${workOf(waiver)}. Reason: ${shown(waiver.reason)}`;
    return [
      ...hanging(glyph, `${shown(configuration.name)}, ${shown(waiver.attempt)}: ${shown(said)}`, width),
      ...named.flat(),
      ...rest(waiver.attempts, PER_GROUP, 'attempt'),
    ];
  });
  return [...lines, ...rest(waivers, GROUPS, 'waiver')];
}
