/** A running mail server with one configuration. */
import { randomBytes } from 'node:crypto';
import { type Doubt, doubtOf } from '../../audit/doubts.ts';
import type { Dial } from '../../clients/dial.ts';
import type { LogLine } from '../../reports/model.ts';
import type { ClientCertificate, HomeFile } from '../../suites/scene.ts';
import type { Configuration } from '../configurations/configuration.ts';
import { hostNameOf, listedNames } from '../configurations/host-name.ts';
import { ClientAddressBook, targetAddresses } from '../lab/address-plan.ts';
import type { Lab } from '../lab/lab.ts';
import { type ContainerShell, quoted } from './container-shell.ts';
import { dialFromContainer } from './inside-dial.ts';
import { SharedTurn } from './shared-turn.ts';
import { HOME_ACCOUNT, TargetContainer, type TargetOptions } from './target-container.ts';
import { type TargetFacts, targetFacts } from './target-facts.ts';
import type { TargetLog } from './target-log.ts';

/** How long the log may take to show a line that has been written. */
const LOG_DEADLINE_MS = 10_000;

/** Domains of the outside that the configuration itself speaks of: they must exist, or DNS would decide instead of it. */
function domainsInUse(facts: TargetFacts, { policy }: Configuration): string[] {
  const refused = facts.refusedSenders.map((address) => address.slice(address.lastIndexOf('@') + 1));
  const names = [...facts.outsideDomains, ...refused, ...policy.relayTo];
  return [...new Set(names.map((name) => name.toLowerCase().replace(/\.$/, '')))];
}

export class Target {
  readonly configuration: Configuration;
  readonly lab: Lab;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly hostName: string;
  readonly facts: TargetFacts;
  readonly log: TargetLog;
  readonly shell: ContainerShell;
  readonly addresses: ClientAddressBook;
  /** Account to password; random for this target. */
  readonly passwords: ReadonlyMap<string, string>;
  /** What was done to read the folder, and what the start script noticed. */
  readonly notes: string[];
  /** What was adapted and may be why attempts passed. */
  readonly doubts: Doubt[];
  /** The lab's certificate authority (PEM); undefined if the configuration brings certificates of its own. */
  readonly ca: string | undefined;
  /** Opens a connection from the target to itself. */
  readonly dialFromInside: Dial;
  readonly #container: TargetContainer;
  readonly #certificates = new Map<ClientCertificate, Promise<{ cert: string; key: string }>>();
  readonly #barriers = new SharedTurn(() => this.#sendBarrier());
  readonly #queueListings = new SharedTurn(() => this.#listQueue());

  private constructor(options: TargetOptions, container: TargetContainer, log: TargetLog, facts: TargetFacts) {
    const { lab, configuration } = options;
    this.configuration = configuration;
    this.lab = lab;
    this.ipv4 = container.ipv4;
    this.ipv6 = container.ipv6;
    this.hostName = container.hostName;
    this.facts = facts;
    this.log = log;
    this.shell = container.shell;
    this.passwords = container.passwords;
    this.doubts = log.saying('doubt').map(doubtOf);
    const said = [...log.saying('note'), ...this.doubts.map(({ text }) => text)];
    this.notes = [...(configuration.notes ?? []), ...said];
    this.ca = configuration.files.has('tls/cert.pem') ? undefined : container.ca;
    this.#container = container;
    this.addresses = new ClientAddressBook(lab.plan);
    this.dialFromInside = dialFromContainer(lab.engine.docker, container.id);
  }

  /**
   * Starts a target and waits until its listeners greet: in a container of its own, or in place of another one
   * (`inPlaceOf`), which is over then.
   *
   * @throws Failure CONFIGURATION_DOES_NOT_START with the configuration's own error output; LAB_BROKEN otherwise
   */
  static async start(options: TargetOptions, inPlaceOf?: Target): Promise<Target> {
    const { lab, configuration } = options;
    const { ipv4, ipv6 } = inPlaceOf ?? targetAddresses(lab.plan, options.number);
    const hostName = hostNameOf(configuration.files);
    const declared = listedNames(configuration.files.get('local-host-names')?.content.toString('latin1') ?? '');
    await lab.nameTarget({ ipv4, ipv6, hostName, localDomains: declared, forwardedTo: [], nextHops: [] });
    const container = inPlaceOf ? inPlaceOf.#container : await TargetContainer.start({ ...options, hostName });
    const log = inPlaceOf ? await container.serveNext(configuration) : container.log;
    const facts = targetFacts.parse(JSON.parse(log.saying('facts')[0] ?? '{}'));
    await lab.nameTarget({
      ipv4,
      ipv6,
      hostName,
      localDomains: facts.localDomains,
      forwardedTo: domainsInUse(facts, configuration),
      nextHops: facts.nextHops,
    });
    return new Target(options, container, log, facts);
  }

