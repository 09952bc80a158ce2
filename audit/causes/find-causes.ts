/**
 * Which line of the subject's own files most likely makes an attempt fail. Asked for failed attempts alone: a compliant
 * configuration costs nothing. At most a dozen of them are traced, in one process; whether a line is it, the rules are
 * asked without it, for all of them at once.
 */

import { decisionOf, rulesIn } from '../../containers/target/rule-trace.ts';
import { canBeAsked, type EnvelopeQuestion, RuleTracer } from '../../containers/target/rule-tracer.ts';
import type { Target } from '../../containers/target/target.ts';
import type { Cause } from '../../reports/model.ts';
import { isSweep } from '../../suites/scene.ts';
import { holdsPopLogins } from '../applicability.ts';
import { lineBehind, lineThatLogged, lineThatSays, ownAcceptance, ruleOf } from './decision.ts';
import { declaredCause } from './declared.ts';
import { RELAYING, type Suspect, suspect, suspectsInMc } from './delta.ts';
import { questionOf } from './envelope.ts';
import type { Failed } from './finders.ts';
import { statement } from './mc.ts';
import { popCause } from './pop-writer.ts';
import { settingAfterRules, settingBeforeRules } from './settings.ts';

const TRACES = 12;
/** Lines that were traced and are put to the test. */
const SUSPECTS = 8;

