/** Mail programs against a server that takes all of them, and against one where nobody may authenticate. */
import { expect, test } from 'vitest';
import { offered, options } from '../containers/configurations/controls/definition.ts';
import { clientTable } from '../reports/client-table.ts';
import type { AttemptResult, Report } from '../reports/model.ts';
import { auditInLab } from './run-in-lab.ts';
import { withFolder } from './subject-folder.ts';

const results = (report: Report): AttemptResult[] => report.configurations.flatMap(({ attempts }) => attempts);
const protocolOf = ({ evidence }: AttemptResult) => /\bwith (\w+)/.exec(evidence?.sink[0]?.received[0] ?? '')?.[1];

/** Port 465, passwords in clear, and TLS of long ago. */
const obliging = [
  {
    file: 'sendmail.mc',
    before: 'MAILER(`local',
    insert: [
      "DAEMON_OPTIONS(`Name=MSS, Family=inet6, Port=465, M=s')dnl",
      "define(`confCIPHER_LIST', `ALL@SECLEVEL=0')dnl",
    ].join('\n'),
  },
  { file: 'sendmail.mc', replace: options, by: options.replace(' p', '') },
];

test('on a server that obliges them, all programs send, each by its own way', async () => {
  await withFolder('both', obliging, async (folder) => {
    const secrets = new Map<string, string>();
    const report = await auditInLab({
      configurations: [folder],
      attempts: ['mail-clients/*'],
      hooks: {
        betweenProofs: async ({ passwords }) => {
          for (const [account, password] of passwords) {
            secrets.set(account, password);
          }
        },
      },
    });
    const all = results(report);
    const id = (name: string) => `mail-clients/${name}`;
    expect(all.filter(({ verdict }) => verdict !== 'pass').map(({ id, needs }) => [id, needs])).toEqual([
      // What it looks for is not in sendmail.
      [id('outlook-express-4-clear'), 'AUTH=LOGIN in the reply to EHLO, a form that sendmail never uses'],
      [id('outlook-express-4-tls'), 'AUTH=LOGIN in the reply to EHLO, a form that sendmail never uses'],
      // Under TLS its library takes no SCRAM without channel binding, which sendmail's has not.
      [id('msmtp-starttls'), 'another mechanism: it gives up on SCRAM-SHA-256 on port 587 over TLS by itself'],
      [id('msmtp-tls'), 'another mechanism: it gives up on SCRAM-SHA-256 on port 465 over TLS by itself'],
    ]);
    for (const attempt of all.filter(({ verdict }) => verdict === 'pass')) {
      const { id, evidence } = attempt;
      const pop = id.endsWith('-pop');
      const protectedOne = /-(starttls|tls|tls-if-offered)$/.test(id);
      // PHPMailer takes TLS where it is offered, whether it authenticates or not.
      const protocol = id.includes('phpmailer-pop') ? 'ESMTPS' : pop ? /^E?SMTP$/ : protectedOne ? 'ESMTPSA' : 'ESMTPA';
      expect(protocolOf(attempt), id).toMatch(protocol instanceof RegExp ? protocol : new RegExp(`^${protocol}$`));
      expect(evidence?.identity, id).toMatch(pop ? /^POP login as / : /^authenticated as /);
      // What the target saw is the address that the program was to have, and nobody else had.
      expect(evidence?.observedAddress, id).toBe(evidence?.clientAddress);
    }
    const addresses = all.map(({ evidence }) => evidence?.clientAddress);
    expect(new Set(addresses).size).toBe(addresses.length);
    const written = JSON.stringify(report);
    for (const [account, password] of secrets) {
      for (const form of [
        password,
        Buffer.from(password).toString('base64'),
        Buffer.from(`\0${account}\0${password}`).toString('base64'),
      ]) {
        expect(written.includes(form), `the report holds the password of ${account}`).toBe(false);
      }
    }
    expect(written).toContain('AUTH PLAIN [masked]');
    expect(report.provenance.images.clients).toMatch(/^relayproof\/clients:/);
  });
});

test('where no mechanism is offered, each says what it would need; POP before SMTP still does', async () => {
  await withFolder(
    'both',
    [{ file: 'sendmail.mc', replace: offered, by: offered.replace(/`SCRAM.*'/, "`GSSAPI'") }],
    async (folder) => {
      const report = await auditInLab({
        configurations: [folder],
        attempts: ['thunderbird', 'curl', 'nodemailer', 'scanner'],
      });
      const table = clientTable(report);
      const states = table?.programs.flatMap(({ ways }) =>
        ways.map(({ attempt, cells }) => [attempt, cells[0]?.state]),
      );
      expect(states?.filter(([, state]) => state === 'sends').map(([attempt]) => attempt)).toEqual(
        ['thunderbird-pop', 'scanner-pop', 'curl-pop', 'nodemailer-pop'].map((name) => `mail-clients/${name}`),
      );
      expect(states?.filter(([, state]) => state !== 'sends' && state !== 'does-not-send')).toEqual([]);
      expect(results(report).filter(({ verdict, needs }) => (verdict === 'fail') !== (needs !== undefined))).toEqual(
        [],
      );
    },
  );
});

test('scripts and nodemailer need no container, and a run of them starts none', async () => {
  const names: string[] = [];
  const report = await auditInLab({
    configurations: ['both'],
    attempts: ['scanner', 'nodemailer', 'core'],
    hooks: {
      betweenProofs: async ({ lab }) => {
        const label = Object.entries(lab.labels).map(([name, value]) => `${name}=${value}`);
        const own = await lab.engine.docker.listContainers({ all: true, filters: { label } });
        names.push(...own.flatMap(({ Names }) => Names));
      },
    },
  });
  expect(names.length).toBeGreaterThan(1);
  expect(names.filter((name) => name.endsWith('-clients'))).toEqual([]);
  expect(report.provenance.images.clients).toBeUndefined();
  expect(results(report).filter(({ suite }) => suite === 'mail-clients').length).toBeGreaterThan(5);
});

test('a program that does not end, or prints without end, is ended; what it was given is gone', async () => {
  await auditInLab({
    configurations: ['both'],
    attempts: ['mail-clients/curl-clear'],
    hooks: {
      betweenProofs: async ({ lab }) => {
        const { clients } = lab;
        const run = (command: string[], deadlineMs = 10_000, files = {}) => {
          const lines: string[] = [];
          const onLine = (line: string) => lines.push(line);
          return clients
            .run({ command, files: { message: 'x\n', ...files }, onLine, deadlineMs })
            .then((status) => [status, lines]);
        };
        expect(await run(['sleep', '60'], 1_000)).toEqual([undefined, []]);
        expect(await run(['false'])).toEqual([1, []]);
        expect(await run(['cat', 'config', '-'], 10_000, { config: 'secret\n' })).toEqual([0, ['secret', 'x']]);
        // Nobody but the program's user may read it, and nothing stays.
        expect(await run(['sh', '-c', 'stat -c %a config; id -un'], 10_000, { config: 'secret\n' })).toEqual([
          0,
          ['600', 'nobody'],
        ]);
        const [, folders] = await run(['ls', '/tmp']);
        expect(folders).toHaveLength(1);
        await expect(run(['yes'], 5_000)).rejects.toThrow('printed without end');
      },
    },
  });
});