  /** Whether another configuration may run in its place: it must be alive, and a container's name stays what it is. */
  mayBeFollowedBy(configuration: Configuration): boolean {
    return this.log.lost === undefined && hostNameOf(configuration.files) === this.hostName;
  }

  password(account: string): string {
    return this.passwords.get(account) ?? '';
  }

  /** The first local domain. */
  get localDomain(): string {
    return this.facts.localDomains.find((domain) => domain !== 'localhost') ?? this.hostName;
  }

  /**
   * Makes sure that everything logged so far has arrived: a line is sent down the same path and awaited. False if the log
   * no longer comes.
   */
  logBarrier(): Promise<boolean> {
    return this.#barriers.take();
  }

  async #sendBarrier(): Promise<boolean> {
    if (this.log.lost !== undefined) {
      return false;
    }
    const mark = `barrier-${randomBytes(6).toString('hex')}`;
    const from = this.log.lines.length;
    this.#container.logger.write(mark);
    const line = await this.log.waitFor(({ text }) => text.includes(mark), LOG_DEADLINE_MS, from);
    if (!line) {
      this.log.lose('a line that was logged did not arrive');
    }
    return line !== undefined;
  }

  /** Waits for a log line; gives up at once where the log is lost. */
  async logged(
    matches: (line: LogLine) => boolean,
    deadlineMs = LOG_DEADLINE_MS,
    from = 0,
  ): Promise<LogLine | undefined> {
    return this.log.waitFor(matches, this.log.lost === undefined ? deadlineMs : 0, from);
  }

  /** Whether the POP writer reads the log, and so acts some time after the login. */
  get popWriterFollowsLog(): boolean {
    return this.facts.popWriterFollowsLog;
  }

  /** Waits until the POP-authorisation writer has seen everything that was logged. */
  async settlePopWriter(): Promise<void> {
    if (this.popWriterFollowsLog) {
      const mark = randomBytes(6).toString('hex');
      const from = this.log.lines.length;
      this.#container.logger.write(`settle-${mark}`);
      if (!(await this.logged(({ text }) => text.includes(`settled-${mark}`), undefined, from))) {
        throw new Error('the POP-authorisation writer does not read the log any more');
      }
    }
  }

  /** Makes an address's authorisation older by so many seconds, and runs the writer's regular sweep. */
  async agePopAuthorization(address: string, seconds: number): Promise<void> {
    await this.#command(`popauth age ${quoted(address)} ${Math.round(seconds)}`);
  }

  /** A client's certificate of a kind, with its key (PEM); made when it is first asked for. */
  clientCertificate(kind: ClientCertificate): Promise<{ cert: string; key: string }> {
    const known = this.#certificates.get(kind);
    if (known) {
      return known;
    }
    const made = this.#command(`/usr/local/lib/relayproof/client-certificate ${kind}`).then((output) => {
      const [key = '', cert = ''] = output.split(/(?=-----BEGIN CERTIFICATE-----)/);
      return { key, cert };
    });
    this.#certificates.set(kind, made);
    return made;
  }

  /** Puts a file into the home of the account that receives; the answer takes it away again. */
  async placeHomeFile({ name, content }: HomeFile): Promise<() => Promise<void>> {
    const path = quoted(`/home/${HOME_ACCOUNT}/${name}`);
    const encoded = Buffer.from(content, 'latin1').toString('base64');
    await this.#command(
      `echo ${encoded} | base64 -d > ${path} && chown ${HOME_ACCOUNT}: ${path} && chmod 0600 ${path}`,
    );
    return async () => {
      await this.#command(`rm -f ${path}`);
    };
  }

  /** Restarts a daemon, as after an update, and waits until it greets. */
  async restart(what: 'sendmail' | 'pop-server'): Promise<void> {
    await this.#command(`/usr/local/lib/relayproof/restart ${what} ${this.ipv4}`);
  }

  /** @throws Error with the command's output if it fails */
  async #command(command: string): Promise<string> {
    const { status, output } = await this.shell.run(command);
    if (status !== 0) {
      throw new Error(`in the target: ${output.trim() || command}`);
    }
    return output;
  }

  /** Whether a queue file of the message is still there. */
  async isQueued(queueId: string): Promise<boolean> {
    return (await this.#queueListings.take()).includes(queueId);
  }

  async #listQueue(): Promise<string> {
    return (await this.shell.run(`ls ${this.facts.queueDirectory}/ 2>/dev/null`)).output;
  }

  /** Kills the container at once, as a test of what the harness makes of it. */
  async kill(): Promise<void> {
    await this.#container.kill();
  }

  async stop(): Promise<void> {
    await this.#container.stop();
  }
}
