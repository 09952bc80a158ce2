/**
 * The lab: an isolated network with the outside world in it (DNS, the sink, client addresses). Started once per run;
 * targets are added to it.
 */
import { randomBytes } from 'node:crypto';
import { type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import { Failure } from '../../audit/failure.ts';
import { type Dial, dialThroughSocks } from '../../clients/dial.ts';
import type { SinkRecord } from '../../reports/model.ts';
import type { Engine } from '../engine/find-engine.ts';
import type { AddressPlan } from './address-plan.ts';
import { AGENT_PORTS, type ForgedName, type SinkMode, type TargetNames } from './agent/protocol.ts';
import { AgentLink, type Door, isNeighbour } from './agent-link.ts';
import { agentProgram } from './agent-program.ts';
import { ANY_IPV6_SOURCE, IPV6_ON_NEW_INTERFACES, LabContainer, NO_FORWARDING } from './lab-container.ts';
import { createLabNetwork } from './network.ts';
import { outsideDomains } from './outside-domains.ts';

export type LabOptions = { engine: Engine; runId: string; helperImage: string; labels: Record<string, string> };

/** A started lab. */
export class Lab {
  readonly engine: Engine;
  readonly network: StartedNetwork;
  readonly plan: AddressPlan;
  readonly labels: Record<string, string>;
  /** Opens a connection from a client address of the lab. */
  readonly dial: Dial;
  readonly #helper: StartedTestContainer;
  readonly #agent: AgentLink;

  private constructor(
    options: LabOptions,
    parts: {
      network: StartedNetwork;
      plan: AddressPlan;
      helper: StartedTestContainer;
      agent: AgentLink;
      door: (port: number) => Door;
      secret: string;
    },
  ) {
    this.engine = options.engine;
    this.labels = options.labels;
    this.network = parts.network;
    this.plan = parts.plan;
    this.#helper = parts.helper;
    this.#agent = parts.agent;
    this.dial = dialThroughSocks({ ...parts.door(AGENT_PORTS.socks), password: parts.secret });
  }

  static async start(options: LabOptions): Promise<Lab> {
    const { engine, runId, labels } = options;
    const { network, plan } = await createLabNetwork(engine, runId, labels);
    const secret = randomBytes(16).toString('hex');
    const helper = await new LabContainer(options.helperImage)
      .withName(`relayproof-${runId}-lab`)
      .withLabels(labels)
      .withEnvironment({ RELAYPROOF_SECRET: secret })
      .withAddedCapabilities('NET_ADMIN')
      .withCopyContentToContainer([{ content: await agentProgram(), target: '/opt/relayproof/agent.mjs' }])
      .withCommand(['node', '/opt/relayproof/agent.mjs'])
      .withExposedPorts(AGENT_PORTS.socks, AGENT_PORTS.control)
      .withWaitStrategy(Wait.forLogMessage('relayproof agent: ready'))
      .withLoopbackPorts(engine.local)
      .withSysctls({ ...IPV6_ON_NEW_INTERFACES, ...NO_FORWARDING, ...ANY_IPV6_SOURCE })
      .start();
    // The default network publishes the agent's ports to the host; the lab is the second interface.
    await engine.client.network.getById(network.getId()).connect({
      Container: helper.getId(),
      EndpointConfig: { IPAMConfig: { IPv4Address: plan.helper4, IPv6Address: plan.helper6 } },
    });
    const own = engine.local ? helper.getIpAddress(helper.getNetworkNames()[0] ?? '') : '';
    const door = (port: number): Door =>
      isNeighbour(own) ? { host: own, port } : { host: helper.getHost(), port: helper.getMappedPort(port) };
    const agent = await AgentLink.open(door(AGENT_PORTS.control), secret);
    await agent.ask({
      do: 'lay-out',
      layout: {
        ipv4: plan.helper4,
        ipv6: plan.helper6,
        clients4: plan.clients4,
        clients6: plan.clients6,
        outsideDomains,
        // The host reaches the published ports over a connected route; further away, replies need the default one.
        keepDefaultRoute: !engine.local,
      },
    });
    return new Lab(options, { network, plan, helper, agent, door, secret });
  }

  /** The helper's address in the network that publishes its ports; nobody in the lab may reach it there. */
  get outerAddress(): string {
    const name = this.#helper.getNetworkNames()[0] ?? '';
    return this.#helper.getIpAddress(name);
  }

  /** Messages at the sink that carry the token. */
  find(token: string): Promise<SinkRecord[]> {
    return this.#agent.ask({ do: 'find', token });
  }

  /** Gives a target its names: it sees itself in DNS, and nobody else does. */
  async nameTarget(target: TargetNames): Promise<void> {
    await this.#agent.ask({ do: 'name-target', target });
  }

  /** Has DNS tell one target (by its IPv4 address) these names, in place of what it would say of them. */
  async forgeNames(target: string, names: ForgedName[]): Promise<void> {
    await this.#agent.ask({ do: 'forge-names', target, names });
  }

  async setSink(mode: SinkMode): Promise<void> {
    await this.#agent.ask({ do: 'sink', mode });
  }

  async setDns(mode: 'answer' | 'stopped'): Promise<void> {
    await this.#agent.ask({ do: 'dns', mode });
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
    const routes = await this.#agent.ask({ do: 'routes' });
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
    this.#agent.close();
    await this.#helper.stop({ timeout: 0 });
    await this.network.stop();
  }
}
