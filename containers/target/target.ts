/** A running mail server with one configuration. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StartedTestContainer } from 'testcontainers';
import { Wait } from 'testcontainers';
import { Failure } from '../../audit/failure.ts';
import type { Dial } from '../../clients/dial.ts';
import type { LogLine } from '../../reports/model.ts';
import type { ClientCertificate, HomeFile } from '../../suites/scene.ts';
import type { Configuration } from '../configurations/configuration.ts';
import { hostNameOf, listedNames } from '../configurations/host-name.ts';
import { ClientAddressBook, targetAddresses } from '../lab/address-plan.ts';
import type { Lab } from '../lab/lab.ts';
import { IPV6_ON_NEW_INTERFACES, LabContainer, NO_FORWARDING } from '../lab/lab-container.ts';
import { ContainerReader, ContainerShell, quoted } from './container-shell.ts';
import { dialFromContainer } from './inside-dial.ts';
import { type TargetFacts, targetFacts } from './target-facts.ts';
import { TargetLog } from './target-log.ts';

/** Local users that every target has. */
export const ACCOUNTS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;

/** A user whose home an attempt may fill: no other attempt writes to him. */
export const HOME_ACCOUNT = 'heidi';

const START_DEADLINE_MS = 120_000;
/** How long the start script's last words may take to arrive. */
const LAST_WORDS_MS = 10_000;
/**
 * Logs each line that it reads. Like a program that has just started it looks for syslog's socket anew each time, and
 * it says so where that is gone.
 */
const LINE_LOGGER = [
  'perl',
  '-MSocket',
  '-MPOSIX=strftime',
  '-ne',
  `socket(S, PF_UNIX, SOCK_DGRAM, 0) && connect(S, sockaddr_un("/dev/log"))
    && send(S, strftime("<22>%b %e %T relayproof: ", localtime) . $_, 0) or die "syslog cannot be reached: $!\\n"`,
];
/** How long the log may take to show a line that has been written. */
const LOG_DEADLINE_MS = 10_000;

export type TargetOptions = { lab: Lab; image: string; configuration: Configuration; number: number; runId: string };

