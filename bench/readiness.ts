/**
 * How fast logs are read, beside `grep -c` and Debian’s log summarisers on the same file, in turns within one run: their
 * relation is what can be compared. A second log, of half the size, has nothing in it that can be stepped over.
 * RELAYPROOF_BENCH_MB is the size of the first (256); peers that are not installed are left out. Debian: packages pflogsumm and logwatch, or RELAYPROOF_LOGWATCH with the folder usr/share/logwatch.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createWriteStream, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { bsdLine, MailServer } from '../tests/readiness/mail-log.ts';

const ROUNDS = 3;
const size = Number(process.env.RELAYPROOF_BENCH_MB ?? 256) * 1e6;
const logwatch = process.env.RELAYPROOF_LOGWATCH ?? '/usr/share/logwatch';
const program = fileURLToPath(new URL('../bin/relayproof.js', import.meta.url));

type Mail = { users: number; inbound: number; strangers: number };
const server: Mail = { users: 2000, inbound: 20_000, strangers: 20 };
/** Every line is a login, an AUTH or a message that goes out. */
const customersOnly: Mail = { users: 5000, inbound: 0, strangers: 0 };

/** A log of that many bytes, about. Returns how many there are. */
async function generate(path: string, size: number, mail: Mail): Promise<number> {
  const out = createWriteStream(path);
  const days = new MailServer({
    ...mail,
    seed: 7,
    start: Date.UTC(2024, 0, 1),
    days: 3650,
    lifetime: 1800,
    pop: 'dovecot-2.3',
  });
  let bytes = 0;
  for (const day of days.days()) {
    const text = `${day.map((entry) => bsdLine(entry)).join('\n')}\n`;
    bytes += text.length;
    if (!out.write(text)) await once(out, 'drain');
    if (bytes >= size) break;
  }
  out.end();
  await once(out, 'finish');
  return bytes;
}

type Run = { seconds: number; cpu: number; megabytes: number };

/** The most memory and the processor time of a process while it lives, as Linux tells. */
function look(pid: number, seen: Run): void {
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    seen.megabytes = Math.max(seen.megabytes, Number(peak ?? 0) / 1000);
    seen.cpu = Math.max(seen.cpu, (Number(stat[11]) + Number(stat[12])) / 100 || 0);
  } catch {
    // It has ended.
  }
}

async function timed(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  stdin?: string,
): Promise<Run> {
  const input = stdin === undefined ? 'ignore' : openSync(stdin, 'r');
  const seen: Run = { seconds: 0, cpu: 0, megabytes: 0 };
  const started = performance.now();
  // A pipe and not /dev/null: grep would stop at the first match.
  const child = spawn(command, args, { stdio: [input, 'pipe', 'ignore'], env: { ...process.env, ...env } });
  child.stdout?.resume();
  const timer = setInterval(() => look(child.pid as number, seen), 20);
  await once(child, 'close');
  clearInterval(timer);
  if (typeof input === 'number') closeSync(input);
  seen.seconds = (performance.now() - started) / 1000;
  return seen;
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

type Peer = [name: string, work: () => Promise<Run>];

const both = (log: string): Peer[] => [
  ['grep -c stat=Sent', () => timed('grep', ['-c', 'stat=Sent', log])],
  ['relayproof readiness', () => timed(process.execPath, [program, 'readiness', log, '--timezone', 'UTC', '--json'])],
];

/** Lets them read in turns, and prints how long each took. */
async function compare(what: string, bytes: number, peers: readonly Peer[]): Promise<void> {
  const runs = new Map<string, Run[]>(peers.map(([name]) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of peers) runs.get(name)?.push(await work());
  }
  const base = median(runs.get('grep -c stat=Sent')?.map(({ seconds }) => seconds) ?? []);
  const table = new Table({
    head: [
      `${Math.round(bytes / 1e6)} MB of ${what}`,
      's (median)',
      'MB/s',
      'of processor time',
      'ratio',
      'memory, MB',
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, all] of runs) {
    const seconds = median(all.map((run) => run.seconds));
    const cpu = median(all.map((run) => run.cpu));
    const speed = (time: number) => (name.includes('nothing') || time === 0 ? '' : (bytes / 1e6 / time).toFixed(0));
    const memory = Math.max(...all.map(({ megabytes }) => megabytes)).toFixed(0);
    table.push([name, seconds.toFixed(2), speed(seconds), speed(cpu), (seconds / base).toFixed(1), memory]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

const folder = await mkdtemp(join(tmpdir(), 'relayproof-bench-'));
try {
  const log = join(folder, 'maillog');
  const bytes = await generate(log, size, server);
  const peers: Peer[] = [
    ...both(log),
    [
      'the same, of nothing',
      () => timed(process.execPath, [program, 'readiness', '/dev/null', '--timezone', 'UTC', '--json']),
    ],
  ];
  if (spawnSync('pflogsumm', ['--version']).status === 0) {
    peers.push(['pflogsumm (knows no sendmail: skips)', () => timed('pflogsumm', [log])]);
  }
  const script = join(logwatch, 'scripts/services/sendmail');
  if (existsSync(script)) {
    // logwatch itself takes time and tag away before its script reads.
    const bare = join(folder, 'bare');
    const out = openSync(bare, 'w');
    spawnSync('sed', ['-n', 's/^.* mail sm-mta\\[[0-9]*\\]: //p', log], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
    peers.push([
      'logwatch, its sendmail script',
      () => timed('perl', [script], { PERL5LIB: join(logwatch, 'lib') }, bare),
    ]);
  }
  await compare('log', bytes, peers);
  const customers = join(folder, 'customers');
  await compare('customers only', await generate(customers, size / 2, customersOnly), both(customers));
} finally {
  await rm(folder, { recursive: true, force: true });
}
