import { Failure } from '../../audit/failure.ts';
import { type Engine, findEngine } from './find-engine.ts';
import { removeLeftovers } from './leftovers.ts';
import type { Progress } from './progress.ts';
import { provideEngine } from './provide-engine.ts';

/** Finds the engine, or provides one, and removes what earlier runs left there. Throws NO_ENGINE, NO_DISK_SPACE or LAB_BROKEN. */
export async function prepareEngine(progress: Progress): Promise<Engine> {
  const engine = await findOrProvide(progress);
  const detail = `${engine.name} ${engine.version}`;
  progress({ step: 'container engine', state: 'skipped', detail });
  await removeLeftovers(engine, progress);
  return engine;
}

async function findOrProvide(progress: Progress): Promise<Engine> {
  try {
    return await findEngine();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'NO_ENGINE') throw error;
    return await provideEngine(progress);
  }
}
