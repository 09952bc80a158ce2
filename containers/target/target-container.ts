/**
 * The container that targets run in. A configuration under test has one of its own; controls follow one another, and
 * nothing is left of the one before (see image/relayproof/serve).
 */
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path/posix';
import { setTimeout as delay } from 'node:timers/promises';
import { type StartedTestContainer, Wait } from 'testcontainers';
import { Failure } from '../../audit/failure.ts';
import type { Configuration } from '../configurations/configuration.ts';
import { targetAddresses } from '../lab/address-plan.ts';
import type { Lab } from '../lab/lab.ts';
import { IPV6_ON_NEW_INTERFACES, LabContainer, NO_FORWARDING } from '../lab/lab-container.ts';
import { ContainerReader, ContainerShell, quoted } from './container-shell.ts';
import { LogSwitch } from './log-switch.ts';
import type { TargetLog } from './target-log.ts';

/**
 * Local users that every target has (made in image/Dockerfile). So many, because a delivery agent that finds a mailbox
 * locked by another delivery waits: procmail for eight seconds.
 */
export const ACCOUNTS = [
  'alice',
  'bob',
  'carol',
  'dave',
  'erin',
  'frank',
  'grace',
  'ivan',
  'judy',
  'kevin',
  'laura',
  'mike',
  'nancy',
  'oscar',
  'paula',
  'quinn',
  'rita',
  'sam',
] as const;

/** A user whose home an attempt may fill: no other attempt writes to him. */
export const HOME_ACCOUNT = 'heidi';

/**
 * Where mailboxes are. procmail waits for a second after it has written to one that was read in the same second, so
 * that programs see new mail (atime before mtime): here reading leaves no time behind.
 */
const MAILBOXES = { '/var/mail': 'rw,noatime,mode=3777,gid=8' };
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
const ROOT = '/opt/relayproof';
/** Octets of base64 in one command to the shell. */
const CHUNK = 60_000;

/** What a container of its own needs besides: the lab's word that it answers for the host name. */
type ContainerOptions = TargetOptions & { hostName: string; named: Promise<void> };

export type TargetOptions = { lab: Lab; image: string; configuration: Configuration; number: number; runId: string };

/** What image/relayproof/isolate reads, and the lab's resolver. */
export const isolationEnvironment = ({ plan, outerNetworks }: Lab, ipv4: string) => ({
  RELAYPROOF_ADDRESS: ipv4,
  RELAYPROOF_BEYOND: [plan.gateway4, plan.gateway6, ...outerNetworks].join(' '),
  RELAYPROOF_HELPER: plan.helper4,
  RELAYPROOF_CLIENTS: `${plan.clients4} ${plan.helper4} ${plan.clients6} ${plan.helper6}`,
  RELAYPROOF_DNS: plan.helper4,
});

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

/** The files that the start script reads, by their path in the container. */
function filesFor({ files, policy }: Configuration): { target: string; content: Buffer }[] {
  const { map, lifetime } = policy.popAuthorization;
  return [
    ...[...files].map(([path, { content }]) => ({ target: `${ROOT}/configuration/${path}`, content })),
    {
      target: `${ROOT}/pop-authorisation`,
      content: Buffer.from(`${map === undefined ? '' : `map = ${map}\n`}lifetime = ${lifetime}\n`),
    },
  ];
}

/** Throws if the start script has said that the configuration does not run. */
function mustRun(configuration: Configuration, log: TargetLog): void {
  const broken = log.saying('broken')[0];
  if (broken !== undefined) {
    throw doesNotStart(configuration, broken, log.saying('output'));
  }
}

export class TargetContainer {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly hostName: string;
  readonly shell: ContainerShell;
  /** Writes lines into the mail log. */
  readonly logger: ContainerReader;
  /** Account to password; random for this container. */
  readonly passwords: ReadonlyMap<string, string>;
  /** The lab's certificate authority (PEM). */
  readonly ca: string;
  readonly #container: StartedTestContainer;
  readonly #logs: LogSwitch;
  readonly #docker: Lab['engine']['docker'];

  private constructor(
    options: ContainerOptions,
    parts: Pick<TargetContainer, 'shell' | 'logger' | 'passwords' | 'ca'> & {
      container: StartedTestContainer;
      logs: LogSwitch;
    },
  ) {
    const { ipv4, ipv6 } = targetAddresses(options.lab.plan, options.number);
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    this.hostName = options.hostName;
    this.shell = parts.shell;
    this.logger = parts.logger;
    this.passwords = parts.passwords;
    this.ca = parts.ca;
    this.#container = parts.container;
    this.#logs = parts.logs;
    this.#docker = options.lab.engine.docker;
  }

  get id(): string {
    return this.#container.getId();
  }

  /** The log of the configuration that runs now. */
  get log(): TargetLog {
    return this.#logs.current;
  }