/** Where nothing else is known, a feature that is there to relay. */
const RELAYING_FEATURE = /^\s*FEATURE\(\s*`(promiscuous_relay|relay_|loose_relay)/;

type Asked = Failed & { question: EnvelopeQuestion };

const sameLine = (one: Cause, other: Cause) => one.file === other.file && one.line === other.line;

/** Whether the rules' answer is what was observed. */
const letThrough = ({ attempt: { expected } }: Failed) => expected === 'block';

function questionFor(target: Target, failed: Failed): EnvelopeQuestion | undefined {
  const { attempt, result } = failed;
  if (isSweep(attempt.scene) || !result.evidence) {
    return undefined;
  }
  const question = questionOf(result, result.evidence, attempt.scene, target.facts.listeners);
  return question && canBeAsked(question) ? question : undefined;
}

/** A few of many: one of each suite first, then those in between, so that different faults have a chance. */
export function chosenFew<Item extends Failed>(list: readonly Item[], most: number): Item[] {
  const firsts = list.filter(
    (item, index) => list.findIndex((one) => one.attempt.suite === item.attempt.suite) === index,
  );
  const others = list.filter((item) => !firsts.includes(item));
  const room = Math.max(0, most - firsts.length);
  const step = Math.max(1, others.length / Math.max(1, room));
  const spread = Array.from({ length: Math.min(room, others.length) }, (_, at) => others[Math.floor(at * step)]);
  return [...firsts, ...spread].filter((item) => item !== undefined).slice(0, most);
}

/** The path of the map that POP logins are kept in: as declared, else as the rules have it. */
const popMapPathOf = ({ facts, configuration }: Target): string =>
  configuration.policy.popAuthorization.map?.split(' ')[1] ?? facts.maps.find(holdsPopLogins)?.path ?? '';

const isPopMap = (target: Target, map: string) => {
  const found = target.facts.maps.find(({ name }) => name === map);
  return found !== undefined && (found.path === popMapPathOf(target) || holdsPopLogins(found));
};

/** A recipient that the rules take for one of ours: where its mail goes is not theirs to say. */
const isOfOurs = (ruleset: string, left: string) =>
  ruleset === 'Rcpt_ok' && (/\$=w/.test(left) || /^< \? > \$\+$/.test(left));

class CauseFinder {
  readonly causes = new Map<string, Cause>();
  readonly #target: Target;
  readonly #tracer: RuleTracer;
  /** Whether a rule that m4 made let somebody through. */
  #generated = false;
  /** Whether a rule did because of a domain of ours. */
  #ours = false;

  constructor(target: Target) {
    this.#target = target;
    this.#tracer = new RuleTracer(target.shell);
  }

  get #ground() {
    const { configuration, facts } = this.#target;
    return { files: configuration.files, facts, policy: configuration.policy };
  }

  async find(failed: readonly Failed[]): Promise<Map<string, Cause>> {
    for (const one of failed) {
      this.#keep(one, sweepCause(one) ?? settingBeforeRules(this.#ground, one) ?? declaredCause(this.#ground, one));
    }
    const asked = this.#open(failed).flatMap((one): Asked[] => {
      const question = questionFor(this.#target, one);
      return question ? [{ ...one, question }] : [];
    });
    if (asked.length > 0) {
      const suspects = await this.#trace(chosenFew(asked, TRACES));
      await this.#compare(asked, suspects);
    }
    for (const one of this.#open(failed)) {
      this.#keep(one, this.#searched(one));
    }
    return this.causes;
  }

  #open<Item extends Failed>(list: readonly Item[]): Item[] {
    return list.filter(({ attempt }) => !this.causes.has(attempt.id));
  }

  #keep({ attempt }: Failed, cause: Cause | undefined): void {
    if (cause) {
      this.causes.set(attempt.id, cause);
    }
  }

  /** Follows some attempts through the rules; answers lines that are worth a test. */
  async #trace(few: readonly Asked[]): Promise<Cause[]> {
    const { files, facts } = this.#ground;
    const rules = rulesIn(await this.#tracer.configuration());
    const traces = await this.#tracer.trace(few.map(({ question }) => question));
    const suspects: Cause[] = [];
    for (const [index, one] of few.entries()) {
      const trace = traces[index];
      const decision = trace && decisionOf(trace);
      if (!decision || decision.accepted !== letThrough(one)) {
        continue;
      }
      const { lookup } = decision;
      const popFound = lookup && isPopMap(this.#target, lookup.map);
      if (popFound) {
        this.#keep(one, popCause(files, one, popMapPathOf(this.#target)));
        continue;
      }
      if (isOfOurs(decision.ruleset, decision.step.left)) {
        continue;
      }
      const found = lineBehind(decision, ruleOf(rules, decision), files, facts);
      if (found === 'generated') {
        this.#generated ||= decision.accepted;
        continue;
      }
      this.#ours ||= found.file === 'local-host-names' || /LOCAL_DOMAIN/.test(found.text);
      this.#keep(one, found);
      if (!suspects.some((known) => sameLine(known, found))) {
        suspects.push(found);
      }
    }
    return suspects.slice(0, SUSPECTS);
  }

  /** Asks about all of them without each suspected line, one line at a time: whose answer changes has its cause. */
  async #compare(asked: readonly Asked[], suspects: readonly Cause[]): Promise<void> {
    const base = await this.#tracer.answers(asked.map(({ question }) => question));
    let open = asked.filter((one, index) => base[index] === (letThrough(one) ? 'relay' : 'refused'));
    for (const { cause, variant } of this.#suspects(suspects)) {
      if (open.length === 0) {
        break;
      }
      const answers = await this.#tracer.answers(
        open.map(({ question }) => question),
        variant,
        this.#target.facts.maps.find(({ name }) => name === 'access'),
      );
      open = open.filter((one, index) => {
        const changed = answers[index] === (letThrough(one) ? 'refused' : 'relay');
        if (changed) {
          this.causes.set(one.attempt.id, { ...cause, certainty: 'delta' });
        }
        return !changed;
      });
    }
    await this.#tracer.clear();
  }

  /** What is tried without, in this order: of several lines without which the answer changes, the first is named. */
  #suspects(traced: readonly Cause[]): Suspect[] {
    const { files } = this.#ground;
    const named = traced.map((cause) => suspect(files, cause)).filter((one) => one !== undefined);
    const ofMc = suspectsInMc(files).filter((one) => !named.some(({ cause }) => sameLine(cause, one.cause)));
    // A domain of ours is no fault of its own: it is what a feature makes of it.
    const features = this.#ours ? ofMc.filter(({ cause }) => RELAYING.test(cause.text)) : [];
    const others = this.#generated ? ofMc : ofMc.filter(isOwnRule);
    return [...features, ...named, ...others.filter((one) => !features.includes(one))];
  }

  /** What the rules did not tell. */
  #searched(one: Failed): Cause | undefined {
    const { files } = this.#ground;
    const words = `${one.result.reason} ${one.result.evidence?.fate ?? ''}`;
    const said =
      one.attempt.expected === 'deliver'
        ? (lineThatSays(files, words) ?? lineThatLogged(files, one.result.evidence?.log ?? []))
        : undefined;
    const ofPop = one.attempt.suite === 'pop-before-smtp' && one.attempt.id !== 'pop-before-smtp/login-and-auth';
    const path = popMapPathOf(this.#target);
    return (
      said ??
      (ofPop ? popCause(files, one, path) : undefined) ??
      settingAfterRules(this.#ground, one) ??
      (one.attempt.effect === 'leak' ? (statement(files, RELAYING_FEATURE) ?? ownAcceptance(files)) : undefined)
    );
  }
}

const isOwnRule = ({ cause }: Suspect) => cause.how === 'rule';

/** A sweep has looked for its causes itself. */
function sweepCause({ result }: Failed): Cause | undefined {
  const found = result.evidence?.findings?.find(({ cause }) => cause !== undefined)?.cause;
  if (!found) {
    return undefined;
  }
  const how = /^sendmail\.(mc|cf)$/.test(found.file)
    ? /^\s*FEATURE/.test(found.text)
      ? 'feature'
      : /^[RS]/.test(found.text) && !/^RELAY/.test(found.text)
        ? 'rule'
        : 'class member'
    : found.file === 'relay-domains'
      ? 'class member'
      : 'map entry';
  return { ...found, how, certainty: 'search' };
}

/**
 * Attempt id to cause, for those where one was found. Never throws: without a cause, a finding is one all the same;
 * `trouble` says what went wrong.
 */
export async function findCauses(
  target: Target,
  failed: readonly Failed[],
): Promise<{ causes: Map<string, Cause>; trouble: string | undefined }> {
  const finder = new CauseFinder(target);
  try {
    return { causes: await finder.find(failed), trouble: undefined };
  } catch (error) {
    return { causes: finder.causes, trouble: error instanceof Error ? error.message : String(error) };
  }
}
