/** Who can do what on each side, in words. */
import { outcomeWords } from './differences.ts';
import { type Group, groupsFor, verbs } from './groups.ts';
import type {
  Change,
  ComparedAttempt,
  Difference,
  DifferenceJudgement,
  SideOfAttempt,
  State,
  Statement,
} from './model.ts';
import { NOTHING_LISTENS } from './not-applicable.ts';

/** A group with what shows it on each side: not always the same attempt. */
type Shown = {
  group: Group;
  before: SideOfAttempt;
  after: SideOfAttempt;
  ids: string[];
  change: Change;
  judgement: DifferenceJudgement;
  why: string;
};

const open = (state: State): boolean => state === 'through' || state === 'taken';

/** @param gone that AFTER has nothing that listens there */
function changeOf(before: State, after: State, gone: boolean): Change {
  if (before === 'unclear' || after === 'unclear') return 'unclear';
  // Where nothing listens any more, what went through cannot be tried, and goes through no longer.
  if (gone && open(before)) return 'lost';
  if (before === 'not-tried' || after === 'not-tried') return 'not-tried';
  if (open(before) === open(after)) return 'same';
  return open(after) ? 'gained' : 'lost';
}

/** What answers a group's question: one attempt that both sides have, or else of each side the first with an answer. */
function shownBy(group: Group, find: (id: string) => ComparedAttempt | undefined): ComparedAttempt[] {
  const there = group.shownBy.flatMap((id) => find(id) ?? []);
  const onBoth = there.find(({ before, after }) => before.state !== 'not-tried' && after.state !== 'not-tried');
  if (onBoth) {
    return [onBoth];
  }
  const first = (side: 'before' | 'after') => there.find((one) => one[side].state !== 'not-tried') ?? there[0];
  return [first('before'), first('after')].filter((one): one is ComparedAttempt => one !== undefined);
}

function show(
  group: Group,
  find: (id: string) => ComparedAttempt | undefined,
  differenceOf: (id: string) => Difference | undefined,
  modes: { before: string; after: string },
): Shown | undefined {
  const [one, other = one] = shownBy(group, find);
  if (one === undefined || other === undefined) {
    return undefined;
  }
  const { before } = one;
  const { after } = other;
  if (before.state === 'not-tried' && after.state === 'not-tried') {
    return undefined;
  }
  const reason = after.result?.reason ?? '';
  const gone = after.state === 'not-tried' && reason.startsWith(`${NOTHING_LISTENS} `);
  const change = changeOf(before.state, after.state, gone);
  const ids = [...new Set([one.id, other.id])];
  const found = one === other ? differenceOf(one.id) : undefined;
  if (gone && change === 'lost') {
    return { group, before, after, ids, change, judgement: 'unexpected', why: reason };
  }
  if (change === 'same' && found?.kind !== 'still-open') {
    return { group, before, after, ids, change, judgement: 'noted', why: '' };
  }
  if (one === other) {
    return { group, before, after, ids, change, judgement: found?.judgement ?? 'noted', why: found?.why ?? '' };
  }
  // Each mode has an attempt of its own for it, which passes where the mode makes the difference.
  const asMeant = before.result?.verdict === 'pass' && after.result?.verdict === 'pass';
  const why = change === 'lost' ? `the mode ${modes.after} drops it` : `the mode ${modes.after} adds it`;
  const judgement = change === 'gained' || change === 'lost' ? (asMeant ? 'expected' : 'unexpected') : 'noted';
  return { group, before, after, ids, change, judgement, why: judgement === 'expected' ? why : '' };
}

const listWords = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const portsOf = (places: readonly string[]): string => {
  const plain = places.filter((place) => /^port \d+$/u.test(place)).map((place) => place.slice(5));
  const rest = places.filter((place) => !/^port \d+$/u.test(place));
  const ports = plain.length === 0 ? [] : [`port${plain.length > 1 ? 's' : ''} ${listWords(plain)}`];
  return listWords([...ports, ...rest]);
};

/** What tells the members of a family apart that are said in one sentence. */
function detailOf(members: readonly Shown[]): string {
  const names = [...new Set(members.flatMap(({ group }) => (group.detail?.name ? [group.detail.name] : [])))];
  const places = [...new Set(members.flatMap(({ group }) => group.detail?.place ?? []))];
  const parts = [listWords(names), portsOf(places)].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

function predicate({ group, before, after, change }: Shown): string {
  const verb = verbs[group.verb];
  const was = open(before.state) ? verb.could : verb.couldNot;
  switch (change) {
    case 'gained':
      return `${verb.couldNot}, ${verb.now}`;
    case 'lost':
      return `${verb.could}, ${verb.noLonger}`;
    case 'same':
      return open(before.state) ? `${verb.could}, ${verb.still}` : `${verb.couldNot}, as before`;
    default: {
      const told = (side: SideOfAttempt) => side.state !== 'unclear' && side.state !== 'not-tried';
      const left = told(before) ? was : `BEFORE ${outcomeWords(before)}`;
      const right = told(after)
        ? open(after.state)
          ? verb.now
          : `AFTER ${verb.couldNot}`
        : `AFTER ${outcomeWords(after)}`;
      return `${left}; ${right}`;
    }
  }
}

/** A sentence for members of a family that came to the same. */
function sentence(members: readonly [Shown, ...Shown[]]): Statement {
  const [first] = members;
  const { group, before, after, change, judgement, why } = first;
  const who = `${group.who}${detailOf(members)}`;
  const remark =
    judgement === 'expected' || judgement === 'unexpected' ? ` (${judgement}${why === '' ? '' : `: ${why}`})` : '';
  return {
    group: group.group,
    who,
    before: before.state,
    after: after.state,
    change,
    judgement,
    words: `${who}: ${predicate(first)}${remark}`,
    why,
    attempts: [...new Set(members.flatMap(({ ids }) => ids))],
  };
}

/** What must be alike for one sentence: the family, the change and its reasons; for mechanisms also the ports. */
function keyOf(shown: Shown): string {
  const { group, before, after, change, judgement, why } = shown;
  const open = change === 'unclear' || change === 'not-tried' ? predicate(shown) : '';
  return JSON.stringify([group.group, group.who, before.state, after.state, change, judgement, why, open]);
}

/** The statements, those that change something first. */
export function statementsOf(
  attempts: readonly ComparedAttempt[],
  differences: readonly Difference[],
  modes: { before: string; after: string },
): Statement[] {
  const byId = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  const differenceById = new Map(differences.map((difference) => [difference.id, difference]));
  const families = new Map<string, [Shown, ...Shown[]]>();
  for (const group of groupsFor(attempts)) {
    const shown = show(
      group,
      (id) => byId.get(id),
      (id) => differenceById.get(id),
      modes,
    );
    if (shown) {
      const key = keyOf(shown);
      const family = families.get(key);
      if (family) {
        family.push(shown);
      } else {
        families.set(key, [shown]);
      }
    }
  }
  const weight: Record<Change, number> = { lost: 0, gained: 0, unclear: 1, 'not-tried': 2, same: 3 };
  const weightOf = ({ change, judgement }: Statement) => (judgement === 'unexpected' ? 0 : weight[change]);
  return [...families.values()].map(sentence).sort((a, b) => weightOf(a) - weightOf(b));
}
