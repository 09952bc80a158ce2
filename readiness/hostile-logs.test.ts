/** Logs that are no logs, are damaged, or hold what somebody else chose: counted, reported, and nobody’s fault. */

import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { provideProgram } from '../tests/provide-program.ts';
import { journalEntry } from '../tests/readiness/mail-log.ts';
import { readinessAsJson } from '../tests/readiness/readiness-as-json.ts';
import type { ReadinessRequest } from './readiness.ts';

let folder: string;
let xz: string;
let zstd: string;
beforeAll(async () => {
  xz = (await provideProgram(['xz'], 'xz-utils')) ?? 'xz';
  zstd = (await provideProgram(['zstd'], 'zstd')) ?? 'zstd';
  folder = await mkdtemp(join(tmpdir(), 'relayproof-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const request: Partial<ReadinessRequest> = {
  year: 2026,
};

let files = 0;
async function file(content: string | Buffer): Promise<string> {
  const path = join(folder, `log-${files++}`);
  await writeFile(path, content);
  return path;
}

const read = async (content: string | Buffer | readonly string[], options: Partial<ReadinessRequest> = {}) =>
  await readinessAsJson({
    ...request,
    ...options,
    logs: [await file(Array.isArray(content) ? `${content.join('\n')}\n` : (content as string | Buffer))],
  });

const login = (user: string, ip: string, time = '10:00:00') =>
  `Nov 23 ${time} mail dovecot: pop3-login: Login: user=<${user}>, method=PLAIN, rip=${ip}, lip=192.0.2.1, mpid=5, session=<a>`;
const id = (number: number) => `6ANA00${String(number).padStart(2, '0')}000244`;
const from = (number: number, relay: string, time = '10:01:00', sender = 'a@example.org', proto = 'ESMTP') =>
  `Nov 23 ${time} mail sm-mta[244]: ${id(number)}: from=<${sender}>, size=245, class=0, nrcpts=1, msgid=<x@y>, proto=${proto}, daemon=MTA, relay=${relay}`;
const to = (
  number: number,
  recipient = '<friend@elsewhere.example>',
  mailer = 'esmtp',
  stat = 'Sent (OK)',
  time = '10:01:02',
) =>
  `Nov 23 ${time} mail sm-mta[250]: ${id(number)}: to=${recipient}, delay=00:00:02, xdelay=00:00:00, mailer=${mailer}, pri=120245, relay=mx.elsewhere.example. [192.0.2.25], dsn=2.0.0, stat=${stat}`;
const auth = (user: string, relay: string, time = '10:00:59', pid = 244) =>
  `Nov 23 ${time} mail sm-mta[${pid}]: AUTH=server, relay=${relay}, authid=${user}, mech=PLAIN, bits=0`;
const alice = 'host.example.net [198.51.100.7]';

const users = ({ users: all }: Awaited<ReturnType<typeof readinessAsJson>>) =>
  all.map(({ user, popRelayed, authenticated, verdict }) => [user, popRelayed, authenticated, verdict]);

describe('what is no log', () => {
  test.each([
    ['empty', '', 'it is empty'],
    ['an empty line', '\n', 'nothing in it was of use'],
    ['binary', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256)), 'binary'],
    ['one endless line', 'x'.repeat(5_000_000), 'nothing in it'],
    ['NUL bytes', Buffer.alloc(3_000_000), 'binary'],
    ['text', 'to whom it may concern\n'.repeat(1000), 'nothing in it'],
    ['JSON that is none', '{"a":1}\n{"b":\nnull\n[]\n{}\n', 'nothing in it'],
    ['a journal that breaks off', '__CURSOR=x\n__REALTIME_TIMESTAMP=1\nMESSAGE\n\u0001\u0002\u0003', 'nothing in it'],
    [
      'a journal with an absurd length',
      Buffer.concat([Buffer.from('__CURSOR=x\nMESSAGE\n'), Buffer.alloc(8, 255), Buffer.from('abc')]),
      'nothing in it',
    ],
  ])('%s', async (_what, content, remark) => {
    const result = await read(content);
    expect(result.verdict).toBe('inconclusive');
    expect(result.exitStatus).toBe(2);
    expect(result.reasons.join()).toContain('no line of sendmail');
    expect(result.logs[0]?.remark).toContain(remark);
    expect(result.lines.read).toBe(result.lines.used + result.lines.skipped);
  });

  test('a folder, a file that is not there, and no name at all', async () => {
    await mkdir(join(folder, 'sub'));
    for (const [name, words] of [
      [join(folder, 'sub'), 'it is a folder'],
      [join(folder, 'none'), 'there is no such file'],
    ] as const) {
      await expect(readinessAsJson({ ...request, logs: [name] })).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining(words),
      });
    }
    await expect(readinessAsJson({ ...request, logs: [] })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('compressed, where there is no program to expand it', async () => {
    const log = await file(execFileSync(xz, ['-c'], { input: `${login('alice', '198.51.100.7')}\n` }));
    vi.stubEnv('PATH', folder);
    try {
      await expect(readinessAsJson({ ...request, logs: [log] })).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('no program xz'),
        advice: expect.stringContaining('xz-utils'),
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('other options that mean nothing', async () => {
    const log = await file('');
    for (const wrong of [
      { timezone: 'Mars/Olympus' },
      { timezone: '+25:00' },
      { timezone: '+02:99' },
      { trusted: ['192.0.2.0/33'] },
      { trusted: ['office'] },
      { relayTo: ['*.example.org'] },
      { relayTo: ['user@example.org'] },
      { realms: [''] },
    ]) {
      await expect(readinessAsJson({ ...request, ...wrong, logs: [log] })).rejects.toMatchObject({ code: 'USAGE' });
    }
  });
});

describe('what is damaged', () => {
  const lines = `${[login('alice', '198.51.100.7'), auth('alice', alice), from(1, alice, '10:01:00', 'a@b', 'ESMTPA'), to(1)].join('\n')}\n`;
  const whole = lines + 'Nov 23 10:02:00 mail cron[1]: (root) CMD\n'.repeat(20_000);

  test.each([
    ['gzip, cut off', () => gzipSync(whole).subarray(0, -300)],
    [
      'gzip, with a wrong byte',
      () => {
        const bytes = Buffer.concat([gzipSync(lines), gzipSync(whole)]);
        bytes[bytes.length - 200] = (bytes[bytes.length - 200] as number) ^ 255;
        return bytes;
      },
    ],
    ['xz, cut off', () => execFileSync(xz, ['-c'], { input: whole }).subarray(0, -40)],
    ['zstd, cut off', () => execFileSync(zstd, ['-c'], { input: whole }).subarray(0, -40)],
    ['no more than its first bytes', () => gzipSync(whole).subarray(0, 12)],
  ])('%s: what can be read is, and the rest is not known', async (what, content) => {
    const result = await read(content());
    expect(result.logs[0]?.damaged).toContain('damaged or cut short');
    expect([result.verdict, result.exitStatus]).toEqual(['inconclusive', 2]);
    if (what.startsWith('gzip')) expect(users(result)).toEqual([['alice', 0, 1, 'ready']]);
  });

  test.each([
    ['a wrong byte in the middle', 0.5],
    ['a wrong byte near the end', 0.97],
    ['something behind the end', 1],
  ])('gzip, %s: it is said, and the logs beside it are read', async (_what, where) => {
    const bytes = Buffer.concat([gzipSync(whole.repeat(3)), Buffer.from('garbage!')]);
    const at = Math.floor((bytes.length - 9) * where);
    if (where < 1) bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
    const content = where < 1 ? bytes.subarray(0, -8) : bytes;
    const good = await file(`${login('zoe', '198.51.100.99')}\n`);
    const results = [
      await readinessAsJson({ ...request, logs: [good, await file(content)] }),
      await readinessAsJson({ ...request, logs: [good, '-'], stdin: Readable.from([content]) }),
    ];
    for (const result of results) {
      expect(result.users.map(({ user }) => user)).toContain('zoe');
      const damaged = result.logs.flatMap((log) => log.damaged ?? []);
      expect(damaged).toEqual([expect.stringContaining('may be wrong')]);
    }
  });

  test('an export of the journal that is cut off anywhere, or has a wrong byte', async () => {
    const at = Date.UTC(2026, 10, 23, 10);
    const entry = (user: string) =>
      journalEntry(
        {
          at,
          program: 'dovecot',
          pid: 5,
          text: `pop3-login: Login: user=<${user}>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1`,
        },
        true,
      );
    const entries = Buffer.concat([entry('alice'), entry('bob'), entry('alice')]);
    for (let length = 21; length < entries.length; length += 3) {
      const cut = await read(entries.subarray(0, length));
      expect(users(cut).every(([user]) => ['alice', 'bob'].includes(user as string))).toBe(true);
      // A length that is wrong reaches into other entries, and what it spans is no login.
      const bytes = Buffer.from(entries);
      bytes.writeUInt8(bytes.readUInt8(length) ^ 0x80, length);
      const wrong = await read(bytes);
      expect(wrong.users.length).toBeLessThanOrEqual(3);
    }
    expect(users(await read(entries)).map(([user]) => user)).toEqual(['alice', 'bob']);
  });

  test('what is certain stays certain', async () => {
    const bob = 'host.example.net [198.51.100.8]';
    const certain = `${'Nov 23 09:02:00 mail cron[1]: x\n'.repeat(50_000)}${login('bob', '198.51.100.8')}\n${from(7, bob)}\n${to(7)}\n`;
    // The damage is known long before what comes before it has been handed on.
    const result = await read(Buffer.concat([gzipSync(certain), gzipSync('x\n').subarray(0, -8)]));
    expect([result.verdict, result.exitStatus]).toEqual(['not-ready', 1]);
    expect(result.reasons.join()).toContain('damaged');
  });

  test('the first and the last line are cut off', async () => {
    const all = [login('alice', '198.51.100.7'), from(1, alice), to(1)].join('\n');
    expect(users(await read(`user=<mallory>, rip=1.2.3.4\n${all}`))).toEqual([['alice', 1, 0, 'not-ready']]);
    expect(users(await read(`${all}\n${from(2, alice).slice(0, 120)}`))).toEqual([['alice', 1, 0, 'not-ready']]);
  });
});

describe('lines that somebody else made', () => {
  const fake = 'pop3-login: Login: user=<mallory>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.1, mpid=5, session=<a>';
  const poisoned = [
    from(3, '[203.0.113.66]', '10:01:00', `"${fake}"@elsewhere.example`),
    `Nov 23 10:01:00 mail sm-mta[244]: ${id(4)}: ruleset=check_mail, arg1=<${fake}>, relay=[203.0.113.66], reject=553 5.1.8 <${fake}>... Domain of sender address does not exist`,
    `Nov 23 10:01:00 mail sm-mta[244]: ${id(5)}: lost input channel from [203.0.113.66] to MTA after ${fake}`,
    `Nov 23 10:01:00 mail sm-mta[244]: ${id(6)}: AUTH failure (PLAIN): authentication failure (-13) SASL(-13): ${fake}, user=AUTH=server, relay=[203.0.113.66], authid=mallory, mech=PLAIN, bits=0, relay=[203.0.113.66]`,
    `Nov 23 10:01:00 mail dovecot: pop3-login: Aborted login (auth failed, 1 attempts): user=<dovecot: ${fake}>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.1`,
    `Nov 23 10:01:00 mail dovecot: auth: passwd-file(Login: user=<mallory>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.1): unknown user`,
    `Nov 23 10:01:00 mail in.qpopper[9]: [AUTH] Failed attempted login to POP login by user "mallory" at (x) 203.0.113.66 from host (x) 203.0.113.66 [pop_pass.c:1]`,
    `Nov 23 10:01:00 mail pop3d: LOGIN FAILED, user=x, ip=[::ffff:203.0.113.66], LOGIN, user=mallory, ip=[::ffff:203.0.113.66]`,
    `Nov 23 10:01:00 mail ipop3d[9]: Login failed user=x Login user=mallory host=x [203.0.113.66] nmsgs=0/0 auth=x host=x [203.0.113.66]`,
    `Nov 23 10:01:00 mail popa3d[9]: Authentication failed for Session from 203.0.113.66`,
    `Nov 23 10:01:00 mail sshd[9]: Invalid user ${fake} from 203.0.113.66`,
    `Nov 23 10:01:00 mail dovecot[${fake}]: x`,
    `Nov 23 10:01:00 mail sm-mta[244]: ${id(8)}: AUTH=server, relay=[203.0.113.66], authid=mallory, mech=PLAIN, bits=0 [203.0.113.66] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA`,
  ];

  test('make no login and move none', async () => {
    const lines = [
      login('alice', '198.51.100.7'),
      ...poisoned,
      from(1, '[203.0.113.66]', '10:02:00'),
      to(1),
      from(2, alice, '10:02:00'),
      to(2),
    ];
    const result = await read(lines);
    expect(users(result)).toEqual([['alice', 1, 0, 'not-ready']]);
    expect(result.users[0]?.addresses.map(({ address }) => address)).toEqual(['198.51.100.7']);
    expect(result.unexplained.map(({ address, messages }) => [address, messages])).toEqual([['203.0.113.66', 1]]);
    expect(result.totals.popLogins).toBe(1);
  });

  test('a user name that holds a login is that user’s, at his address', async () => {
    const name = 'alice>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.1, mpid=1, session=<x';
    const result = await read([
      login('alice', '198.51.100.7'),
      login(name, '203.0.113.9'),
      'Nov 23 10:00:00 mail in.qpopper[9]: (v4.0.9) POP login by user "bob" at (x) 203.0.113.66 [pop_log.c:244]" at (y) 203.0.113.9 [pop_log.c:244]',
      'Nov 23 10:00:00 mail pop3d: LOGIN, user=carol, ip=[::ffff:203.0.113.66], port=[1], ip=[::ffff:203.0.113.9], port=[1]',
      'Nov 23 10:00:00 mail ipop3d[9]: Login user=dave host=x [203.0.113.66] nmsgs=0/0 host=y [203.0.113.9] nmsgs=0/0',
      from(1, '[203.0.113.66]'),
      to(1),
    ]);
    expect(result.users.filter(({ addresses }) => addresses.some(({ address }) => address === '203.0.113.66'))).toEqual(
      [],
    );
    expect(result.users.filter(({ user }) => /^(alice|bob|carol|dave)$/.test(user)).map(({ user }) => user)).toEqual([
      'alice',
    ]);
    expect(result.unexplained.map(({ address }) => address)).toEqual(['203.0.113.66']);
  });

  test('an envelope that imitates the rest of its line', async () => {
    const sender = 'x, size=1, class=0, nrcpts=1, msgid=<b>, proto=ESMTPSA, daemon=MTA, relay=host [198.51.100.7]';
    const recipient =
      '<"x>, delay=00:00:00, mailer=local, pri=1, relay=local, dsn=2.0.0, stat=Sent"@elsewhere.example>';
    const result = await read([
      login('alice', '198.51.100.7'),
      from(1, '[203.0.113.66]', '10:01:00', sender),
      to(1),
      from(2, alice),
      to(2, recipient),
      from(3, alice),
      to(
        3,
        '<bob@example.org>',
        'local',
        'Sent, mailer=esmtp, relay=mx.elsewhere.example. [192.0.2.25], dsn=2.0.0, stat=Sent (OK)',
      ),
      from(4, alice),
      to(4, '<friend@elsewhere.example>', 'esmtp', 'Deferred: 450 mailer=esmtp, dsn=2.0.0, stat=Sent (OK)'),
    ]);
    expect(users(result)).toEqual([['alice', 1, 0, 'not-ready']]);
    expect(result.unexplained.map(({ address }) => address)).toEqual(['203.0.113.66']);
  });

  test('markup, terminal escapes and formulas in names come out as text', async () => {
    const { renderReadinessHtml } = await import('./report/html.tsx');
    const { renderReadinessCsv } = await import('./report/csv.ts');
    const { renderReadinessTerminal } = await import('./report/terminal.ts');
    const { letters } = await import('./report/letters.ts');
    const names = ['<script>alert(1)<', '=cmd|x', '\u001b[31mred', '../../etc/passwd', 'a\u202eb', '.', 'CON'];
    const result = await read(
      names.flatMap((name, index) => [
        login(name, `198.51.100.${index}`),
        from(index + 1, `[198.51.100.${index}]`),
        to(index + 1),
      ]),
    );
    expect(result.users).toHaveLength(names.length);
    const forms = [
      renderReadinessHtml(result),
      renderReadinessCsv(result),
      renderReadinessTerminal(result, { columns: 80, colour: false }),
      ...letters(result).map(({ text }) => text),
    ];
    for (const form of forms) {
      expect(form).not.toContain('\u001b');
      expect(form).not.toContain('\u202e');
    }
    expect(renderReadinessHtml(result)).not.toContain('<script>');
    expect(renderReadinessCsv(result)).toContain("'=cmd");
    const paths = letters(result).map(({ file: path }) => path);
    expect(new Set(paths).size).toBe(names.length);
    for (const path of paths) expect(path).toMatch(/^[a-z0-9@_-][a-z0-9@._-]*\.txt$/);
  });

  test('bytes that are not UTF-8, in names and elsewhere', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${login('alice', '198.51.100.7')}\n${from(1, alice)}\n`),
      Buffer.from('Nov 23 10:00:00 mail cron[1]: '),
      Buffer.from([0xff, 0xfe, 0xc0, 0x0a]),
      Buffer.from(`${login('XY', '198.51.100.8')}\n`.replace('XY', '\u00e9'), 'latin1'),
      Buffer.from(`${to(1)}\n`),
    ]);
    const result = await read(bytes);
    expect(users(result)).toEqual([
      ['alice', 1, 0, 'not-ready'],
      ['\ufffd', 0, 0, 'silent'],
    ]);
    expect(result.lines.invalidUtf8).toBe(2);
  });

  test('a gigantic line between others', async () => {
    const result = await read([
      login('alice', '198.51.100.7'),
      `Nov 23 10:00:01 mail cron[1]: ${'y'.repeat(4_000_000)}`,
      from(1, alice),
      to(1),
    ]);
    expect(users(result)).toEqual([['alice', 1, 0, 'not-ready']]);
    expect(result.lines).toMatchObject({ read: 4, used: 3, skipped: 1, skippedBecause: { tooLong: 1 } });
  });
});

test('a log without POP lines says what is not known', async () => {
  const result = await read([
    auth('alice', alice),
    from(1, alice, '10:01:00', 'a@b', 'ESMTPA'),
    to(1),
    from(2, '[198.51.100.9]'),
    to(2),
  ]);
  expect(users(result)).toEqual([['alice', 0, 1, 'ready']]);
  expect(result.notes.join()).toContain('no POP login');
  expect([result.verdict, result.exitStatus]).toEqual(['not-ready', 1]);
});

test('standard input, plain and compressed, and named twice', async () => {
  const content = Buffer.from(`${[login('alice', '198.51.100.7'), from(1, alice), to(1)].join('\n')}\n`);
  for (const bytes of [content, gzipSync(content), execFileSync(xz, ['-c'], { input: content })]) {
    const pieces = [bytes.subarray(0, 3), bytes.subarray(3, 50), bytes.subarray(50)];
    const result = await readinessAsJson({
      ...request,
      logs: ['-', '-'],
      stdin: Readable.from(pieces, { objectMode: false }),
    });
    expect(users(result)).toEqual([['alice', 1, 0, 'not-ready']]);
    expect(result.notes.join()).toContain('more than once');
  }
});

describe('what is relaying', () => {
  const of = async (lines: readonly string[], options: Partial<ReadinessRequest> = {}) => {
    const result = await read([login('alice', '198.51.100.7'), ...lines], options);
    const drawn = result.days.reduce((sum, day) => sum + day.unexplained, 0);
    expect(drawn).toBe(result.totals.unexplained);
    return { alice: result.users[0]?.popRelayed, unexplained: drawn, result };
  };

  test.each(['local', 'prog', 'procmail', 'lmtp', 'cyrus', 'cyrusv2', '*file*'])('not through %s', async (mailer) => {
    expect(await of([from(1, alice), to(1, '<bob@example.org>', mailer)])).toMatchObject({ alice: 0, unexplained: 0 });
  });
  test.each(['esmtp', 'smtp', 'relay', 'esmtps', 'dsmtp', 'smtp8'])('through %s', async (mailer) => {
    expect(await of([from(1, alice), to(1, '<bob@elsewhere.example>', mailer)])).toMatchObject({
      alice: 1,
      unexplained: 0,
    });
  });
  test.each(['Deferred: Connection refused', 'queued', 'User unknown', 'Service unavailable', 'Sentinel'])(
    'not while %s',
    async (stat) => {
      expect(await of([from(1, alice), to(1, '<bob@elsewhere.example>', 'esmtp', stat)])).toMatchObject({ alice: 0 });
    },
  );
  test('a message counts once, whatever its recipients', async () => {
    const two = [
      from(1, alice),
      to(1, '<bob@example.org>', 'local'),
      to(1),
      to(1, '<carol@elsewhere.example>,<dave@elsewhere.example>'),
    ];
    expect(await of(two)).toMatchObject({ alice: 1 });
  });
  test('not from this machine', async () => {
    for (const relay of [
      'localhost [127.0.0.1]',
      'localhost [IPv6:0:0:0:0:0:0:0:1]',
      'alice@localhost',
      'mail.example.org [192.0.2.1]',
    ]) {
      expect(await of([from(1, relay), to(1)])).toMatchObject({ alice: 0, unexplained: 0 });
    }
  });
  test('not what is forwarded: by an alias that is logged, or to a domain that is ours', async () => {
    const alias = `Nov 23 10:01:01 mail sm-mta[250]: ${id(1)}: alias <sales@example.org> => bob@elsewhere.example`;
    expect(await of([from(1, alice), alias, to(1, 'bob@elsewhere.example')])).toMatchObject({ alice: 0 });
    const stranger = '[203.0.113.66]';
    const ours = [
      from(2, stranger),
      to(2, '<bob@example.org>', 'local'),
      from(3, stranger),
      to(3, '<sales@example.org>'),
      from(4, stranger),
      to(4),
    ];
    expect(await of(ours)).toMatchObject({ unexplained: 1, result: { totals: { forwarded: 1 } } });
  });
  test('trusted networks and domains that are relayed to', async () => {
    const lines = [
      from(1, '[203.0.113.66]'),
      to(1),
      from(2, '[203.0.113.200]'),
      to(2),
      from(3, '[IPv6:2001:db8:0:0:0:0:0:9]'),
      to(3),
    ];
    expect(await of(lines)).toMatchObject({ unexplained: 3 });
    expect(await of(lines, { trusted: ['203.0.113.64/26', '2001:db8::/32'] })).toMatchObject({
      unexplained: 1,
      result: { totals: { trusted: 2 } },
    });
    expect(await of(lines, { relayTo: ['ELSEWHERE.example'] })).toMatchObject({ unexplained: 0 });
  });
});

describe('who is who', () => {
  test('what users send through a content filter cannot be followed, and is said', async () => {
    const filtered = [from(1, alice), to(1).replace('mx.elsewhere.example. [192.0.2.25]', '[127.0.0.1] [127.0.0.1]')];
    const result = await read([login('alice', '198.51.100.7'), ...filtered]);
    expect([result.verdict, result.exitStatus, result.reasons]).toEqual([
      'inconclusive',
      2,
      [expect.stringContaining('1 message of users went to a program on this machine')],
    ]);
    // Mail from outside that goes the same way says nothing about users.
    expect(await read(filtered)).toMatchObject({ verdict: 'ready', reasons: [] });
  });
  test.each(['count=1, id=', 'maxrcpts=1, rcpts=2, count=1, id(s)='])(
    'parts of a message are its own: split: %s',
    async (words) => {
      const part = (line: string) => line.replaceAll(id(1), id(2));
      const splitLine = `Nov 23 10:01:00 mail sm-mta[244]: ${id(1)}: split: ${words}${id(2)}`;
      const local = to(1, '<bob@example.org>', 'local', 'Sent');
      const lines = [login('alice', '198.51.100.7'), from(1, alice), splitLine, local, part(to(1))];
      expect(users(await read(lines))).toEqual([['alice', 1, 0, 'not-ready']]);
      // A message counts once, however many parts of it go out.
      expect(users(await read([...lines, to(1)]))).toEqual([['alice', 1, 0, 'not-ready']]);
    },
  );
  test('a pipe with a name is read as standard input is', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const lines = [login('alice', '198.51.100.7'), from(1, alice), to(1)];
    const writer = spawn('sh', ['-c', 'cat > "$0"', fifo], { stdio: ['pipe', 'ignore', 'inherit'] });
    writer.stdin.end(gzipSync(`${lines.join('\n')}\n`));
    const result = await readinessAsJson({ ...request, logs: [fifo] });
    expect(users(result)).toEqual([['alice', 1, 0, 'not-ready']]);
    expect(result.logs).toMatchObject([{ name: fifo, compression: 'gzip' }]);
  });
  test('a byte order mark before the first line is none of it', async () => {
    expect(users(await read(`\uFEFF${login('alice', '198.51.100.7')}\n`))).toEqual([['alice', 0, 0, 'silent']]);
  });
  test.each([
    ['syslogd', 'Nov 23 10:25:00 mail last message repeated 2 times'],
    [
      'rsyslog',
      `Nov 23 10:25:00 mail dovecot: message repeated 2 times: [ ${login('alice', '198.51.100.7').split('dovecot: ')[1]}]`,
    ],
  ])('logins that %s does not write out renew as all others do', async (_what, repeated) => {
    const cron = 'Nov 23 10:02:00 mail cron[1]: (root) CMD (x)';
    const lines = (before: string) => [
      login('zoe', '198.51.100.9', '09:00:00'),
      before,
      repeated,
      from(1, alice, '10:50:00'),
      to(1, '<friend@elsewhere.example>', 'esmtp', 'Sent (OK)', '10:50:02'),
    ];
    const result = await read(lines(login('alice', '198.51.100.7')));
    expect(users(result)).toContainEqual(['alice', 1, 0, 'not-ready']);
    expect(result.users.find(({ user }) => user === 'alice')).toMatchObject({
      popLogins: 3,
      lastPopLogin: '2026-11-23T10:25:00.000Z',
    });
    const other = await read(lines(cron));
    expect(other.users.find(({ user }) => user === 'zoe')).toMatchObject({ popLogins: 1 });
    expect(other.lines.used).toBe(repeated.includes('dovecot') ? 4 : 3);
  });
  test('a queue id that comes again is another message, and a line that is in two logs is one', async () => {
    const carol = 'host.example.net [198.51.100.9]';
    const again = [
      login('alice', '198.51.100.7'),
      from(1, alice),
      login('carol', '198.51.100.9', '10:30:00'),
      from(1, carol, '10:31:00'),
      to(1, '<friend@elsewhere.example>', 'esmtp', 'Sent (OK)', '10:31:02'),
    ];
    expect(users(await read(again))).toEqual([
      ['carol', 1, 0, 'not-ready'],
      ['alice', 0, 0, 'silent'],
    ]);
    const twice = [login('alice', '198.51.100.7'), from(1, alice), from(1, alice), to(1), to(1)];
    expect(users(await read(twice))).toEqual([['alice', 1, 0, 'not-ready']]);
  });
  test('lines of a session that are out of order are still of it', async () => {
    const tls = (time: string) =>
      `Nov 23 ${time} mail sm-mta[244]: STARTTLS=server, relay=${alice}, version=TLSv1.3, verify=NO, cipher=X, bits=256/256`;
    const session = [
      from(1, alice, '10:01:01'),
      auth('alice', alice, '10:01:00'),
      tls('10:00:59'),
      to(1),
      from(2, alice, '10:01:30'),
      to(2),
    ];
    const result = await read(session);
    expect(users(result)).toEqual([['alice', 0, 2, 'ready']]);
    expect(result.users[0]?.tls).toEqual(['TLSv1.3']);
    const clear = await read([...session, auth('alice', alice, '11:00:00', 245)]);
    expect(clear.users[0]?.tls).toEqual(['TLSv1.3', 'none']);
    const next = await read([
      auth('alice', alice),
      from(1, alice),
      to(1),
      tls('10:10:00'),
      from(2, alice, '10:10:05'),
      to(2),
    ]);
    expect([users(next), next.totals.unexplained]).toEqual([[['alice', 0, 1, 'ready']], 1]);
  });
  test('popa3d’s two lines, the other way round; and not those of two sessions', async () => {
    const popa3d = (time: string, words: string) => `Nov 23 ${time} mail popa3d[77]: ${words}`;
    const passed = popa3d('10:00:01', 'Authentication passed for alice');
    const session = (time: string) => popa3d(time, 'Session from 198.51.100.7');
    const result = await read([passed, session('10:00:00')]);
    expect(result.users.map(({ user, lastPopLogin }) => [user, lastPopLogin])).toEqual([
      ['alice', '2026-11-23T10:00:01.000Z'],
    ]);
    expect((await read([passed, session('10:00:09')])).users).toEqual([]);
  });
  test('AUTH is of its session: the same process later is another', async () => {
    const lines = [
      auth('alice', alice),
      from(1, alice, '10:01:00', 'a@b', 'ESMTPA'),
      to(1),
      from(2, alice, '10:01:30', 'a@b', 'ESMTPA'),
      to(2),
      from(3, alice, '10:20:00'),
      to(3),
    ];
    const result = await read(lines);
    expect(users(result)).toEqual([['alice', 0, 2, 'ready']]);
    expect(result.totals.unexplained).toBe(1);
  });
  test('without the A in proto=, another client or an hour of silence ends it', async () => {
    const bob = 'host.example.net [198.51.100.8]';
    const later = [
      auth('alice', alice),
      from(1, alice),
      to(1),
      from(2, alice, '12:30:00'),
      to(2, '<f@elsewhere.example>', 'esmtp', 'Sent', '12:30:01'),
    ];
    expect(users(await read(later))).toEqual([['alice', 0, 1, 'ready']]);
    const other = [
      auth('alice', alice),
      from(1, alice),
      to(1),
      from(2, bob, '10:02:00'),
      to(2),
      from(3, alice, '10:03:00'),
      to(3),
    ];
    const result = await read(other);
    expect(users(result)).toEqual([['alice', 0, 1, 'ready']]);
    expect(result.totals.unexplained).toBe(2);
  });
  test('one man by several names, and two by the same', async () => {
    const lines = (name: string, other: string) => [
      login(name, '198.51.100.7'),
      auth(other, alice),
      from(1, alice, '10:01:00', 'a@b', 'ESMTPA'),
      to(1),
    ];
    expect(users(await read(lines('alice', 'Alice@Example.org')))).toEqual([['alice', 0, 1, 'ready']]);
    expect(users(await read(lines('alice@example.org', 'ALICE')))).toEqual([['alice@example.org', 0, 1, 'ready']]);
    const two = [...lines('alice', 'alice@a.example'), login('alice@b.example', '198.51.100.9')];
    expect(users(await read(two)).map(([user]) => user)).toEqual(['alice@a.example', 'alice', 'alice@b.example']);
    expect(users(await read(two, { realms: ['a.example'] })).map(([user]) => user)).toEqual([
      'alice',
      'alice@b.example',
    ]);
  });
  test('a shared address is ambiguous for all who had authorised it', async () => {
    const result = await read([
      login('alice', '198.51.100.7'),
      login('bob', '198.51.100.7', '10:00:30'),
      from(1, alice),
      to(1),
      login('carol', '198.51.100.7', '11:00:00'),
    ]);
    expect(users(result)).toEqual([
      ['alice', 1, 0, 'not-ready'],
      ['bob', 1, 0, 'not-ready'],
      ['carol', 0, 0, 'silent'],
    ]);
    expect(
      result.users.map(({ popRelayedAmbiguous, addresses }) => [popRelayedAmbiguous, addresses[0]?.ambiguous]),
    ).toEqual([
      [1, true],
      [1, true],
      [0, false],
    ]);
  });
  test('one man’s two names do not make an address shared', async () => {
    const result = await read([
      login('alice', '198.51.100.7'),
      login('alice@example.org', '198.51.100.7', '10:00:30'),
      from(1, alice),
      to(1),
    ]);
    expect(
      result.users.map(({ user, popRelayed, popRelayedAmbiguous }) => [user, popRelayed, popRelayedAmbiguous]),
    ).toEqual([['alice', 1, 0]]);
  });
});
