/** Asks a target's own rules who may relay, without a connection, by `sendmail -bt` (address test mode). */
import type { ShellResult } from './container-shell.ts';
import { type Answer, answersIn, type Route, routesIn } from './rule-answers.ts';
import { plain, type Question, scriptOf } from './rule-questions.ts';
import type { TargetFacts } from './target-facts.ts';

export type { Answer, Route } from './rule-answers.ts';
export type { ClientResolve, Question } from './rule-questions.ts';

/** Questions that go through one process; output stays far below what the shell bears. */
const BATCH = 1500;
const DEADLINE_MS = 60_000;

/** The program and its configuration, as the shell takes them. */
export type RuleProgram = { sendmail: string; cf: string };

export const OWN_RULE_PROGRAM: RuleProgram = {
  sendmail: '/usr/libexec/sendmail/sendmail',
  cf: '/etc/mail/sendmail.cf',
};

/**
 * Most names that are asked for exist nowhere. The resolver would then try them below the server's own domain, where a
 * lab's or a provider's DNS may know every name, and the question would be about a local domain.
 */
export const OPTIONS = "-O 'ResolverOptions=-DNSRCH -DEFNAMES'";

type Shell = { run(command: string, deadlineMs?: number): Promise<ShellResult> };

export class RuleTester {
  /** How many questions have been asked. */
  asked = 0;
  readonly #shell: Shell;
  readonly #facts: Pick<TargetFacts, 'listeners'>;

  readonly #program: RuleProgram;

  constructor(target: { shell: Shell; facts: Pick<TargetFacts, 'listeners'>; ruleProgram?: RuleProgram }) {
    this.#program = target.ruleProgram ?? OWN_RULE_PROGRAM;
    this.#shell = target.shell;
    this.#facts = target.facts;
  }

  /**
   * Asks on the first listener, or on the given one.
   *
   * @throws Error if an answer is missing
   */
  async ask(questions: readonly Question[], listener = this.#facts.listeners[0]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let at = 0; at < questions.length; at += BATCH) {
      const batch = questions.slice(at, at + BATCH);
      const output = await this.#run(
        scriptOf(batch, listener),
        "'^\\(> \\)*check_rcpt  *\\(input\\|returns\\):\\|^\\(> \\)*Undefined ruleset check_rcpt'",
      );
      answers.push(...answersIn(output, batch.length));
      this.asked += batch.length;
    }
    return answers;
  }

  /** Where mail for these addresses would go. */
  async routes(addresses: readonly string[]): Promise<Route[]> {
    if (addresses.length === 0) {
      return [];
    }
    const output = await this.#run(
      addresses.map((address) => `/parse ${plain(address)}`),
      "'^mailer '",
    );
    this.asked += addresses.length;
    return routesIn(output, addresses.length);
  }

  /** What is in a class, as the running configuration has it: from lines, files and the machine. */
  async membersOf(...classes: string[]): Promise<Map<string, string[]>> {
    // A macro of ours, printed between two lists, tells where one ends.
    const print = '$' + '{rp_end}';
    const script = classes.flatMap((name) => [`$=${plain(name)}`, `.D{rp_end}end-of-${name}`, print]);
    const output = await this.#run(script, "''");
    const members = new Map<string, string[]>();
    let list: string[] = [];
    for (const line of output.split('\n').map((text) => text.replace(/^(> )*/, '').trim())) {
      const end = /^end-of-(.*)$/.exec(line);
      if (end) {
        members.set(end[1] ?? '', list);
        list = [];
      } else if (line !== '' && !/^(ADDRESS TEST MODE|Enter <ruleset>)/.test(line)) {
        list.push(line);
      }
    }
    if (members.size !== classes.length) {
      throw new Error(`sendmail -bt listed ${members.size} of ${classes.length} classes: ${output.slice(0, 300)}`);
    }
    return members;
  }

  /** Runs one process; `filter` is what grep lets through. */
  async #run(lines: readonly string[], filter: string): Promise<string> {
    const command = [
      // The delivery mode decides too (`deferred` skips the checks), and test mode has one of its own.
      `{ printf '.D{deliveryMode}%.1s\\n' "$(sed -n 's/^O DeliveryMode=//p' ${this.#program.cf} | tail -n 1 | grep . || echo b)"`,
      "cat <<'END-OF-QUESTIONS'",
      ...lines,
      'END-OF-QUESTIONS',
      `} | ${this.#program.sendmail} ${OPTIONS} -bt 2>&1 | grep -a ${filter}`,
    ].join('\n');
    return (await this.#shell.run(command, DEADLINE_MS)).output;
  }
}
