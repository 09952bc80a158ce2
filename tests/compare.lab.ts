/** The three steps of the classic migration, compared two by two, and a step that opens a hole. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../reports/comparison/model.ts';
import { type Ended, start } from './command-line.ts';
import { withFolder } from './subject-folder.ts';

/** The core set, and what the sentences need besides. */
const selection = [
  'core',
  'pop-before-smtp/login-submission',
  'smtp-auth/*-starttls',
  'smtp-auth/*-starttls-submission',
  'smtp-auth/submission-unauthenticated',
  'smtp-auth/login-outside-the-mode*',
  'transport/plaintext-auth-*',
  'network-trust/undeclared-*',
].flatMap((pattern) => ['--attempt', pattern]);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'relayproof-compare-test-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Done = Ended & { comparison: Comparison; markdown: string; html: string; words: string };

async function compare(name: string, ...words: string[]): Promise<Done> {
  const folder = join(root, name);
  const ended = await start(['compare', ...words, '--report-dir', folder]).ended;
  const read = (file: string) => readFile(join(folder, file), 'utf8').catch(() => '');
  const [json, markdown, html] = await Promise.all(['json', 'md', 'html'].map((end) => read(`comparison.${end}`)));
  return {
    ...ended,
    comparison: JSON.parse(json || '{}'),
    markdown: markdown ?? '',
    html: html ?? '',
    words: ended.stdout.replace(/\s+/gu, ' '),
  };
}

const everyMechanism = 'PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5, SCRAM-SHA-1 and SCRAM-SHA-256; ports 25 and 587';

describe('from POP before SMTP to SMTP-AUTH', () => {
  test('first step: both ways', async () => {
    const { status, words, comparison, markdown, stdout } = await compare('1', 'pop-before-smtp', 'both', ...selection);
    expect(status, stdout).toBe(0);
    expect(words).toContain(
      `+ Authenticated senders over TLS (${everyMechanism}): could not send, can now (expected: the mode both adds it)`,
    );
    expect(words).toContain('= POP-authorised senders without AUTH (ports 25 and 587): could send, still can');
    expect(words).toContain(
      '= Strangers, to outside (ports 25 and 587 and port 25 over IPv6): could not send, as before',
    );
    expect(words).toContain('= AUTH PLAIN in clear: was refused, as before');
    expect(words).toContain('= IPv4 networks that may relay with no credential: none, as before');
    expect(comparison.settings.find(({ what }) => what === 'mechanisms trusted')?.gained).toContain('PLAIN');
    expect(markdown).toContain('# ✓ Change of a mail server’s configuration: safe to change');
    // Observed, and not concluded: both sides have a session.
    const plain = comparison.attempts.find(({ id }) => id === 'smtp-auth/plain-starttls');
    expect(plain?.before).toMatchObject({ state: 'blocked', comparedOnly: true, result: { observed: 'refused' } });
    expect(plain?.before.result?.evidence?.dialogues).toHaveLength(1);
    expect(plain?.after).toMatchObject({ state: 'through', comparedOnly: false });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('second step: SMTP-AUTH alone, and who loses what is observed', async () => {
    const { status, words, comparison, html, stdout } = await compare('2', 'both', 'smtp-auth', ...selection);
    expect(status, stdout).toBe(0);
    expect(words).toContain(
      '− POP-authorised senders without AUTH (ports 25 and 587): could send, can no longer (expected: the mode smtp-auth drops it)',
    );
    expect(words).toContain(
      '− Strangers’ mail to local users on port 587: arrived, no longer arrives (expected: the mode smtp-auth drops it)',
    );
    expect(words).toContain(`= Authenticated senders over TLS (${everyMechanism}): could send, still can`);
    const login = comparison.attempts.find(({ id }) => id === 'pop-before-smtp/login');
    expect(login?.after).toMatchObject({ state: 'blocked', comparedOnly: true });
    expect(login?.after.result?.evidence?.dialogues.map(({ protocol }) => protocol)).toEqual(['pop3', 'smtp']);
    expect(html).toContain('none: tried for the comparison, not for mode smtp-auth');
  });

  test('two reports say the same as the audit did, with no engine, and what they lack is said', async () => {
    const before = join(root, '1', 'report.json');
    const after = join(root, '2', 'report.json');
    const { status, words } = await compare('3', `${before}#pop-before-smtp`, `${after}#smtp-auth`);
    expect(status).toBe(0);
    expect(words).toContain(
      'POP-authorised senders without AUTH (ports 25 and 587): could send, can no longer (expected',
    );
    expect(words).toContain(`Authenticated senders over TLS (${everyMechanism}): could not send, can now (expected`);
  });
});

test('a step that opens a hole is status 1, and the hole is named; folders of one name are told apart', async () => {
  await withFolder(
    'smtp-auth',
    [{ file: 'sendmail.mc', before: 'MAILER(`local', insert: "FEATURE(`relay_local_from')dnl" }],
    async (folder) => {
      const [before, after] = [join(root, 'before', 'mail'), join(root, 'after', 'mail')];
      await cp(folder, after, { recursive: true });
      await withFolder('both', [], (old) => cp(old, before, { recursive: true }));
      const { status, words, comparison } = await compare('4', before, after, '--attempt', 'core');
      expect(status).toBe(1);
      expect([comparison.before.name, comparison.after.name]).toEqual(['mail-before', 'mail-after']);
      expect(words).toContain(
        '✗ Strangers under a local user’s address: could not send, can now (unexpected: it must be blocked)',
      );
      // He may send by the hole as well, and the mode does not say that he may.
      expect(words).toContain(
        '✗ POP-authorised senders without AUTH (port 25): could send, still can (unexpected: the mode smtp-auth drops it)',
      );
      expect(words).toContain('AFTER lets through what BEFORE blocked: sender-trust/local-account');
    },
  );
});

test('a report and a folder: the folder is asked what the report was', async () => {
  const report = join(root, '1', 'report.json');
  const { status, words, comparison, stdout } = await compare('5', `${report}#both`, 'smtp-auth', '--json');
  expect(status, stdout).toBe(0);
  expect(words).toContain('"comparisonVersion":1');
  expect(comparison.onlyIn).toEqual({ before: 0, after: 0 });
  expect(comparison.attempts.find(({ id }) => id === 'pop-before-smtp/login')?.after).toMatchObject({
    state: 'blocked',
    comparedOnly: true,
  });
});

test('an AFTER that does not start is status 78, with the words of the program that gave up', async () => {
  await withFolder('smtp-auth', [], async (folder) => {
    const broken = join(root, 'broken');
    await cp(folder, broken, { recursive: true });
    await rm(join(broken, 'sendmail.mc'));
    await writeFile(join(broken, 'sendmail.cf'), 'V10/Berkeley\nnonsense\n');
    const { status, words } = await compare('6', 'both', broken, '--attempt', 'legitimate-mail/local');
    expect(status).toBe(78);
    expect(words).toMatch(/AFTER did not start: /u);
  });
});
