/** Logs whose truth is known: every user must come out as what he is. */

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provideProgram } from '../tests/provide-program.ts';
import { expectTruth } from '../tests/readiness/expect-truth.ts';
import {
  bsdLine,
  type Entry,
  isoLine,
  journalEntry,
  type MailLogOptions,
  MailServer,
  type PopStyle,
  randomNumbers,
  syslogLine,
} from '../tests/readiness/mail-log.ts';
import { readinessAsJson } from '../tests/readiness/readiness-as-json.ts';
import type { ReadinessRequest } from './readiness.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-readiness-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const usual: MailLogOptions = {
  seed: 1,
  start: Date.UTC(2026, 1, 20),
  days: 6,
  users: 45,
  inbound: 60,
  strangers: 3,
  lifetime: 1800,
  pop: 'dovecot-2.3',
};

const request: Partial<ReadinessRequest> = {
  now: Date.UTC(2026, 10, 23),
};

function made(options: Partial<MailLogOptions> = {}) {
  const server = new MailServer({ ...usual, ...options });
  const entries = [...server.days()].flat();
  return { entries, truth: server.truth() };
}

let files = 0;
async function file(content: string | Buffer, name = `log-${files++}`): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

const styles: PopStyle[] = ['dovecot-2.3', 'dovecot-2.4', 'qpopper', 'popa3d', 'uw', 'courier', 'cyrus'];
test.each(styles)('POP server %s', async (pop) => {
  const { entries, truth } = made({ pop, seed: 11 });
  const log = await file(text(entries.map((entry) => bsdLine(entry))));
  const result = await readinessAsJson({ ...request, logs: [log] });
  expectTruth(result, truth);
  expect(result.exitStatus).toBe(1);
});

test('a POP authorisation of another length, to the second', async () => {
  const { entries, truth } = made({ lifetime: 7200, seed: 3 });
  const log = await file(text(entries.map((entry) => bsdLine(entry))));
  expectTruth(await readinessAsJson({ ...request, lifetime: 7200, logs: [log] }), truth);
  // The same with a length that is one second off must not come out the same.
  const off = await readinessAsJson({ ...request, lifetime: 7199, logs: [log] });
  expect(() => expectTruth(off, truth)).toThrow();
});

test('sendmail before it wrote the A of ESMTPA, and few process ids', async () => {
  const { entries, truth } = made({ oldProto: true, processes: 4000, seed: 5 });
  expectTruth(
    await readinessAsJson({ ...request, logs: [await file(text(entries.map((entry) => bsdLine(entry))))] }),
    truth,
  );
});

test.each([
  ['RFC 5424', (entries: Entry[]) => text(entries.map(syslogLine))],
  ['RFC 3339 times, in a zone', (entries: Entry[]) => text(entries.map((entry) => isoLine(entry, '-03:30')))],
  ['the export of the journal', (entries: Entry[]) => Buffer.concat(entries.map((entry) => journalEntry(entry)))],
  [
    'the same with binary fields',
    (entries: Entry[]) => Buffer.concat(entries.map((entry) => journalEntry(entry, true))),
  ],
  [
    'the journal as JSON',
    (entries: Entry[]) =>
      text(
        entries.map(({ at, program, pid, text: message }) =>
          JSON.stringify({
            __REALTIME_TIMESTAMP: String(at * 1000),
            _HOSTNAME: 'mail',
            SYSLOG_IDENTIFIER: program,
            SYSLOG_PID: String(pid),
            MESSAGE: message,
          }),
        ),
      ),
  ],
  ['line ends of DOS', (entries: Entry[]) => entries.map((entry) => `${bsdLine(entry)}\r\n`).join('')],
  [
    'Solaris',
    (entries: Entry[]) =>
      text(entries.map((entry) => bsdLine({ ...entry, text: `[ID 801593 mail.info] ${entry.text}` }))),
  ],
])('%s', async (_what, written) => {
  const { entries, truth } = made({ seed: 21 });
  expectTruth(await readinessAsJson({ ...request, logs: [await file(written(entries))] }), truth);
});

test.each([
  ['gzip', (content: Buffer) => gzipSync(content)],
  [
    'gzip in two members',
    (content: Buffer) => Buffer.concat([gzipSync(content.subarray(0, 5000)), gzipSync(content.subarray(5000))]),
  ],
])('compressed with %s, whatever its name', async (_what, compressed) => {
  const { entries, truth } = made({ seed: 31 });
  const content = compressed(Buffer.from(text(entries.map((entry) => bsdLine(entry)))));
  expectTruth(await readinessAsJson({ ...request, logs: [await file(content)] }), truth);
});

test.each([
  ['xz', 'xz-utils'],
  ['zstd', 'zstd'],
])('compressed with %s, by the program of that name', async (name, debianPackage) => {
  const program = await provideProgram([name], debianPackage);
  if (program === undefined) throw new Error(`There is no ${name} here: install it.`);
  const { entries, truth } = made({ seed: 31 });
  const content = text(entries.map((entry) => bsdLine(entry)));
  const { stdout } = spawnSync(program, ['-c'], { input: content, maxBuffer: 1e9 });
  expectTruth(await readinessAsJson({ ...request, logs: [await file(stdout)] }), truth);
});