/** The configuration itself is at fault, and says so in its own words. */
function doesNotStart(configuration: Configuration, stage: string, output: string[]): Failure {
  if (stage === 'isolation') {
    return new Failure('LAB_BROKEN', `${configuration.name}: its container has a way out of the lab`, 'Report this.', {
      output,
    });
  }
  return new Failure(
    'CONFIGURATION_DOES_NOT_START',
    `${configuration.folder ?? configuration.name}: the configuration does not run (${stage})`,
    stage === 'm4'
      ? 'm4 refuses sendmail.mc; see its messages below.'
      : 'See the messages below; they are those of the program that gave up.',
    { output },
  );
}

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
  /** What the start script noticed. */
  readonly notes: string[];
  /** The lab's certificate authority (PEM); undefined if the configuration brings certificates of its own. */
  readonly ca: string | undefined;
  /** Opens a connection from the target to itself. */
  readonly dialFromInside: Dial;
  readonly #container: StartedTestContainer;
  readonly #logger: ContainerReader;
  readonly #certificates = new Map<ClientCertificate, Promise<{ cert: string; key: string }>>();
  #barrier: Promise<boolean> = Promise.resolve(true);
  #nextBarrier: Promise<boolean> | undefined;

  private constructor(parts: {
    options: TargetOptions;
    facts: TargetFacts;
    log: TargetLog;
    shell: ContainerShell;
    logger: ContainerReader;
    container: StartedTestContainer;
    passwords: ReadonlyMap<string, string>;
    hostName: string;
    ca: string | undefined;
  }) {
    const { lab, configuration, number } = parts.options;
    const { ipv4, ipv6 } = targetAddresses(lab.plan, number);
    this.configuration = configuration;
    this.lab = lab;
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    this.hostName = parts.hostName;
    this.facts = parts.facts;
    this.log = parts.log;
    this.shell = parts.shell;
    this.passwords = parts.passwords;
    this.notes = parts.log.saying('note');
    this.ca = parts.ca;
    this.#container = parts.container;
    this.#logger = parts.logger;
    this.addresses = new ClientAddressBook(lab.plan);
    this.dialFromInside = dialFromContainer(lab.engine.docker, parts.container.getId());
  }

  /**
   * Starts a target and waits until its listeners greet.
   *
   * @throws Failure CONFIGURATION_DOES_NOT_START with the configuration's own error output; LAB_BROKEN otherwise
   */
  static async start(options: TargetOptions): Promise<Target> {
    const { lab, configuration, number, runId } = options;
    const { ipv4, ipv6 } = targetAddresses(lab.plan, number);
    const hostName = hostNameOf(configuration.files);
    const declared = listedNames(configuration.files.get('local-host-names')?.content.toString('latin1') ?? '');
    await lab.nameTarget({ ipv4, ipv6, hostName, localDomains: declared, forwardedTo: [] });
    const passwords = new Map([...ACCOUNTS, HOME_ACCOUNT].map((account) => [account, randomBytes(12).toString('hex')]));
    const log = new TargetLog();
    const { map, lifetime } = configuration.policy.popAuthorization;
    const root = '/opt/relayproof/configuration';
    const container = await new LabContainer(options.image)
      .withName(`relayproof-${runId}-${number}`)
      .withLabels({ ...lab.labels, 'org.relayproof.configuration': configuration.name })
      .withLabAddresses(lab.network, { ipv4, ipv6 })
      .withHostName(hostName)
      .withAddedCapabilities('NET_ADMIN')
      .withSysctls({ ...IPV6_ON_NEW_INTERFACES, ...NO_FORWARDING })
      .withEnvironment({
        RELAYPROOF_ADDRESS: ipv4,
        RELAYPROOF_GATEWAYS: `${lab.plan.gateway4} ${lab.plan.gateway6} ${lab.outerAddress}`,
        RELAYPROOF_HELPER: lab.plan.helper4,
        RELAYPROOF_CLIENTS: `${lab.plan.clients4} ${lab.plan.helper4} ${lab.plan.clients6} ${lab.plan.helper6}`,
        RELAYPROOF_DNS: lab.plan.helper4,
        RELAYPROOF_POP_MAP: map,
        RELAYPROOF_POP_LIFETIME: String(lifetime),
      })
      .withCopyContentToContainer([
        ...[...configuration.files].map(([path, file]) => ({
          content: file.content,
          target: `${root}/${path}`,
          mode: 0o644,
        })),
        {
          content: [...passwords].map(([account, password]) => `${account}:${password}\n`).join(''),
          target: '/opt/relayproof/accounts',
          mode: 0o600,
        },
      ])
      .withLogConsumer((stream) => log.attach(stream))
      .withWaitStrategy(Wait.forLogMessage(/^relayproof: (ready|broken)/))
      .withStartupTimeout(START_DEADLINE_MS)
      .start()
      .catch(async (error: unknown) => {
        // Its last words may still be on their way.
        await Promise.race([log.started, delay(LAST_WORDS_MS, undefined, { ref: false })]);
        const broken = log.saying('broken')[0];
        if (broken !== undefined) {
          throw doesNotStart(configuration, broken, log.saying('output'));
        }
        throw new Failure(
          'LAB_BROKEN',
          `the target of ${configuration.name} did not start: ${error instanceof Error ? error.message : String(error)}`,
          'See the last lines of its log below.',
          { cause: error, output: log.lines.slice(-20).map((line) => line.text) },
        );
      });
    // Testcontainers waits for the words on a stream of its own; ours may be behind.
    await Promise.race([log.started, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    const broken = log.saying('broken')[0];
    if (broken !== undefined) {
      throw doesNotStart(configuration, broken, log.saying('output'));
    }
    const facts = targetFacts.parse(JSON.parse(log.saying('facts')[0] ?? '{}'));
    await lab.nameTarget({
      ipv4,
      ipv6,
      hostName,
      localDomains: facts.localDomains,
      forwardedTo: domainsInUse(facts, configuration),
    });
    const shell = await ContainerShell.open(lab.engine.docker, container.getId());
    // One that stays: a new process for each line would cost more than the line.
    const logger = await ContainerReader.open(lab.engine.docker, container.getId(), LINE_LOGGER, (why) =>
      log.lose(why),
    );
    const ownCertificates = configuration.files.has('tls/cert.pem');
    const ca = ownCertificates ? undefined : (await shell.run('cat /etc/relayproof/ca.pem')).output;
    return new Target({ options, facts, log, shell, logger, container, passwords, hostName, ca });
  }

  password(account: string): string {
    return this.passwords.get(account) ?? '';
  }

  /** The first local domain. */
  get localDomain(): string {
    return this.facts.localDomains.find((domain) => domain !== 'localhost') ?? this.hostName;
  }

  /**
   * Makes sure that everything logged so far has arrived: a line is sent down the same path and awaited. Callers that
   * come while one is under way share the next, which begins after they called. False if the log no longer comes.
   */
  logBarrier(): Promise<boolean> {
    this.#nextBarrier ??= this.#barrier.then(() => {
      this.#nextBarrier = undefined;
      const sent = this.#sendBarrier();
      this.#barrier = sent;
      return sent;
    });
    return this.#nextBarrier;
  }

  async #sendBarrier(): Promise<boolean> {
    if (this.log.lost !== undefined) {
      return false;
    }
    const mark = `barrier-${randomBytes(6).toString('hex')}`;
    const from = this.log.lines.length;
    this.#logger.write(mark);
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
      this.#logger.write(`settle-${mark}`);
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
    const { output } = await this.shell.run(`ls ${this.facts.queueDirectory}/*${quoted(queueId)} 2>/dev/null`);
    return output.trim() !== '';
  }

  /** Kills the container at once, as a test of what the harness makes of it. */
  async kill(): Promise<void> {
    await this.lab.engine.docker.getContainer(this.#container.getId()).kill();
  }

  async stop(): Promise<void> {
    this.shell.close();
    this.#logger.close();
    await this.#container.stop({ timeout: 0 });
  }
}
