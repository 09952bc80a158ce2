import { thisOwner } from './process-owner.ts';

/** On containers, networks and volumes: the id of the run that made them. */
export const runLabel = 'org.relayproof.run';

/** On the same: the process of that run, as JSON. */
export const ownerLabel = 'org.relayproof.owner';

/** On images: the name under which the project builds them, without the tag. */
export const imageLabel = 'org.relayproof.image';

/** The labels that whatever a run creates must bear, so that it is found and removed whatever happens to the run. */
export function ownerLabels(runId: string): Record<string, string> {
  return { [runLabel]: runId, [ownerLabel]: JSON.stringify(thisOwner()) };
}
