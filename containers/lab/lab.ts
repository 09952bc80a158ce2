/**
 * The lab: an isolated network with the outside world in it (DNS, the sink, client addresses). Started once per run;
 * targets are added to it.
 */
import { BlockList, isIPv6 } from 'node:net';
import type { StartedNetwork } from 'testcontainers';
import { Failure } from '../../audit/failure.ts';
import type { Dial } from '../../clients/dial.ts';
import type { SinkRecord } from '../../reports/model.ts';
import { ClientContainer } from '../clients/client-container.ts';
import type { Engine } from '../engine/find-engine.ts';
import type { AddressPlan } from './address-plan.ts';
import type { ForgedName, SinkMode, TargetNames } from './agent/protocol.ts';
import { type Helper, outerAddressOf, startHelper } from './helper.ts';
import { createLabNetwork, defaultNetworks } from './network.ts';

export type LabOptions = { engine: Engine; runId: string; helperImage: string; labels: Record<string, string> };

function isWithin(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', length] = network.split('/');
    list.addSubnet(base, Number(length), isIPv6(base) ? 'ipv6' : 'ipv4');
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const ownNetworkOf = (address: string) => (address === '' ? [] : [`${address}/${isIPv6(address) ? 128 : 32}`]);

/** A lab whose network is there, and whose helper is or will be: whatever needs it waits for it. */
export class Lab {
  readonly engine: Engine;
  readonly network: StartedNetwork;
  readonly plan: AddressPlan;
  readonly labels: Record<string, string>;
  /** The networks (CIDR) that publish the helper's ports; nobody in the lab may reach it there. */
  readonly outerNetworks: readonly string[];
  /** Resolves when the outside world is there; rejects if it will not be. */
  readonly ready: Promise<void>;
  /** Opens a connection from a client address of the lab. */
  readonly dial: Dial = async (...call) => (await this.#helper).dial(...call);
  readonly #helper: Promise<Helper>;
  #clients: ClientContainer | undefined;

  private constructor(
    options: LabOptions,
    parts: { network: StartedNetwork; plan: AddressPlan; outerNetworks: readonly string[]; helper: Promise<Helper> },
  ) {
    this.engine = options.engine;
    this.labels = options.labels;
    this.network = parts.network;
    this.plan = parts.plan;
    this.outerNetworks = parts.outerNetworks;
    this.#helper = parts.helper;
    this.ready = parts.helper.then(({ container }) => {
      const outer = outerAddressOf(container);
      if (outer !== '' && !isWithin(outer, parts.outerNetworks)) {
        throw new Failure(
          'LAB_BROKEN',
          `the lab’s helper is at ${outer}, in no network of the engine that targets are kept from`,
          'Report this, with the list of "docker network ls".',
        );
      }
    });
    this.ready.catch(() => {});
  }

  /** Makes the network, and begins to start the helper: targets may start beside it. */
  static async begin(options: LabOptions): Promise<Lab> {
    const [{ network, plan }, known] = await Promise.all([
      createLabNetwork(options.engine, options.runId, options.labels),
      defaultNetworks(options.engine),
    ]);
    const helper = startHelper(options, network, plan);
    helper.catch(() => {});
    // Where the engine's network cannot be known beforehand, the helper's own address has to do.
    const outerNetworks = known.length > 0 ? known : ownNetworkOf(outerAddressOf((await helper).container));
    return new Lab(options, { network, plan, outerNetworks, helper });
  }

  /** A started lab. */
  static async start(options: LabOptions): Promise<Lab> {
    const lab = await Lab.begin(options);
    await lab.ready;
    return lab;
  }

  /** The helper's address in the network that publishes its ports. */
  async outerAddress(): Promise<string> {
    return outerAddressOf((await this.#helper).container);
  }

  /** Starts the container of the mail programs, which speak from the lab's client addresses as the helper does. */
  async startClients(image: string, runId: string): Promise<void> {
    this.#clients = await ClientContainer.start({
      docker: this.engine.docker,
      image,
      name: `relayproof-${runId}-clients`,
      labels: this.labels,
      beside: (await this.#helper).container.getId(),
    });
  }

  /** Mail programs. @throws Error where the run was not planned to need them */
  get clients(): ClientContainer {
    if (!this.#clients) {
      throw new Error('the container of the mail programs has not been started');
    }
    return this.#clients;
  }

  /** Messages at the sink that carry the token. */
  async find(token: string): Promise<SinkRecord[]> {
    return (await this.#helper).agent.ask({ do: 'find', token });
  }

  /** Gives a target its names: it sees itself in DNS, and nobody else does. */
  async nameTarget(target: TargetNames): Promise<void> {
    await (await this.#helper).agent.ask({ do: 'name-target', target });
  }

  /** Has DNS tell one target (by its IPv4 address) these names, in place of what it would say of them. */
  async forgeNames(target: string, names: ForgedName[]): Promise<void> {
    await (await this.#helper).agent.ask({ do: 'forge-names', target, names });
  }

  async setSink(mode: SinkMode): Promise<void> {
    await (await this.#helper).agent.ask({ do: 'sink', mode });
  }

  async setDns(mode: 'answer' | 'stopped'): Promise<void> {
    await (await this.#helper).agent.ask({ do: 'dns', mode });
  }

  /**
   * Shows that the lab has no way out, from the helper's side; targets show it for themselves.
   *
   * @throws Failure LAB_BROKEN if it has one
   */
  async proveIsolation(): Promise<string> {
    const network = await this.engine.client.network.getById(this.network.getId()).inspect();
    if (network.Internal !== true) {
      throw new Failure('LAB_BROKEN', 'the lab’s network is not internal', 'Report this: nothing may leave the lab.');
    }
    const routes = await (await this.#helper).agent.ask({ do: 'routes' });
    const ways = routes.filter((route) => route.startsWith('default'));
    if (ways.length > 0 && this.engine.local) {
      throw new Failure('LAB_BROKEN', `the lab’s helper has a default route: ${ways.join('; ')}`, 'Report this.');
    }
    const helper = this.engine.local
      ? 'the helper has none either'
      : 'the helper keeps one in its other network, for replies to the harness on another machine, and forwards nothing';
    return `network ${network.Name} is internal; targets have no default route and no route to the host; ${helper}`;
  }

  /** Stops the helper and removes the network; targets must be gone by then. */
  async stop(): Promise<void> {
    const { agent, container } = await this.#helper;
    agent.close();
    await this.#clients?.stop();
    await container.stop({ timeout: 0 });
    await this.network.stop();
  }
}
