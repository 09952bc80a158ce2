/** A running mail server that can be tried: made of a configuration folder, or of somebody's own image. */
import type { Doubt } from '../../audit/doubts.ts';
import type { Dial } from '../../clients/dial.ts';
import type { LogLine } from '../../reports/model.ts';
import type { ClientCertificate, HomeFile } from '../../suites/scene.ts';
import type { Configuration } from '../configurations/configuration.ts';
import { ClientAddressBook } from '../lab/address-plan.ts';
import type { Lab } from '../lab/lab.ts';
import type { ShellResult } from './container-shell.ts';
import type { Limits } from './limits.ts';
import type { RuleProgram } from './rule-tester.ts';
import { SharedTurn } from './shared-turn.ts';
import type { TargetFacts } from './target-facts.ts';
import type { TargetLog } from './target-log.ts';

/** How long the log may take to show a line that has been written. */
export const LOG_DEADLINE_MS = 10_000;

/** Domains of the outside that the configuration itself speaks of: they must exist, or DNS would decide instead of it. */
function domainsInUse(facts: TargetFacts, { policy }: Configuration): string[] {
  const refused = facts.refusedSenders.map((address) => address.slice(address.lastIndexOf('@') + 1));
  const names = [...facts.outsideDomains, ...refused, ...policy.relayTo];
  return [...new Set(names.map((name) => name.toLowerCase().replace(/\.$/, '')))];
}

/** What DNS says to a target of its own domains, and of those that its configuration speaks of. */
export const namesOf = (facts: TargetFacts, configuration: Configuration) => ({
  localDomains: facts.localDomains,
  forwardedTo: domainsInUse(facts, configuration),
  nextHops: facts.nextHops,
});

/** What every target is made of. */
export type TargetParts = Pick<
  Target,
  'configuration' | 'lab' | 'ipv4' | 'ipv6' | 'hostName' | 'facts' | 'log' | 'shell' | 'passwords' | 'notes' | 'ca'
> & { doubts?: Doubt[] };

export abstract class Target {
  readonly configuration: Configuration;
  readonly lab: Lab;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly hostName: string;
  readonly facts: TargetFacts;
  readonly log: TargetLog;
  /** Runs commands in the container. */
  readonly shell: { run(command: string, deadlineMs?: number): Promise<ShellResult> };
  readonly addresses: ClientAddressBook;
  /** Account to password; random for this target. */
  readonly passwords: ReadonlyMap<string, string>;
  /** What was done to read the folder, and what the start noticed. */
  readonly notes: string[];
  /** What was adapted and may be why attempts passed. */
  readonly doubts: Doubt[];
  /** The lab's certificate authority (PEM); undefined if the configuration brings certificates of its own. */
  readonly ca: string | undefined;
  /** What the harness cannot do with it. */
  abstract readonly limits: Limits;
  /** Local users whom mail is for. */
  abstract readonly users: readonly string[];
  /** The program that answers for the rules, and what it reads. */
  abstract readonly ruleProgram: RuleProgram;
  /** Whether the log has a line for the end of each message (LogLevel 11 or more), besides those for its recipients. */
  abstract readonly logsEnds: boolean;
  /** Opens a connection from the target to itself. */
  abstract readonly dialFromInside: Dial;
  /** Whether the POP writer reads the log, and so acts some time after the login. */
  abstract readonly popWriterFollowsLog: boolean;
  readonly #barriers = new SharedTurn(() => this.#takeBarrier());
  readonly #queueListings = new SharedTurn(() => this.#listQueue());

  protected constructor(parts: TargetParts) {
    this.configuration = parts.configuration;
    this.lab = parts.lab;
    this.ipv4 = parts.ipv4;
    this.ipv6 = parts.ipv6;
    this.hostName = parts.hostName;
    this.facts = parts.facts;
    this.log = parts.log;
    this.shell = parts.shell;
    this.passwords = parts.passwords;
    this.doubts = parts.doubts ?? [];
    const said = [...parts.notes, ...this.doubts.map(({ text }) => text)];
    this.notes = [...(parts.configuration.notes ?? []), ...said];
    this.ca = parts.ca;
    this.addresses = new ClientAddressBook(parts.lab.plan);
  }

  password(account: string): string {
    return this.passwords.get(account) ?? '';
  }

  /** The first local domain. */
  get localDomain(): string {
    return this.facts.localDomains.find((domain) => domain !== 'localhost') ?? this.hostName;
  }

  /** Has something logged that is told from all else, down the path that sendmail's lines take. False if it never comes. */
  protected abstract sendBarrier(): Promise<boolean>;

  /**
   * Whether a second session from an address shows in the log, where the level of the log is too low for the first one
   * to have left its address.
   */
  abstract showsAnotherFrom(address: string): Promise<boolean>;
  /** Waits until the POP-authorisation writer has seen everything that was logged. */
  abstract settlePopWriter(): Promise<void>;
  /** Makes an address's authorisation older by so many seconds, and runs the writer's regular sweep. */
  abstract agePopAuthorization(address: string, seconds: number): Promise<void>;
  /** A client's certificate of a kind, with its key (PEM); made when it is first asked for. */
  abstract clientCertificate(kind: ClientCertificate): Promise<{ cert: string; key: string }>;
  /** Puts a file into the home of the account that receives; the answer takes it away again. */
  abstract placeHomeFile(file: HomeFile): Promise<() => Promise<void>>;
  /** Restarts a daemon, as after an update, and waits until it greets. */
  abstract restart(what: 'sendmail' | 'pop-server'): Promise<void>;
  /** Kills the container at once, as a test of what the harness makes of it. */
  abstract kill(): Promise<void>;
  abstract stop(): Promise<void>;

  /**
   * Makes sure that everything logged so far has arrived: a line is sent down the same path and awaited. False if the log
   * no longer comes.
   */
  logBarrier(): Promise<boolean> {
    return this.#barriers.take();
  }

  async #takeBarrier(): Promise<boolean> {
    return this.log.lost === undefined && this.sendBarrier();
  }

  /** Waits for a log line; gives up at once where the log is lost. */
  async logged(
    matches: (line: LogLine) => boolean,
    deadlineMs = LOG_DEADLINE_MS,
    from = 0,
  ): Promise<LogLine | undefined> {
    return this.log.waitFor(matches, this.log.lost === undefined ? deadlineMs : 0, from);
  }

  /** Whether a queue file of the message is still there. */
  async isQueued(queueId: string): Promise<boolean> {
    return (await this.#queueListings.take()).includes(queueId);
  }

  async #listQueue(): Promise<string> {
    return (await this.shell.run(`ls ${this.facts.queueDirectory}/ 2>/dev/null`)).output;
  }
}
