import { REAPER_IMAGE } from 'testcontainers/build/reaper/reaper.js';
import type { Engine } from './find-engine.ts';
import { localImageId } from './local-image.ts';
import { type Progress, runStep } from './progress.ts';
import { pullImage } from './pull-image.ts';

/**
 * Decides whether testcontainers' reaper can watch over this run: only if its image is here. It is pulled only when this
 * process has reached the registry already, so that a warm start never uses the network. The user's own setting wins.
 */
export async function prepareReaper(engine: Engine, progress: Progress): Promise<boolean> {
  const wish = process.env.TESTCONTAINERS_RYUK_DISABLED;
  if (wish !== undefined && wish !== '') return wish !== 'true';
  if ((await localImageId(engine.docker, REAPER_IMAGE)) !== undefined) return true;
  if (engine.registry === 'reachable') {
    const result = await runStep(
      progress,
      'reaper',
      (update) => pullImage(engine, REAPER_IMAGE, update),
      (pull) => (pull.pulled ? `pulled ${pull.name}` : `switched off, its image cannot be had: ${pull.reason}`),
    );
    if (result.pulled) return true;
  }
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  return false;
}
