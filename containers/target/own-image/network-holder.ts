/**
 * A container of the project's own that holds the network for somebody's own image. It takes away every way out, and
 * only then the image is started in that network: no process of it ever runs with one, and none has the capability to
 * bring one back. DNS, host name and the way in from any address are set here too, so the image needs no tools.
 */
import { randomBytes } from 'node:crypto';
import { type StartedTestContainer, Wait } from 'testcontainers';
import { Failure } from '../../../audit/failure.ts';
import type { Engine } from '../../engine/find-engine.ts';
import { targetAddresses } from '../../lab/address-plan.ts';
import type { Lab } from '../../lab/lab.ts';
import { IPV6_ON_NEW_INTERFACES, LabContainer, NO_FORWARDING } from '../../lab/lab-container.ts';
import { isolationEnvironment } from '../target-container.ts';

export type OwnImageOptions = {
  lab: Lab;
  /** The project's own target image. */
  image: string;
  configurationName: string;
  number: number;
  runId: string;
  hostName: string;
};

const START_DEADLINE_MS = 60_000;

export async function holdNetwork(options: OwnImageOptions): Promise<StartedTestContainer> {
  const { lab, number, runId } = options;
  const addresses = targetAddresses(lab.plan, number);
  try {
    return await new LabContainer(options.image)
      .withName(`relayproof-${runId}-${number}`)
      .withLabels({ ...lab.labels, 'org.relayproof.configuration': options.configurationName })
      .withLabAddresses(lab.network, addresses)
      .withHostName(options.hostName)
      .withAddedCapabilities('NET_ADMIN')
      .withSysctls({ ...IPV6_ON_NEW_INTERFACES, ...NO_FORWARDING })
      .withEnvironment(isolationEnvironment(lab, addresses.ipv4))
      .withEntrypoint(['/usr/local/lib/relayproof/hold'])
      .withWaitStrategy(Wait.forLogMessage('relayproof: ready'))
      .withStartupTimeout(START_DEADLINE_MS)
      .start();
  } catch (error) {
    throw new Failure(
      'LAB_BROKEN',
      `the network for ${options.configurationName} could not be made: ${error instanceof Error ? error.message : String(error)}`,
      'Report this.',
      { cause: error },
    );
  }
}

/** A container of the image that is never started, to look into. The answer of the work, or what it throws. */
export async function withUnstarted<T>(
  engine: Engine,
  image: string,
  labels: Record<string, string>,
  work: (containerId: string) => Promise<T>,
): Promise<T> {
  const container = await engine.docker.createContainer({
    name: `relayproof-look-${randomBytes(6).toString('hex')}`,
    Image: image,
    // An image that names no program is not at fault before it is started.
    Entrypoint: ['/relayproof-is-not-started'],
    Labels: labels,
  });
  try {
    return await work(container.id);
  } finally {
    await container.remove({ force: true, v: true }).catch(() => {});
  }
}
