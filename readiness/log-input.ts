/** Bytes of a log: a file or standard input, as it is or compressed, told by its first bytes and not by its name. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createReadStream, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Failure } from '../audit/failure.ts';
import { visible } from '../reports/visible.ts';

export type Compression = 'none' | 'gzip' | 'xz' | 'zstd' | 'bzip2';

const magics: { compression: Compression; bytes: number[] }[] = [
  { compression: 'gzip', bytes: [0x1f, 0x8b] },
  { compression: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { compression: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { compression: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
];

/** What the first bytes of a file say. */
export function compressionOf(head: Uint8Array): Compression {
  return magics.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))?.compression ?? 'none';
}

const programs: Record<Exclude<Compression, 'none' | 'gzip'>, { program: string; package: string }> = {
  xz: { program: 'xz', package: 'xz-utils' },
  zstd: { program: 'zstd', package: 'zstd' },
  bzip2: { program: 'bzip2', package: 'bzip2' },
};

/** Why a log could not be read to its end. */
export class Unreadable extends Error {}

/** A source of bytes. `read` returns how many came, 0 at the end. */
export type ByteSource = {
  read: (into: Buffer, offset: number, length: number) => Promise<number>;
  /** Bytes of the file that have been read, before they were expanded. */
  taken: () => number;
  close: () => Promise<void>;
};

const CHUNK = 1 << 18;
/** One of these expands to a thousand times as much at worst. */
const COMPRESSED_CHUNK = 1 << 14;

/**
 * A file is read where the lines are: to hand each piece over from a thread takes longer than the reading. Between pieces
 * there is time for signals and for the progress bar.
 */
function plain(file: FileHandle): ByteSource {
  let taken = 0;
  return {
    read: async (into, offset, length) => {
      await setImmediate();
      const bytesRead = readSync(file.fd, into, offset, length, taken);
      taken += bytesRead;
      return bytesRead;
    },
    taken: () => taken,
    close: () => file.close(),
  };
}

/** A stream as a source: what it yields is handed out piece by piece. */
function streamed(stream: Readable, taken: () => number, end: () => Promise<void>): ByteSource {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer | undefined;
  return {
    read: async (into, offset, length) => {
      while (rest === undefined || rest.length === 0) {
        const { done, value } = await chunks.next();
        if (done) return 0;
        rest = value;
      }
      const count = rest.copy(into, offset, 0, Math.min(length, rest.length));
      rest = rest.subarray(count);
      return count;
    },
    taken,
    close: async () => {
      stream.destroy();
      await end();
    },
  };
}

const reasonOf = (error: unknown) => visible(error instanceof Error ? error.message : String(error), 200);

/** gzip finds a wrong byte when it has handed on what it made of it. */
function damageOf(error: unknown): string {
  const cut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  const words = `its compressed data are damaged or cut short (${reasonOf(error)})`;
  return cut ? words : `${words}: what was read of it may be wrong`;
}

/** So much that has been expanded may wait, in bytes. */
const MOST_WAITING = 1 << 20;

/** What was expanded before the damage is handed on: a stream would throw it away with the error. */
function gunzipped(input: Readable): ByteSource {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const queue: Buffer[] = [];
  let waiting = 0;
  let taken = 0;
  let ended = false;
  let damage: unknown;
  let wake = () => {};
  let happened = Promise.resolve();
  const next = () => {
    happened = new Promise((resolve) => {
      wake = resolve;
    });
  };
  next();
  const say = () => {
    const before = wake;
    next();
    before();
  };
  gunzip.on('data', (chunk: Buffer) => {
    queue.push(chunk);
    waiting += chunk.length;
    say();
  });
  let written = () => {};
  const finished = (error?: unknown) => {
    ended = true;
    damage ??= error;
    input.destroy();
    // When it has found damage, it does not answer what it was given last.
    written();
    say();
  };
  gunzip.on('end', () => finished()).on('error', finished);
  const pump = async () => {
    try {
      for await (const chunk of input) {
        taken += (chunk as Buffer).length;
        while (waiting > MOST_WAITING && !ended) await happened;
        if (ended) return;
        await new Promise<void>((resolve) => {
          written = resolve;
          gunzip.write(chunk, () => resolve());
        });
        if (ended) return;
      }
      gunzip.end();
    } catch (error) {
      if (!ended) gunzip.destroy(error as Error);
    }
  };
  let pumping: Promise<void> | undefined;
  return {
    read: async (into, offset, length) => {
      pumping ??= pump();
      while (queue.length === 0 && !ended) await happened;
      const [chunk] = queue;
      if (chunk === undefined) {
        if (damage !== undefined) throw new Unreadable(damageOf(damage));
        return 0;
      }
      const count = chunk.copy(into, offset, 0, Math.min(length, chunk.length));
      if (count === chunk.length) queue.shift();
      else queue[0] = chunk.subarray(count);
      waiting -= count;
      say();
      return count;
    },
    taken: () => taken,
    close: async () => {
      ended = true;
      input.destroy();
      gunzip.destroy();
      written();
      say();
      await pumping;
    },
  };
}

