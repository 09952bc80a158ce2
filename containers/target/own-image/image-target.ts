/** A target that is somebody's own image, run as it is. What the harness needs of it is in docs/own-image.md. */
import { randomBytes } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';
import { Failure } from '../../../audit/failure.ts';
import { namesAddress, observedAddress } from '../../../audit/log-search.ts';
import type { Dial } from '../../../clients/dial.ts';
import { SmtpDialogue } from '../../../clients/smtp-dialogue.ts';
import type { LogLine } from '../../../reports/model.ts';
import type { ClientCertificate, HomeFile } from '../../../suites/scene.ts';
import type { Configuration, ConfigurationFile } from '../../configurations/configuration.ts';
import { POLICY_FILE } from '../../configurations/folder.ts';
import { declaredHostName } from '../../configurations/host-name.ts';
import { ClientAddressBook, targetAddresses } from '../../lab/address-plan.ts';
import type { Lab } from '../../lab/lab.ts';
import { ContainerShell, quoted } from '../container-shell.ts';
import { dialFromContainer } from '../inside-dial.ts';
import type { Ability, Limits } from '../limits.ts';
import type { RuleProgram } from '../rule-tester.ts';
import { LOG_DEADLINE_MS, namesOf, Target, type TargetParts } from '../target.ts';
import { ACCOUNTS, HOME_ACCOUNT, type TargetOptions } from '../target-container.ts';
import type { TargetFacts } from '../target-facts.ts';
import { isThere, readFileIn } from './archive.ts';
import { ImageContainer } from './image-container.ts';
import { type ImageContract, readContract } from './image-contract.ts';
import { describeImage, logLevelOf } from './image-facts.ts';
import { limitsOf } from './image-limits.ts';
import { ImageLog } from './image-log.ts';
import { awaitGreeting, type Door, findListeners, findPop } from './image-ports.ts';
import { holdNetwork, withUnstarted } from './network-holder.ts';

const GREETING_DEADLINE_MS = 60_000;
/** How long a log that may not be the right one is waited for. */
const LOG_TRY_MS = 3_000;
/** From this LogLevel on sendmail says when it is done with a message. */
const LOG_LEVEL_OF_ENDS = 11;
/** Where syslog usually writes what is about mail. */
const USUAL_LOGS = ['/var/log/mail.log', '/var/log/maillog', '/var/log/messages', '/var/log/syslog'];
const USUAL_SENDMAILS = [
  '/usr/libexec/sendmail/sendmail',
  '/usr/lib/sm.bin/sendmail',
  '/usr/sbin/sendmail.sendmail',
  '/usr/sbin/sendmail',
  '/usr/lib/sendmail',
  '/usr/local/sbin/sendmail',
];

type Extras = {
  limits: Limits;
  users: readonly string[];
  ruleProgram: RuleProgram;
  logsEnds: boolean;
  popAge: string | undefined;
  container: ImageContainer;
  holder: StartedTestContainer;
};

/** What is known before anything is started. */
type Basis = { image: string; contract: ImageContract; hostName: string; deadlineMs: number };

const containerName = ({ runId, number }: TargetOptions) => `relayproof-${runId}-${number}-image`;

/** Names that the image's own files say, read before it is started. */
async function filesOfNames(lab: Lab, image: string, cf: string): Promise<Map<string, ConfigurationFile>> {
  const { docker } = lab.engine;
  return withUnstarted(lab.engine, image, lab.labels, async (id) => {
    const files = new Map<string, ConfigurationFile>();
    for (const [name, path] of [
      ['sendmail.mc', '/etc/mail/sendmail.mc'],
      ['sendmail.cf', cf],
      ['local-host-names', '/etc/mail/local-host-names'],
    ] as const) {
      const content = await readFileIn(docker, id, path);
      if (content) {
        files.set(name, { content });
      }
    }
    return files;
  });
}

async function hostNameFor(lab: Lab, image: string, contract: ImageContract, configuration: Configuration) {
  const files = contract.hostName === undefined ? await filesOfNames(lab, image, contract.cf) : new Map();
  const declared = contract.hostName ?? declaredHostName(new Map([...files, ...configuration.files]));
  const [first] = contract.localDomains;
  const name = declared ?? (first === undefined ? undefined : `mail.${first}`);
  if (name === undefined) {
    throw new Failure(
      'BAD_CONFIGURATION',
      `${image}: neither its host name nor a local domain is known: its sendmail.cf has no Dj line, and there is no /etc/mail/local-host-names`,
      'Say them: LABEL org.relayproof.host-name=mail.provider.example org.relayproof.local-domains=provider.example, or in relayproof.yaml "image: { hostName: mail.provider.example, localDomains: [provider.example] }".',
    );
  }
  return name;
}

