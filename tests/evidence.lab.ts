/** What the evidence of a whole configuration must have, and must not. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFromInside } from '../audit/performance.ts';
import { Run } from '../audit/run.ts';
import { groupsOf } from '../containers/lab/agent/zone.ts';
import type { Report } from '../reports/model.ts';
import { searchPayloads, searchSecrets, unpackedFrom } from '../reports/secret-search.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { isSweep } from '../suites/scene.ts';

let folder: string;
/** Sweeps have no client of their own, and those from inside the target's own addresses. */
const withoutClient = (await readCatalogue()).suites
  .flatMap(({ attempts }) => attempts)
  .filter(({ scene }) => isSweep(scene) || isFromInside(scene))
  .map(({ id }) => id);
let report: Report;
const secrets = new Map<string, string>();
/** What an attempt of the catalogue sends for an answer to AUTH (smtp-auth, more-parameters): nobody’s password. */
const MADE_UP = Buffer.from('\0alice\0x').toString('base64');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-evidence-'));
  const run = await Run.begin({
    request: { configurations: ['both'], suites: [], attempts: [], reportDirectory: folder, command: ['test'] },
    progress: () => {},
    hooks: {
      betweenProofs: async (target) => {
        for (const [account, password] of target.passwords) {
          secrets.set(account, password);
        }
      },
    },
  });
  await run.audit.results('both');
  report = await run.finish();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Attempts of clients outside the target: its own programs have its addresses, each of them more than once. */
const ofClients = () =>
  report.configurations.flatMap(({ attempts }) =>
    attempts.flatMap(({ id, evidence }) => (evidence && !withoutClient.includes(id) ? [evidence] : [])),
  );
const evidences = () =>
  report.configurations.flatMap(({ attempts }) => attempts.flatMap(({ evidence }) => evidence ?? []));
const plain = (address: string) => (isIPv6(address) ? groupsOf(address).join(':') : address);

test('the configuration is compliant, and most of the catalogue was tried', () => {
  expect(report.reasons).toEqual([]);
  expect(evidences().length).toBeGreaterThan(100);
});

describe('client addresses', () => {
  test('each attempt has its own', () => {
    const used = ofClients().map(({ clientAddress }) => clientAddress);
    expect(new Set(used).size).toBe(used.length);
  });

  test('are what the target saw, and neither loopback nor the gateway', () => {
    for (const { clientAddress, observedAddress, token } of ofClients()) {
      expect(plain(observedAddress ?? ''), token).toBe(plain(clientAddress));
      expect(clientAddress).toMatch(/^(198\.(18|19)\.|2001:2:)/);
      expect(clientAddress).not.toMatch(/\.0\.1$|::1$/);
    }
  });

  test('an authorised message says in its Received field how it was authorised', () => {
    const received = (id: string) =>
      report.configurations[0]?.attempts.find((one) => one.id === id)?.evidence?.sink[0]?.received.join('\n') ?? '';
    expect(received('smtp-auth/plain-starttls')).toMatch(/with ESMTPSA/);
    expect(received('smtp-auth/cram-md5-clear')).toMatch(/with ESMTPA/);
    expect(received('pop-before-smtp/login')).toMatch(/with ESMTP /);
    expect(received('pop-before-smtp/login-ipv6')).toMatch(/IPv6:2001:2:/);
  });
});

test('no password and no answer to AUTH is in any file of the report', async () => {
  expect(secrets.size).toBeGreaterThan(3);
  const files = await readdir(folder);
  expect(files.sort()).toEqual([
    'attempts.jsonl',
    'ctrf.json',
    'index.html',
    'junit.xml',
    'report.json',
    'report.sarif',
    'summary.md',
  ]);
  for (const file of files) {
    const written = await readFile(join(folder, file), 'utf8');
    const content = written + (file === 'index.html' ? unpackedFrom(written) : '');
    const named = [...secrets].map(([name, text]) => ({ name, text }));
    expect(searchSecrets(content, named), file).toEqual([]);
    expect(searchPayloads(content.replaceAll(MADE_UP, ''), secrets.keys()), file).toEqual([]);
  }
  // The search can find something: what is masked was there.
  expect(await readFile(join(folder, 'report.json'), 'utf8')).toContain('AUTH PLAIN [masked]');
});