/** A program of the system expands it; it is started only when the first bytes are asked for. */
function expanded(input: Readable, name: string, compression: keyof typeof programs): ByteSource {
  const { program, package: packageName } = programs[compression];
  let child: ChildProcessByStdio<import('node:stream').Writable, Readable, Readable> | undefined;
  let source: ByteSource | undefined;
  let taken = 0;
  let complaint = '';
  let ended: Promise<{ missing?: boolean; status: number | null }> | undefined;
  const start = () => {
    const started = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
    child = started;
    input.on('data', (chunk: Buffer) => {
      taken += chunk.length;
    });
    // The program may stop reading before all is written: its exit status tells.
    started.stdin.on('error', () => {});
    started.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 500) complaint += chunk.toString('utf8');
    });
    ended = new Promise((resolve) => {
      started.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ missing: error.code === 'ENOENT', status: null }),
      );
      started.on('close', (status) => resolve({ status }));
    });
    input.pipe(started.stdin);
    return streamed(
      started.stdout,
      () => taken,
      async () => {},
    );
  };
  return {
    read: async (into, offset, length) => {
      source ??= start();
      const count = await source.read(into, offset, length).catch(() => 0);
      if (count > 0) return count;
      const end = await ended;
      if (end?.missing) {
        throw new Failure(
          'USAGE',
          `${visible(name)}: it is compressed with ${compression}, and there is no program ${program}`,
          `Install ${program} (package ${packageName}), or expand the file first.`,
        );
      }
      if (end?.status !== 0) {
        const words = visible(complaint.trim().split('\n').at(-1) ?? '', 200);
        throw new Unreadable(`its compressed data are damaged or cut short (${words || program})`);
      }
      return 0;
    },
    taken: () => taken,
    close: async () => {
      await source?.close();
      input.destroy();
      child?.kill();
    },
  };
}

function opened(input: Readable, name: string, compression: Exclude<Compression, 'none'>): ByteSource {
  return compression === 'gzip' ? gunzipped(input) : expanded(input, name, compression);
}

/** Opens a file. @throws Failure with what is wrong with it */
export async function openFile(path: string): Promise<{ source: ByteSource; compression: Compression }> {
  const file = await open(path, 'r');
  const head = Buffer.alloc(8);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  const compression = compressionOf(head.subarray(0, bytesRead));
  if (compression === 'none') return { source: plain(file), compression };
  await file.close();
  return {
    source: opened(createReadStream(path, { highWaterMark: COMPRESSED_CHUNK }), path, compression),
    compression,
  };
}

/** Standard input, or any stream: its first bytes are looked at, and put back. */
export async function openStream(
  input: Readable,
  name: string,
): Promise<{ source: ByteSource; compression: Compression }> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 8) {
    const chunk = await nextChunk(input);
    if (chunk === undefined) break;
    head = Buffer.concat([head, chunk]);
  }
  if (head.length > 0) input.unshift(head);
  const compression = compressionOf(head);
  if (compression !== 'none') return { source: opened(input, name, compression), compression };
  let taken = 0;
  const source = streamed(
    input,
    () => taken,
    async () => {},
  );
  return {
    source: {
      ...source,
      read: async (into, offset, length) => {
        const count = await source.read(into, offset, length);
        taken += count;
        return count;
      },
    },
    compression,
  };
}

async function nextChunk(input: Readable): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = input.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (input.readableEnded || input.destroyed) return undefined;
    const more = await new Promise<boolean>((resolve, reject) => {
      const done = (value: boolean) => {
        input.off('readable', readable);
        input.off('end', end);
        input.off('error', reject);
        resolve(value);
      };
      const readable = () => done(true);
      const end = () => done(false);
      input.once('readable', readable);
      input.once('end', end);
      input.once('error', reject);
    });
    if (!more) return undefined;
  }
}
