/** The lab's network: internal, dual-stack, with addresses of the benchmarking ranges; and the one beside it. */
import type { Network } from 'dockerode';
import { getReaper, LABEL_TESTCONTAINERS_SESSION_ID, StartedNetwork } from 'testcontainers';
import { Failure } from '../../audit/failure.ts';
import type { Engine } from '../engine/find-engine.ts';
import { type AddressPlan, addressPlan, SLOTS } from './address-plan.ts';

const taken = /pool overlaps|overlap|address space|conflicts/i;

/**
 * Creates the network in the first free slot of the address plan.
 *
 * @throws Failure LAB_BROKEN if every slot is taken by another lab, or the engine cannot do it
 */
export async function createLabNetwork(
  engine: Engine,
  runId: string,
  labels: Record<string, string>,
): Promise<{ network: StartedNetwork; plan: AddressPlan }> {
  const name = `relayproof-${runId}`;
  const reaper = await getReaper(engine.client);
  for (let slot = 0; slot < SLOTS; slot++) {
    const plan = addressPlan(slot);
    let raw: Network;
    try {
      raw = await engine.client.network.create({
        Name: name,
        Driver: 'bridge',
        Internal: true,
        EnableIPv6: true,
        IPAM: {
          Config: [
            { Subnet: plan.subnet4, Gateway: plan.gateway4 },
            { Subnet: plan.subnet6, Gateway: plan.gateway6 },
          ],
        },
        Labels: { ...labels, 'org.testcontainers': 'true', [LABEL_TESTCONTAINERS_SESSION_ID]: reaper.sessionId },
      });
    } catch (error) {
      if (taken.test(String(error))) {
        continue;
      }
      throw new Failure(
        'LAB_BROKEN',
        `the engine could not create the lab's network: ${String(error)}`,
        'relayproof needs bridge networks with IPv4 and IPv6; look at the engine’s own log.',
        { cause: error },
      );
    }
    return { network: new StartedNetwork(engine.client, name, raw), plan };
  }
  throw new Failure(
    'LAB_BROKEN',
    `all ${SLOTS} address ranges of the lab (198.18.0.0/15) are in use on this engine`,
    'Wait for the other runs to end, or remove the networks that hold these addresses ("docker network ls").',
  );
}

/** What engines call the network that a container is in unless it asks for another one. */
const DEFAULT_NETWORKS = ['bridge', 'podman'];

/** The networks (CIDR) of the engine's default network, which publishes ports; none if it is called something else. */
export async function defaultNetworks(engine: Engine): Promise<string[]> {
  for (const name of DEFAULT_NETWORKS) {
    try {
      const { IPAM } = await engine.client.network.getById(name).inspect();
      return (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []);
    } catch {
      // An engine of another kind.
    }
  }
  return [];
}
