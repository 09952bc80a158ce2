/** The lab's helper: the container in which the outside world lives. */
import { randomBytes } from 'node:crypto';
import { type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import { type Dial, dialThroughSocks } from '../../clients/dial.ts';
import type { AddressPlan } from './address-plan.ts';
import { AGENT_PORTS } from './agent/protocol.ts';
import { AgentLink, type Door, isNeighbour } from './agent-link.ts';
import { agentProgram } from './agent-program.ts';
import type { LabOptions } from './lab.ts';
import { ANY_IPV6_SOURCE, IPV6_ON_NEW_INTERFACES, LabContainer, NO_FORWARDING } from './lab-container.ts';
import { outsideDomains } from './outside-domains.ts';

/** The helper's address in the network that publishes its ports; empty where the engine does not tell. */
export const outerAddressOf = (helper: StartedTestContainer) => helper.getIpAddress(helper.getNetworkNames()[0] ?? '');

export type Helper = { container: StartedTestContainer; agent: AgentLink; dial: Dial };

/** Starts the helper in the lab's network, and lays out its addresses. */
export async function startHelper(options: LabOptions, network: StartedNetwork, plan: AddressPlan): Promise<Helper> {
  const { engine, runId, labels } = options;
  const secret = randomBytes(16).toString('hex');
  const container = await new LabContainer(options.helperImage)
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
    Container: container.getId(),
    EndpointConfig: { IPAMConfig: { IPv4Address: plan.helper4, IPv6Address: plan.helper6 } },
  });
  const own = engine.local ? outerAddressOf(container) : '';
  const door = (port: number): Door =>
    isNeighbour(own) ? { host: own, port } : { host: container.getHost(), port: container.getMappedPort(port) };
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
  return { container, agent, dial: dialThroughSocks({ ...door(AGENT_PORTS.socks), password: secret }) };
}
