import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';

/** The process that something belongs to, told apart from a later one with the same number. */
export type Owner = {
  pid: number;
  /** When the process started, in clock ticks since the system's start; null where the system does not tell. */
  startedAt: number | null;
  /** Changes with every start of the system; null where there is none. */
  boot: string | null;
  /** Process numbers mean something only inside their name space (a container has its own). */
  pidNamespace: string | null;
  hostname: string;
};

/** `elsewhere`: on another machine or in another container, so that nothing can be said from here. */
export type OwnerState = 'alive' | 'dead' | 'elsewhere';

/** How the process table is asked; replaced in tests. */
export type ProcessTable = { exists(pid: number): boolean; startedAt(pid: number): number | null };

/** The owner to write down for what this process makes. */
export function thisOwner(): Owner {
  return {
    pid: process.pid,
    startedAt: processTable.startedAt(process.pid),
    boot: readOrNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: readOrNull(() => readlinkSync('/proc/self/ns/pid')),
    hostname: os.hostname(),
  };
}

/** Tells whether an owner still lives. `here` is the asking process. */
export function ownerState(owner: Owner, here: Owner = thisOwner(), table: ProcessTable = processTable): OwnerState {
  const sameBoot = owner.boot === here.boot && (owner.boot !== null || owner.hostname === here.hostname);
  if (!sameBoot) {
    // The same machine since restarted: nothing of before lives on. Any other machine may be at work right now.
    return owner.boot !== null && here.boot !== null && owner.hostname === here.hostname ? 'dead' : 'elsewhere';
  }
  if (owner.pidNamespace !== here.pidNamespace) return 'elsewhere';
  if (!table.exists(owner.pid)) return 'dead';
  const startedAt = table.startedAt(owner.pid);
  return owner.startedAt === null || startedAt === null || startedAt === owner.startedAt ? 'alive' : 'dead';
}

/** Reads an owner back from its JSON; undefined for anything else. */
export function parseOwner(text: string | undefined): Owner | undefined {
  if (text === undefined) return undefined;
  const value = readOrNull(() => JSON.parse(text) as Partial<Owner> | null);
  if (value === null || typeof value !== 'object') return undefined;
  const { pid, startedAt, boot, pidNamespace, hostname } = value;
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0 || typeof hostname !== 'string') return undefined;
  return {
    pid,
    startedAt: typeof startedAt === 'number' ? startedAt : null,
    boot: typeof boot === 'string' ? boot : null,
    pidNamespace: typeof pidNamespace === 'string' ? pidNamespace : null,
    hostname,
  };
}

/** Finds the start time (field 22) in a line of /proc/PID/stat. The name in field 2 may hold spaces and brackets. */
export function startTimeIn(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[19]);
  return fields[19] !== undefined && Number.isSafeInteger(ticks) ? ticks : null;
}

/** Whether a stat line is of a process that has ended and only waits to be collected. */
function isZombie(stat: string): boolean {
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

const processTable: ProcessTable = {
  exists(pid) {
    const stat = readOrNull(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (stat !== null) return !isZombie(stat);
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: it is there and belongs to somebody else.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  startedAt(pid) {
    return readOrNull(() => startTimeIn(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  },
};

function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
