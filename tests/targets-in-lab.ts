/** A lab with targets in it and no run around them, for tests that look at one part. */
import { randomBytes } from 'node:crypto';
import { applyEdits, type Edit } from '../containers/configurations/edit.ts';
import { parsePolicy } from '../containers/configurations/policy.ts';
import { type ReferenceName, readReference } from '../containers/configurations/references.ts';
import { ownerLabels } from '../containers/engine/labels.ts';
import { removeRun } from '../containers/engine/leftovers.ts';
import { prepareEngine } from '../containers/engine/prepare.ts';
import { prepareReaper } from '../containers/engine/reaper.ts';
import { Lab } from '../containers/lab/lab.ts';
import { FolderTarget } from '../containers/target/folder-target.ts';
import { provideImages } from '../containers/target/image.ts';
import type { Target } from '../containers/target/target.ts';

export type TestConfiguration = { base: ReferenceName; edits?: Edit[]; policy?: string };

export type TestLab = {
  lab: Lab;
  start: (configuration: TestConfiguration) => Promise<Target>;
  stop: () => Promise<void>;
};

/** Starts a lab; `stop` removes it with all targets. */
export async function startTestLab(): Promise<TestLab> {
  const quiet = () => {};
  const engine = await prepareEngine(quiet);
  const images = await provideImages(engine, quiet);
  await prepareReaper(engine, quiet);
  const runId = randomBytes(4).toString('hex');
  const lab = await Lab.start({ engine, runId, helperImage: images.helper.tag, labels: ownerLabels(runId) });
  const targets: Target[] = [];
  return {
    lab,
    start: async ({ base, edits = [], policy }) => {
      const reference = await readReference(base);
      const number = targets.length;
      const target = await FolderTarget.start({
        lab,
        image: images.target.tag,
        runId,
        number,
        configuration: {
          ...reference,
          name: `${base}-${number}`,
          files: applyEdits(reference.files, edits).files,
          ...(policy === undefined ? {} : { policy: parsePolicy(policy, 'relayproof.yaml') }),
        },
      });
      targets.push(target);
      return target;
    },
    stop: async () => {
      for (const target of targets) {
        await target.stop();
      }
      await lab.stop();
      await removeRun(engine, runId);
    },
  };
}
