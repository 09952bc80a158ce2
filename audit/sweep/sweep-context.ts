/** What every sweep of one target needs: whom to ask, whom to ask as, and what the configuration says. */
import type { Policy } from '../../containers/configurations/policy.ts';
import { type Answer, type Question, RuleTester } from '../../containers/target/rule-tester.ts';
import type { Target } from '../../containers/target/target.ts';
import { Causes } from './causes.ts';
import type { Family } from './ip.ts';
import type { Files } from './sources.ts';
import { findStranger, type Stranger } from './stranger.ts';

const CLASSES = ['w', 'm', 'R', '{VirtHost}'] as const;
type ClassName = (typeof CLASSES)[number];

export class SweepContext {
  readonly target: Target;
  readonly tester: RuleTester;
  readonly stranger: Stranger;
  readonly causes: Causes;
  readonly notes: string[] = [];
  unanswered = 0;
  readonly #classes: Map<string, string[]>;

  private constructor(target: Target, tester: RuleTester, stranger: Stranger, classes: Map<string, string[]>) {
    this.target = target;
    this.tester = tester;
    this.stranger = stranger;
    this.#classes = classes;
    this.causes = new Causes(this.files, target.facts.maps, classes.get('m') ?? []);
  }

  /** @throws Error if the target's rules cannot be asked */
  static async of(target: Target, family: Family): Promise<SweepContext> {
    const tester = new RuleTester(target);
    const classes = await tester.membersOf(...CLASSES);
    return new SweepContext(target, tester, await findStranger(tester, family), classes);
  }

  get files(): Files {
    return this.target.configuration.files;
  }

  get policy(): Policy {
    return this.target.configuration.policy;
  }

  get facts(): Target['facts'] {
    return this.target.facts;
  }

  /** Members of classes as the running configuration has them, in lower case. */
  members(...classes: ClassName[]): string[] {
    return classes.flatMap((name) => this.#classes.get(name) ?? []).map((member) => member.toLowerCase());
  }

  /** Asks, and keeps account of what was answered neither yes nor no. */
  async ask(questions: readonly Question[]): Promise<Answer[]> {
    const answers = await this.tester.ask(questions);
    const open = answers.filter((answer): answer is Exclude<Answer, string> => typeof answer === 'object');
    if (open[0] && this.unanswered === 0) {
      this.notes.push(`the rules answer with a temporary failure: ${open[0].error}`);
    }
    this.unanswered += open.length;
    return answers;
  }
}