  /** Starts the container with its first configuration; resolves when that is ready. */
  static async start(options: ContainerOptions): Promise<TargetContainer> {
    const { lab, configuration, number, runId, hostName, named } = options;
    const { docker } = lab.engine;
    const name = `relayproof-${runId}-${number}`;
    const { ipv4, ipv6 } = targetAddresses(lab.plan, number);
    const passwords = new Map([...ACCOUNTS, HOME_ACCOUNT].map((account) => [account, randomBytes(12).toString('hex')]));
    const logs = new LogSwitch(passwords.values());
    const log = logs.current;
    const released = log.heard('waiting', 'broken').then(async () => {
      const container = docker.getContainer(name);
      // Without names it would wait for ever.
      await named.catch(async (error) => {
        await container.kill();
        throw error;
      });
      await container.kill({ signal: 'SIGUSR2' });
    });
    released.catch(() => {});
    const container = await new LabContainer(options.image)
      .withName(name)
      .withLabels({ ...lab.labels, 'org.relayproof.configuration': configuration.name })
      .withLabAddresses(lab.network, { ipv4, ipv6 })
      .withHostName(hostName)
      .withAddedCapabilities('NET_ADMIN')
      .withSysctls({ ...IPV6_ON_NEW_INTERFACES, ...NO_FORWARDING })
      .withTmpFs(MAILBOXES)
      .withEnvironment(isolationEnvironment(lab, ipv4))
      .withCopyContentToContainer([
        ...filesFor(configuration).map((file) => ({ ...file, mode: 0o644 })),
        {
          content: [...passwords].map(([account, password]) => `${account}:${password}\n`).join(''),
          target: `${ROOT}/accounts`,
          mode: 0o600,
        },
      ])
      .withLogConsumer((stream) => logs.attach(stream))
      .withWaitStrategy(Wait.forLogMessage(/^relayproof: (ready|broken)/))
      .withStartupTimeout(START_DEADLINE_MS)
      .start()
      .catch(async (error: unknown) => {
        await named;
        // Its last words may still be on their way.
        await Promise.race([log.started, delay(LAST_WORDS_MS, undefined, { ref: false })]);
        mustRun(configuration, log);
        throw new Failure(
          'LAB_BROKEN',
          `the target of ${configuration.name} did not start: ${error instanceof Error ? error.message : String(error)}`,
          'See the last lines of its log below.',
          { cause: error, output: log.lines.slice(-20).map((line) => line.text) },
        );
      });
    // Testcontainers waits for the words on a stream of its own; ours may be behind.
    await Promise.race([log.started, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    mustRun(configuration, log);
    const [shell, logger] = await Promise.all([
      ContainerShell.open(docker, container.getId()),
      // One that stays: a new process for each line would cost more than the line.
      ContainerReader.open(docker, container.getId(), LINE_LOGGER, (why) => logs.current.lose(why)),
    ]);
    const ca = (await shell.run('cat /etc/relayproof/ca.pem')).output;
    return new TargetContainer(options, { shell, logger, passwords, ca, container, logs });
  }

  /**
   * Ends the configuration that runs, takes away all that is left of it, and starts another one; resolves with its log
   * when it is ready.
   *
   * @throws Failure CONFIGURATION_DOES_NOT_START with the configuration's own error output; LAB_BROKEN otherwise
   */
  async serveNext(configuration: Configuration): Promise<TargetLog> {
    const log = this.#logs.next();
    await this.#command(`rm -rf ${ROOT}/configuration && mkdir -p ${ROOT}/configuration`);
    for (const { target, content } of filesFor(configuration)) {
      await this.#write(target, content);
    }
    await this.#command('kill -USR1 1');
    await Promise.race([log.started, delay(START_DEADLINE_MS, undefined, { ref: false })]);
    mustRun(configuration, log);
    if (log.saying('ready').length === 0) {
      throw new Failure(
        'LAB_BROKEN',
        `the target of ${configuration.name} did not start: ${log.lost ?? 'no word from it'}`,
        'See the last lines of its log below.',
        { output: log.lines.slice(-20).map((line) => line.text) },
      );
    }
    return log;
  }

  async #write(path: string, content: Buffer): Promise<void> {
    const encoded = content.toString('base64');
    const quotedPath = quoted(path);
    await this.#command(`mkdir -p ${quoted(dirname(path))} && : > ${quotedPath}`);
    for (let at = 0; at < encoded.length; at += CHUNK) {
      await this.#command(`echo ${encoded.slice(at, at + CHUNK)} | base64 -d >> ${quotedPath}`);
    }
  }

  async #command(command: string): Promise<void> {
    const { status, output } = await this.shell.run(command);
    if (status !== 0) {
      throw new Failure('LAB_BROKEN', `in the target: ${output.trim() || command}`, 'Report this.');
    }
  }

  /** Kills the container at once, as a test of what the harness makes of it. */
  async kill(): Promise<void> {
    await this.#docker.getContainer(this.id).kill();
  }

  async stop(): Promise<void> {
    this.shell.close();
    this.logger.close();
    await this.#container.stop({ timeout: 0 });
  }
}
