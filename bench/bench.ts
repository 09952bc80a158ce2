/**
 * What the harness costs, as ratios measured in one run on one target: machines differ and are noisy, the relation
 * between two things done side by side is what can be compared. Usage: npm run bench
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { perform } from '../audit/perform.ts';
import { Performance } from '../audit/performance.ts';
import { strangerScene } from '../audit/proofs.ts';
import { Run } from '../audit/run.ts';
import { Semaphore } from '../audit/semaphore.ts';
import { SmtpDialogue } from '../clients/smtp-dialogue.ts';
import type { Target } from '../containers/target/target.ts';
import type { Attempt } from '../suites/attempt.ts';
import { openRelay } from '../suites/open-relay.ts';
import { scenesOf } from '../suites/scene.ts';

const ROUNDS = 5;
const pairs = openRelay.attempts.filter((attempt) => attempt.aliases.includes('nmap'));

/** The fastest that can be had: all sixteen envelopes in one session, and the reply to RCPT believed. */
async function believeTheReply(target: Target): Promise<void> {
  const session = await SmtpDialogue.open({
    dial: target.lab.dial,
    from: target.addresses.next4(),
    host: target.ipv4,
    port: 25,
  });
  await session.ehlo('bench.example');
  for (const scene of scenesOf(pairs)) {
    const { mailFrom, rcptTo } = new Performance(target, scene);
    await session.send('RSET');
    await session.send(`MAIL FROM:${mailFrom}`);
    await session.send(`RCPT TO:${rcptTo}`);
  }
  await session.quit();
}

/** As the harness does it: a session and an address for each, the log awaited, the sink asked. */
async function proveIt(target: Target, attempts: readonly Attempt[], atOnce: number): Promise<void> {
  const places = new Semaphore(atOnce);
  await Promise.all(scenesOf(attempts).map((scene) => places.run(() => perform(target, scene))));
}

async function median(work: () => Promise<void>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(ROUNDS / 2)] ?? 0;
}

async function measure(target: Target): Promise<void> {
  const delivered = Array.from({ length: 16 }, (): Attempt => ({ ...(pairs[1] as Attempt), scene: strangerScene }));
  const rows: [string, number][] = [
    ['one session, the reply believed', await median(() => believeTheReply(target))],
    ['a session each, with evidence, one at a time', await median(() => proveIt(target, pairs, 1))],
    ['the same, ten at a time', await median(() => proveIt(target, pairs, 10))],
    ['sixteen local deliveries, read back over POP3', await median(() => proveIt(target, delivered, 10))],
  ];
  const base = rows[0]?.[1] ?? 1;
  const table = new Table({
    head: ['sixteen envelopes', 'ms (median)', 'ratio'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map(([what, ms]) => [what, ms.toFixed(0), (ms / base).toFixed(2)]));
  process.stdout.write(`${table.toString()}\n`);
}

const reportDirectory = await mkdtemp(join(tmpdir(), 'relayproof-bench-'));
const run = await Run.begin({
  request: { configurations: ['both'], suites: [], attempts: ['nmap-01'], reportDirectory, command: ['bench'] },
  hooks: { betweenProofs: measure },
});
try {
  await run.audit.results('both');
} finally {
  const report = await run.finish();
  const parts = Object.entries(report.provenance.timings).map(([what, ms]) => `${what} ${(ms / 1000).toFixed(1)} s`);
  process.stdout.write(`${parts.join(', ')}; peak ${(report.provenance.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB\n`);
  await rm(reportDirectory, { recursive: true, force: true });
}
process.exit(0);
