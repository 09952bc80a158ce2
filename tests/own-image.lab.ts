/** Somebody's own image: the whole contract gives what the folder gives, and without hooks it is what strangers can do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../audit/failure.ts';
import { defaultPolicy } from '../containers/configurations/policy.ts';
import type { Engine } from '../containers/engine/find-engine.ts';
import { prepareEngine } from '../containers/engine/prepare.ts';
import { provideImages } from '../containers/target/image.ts';
import { ImageTarget } from '../containers/target/own-image/image-target.ts';
import { start } from './command-line.ts';
import { buildMailImage, buildPlainImage, removeImages, withHooks } from './own-images.ts';
import { attemptOf, auditInLab, configurationOf } from './run-in-lab.ts';
import { startTestLab } from './targets-in-lab.ts';

const LOUD = { file: 'sendmail.mc', insert: "define(`confLOG_LEVEL', `14')dnl", before: 'MAILER(' };
const OPEN = { file: 'sendmail.mc', insert: "FEATURE(`promiscuous_relay')dnl", before: 'MAILER(' };

let engine: Engine;
let targetImage: string;
const images: Record<'hooks' | 'bare' | 'open' | 'ends' | 'silent' | 'failing' | 'mute', string> = {
  mute: '',
  hooks: '',
  bare: '',
  open: '',
  ends: '',
  silent: '',
  failing: '',
};
beforeAll(async () => {
  engine = await prepareEngine(() => {});
  targetImage = (await provideImages(engine, () => {})).target.tag;
  const mail = (name: string, options: Parameters<typeof buildMailImage>[3]) =>
    buildMailImage(engine, targetImage, name, options);
  images.hooks = await mail('hooks', { reference: 'both', edits: [LOUD], more: withHooks });
  images.bare = await mail('bare', { reference: 'both' });
  images.open = await mail('open', { reference: 'both', edits: [OPEN] });
  images.failing = await mail('failing', {
    reference: 'both',
    more: `${withHooks}\nRUN printf '#!/bin/sh\\nread line; echo "no $line here"; exit 3\\n' > /usr/local/lib/relayproof-hooks/accounts`,
  });
  images.mute = await mail('mute', {
    reference: 'both',
    more: "RUN sed -i 's/^cat <&8 &/cat <\\&8 > \\/dev\\/null \\&/' /usr/local/bin/start && sed -i '/maillog/d' /etc/rsyslog.conf",
  });
  images.ends = await buildPlainImage(engine, targetImage, 'ends', 'echo the database is missing; exit 3');
  images.silent = await buildPlainImage(engine, targetImage, 'silent', 'echo waiting for nobody; sleep 600');
});
afterAll(() => removeImages(engine, Object.values(images)));

describe('an image', () => {
  test('with all hooks is judged as its folder is', async () => {
    // Besides the core: an authorisation that ends, by the pop-age hook.
    const attempts = ['core', 'pop-before-smtp/before-expiry', 'pop-before-smtp/expired'];
    const own = await auditInLab({ image: images.hooks, configurations: [], attempts });
    const folder = await auditInLab({ configurations: ['both'], attempts });
    const verdicts = (report: typeof own, name: string) =>
      configurationOf(report, name).attempts.map(({ id, verdict }) => `${id}: ${verdict}`);
    expect(verdicts(own, 'hooks')).toEqual(verdicts(folder, 'both'));
    expect(own.verdict).toBe('compliant');
  });

  test('without hooks is tried as a stranger would, and says why the rest is not', async () => {
    const report = await auditInLab({
      image: images.bare,
      configurations: [],
      attempts: ['core', 'open-relay/outside-sender', 'open-relay/no-greeting'],
    });
    const bare = configurationOf(report, 'bare');
    expect(attemptOf(report, 'bare', 'open-relay/outside-sender').verdict).toBe('pass');
    // At LogLevel 9 this one leaves no line with its address: another session from there does.
    const quiet = attemptOf(report, 'bare', 'open-relay/no-greeting');
    expect([quiet.verdict, quiet.evidence?.observedAddress]).toEqual(['pass', undefined]);
    expect(quiet.evidence?.notes.join()).toMatch(/another one from there did/);
    const reasons = new Set(bare.attempts.filter((one) => one.verdict === 'not-applicable').map((one) => one.reason));
    expect([...reasons].join('\n')).toMatch(/no accounts hook .*nobody to log in as/);
    expect([...reasons].join('\n')).toMatch(/no accounts hook .*no mailbox can be read/);
    expect(bare.proofs.map(({ title, ok }) => [title.slice(0, 30), ok])).toContainEqual([
      'a message to outside from the ',
      true,
    ]);
    expect(bare.verdict).toBe('compliant');
  });

  test('that is an open relay is found without any hook', async () => {
    const report = await auditInLab({ image: images.open, configurations: [], attempts: ['core'] });
    expect(attemptOf(report, 'open', 'open-relay/outside-sender')).toMatchObject({
      verdict: 'fail',
      observed: 'relayed',
    });
    expect(report.exitStatus).toBe(1);
  });
});

test('an image that shows no log is never compliant', async () => {
  const report = await auditInLab({ image: images.mute, configurations: [], attempts: ['open-relay/outside-sender'] });
  const { verdict, reason } = attemptOf(report, 'mute', 'open-relay/outside-sender');
  expect([verdict, reason]).toEqual(['inconclusive', expect.stringContaining('the image shows no log of sendmail')]);
  expect(report.exitStatus).toBe(2);
});

test('a folder is laid into the image before it starts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relayproof-laid-in-'));
  try {
    await writeFile(join(folder, 'access'), 'Connect:198.18 RELAY\nConnect:198.19 RELAY\n');
    await writeFile(join(folder, 'relayproof.yaml'), 'mode: smtp-auth\n');
    const report = await auditInLab({
      image: images.bare,
      configurations: [folder],
      attempts: ['open-relay/outside-sender'],
    });
    expect(configurationOf(report, 'bare').mode).toBe('smtp-auth');
    expect(attemptOf(report, 'bare', 'open-relay/outside-sender').observed).toBe('relayed');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describe('an image that does not run', () => {
  test('says its last words if it ends at once', async () => {
    const report = await auditInLab({
      image: images.ends,
      configurations: [],
      attempts: ['open-relay/outside-sender'],
    });
    const { error } = configurationOf(report, 'ends');
    expect(error?.message).toMatch(/ended with status 3 before anything greeted on port 25/);
    expect(error?.output).toContain('the database is missing');
    expect(report.exitStatus).toBe(78);
  });

  test('says what its accounts hook said, without passwords', async () => {
    const report = await auditInLab({
      image: images.failing,
      configurations: [],
      attempts: ['open-relay/outside-sender'],
    });
    const { error } = configurationOf(report, 'failing');
    expect(error?.message).toMatch(/its accounts hook .* failed with status 3/);
    expect(error?.output.join('\n')).toMatch(/^no alice:\S+ here$/);
    expect(error?.output.join('\n')).not.toMatch(/[0-9a-f]{24}/);
  });

  test('is told by its name if the engine has none', async () => {
    const { ended } = start(['audit', '--image', 'relayproof-test/nowhere:1', '--attempt', 'core']);
    const { status, stderr } = await ended;
    expect(stderr).toMatch(/--image relayproof-test\/nowhere:1: the engine does not have it, and cannot pull it/);
    expect(stderr).toContain('docker pull relayproof-test/nowhere:1');
    expect(status).toBe(78);
  });
});

describe('in the lab', () => {
  const configuration = (image: string) => ({
    name: 'own',
    role: 'subject' as const,
    title: image,
    files: new Map(),
    policy: defaultPolicy,
    image,
  });

  test('nothing on port 25 is said after the deadline, with the image’s output', async () => {
    const { lab, stop } = await startTestLab();
    try {
      const options = { lab, image: targetImage, runId: lab.labels['org.relayproof.run'] ?? '', number: 0 };
      const starting = ImageTarget.start({ ...options, configuration: configuration(images.silent) }, images.silent, {
        deadlineMs: 2_000,
      });
      const failure = await starting.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(Failure);
      expect((failure as Failure).message).toMatch(/no greeting \(220\) on port 25 within 2 s: nothing answers/);
      expect((failure as Failure).output).toContain('waiting for nobody');
    } finally {
      await stop();
    }
  });

  test('nothing gets out of an image, and the lab’s DNS alone answers it', async () => {
    const host = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => host.listen(0, '::', resolve));
    const { port } = host.address() as AddressInfo;
    const { lab, stop } = await startTestLab();
    let target: ImageTarget | undefined;
    try {
      const options = { lab, image: targetImage, runId: lab.labels['org.relayproof.run'] ?? '', number: 0 };
      target = await ImageTarget.start({ ...options, configuration: configuration(images.bare) }, images.bare);
      const { shell } = target;
      const reaches = async (address: string, to: number) =>
        (await shell.run(`timeout 2 bash -c 'exec 3<>/dev/tcp/${address}/${to}'`)).status === 0;
      expect(await reaches(lab.plan.helper4, 25), 'the sink').toBe(true);
      expect(await reaches(lab.plan.helper6, 25), 'the sink over IPv6').toBe(true);
      expect(await reaches(lab.plan.gateway4, port), 'the host').toBe(false);
      expect(await reaches(lab.plan.gateway6, port), 'the host over IPv6').toBe(false);
      expect(await reaches(await lab.outerAddress(), 1080), 'the helper by its other address').toBe(false);
      expect(await reaches('8.8.8.8', 53), 'the Internet').toBe(false);
      const said = async (command: string) => (await shell.run(command)).output;
      expect(await said('ip route; ip -6 route')).not.toMatch(/^default/m);
      expect((await shell.run('ip route add 192.0.2.0/24 dev eth0')).status).not.toBe(0);
      expect((await said('grep ^nameserver /etc/resolv.conf')).trim()).toBe(`nameserver ${lab.plan.helper4}`);
      expect((await said('cat /proc/sys/kernel/hostname')).trim()).toBe('mail.hosting.example');
      // An engine's own resolver would call the helper by its container's name.
      expect(await said(`getent hosts ${lab.plan.helper4}`)).not.toMatch(/relayproof-/);
    } finally {
      await target?.stop();
      await stop();
      host.close();
    }
  });
});
