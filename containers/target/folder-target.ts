/** A target made of a configuration folder, in a container of the project's own image. */
import { randomBytes } from 'node:crypto';
import { doubtOf } from '../../audit/doubts.ts';
import type { Dial } from '../../clients/dial.ts';
import type { ClientCertificate, HomeFile } from '../../suites/scene.ts';
import type { Configuration } from '../configurations/configuration.ts';
import { hostNameOf, listedNames } from '../configurations/host-name.ts';
import { targetAddresses } from '../lab/address-plan.ts';
import { quoted } from './container-shell.ts';
import { dialFromContainer } from './inside-dial.ts';
import { type Limits, NO_LIMITS } from './limits.ts';
import { OWN_RULE_PROGRAM } from './rule-tester.ts';
import { LOG_DEADLINE_MS, namesOf, Target } from './target.ts';
import { ACCOUNTS, HOME_ACCOUNT, TargetContainer, type TargetOptions } from './target-container.ts';
import { type TargetFacts, targetFacts } from './target-facts.ts';
import type { TargetLog } from './target-log.ts';

export class FolderTarget extends Target {
  readonly limits: Limits = NO_LIMITS;
  readonly users: readonly string[] = ACCOUNTS;
  readonly ruleProgram = OWN_RULE_PROGRAM;
  readonly logsEnds = true;
  readonly dialFromInside: Dial;
  readonly #container: TargetContainer;
  readonly #certificates = new Map<ClientCertificate, Promise<{ cert: string; key: string }>>();

  private constructor(options: TargetOptions, container: TargetContainer, log: TargetLog, facts: TargetFacts) {
    const { lab, configuration } = options;
    super({
      configuration,
      lab,
      facts,
      log,
      ipv4: container.ipv4,
      ipv6: container.ipv6,
      hostName: container.hostName,
      shell: container.shell,
      passwords: container.passwords,
      notes: log.saying('note'),
      doubts: log.saying('doubt').map(doubtOf),
      ca: configuration.files.has('tls/cert.pem') ? undefined : container.ca,
    });
    this.#container = container;
    this.dialFromInside = dialFromContainer(lab.engine.docker, container.id);
  }

  /**
   * Starts a target and waits until its listeners greet: in a container of its own, or in place of another one
   * (`inPlaceOf`), which is over then.
   *
   * @throws Failure CONFIGURATION_DOES_NOT_START with the configuration's own error output; LAB_BROKEN otherwise
   */
  static async start(options: TargetOptions, inPlaceOf?: FolderTarget): Promise<FolderTarget> {
    const { lab, configuration } = options;
    const { ipv4, ipv6 } = inPlaceOf ?? targetAddresses(lab.plan, options.number);
    const hostName = hostNameOf(configuration.files);
    const declared = listedNames(configuration.files.get('local-host-names')?.content.toString('latin1') ?? '');
    const named = lab.nameTarget({ ipv4, ipv6, hostName, localDomains: declared, forwardedTo: [], nextHops: [] });
    // Heard by the container's start, which may fail before it gets there.
    named.catch(() => {});
    if (inPlaceOf) {
      await named;
    }
    const container = inPlaceOf ? inPlaceOf.#container : await TargetContainer.start({ ...options, hostName, named });
    const log = inPlaceOf ? await container.serveNext(configuration) : container.log;
    const facts = targetFacts.parse(JSON.parse(log.saying('facts')[0] ?? '{}'));
    await lab.nameTarget({ ipv4, ipv6, hostName, ...namesOf(facts, configuration) });
    return new FolderTarget(options, container, log, facts);
  }

  /** Whether another configuration may run in its place: it must be alive, and a container's name stays what it is. */
  mayBeFollowedBy(configuration: Configuration): boolean {
    return this.log.lost === undefined && hostNameOf(configuration.files) === this.hostName;
  }

  protected async sendBarrier(): Promise<boolean> {
    const mark = `barrier-${randomBytes(6).toString('hex')}`;
    const from = this.log.lines.length;
    this.#container.logger.write(mark);
    const line = await this.log.waitFor(({ text }) => text.includes(mark), LOG_DEADLINE_MS, from);
    if (!line) {
      this.log.lose('a line that was logged did not arrive');
    }
    return line !== undefined;
  }

  get popWriterFollowsLog(): boolean {
    return this.facts.popWriterFollowsLog;
  }

  /** Its log has every session's address. */
  async showsAnotherFrom(): Promise<boolean> {
    return false;
  }

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

  async agePopAuthorization(address: string, seconds: number): Promise<void> {
    await this.#command(`popauth age ${quoted(address)} ${Math.round(seconds)}`);
  }

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

  async kill(): Promise<void> {
    await this.#container.kill();
  }

  async stop(): Promise<void> {
    await this.#container.stop();
  }
}