/** Cuts entries into so many pieces of about the same size. */
function pieces(entries: readonly Entry[], count: number): Entry[][] {
  const size = Math.ceil(entries.length / count);
  return Array.from({ length: count }, (_, index) => entries.slice(index * size, (index + 1) * size));
}

test('rotated over the turn of the year, some compressed, in any order', async () => {
  const { entries, truth } = made({ start: Date.UTC(2025, 11, 27), days: 10, seed: 41 });
  const logs = await Promise.all(
    pieces(entries, 6).map(async (some, index) => {
      const content = text(some.map((entry) => bsdLine(entry)));
      return index % 2 === 0
        ? await file(gzipSync(content), `maillog.${6 - index}.gz`)
        : await file(content, `maillog.${6 - index}`);
    }),
  );
  for (const order of [
    [0, 1, 2, 3, 4, 5],
    [5, 4, 3, 2, 1, 0],
    [3, 0, 5, 1, 4, 2],
  ]) {
    const result = await readinessAsJson({ ...request, logs: order.map((index) => logs[index] as string) });
    expectTruth(result, truth);
    expect(result.period.from?.slice(0, 10)).toBe('2025-12-27');
  }
  const said = await readinessAsJson({ ...request, year: 2012, logs });
  expect([said.period.from?.slice(0, 4), said.period.to?.slice(0, 4)]).toEqual(['2012', '2013']);
  expect(said.totals.popRelayed).toBe((await readinessAsJson({ ...request, logs })).totals.popRelayed);
});

test.each([
  ['BSD syslog', 'dovecot-2.3', (entry: Entry) => bsdLine(entry)],
  ['RFC 5424, and two lines for a login', 'popa3d', (entry: Entry) => syslogLine(entry)],
] as const)('rotated between any two lines: %s', async (_what, pop, line) => {
  // Without the A of ESMTPA, a session is told by the order of its lines alone.
  const { entries, truth } = made({ days: 1, users: 15, inbound: 5, oldProto: true, pop, seed: 47 });
  const cuts = [...Array(40).keys()].map((index) => Math.floor(((index + 0.5) * entries.length) / 40));
  for (const cut of cuts.flatMap((one) => [one, one + 1, one + 2])) {
    const [older, newer] = [entries.slice(0, cut), entries.slice(cut)];
    const logs = [await file(text(newer.map(line)), 'maillog'), await file(text(older.map(line)), 'maillog.1')];
    expectTruth(await readinessAsJson({ ...request, logs }), truth);
  }
});

test('POP and mail in logs of their own, of different forms', async () => {
  const { entries, truth } = made({ seed: 51, start: Date.UTC(2025, 11, 29) });
  const isPop = ({ program }: Entry) => program === 'dovecot';
  const mail = await file(text(entries.filter((entry) => !isPop(entry)).map((entry) => bsdLine(entry))));
  const pop = await file(gzipSync(text(entries.filter(isPop).map(syslogLine))));
  expectTruth(await readinessAsJson({ ...request, logs: [mail, pop] }), truth);
  expectTruth(await readinessAsJson({ ...request, logs: [pop, mail] }), truth);
});

test('a zone with summer time, over its end', async () => {
  // Vienna: UTC+2 until 1 UTC on 26 October 2025, then UTC+1: the hour from 2 to 3 is there twice.
  const { entries, truth } = made({ start: Date.UTC(2025, 9, 23), seed: 61, inbound: 1500 });
  const end = Date.UTC(2025, 9, 26, 1);
  const lines = entries.map((entry) => bsdLine(entry, (entry.at < end ? 2 : 1) * 3_600_000));
  expectTruth(await readinessAsJson({ ...request, timezone: 'Europe/Vienna', logs: [await file(text(lines))] }), truth);
});

test.each([false, true])('lines out of order by up to a minute (without the A of ESMTPA: %s)', async (oldProto) => {
  const { entries, truth } = made({ seed: 71, users: 80, oldProto });
  const random = randomNumbers(9);
  const shuffled = entries
    .map((entry) => ({ entry, key: entry.at + random() * 60_000 }))
    .sort((a, b) => a.key - b.key)
    .map(({ entry }) => entry);
  const result = await readinessAsJson({
    ...request,
    logs: [await file(text(shuffled.map((entry) => bsdLine(entry))))],
  });
  expectTruth(result, truth);
  expect(result.lines.outOfOrder).toBeGreaterThan(20);
});

test('a clock that is wrong for some lines moves nobody', async () => {
  const { entries, truth } = made({ seed: 81 });
  const odd = entries.map((entry, index) =>
    index % 500 === 250
      ? [
          bsdLine({ at: Date.UTC(2026, 0, 1), program: 'kernel', pid: 0, text: 'clock' }),
          bsdLine({ at: Date.UTC(2026, 6, 1), program: 'kernel', pid: 0, text: 'clock' }),
          bsdLine(entry),
        ]
      : [bsdLine(entry)],
  );
  const result = await readinessAsJson({ ...request, logs: [await file(text(odd.flat()))] });
  expectTruth(result, truth);
  expect(result.lines.clockJumps).toBeGreaterThan(0);
  expect(result.notes.join()).toContain('clock');
});
