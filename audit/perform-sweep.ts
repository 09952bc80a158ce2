/** Performs a sweep: asks the target's own rules, and confirms by real messages what they say. */
import type { Target } from '../containers/target/target.ts';
import type { Sweep } from '../suites/scene.ts';
import { newToken, type Performed } from './performance.ts';

export async function performSweep(target: Target, sweep: Sweep): Promise<Performed> {
  return {
    outcome: { observed: 'error', phase: 'command', reason: `no sweep of ${sweep.sweep} on ${target.hostName}` },
    evidence: {
      clientAddress: '',
      identity: 'stranger',
      token: newToken(),
      dialogues: [],
      queueIds: [],
      sink: [],
      mailbox: [],
      log: [],
      notes: [],
    },
    notSeen: undefined,
    durationMs: 0,
  };
}
