import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../audit/failure.ts';
import type { Engine } from './find-engine.ts';
import { ownerLabel, runLabel } from './labels.ts';
import { engineMessage, statusCodeOf } from './local-image.ts';
import { ownerState, parseOwner } from './process-owner.ts';
import type { Progress } from './progress.ts';
import { removeDeadFolders } from './run-folders.ts';

/** What a run has on the engine; each entry knows how it is called and what removes it. */
type Thing = {
  kind: 'container' | 'network' | 'volume';
  name: string;
  labels: Record<string, string>;
  remove(): Promise<unknown>;
};

/**
 * Removes all containers, networks and volumes of a run, running or not, and returns how many there were. Somebody else may be
 * removing them too. Throws LAB_BROKEN if anything is still there after `deadlineMs` (30,000).
 */
export async function removeRun(engine: Engine, runId: string, { deadlineMs = 30_000 } = {}): Promise<number> {
  const until = Date.now() + deadlineMs;
  const seen = new Set<string>();
  const troubles = new Map<string, string>();
  for (;;) {
    const left = await thingsOf(engine, `${runLabel}=${runId}`);
    if (left.length === 0) return seen.size;
    if (Date.now() > until) {
      throw new Failure(
        'LAB_BROKEN',
        `The engine does not remove what run ${runId} made: ${left.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
        'Remove it by hand (docker rm -f, docker network rm, docker volume rm); if the engine refuses, restart it.',
        { output: [...troubles.values()] },
      );
    }
    for (const { kind, name } of left) seen.add(`${kind} ${name}`);
    // A network goes only when no container is in it.
    for (const kind of ['container', 'network', 'volume'] as const) {
      await Promise.all(
        left
          .filter((thing) => thing.kind === kind)
          .map(async (thing) => {
            const trouble = await tryRemove(thing);
            if (trouble !== undefined) troubles.set(`${thing.kind} ${thing.name}`, trouble);
          }),
      );
    }
    if ((await thingsOf(engine, `${runLabel}=${runId}`)).length > 0) await delay(200);
  }
}

/**
 * Removes what the runs of dead processes of this machine left on the engine and in the temporary folders. What belongs to a
 * live process, to another machine or to nobody known stays. Throws LAB_BROKEN like `removeRun`.
 */
export async function removeLeftovers(engine: Engine, progress: Progress): Promise<void> {
  const step = 'clean-up';
  const startedAt = performance.now();
  const dead = new Set<string>();
  for (const { labels } of await thingsOf(engine, runLabel)) {
    const owner = parseOwner(labels[ownerLabel]);
    const runId = labels[runLabel];
    if (runId !== undefined && owner !== undefined && ownerState(owner) === 'dead') dead.add(runId);
  }
  let removed = 0;
  for (const runId of dead) removed += await removeRun(engine, runId);
  const folders = await removeDeadFolders();
  if (dead.size + folders === 0) {
    progress({ step, state: 'skipped', detail: 'nothing was left by earlier runs' });
    return;
  }
  const what = [
    count(removed, 'container, network or volume', 'containers, networks and volumes'),
    count(folders, 'temporary folder'),
  ];
  const detail = `removed what earlier runs left: ${what.filter(Boolean).join(', ')}`;
  progress({ step, state: 'done', detail, ms: performance.now() - startedAt });
}

function count(number: number, one: string, many = `${one}s`): string {
  return number === 0 ? '' : `${number} ${number === 1 ? one : many}`;
}

async function tryRemove(thing: Thing): Promise<string | undefined> {
  try {
    await thing.remove();
    return undefined;
  } catch (error) {
    // Gone, or (409) somebody else is at it: whether it is gone in the end is looked at anyway.
    return statusCodeOf(error) === 404 ? undefined : engineMessage(error);
  }
}

async function thingsOf({ docker }: Engine, label: string): Promise<Thing[]> {
  const filters = { label: [label] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(
      ({ Id, Names, Labels }): Thing => ({
        kind: 'container',
        name: Names[0]?.replace(/^\//, '') ?? Id,
        labels: Labels ?? {},
        remove: () => docker.getContainer(Id).remove({ force: true, v: true }),
      }),
    ),
    ...networks.map(
      ({ Id, Name, Labels }): Thing => ({
        kind: 'network',
        name: Name,
        labels: Labels ?? {},
        remove: () => removeNetwork(docker, Id),
      }),
    ),
    ...(volumes.Volumes ?? []).map(
      ({ Name, Labels }): Thing => ({
        kind: 'volume',
        name: Name,
        labels: Labels ?? {},
        remove: () => docker.getVolume(Name).remove({ force: true }),
      }),
    ),
  ];
}

/** A container of another making that somebody attached would keep the network alive: it is detached first. */
async function removeNetwork(docker: Engine['docker'], id: string): Promise<void> {
  const network = docker.getNetwork(id);
  const { Containers } = (await network.inspect()) as { Containers?: Record<string, unknown> };
  for (const Container of Object.keys(Containers ?? {})) {
    await network.disconnect({ Container, Force: true }).catch(() => undefined);
  }
  await network.remove();
}
