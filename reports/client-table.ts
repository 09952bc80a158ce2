/** Which mail programs can send with which configuration, and what the others would need. Pure: for every format. */
import { describer } from './findings.ts';
import type { AttemptResult, MailClientDescription, Report } from './model.ts';
import type { Mark } from './words.ts';

export const clientStates = ['sends', 'does-not-send', 'unclear', 'not-applicable', 'not-tried'] as const;
export type ClientState = (typeof clientStates)[number];

/** One program, set up in one way, with one configuration. */
export type ClientCell = {
  state: ClientState;
  /** Where it does not send: what it would need, in words. */
  needs?: string;
  /** What the target did, or why nothing is known. */
  reason: string;
};

/** A way in which a program is set up. `cells` are in the order of the table's configurations. */
export type ClientWay = { attempt: string; way: string; cells: ClientCell[] };

export type ClientProgram = Pick<MailClientDescription, 'program' | 'era' | 'by'> & { ways: ClientWay[] };

export type ClientTable = {
  /** References and subjects, in the order of the report: their names, and their places in it. */
  configurations: { name: string; index: number }[];
  programs: ClientProgram[];
  /** What is needed anywhere, each once, in the order in which it comes: cells refer to it by its number from 1. */
  needs: string[];
};

export const clientMark: Record<ClientState, Mark> = {
  sends: { glyph: '✓', word: 'sends', tone: 'good' },
  // No fault of the configuration: nobody has to serve every program.
  'does-not-send': { glyph: '✗', word: 'does not send', tone: 'warning' },
  unclear: { glyph: '?', word: 'unclear', tone: 'unclear' },
  'not-applicable': { glyph: '–', word: 'not applicable', tone: 'quiet' },
  'not-tried': { glyph: '·', word: 'not tried', tone: 'quiet' },
};

const stateOf: Record<AttemptResult['verdict'], ClientState> = {
  pass: 'sends',
  fail: 'does-not-send',
  inconclusive: 'unclear',
  'not-applicable': 'not-applicable',
  // The waiver takes nothing back: the program does not send.
  waived: 'does-not-send',
};

function cellOf(result: AttemptResult | undefined): ClientCell {
  if (result === undefined) return { state: 'not-tried', reason: 'it was not tried' };
  const { verdict, reason, needs } = result;
  return { state: stateOf[verdict], reason, ...(needs === undefined ? {} : { needs }) };
}

/** The number of what a cell needs, as the table counts; undefined where it needs nothing. */
export function needNumber({ needs }: ClientTable, cell: ClientCell): number | undefined {
  return cell.needs === undefined ? undefined : needs.indexOf(cell.needs) + 1;
}

/** The table of a report; undefined where no mail program was tried. */
export function clientTable(report: Report): ClientTable | undefined {
  const describe = describer(report);
  const audited = report.configurations
    .map((configuration, index) => ({ configuration, index }))
    .filter(({ configuration }) => configuration.role !== 'control')
    .filter(({ configuration }) => configuration.attempts.some(({ id }) => describe(id)?.client !== undefined));
  if (audited.length === 0) return undefined;
  const results = audited.map(({ configuration }) => new Map(configuration.attempts.map((one) => [one.id, one])));
  const programs = new Map<string, ClientProgram>();
  for (const { id, client } of report.catalogue) {
    if (client === undefined || !results.some((one) => one.has(id))) continue;
    const { program, era, by, way } = client;
    const key = `${by} ${program}`;
    const known = programs.get(key) ?? { program, era, by, ways: [] };
    known.ways.push({ attempt: id, way, cells: results.map((one) => cellOf(one.get(id))) });
    programs.set(key, known);
  }
  const list = [...programs.values()];
  const cells = list.flatMap(({ ways }) => ways.flatMap((way) => way.cells));
  return {
    configurations: audited.map(({ configuration, index }) => ({ name: configuration.name, index })),
    programs: list,
    needs: [...new Set(cells.flatMap(({ needs }) => needs ?? []))],
  };
}