/** sendmail's program in the image, its release and the SASL library's mechanisms. */
async function lookAtPrograms(shell: ContainerShell) {
  const found = await shell.run(
    `for p in ${USUAL_SENDMAILS.join(' ')}; do [ -x "$p" ] && "$p" -d0.1 -bt < /dev/null 2>/dev/null | grep -q '^Version' && echo "$p" && break; done`,
  );
  const sendmail = found.output.trim().split('\n')[0] || undefined;
  const version = sendmail === undefined ? '' : (await shell.run(`${sendmail} -d0.1 -bt < /dev/null`)).output;
  const libraries = (await shell.run('ls /usr/lib/*/sasl2 /usr/lib*/sasl2 /usr/local/lib/sasl2 2>/dev/null')).output;
  return {
    sendmail,
    release: /^Version (\S+)/m.exec(version)?.[1] ?? '',
    compiledWith: (/Compiled with:([\s\S]*?)\n\n/.exec(version)?.[1] ?? '').split(/\s+/).filter((word) => word !== ''),
    saslPlugins: [...new Set([...libraries.matchAll(/^lib(\w+)\.so/gm)].map((match) => match[1] ?? ''))],
  };
}

/** One session of the harness's own, and whether the log shows it. */
async function logShowsSession(log: ImageLog, door: Door, deadlineMs: number): Promise<boolean> {
  const from = log.log.lines.length;
  const session = await SmtpDialogue.open({ ...door, port: 25 });
  await session.quit().catch(() => session.close());
  const names = namesAddress(door.from);
  return (await log.log.waitFor(({ text }) => names(text), deadlineMs, from)) !== undefined;
}

/** Finds the log: the container's output, or the file that the label or custom names. Says where it is; undefined: nowhere. */
async function findLog(
  { log: labelled }: ImageContract,
  container: ImageContainer,
  log: ImageLog,
  door: () => Door,
): Promise<string | undefined> {
  if (labelled === undefined && (await logShowsSession(log, door(), LOG_TRY_MS))) {
    return 'the container’s output';
  }
  const paths = labelled === undefined ? USUAL_LOGS : [labelled];
  await container.follow(paths).catch(() => {});
  return (await logShowsSession(log, door(), LOG_DEADLINE_MS)) ? paths.join(' or ') : undefined;
}

export class ImageTarget extends Target {
  readonly limits: Limits;
  readonly users: readonly string[];
  readonly ruleProgram: RuleProgram;
  readonly logsEnds: boolean;
  readonly dialFromInside: Dial;
  /** An own writer acts before it answers the login (docs/own-image.md). */
  readonly popWriterFollowsLog = false;
  readonly #popAge: string | undefined;
  readonly #container: ImageContainer;
  readonly #holder: StartedTestContainer;

  private constructor(parts: TargetParts, extras: Extras) {
    super(parts);
    this.limits = extras.limits;
    this.users = extras.users;
    this.ruleProgram = extras.ruleProgram;
    this.logsEnds = extras.logsEnds;
    this.#popAge = extras.popAge;
    this.#container = extras.container;
    this.#holder = extras.holder;
    // The container that holds its network is in the same one, and has what is needed to connect.
    this.dialFromInside = dialFromContainer(parts.lab.engine.docker, extras.holder.getId());
  }

  /**
   * Starts the image in an isolated network, makes accounts where it has a hook for that, and looks what is there.
   *
   * @throws Failure BAD_CONFIGURATION or CONFIGURATION_DOES_NOT_START, with the last lines of the image's own output
   */
  static async start(
    options: TargetOptions,
    image: string,
    { deadlineMs = GREETING_DEADLINE_MS }: { deadlineMs?: number } = {},
  ): Promise<ImageTarget> {
    const { lab, configuration, number } = options;
    const { docker } = lab.engine;
    const { Config } = await docker.getImage(image).inspect();
    const contract = readContract(image, Config.Labels ?? {}, configuration.policy.image);
    const hostName = await hostNameFor(lab, image, contract, configuration);
    const { ipv4, ipv6 } = targetAddresses(lab.plan, number);
    await lab.nameTarget({ ipv4, ipv6, hostName, localDomains: contract.localDomains, forwardedTo: [], nextHops: [] });
    const holder = await holdNetwork({ ...options, configurationName: configuration.name, hostName });
    try {
      return await ImageTarget.#startIn(holder, options, { image, contract, hostName, deadlineMs });
    } catch (error) {
      // The image's own container is in this network, and is worth nothing without it.
      await docker
        .getContainer(containerName(options))
        .remove({ force: true, v: true })
        .catch(() => {});
      await holder.stop({ timeout: 0 }).catch(() => {});
      throw error;
    }
  }

