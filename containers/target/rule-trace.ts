/** What `sendmail -bt` prints under `-d21.12 -d60.1`, read as a tree: which ruleset called which, and which rule answered. */

/** A map that was asked. Without `value`: the key is not there. */
export type Lookup = { map: string; key: string; value?: string };

/** A rule that matched. */
export type Step = {
  /** Which rule of its ruleset, from 0, as sendmail.cf has them. */
  number: number;
  left: string;
  right: string;
  before: string;
  after: string;
  lookups: Lookup[];
  calls: Call[];
};

/** One run of a ruleset. */
export type Call = { ruleset: string; input: string; output: string; steps: Step[] };

/** sendmail prints tokens apart; what they stand for has no such spaces. */
export const joined = (tokens: string): string =>
  tokens
    .trim()
    .replace(
      /("[^"]*")| ?(?<!\$)([@.:<>[\]%!,;()]) ?|\s+/g,
      (_, quoted?: string, sign?: string) => quoted ?? sign ?? ' ',
    );

const LOOKUP = /^map_lookup\(([^,]+), (.*?)\) => (.*)$/;

function lookupOf(line: string): Lookup | undefined {
  const [, map, key, said] = LOOKUP.exec(line) ?? [];
  if (map === undefined || key === undefined || said === undefined) {
    return undefined;
  }
  const found = /^(.*) \((-?\d+)\)(?:, ad=\d+)?$/.exec(said);
  return found && found[1] !== 'NOT FOUND' ? { map, key, value: found[1] ?? '' } : { map, key };
}

/**
 * Reads one trace. A rule whose right side begins with neither `$:` nor `$@` nor `$#` is tried again until it fails,
 * which is how its number is known.
 *
 * @returns the outermost call; undefined if nothing was called
 */
export function readTrace(output: string): Call | undefined {
  const open: { call: Call; number: number; tried: string; text: string; step: Step | undefined }[] = [];
  let root: Call | undefined;
  for (const whole of output.split('\n')) {
    const line = whole.replace(/^(?:> )+/, '').trimEnd();
    const called = /^(\S+) +input:(?: (.*))?$/.exec(line);
    const top = open.at(-1);
    if (called) {
      const call: Call = { ruleset: called[1] ?? '', input: called[2] ?? '', output: '', steps: [] };
      top?.step?.calls.push(call);
      root ??= call;
      open.push({ call, number: 0, tried: '', text: call.input, step: undefined });
      continue;
    }
    if (!top) {
      continue;
    }
    const returned = /^(\S+) +returns:(?: (.*))?$/.exec(line);
    if (returned && returned[1] === top.call.ruleset) {
      top.call.output = returned[2] ?? '';
      open.pop();
      if (open.length === 0) {
        break;
      }
      continue;
    }
    const tried = /^-----trying rule:(?: (.*))?$/.exec(line);
    if (tried) {
      top.tried = tried[1] ?? '';
      top.step = undefined;
    } else if (/^----- rule fails/.test(line)) {
      top.number++;
    } else if (line.startsWith('-----rule matches:')) {
      const right = line.slice('-----rule matches:'.length).trim();
      const { number, tried: left, text } = top;
      top.step = { number, left, right, before: text, after: text, lookups: [], calls: [] };
      top.call.steps.push(top.step);
      if (/^\$[:@#]/.test(right)) {
        top.number++;
      }
    } else if (line.startsWith('rewritten as:') && top.step) {
      top.step.after = line.slice('rewritten as:'.length).trim();
      top.text = top.step.after;
    } else {
      const lookup = lookupOf(line);
      if (lookup) {
        top.step?.lookups.push(lookup);
      }
    }
  }
  return root;
}

/** The rule that answered, and what it had from a map. */
export type Decision = {
  ruleset: string;
  step: Step;
  lookup?: Lookup;
  accepted: boolean;
  /** No rule answered: the ruleset came to its end behind this step, which sendmail takes for a yes. */
  exhausted?: true;
};

const isError = (text: string) => /^\$# ?(error|discard)\b/.test(text);
const grants = (text: string) => /^(RELAY|OK|SUBJECT)\b/i.test(text);
const refuses = (text: string) => /^(REJECT|DISCARD|ERROR|QUARANTINE|[45]\d\d\b)/i.test(text);

/** Maps that say nothing about trust. */
const PLAIN_MAPS = new Set(['dequote', 'host', 'canonify', 'arith', 'macro', 'mxlist', 'nextsub', 'replsub']);

function decide(call: Call, accepted: boolean): Decision | undefined {
  const marker = accepted ? /(^|[\s<])(RELAY|\$# ?(OK|RELAY))(?=$|[\s>])/i : /\$# ?(error|discard)|REJECT|ERROR/i;
  const says = accepted ? grants : refuses;
  const last = call.steps.at(-1);
  for (const step of [...call.steps].reverse()) {
    const inner = [...step.calls].reverse().find(({ output }) => marker.test(output));
    const deeper = inner && decide(inner, accepted);
    if (deeper) {
      return deeper;
    }
    const lookup = step.lookups.find(({ value }) => value !== undefined && says(value));
    if (lookup) {
      return { ruleset: call.ruleset, step, lookup, accepted };
    }
    const literal = accepted ? /RELAY|\$# ?OK|\$# ?RELAY/i : /\$# ?(error|discard)/i;
    const passedOn = accepted ? /RELAY|\$#/ : /\$#|REJECT|ERROR|DISCARD|QUARANTINE/;
    if (literal.test(step.right) && !passedOn.test(step.left)) {
      // What a map gave just before is what the rule looked at.
      const at = call.steps.indexOf(step);
      const given = call.steps
        .slice(Math.max(0, at - 3), at)
        .flatMap(({ lookups }) => lookups)
        .filter(({ map, value }) => value !== undefined && !PLAIN_MAPS.has(map))
        .at(-1);
      return { ruleset: call.ruleset, step, accepted, ...(given ? { lookup: given } : {}) };
    }
  }
  // Nothing says RELAY: the result is an acceptance all the same, unless it is an error.
  const inner = last?.calls.at(-1);
  return (
    (last?.right.startsWith('$@ $>') && inner && decide(inner, accepted)) ||
    (last && {
      ruleset: call.ruleset,
      step: last,
      accepted,
      ...(last.right.startsWith('$@') ? {} : { exhausted: true as const }),
    })
  );
}

/** Which rule decided; undefined if no rule matched. */
export function decisionOf(trace: Call): Decision | undefined {
  return decide(trace, !isError(trace.output));
}

/** All maps that were asked, in order. */
export const lookupsOf = (call: Call): Lookup[] =>
  call.steps.flatMap((step) => [...step.lookups, ...step.calls.flatMap(lookupsOf)]);

/** A rule as sendmail.cf has it. */
export type RuleLine = { line: number; text: string };

/** The rules of a sendmail.cf by ruleset, in their order. A ruleset may be continued later in the file. */
export function rulesIn(cf: string): Map<string, RuleLine[]> {
  const rules = new Map<string, RuleLine[]>();
  let list: RuleLine[] | undefined;
  for (const [index, text] of cf.split('\n').entries()) {
    const named = /^S([^=\s]+)/.exec(text)?.[1];
    if (named !== undefined) {
      const known = rules.get(named);
      list = known ?? [];
      rules.set(named, list);
    } else if (text.startsWith('R')) {
      list?.push({ line: index + 1, text });
    } else if (/^[A-Z]/.test(text)) {
      list = undefined;
    }
  }
  return rules;
}