  static async #startIn(
    holder: StartedTestContainer,
    options: TargetOptions,
    { image, contract, hostName, deadlineMs }: Basis,
  ): Promise<ImageTarget> {
    const { lab, configuration, number } = options;
    const { docker } = lab.engine;
    const { ipv4, ipv6 } = targetAddresses(lab.plan, number);
    const passwords = new Map([...ACCOUNTS, HOME_ACCOUNT].map((account) => [account, randomBytes(12).toString('hex')]));
    const log = new ImageLog(passwords.values());
    const container = await ImageContainer.start({
      docker,
      image,
      log,
      name: containerName(options),
      labels: { ...lab.labels, 'org.relayproof.configuration': configuration.name },
      holder: holder.getId(),
      files: new Map(
        [...configuration.files]
          .filter(([path]) => path !== POLICY_FILE)
          .map(([path, { content }]) => [`/etc/mail/${path}`, content]),
      ),
    });
    const book = new ClientAddressBook(lab.plan);
    const door = (): Door => ({ dial: lab.dial, from: book.forLook(), host: ipv4 });
    const greeting = await awaitGreeting(door, deadlineMs, () => container.mustRun());
    if (!greeting.greets) {
      const last = greeting.last === undefined ? 'nothing answers' : `the last answer was: ${greeting.last}`;
      throw new Failure(
        'CONFIGURATION_DOES_NOT_START',
        `${image}: no greeting (220) on port 25 within ${deadlineMs / 1000} s: ${last}`,
        'Its sendmail must listen on port 25 of all addresses of the container. The last lines of its output are below.',
        { output: log.last },
      );
    }
    const shell = await container.openShell();
    const described = await describeImage(docker, image, contract.cf, { from: container.id, to: holder.getId() });
    const programs = shell && (await lookAtPrograms(shell));
    const { listeners, notes } = await findListeners(described.facts.listeners, {
      ipv4: door,
      ipv6: () => ({ dial: lab.dial, from: book.next6(), host: ipv6 }),
    });
    const facts: TargetFacts = {
      ...described.facts,
      listeners,
      sendmail: programs?.release ?? '',
      compiledWith: programs?.compiledWith ?? [],
      saslPlugins: programs?.saslPlugins ?? [],
      popWriterFollowsLog: false,
      localDomains: [...new Set([...contract.localDomains, ...described.facts.localDomains, hostName])],
    };
    await lab.nameTarget({ ipv4, ipv6, hostName, ...namesOf(facts, configuration) });
    const accounts = await makeAccounts(docker, container, image, contract, passwords);
    const logIn = await findLog(contract, container, log, door);
    if (logIn === undefined) {
      log.log.lose('the image shows no log of sendmail (neither its output nor a file; see docs/own-image.md)');
    }
    const popDoor = door();
    const pop = await findPop(popDoor);
    const namesPop = namesAddress(popDoor.from);
    const popLogged =
      pop !== undefined &&
      logIn !== undefined &&
      (await log.log.waitFor(({ text }) => text.includes('rip=') && namesPop(text), LOG_TRY_MS)) !== undefined;
    const limits = limitsOf({
      accounts,
      accountsPath: contract.accounts.path,
      popAge: contract.popAge !== undefined,
      shell: shell !== undefined,
      sendmail: programs?.sendmail,
      pop: pop && { ...pop, logged: popLogged },
    });
    const logLevel = logLevelOf(described.cf);
    return new ImageTarget(
      {
        configuration: {
          ...configuration,
          files: new Map([...configuration.files, ['sendmail.cf', { content: Buffer.from(described.cf, 'latin1') }]]),
        },
        lab,
        ipv4,
        ipv6,
        hostName,
        facts,
        log: log.log,
        shell: shell ?? (await ContainerShell.open(docker, holder.getId())),
        passwords: accounts ? passwords : new Map(),
        notes: [
          `somebody’s own image, run as it is: ${image}`,
          `the log is ${logIn ?? 'not to be seen: nothing that is blocked counts'}; LogLevel=${logLevel} in sendmail.cf`,
          ...notes,
          ...notesOf(limits),
        ],
        ca: undefined,
      },
      {
        limits,
        users: accounts ? ACCOUNTS : contract.users,
        ruleProgram: { sendmail: `${programs?.sendmail} -C ${contract.cf}`, cf: contract.cf },
        logsEnds: logLevel >= LOG_LEVEL_OF_ENDS,
        popAge: contract.popAge,
        container,
        holder,
      },
    );
  }

  protected async sendBarrier(): Promise<boolean> {
    try {
      const lines = await this.#linesOfSessionFrom(this.addresses.forLook());
      if (lines.length === 0) {
        this.log.lose('a session that took place was not logged');
      }
      return lines.length > 0;
    } catch (error) {
      this.log.lose(`the server takes no session any more: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  async showsAnotherFrom(address: string): Promise<boolean> {
    if (this.logsEnds) {
      return false;
    }
    const lines = await this.#linesOfSessionFrom(address).catch(() => []);
    return observedAddress(lines, address) !== undefined;
  }

  /** Makes a session, and waits for the first line that names its address. */
  async #linesOfSessionFrom(address: string): Promise<LogLine[]> {
    const from = this.log.lines.length;
    const host = address.includes(':') ? this.ipv6 : this.ipv4;
    const session = await SmtpDialogue.open({ dial: this.lab.dial, from: address, host, port: 25 });
    await session.quit().catch(() => session.close());
    const names = namesAddress(address);
    const line = await this.log.waitFor(({ text }) => names(text), LOG_DEADLINE_MS, from);
    return line ? [line] : [];
  }

  async settlePopWriter(): Promise<void> {}

  async agePopAuthorization(address: string, seconds: number): Promise<void> {
    await this.#command(`${this.#popAge} ${quoted(address)} ${Math.round(seconds)}`);
  }

  async clientCertificate(kind: ClientCertificate): Promise<{ cert: string; key: string }> {
    const { output } = await this.#holder.exec(['/usr/local/lib/relayproof/client-certificate', kind]);
    const [key = '', cert = ''] = output.split(/(?=-----BEGIN CERTIFICATE-----)/);
    return { key, cert };
  }

  async placeHomeFile({ name, content }: HomeFile): Promise<() => Promise<void>> {
    const path = `~${HOME_ACCOUNT}/${quoted(name)}`;
    // printf's octal escapes: an image need not have base64.
    const octets = [...Buffer.from(content, 'latin1')].map((octet) => `\\${octet.toString(8).padStart(3, '0')}`);
    await this.#command(`printf '${octets.join('')}' > ${path} && chown ${HOME_ACCOUNT} ${path} && chmod 600 ${path}`);
    return async () => {
      await this.#command(`rm -f ${path}`);
    };
  }

  restart(): Promise<void> {
    return Promise.reject(new Error('a server inside somebody’s own image cannot be restarted'));
  }

  async #command(command: string): Promise<void> {
    const { status, output } = await this.shell.run(command);
    if (status !== 0) {
      throw new Error(`in the image: ${output.trim() || command}`);
    }
  }

  async kill(): Promise<void> {
    await this.#container.kill();
  }

  async stop(): Promise<void> {
    await this.#container.remove();
    await this.#holder.stop({ timeout: 0 });
  }
}

/** Runs the accounts hook where there is one. @throws Failure with its output if it fails */
async function makeAccounts(
  docker: Lab['engine']['docker'],
  container: ImageContainer,
  image: string,
  { accounts: { path, declared } }: ImageContract,
  passwords: ReadonlyMap<string, string>,
): Promise<boolean> {
  if (!(await isThere(docker, container.id, path))) {
    if (declared) {
      throw new Failure(
        'BAD_CONFIGURATION',
        `${image}: label org.relayproof.accounts names ${path}, which is not in the image`,
        'Correct the label, or put the hook there.',
      );
    }
    return false;
  }
  const lines = [...passwords].map(([account, password]) => `${account}:${password}\n`).join('');
  const { status, output } = await container
    .run([path], lines)
    .catch((error: unknown) => ({ status: -1, output: error instanceof Error ? error.message : String(error) }));
  if (status !== 0) {
    throw new Failure(
      'CONFIGURATION_DOES_NOT_START',
      `${image}: its accounts hook ${path} failed with status ${status}`,
      'It gets lines user:password on standard input, as root, and must make the users in the system, SASL and POP3.',
      { output: output.trim().split('\n').slice(-20) },
    );
  }
  return true;
}

/** What is not tried, once for each reason. */
function notesOf(limits: Limits): string[] {
  const mattering: Ability[] = ['accounts', 'mailboxes', 'pop', 'pop map', 'rules', 'homes', 'restarts'];
  return [...new Set(mattering.flatMap((ability) => limits.get(ability) ?? []))];
}
