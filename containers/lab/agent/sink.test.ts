import type { AddressInfo, Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fillNames } from '../../../audit/names.ts';
import { sampleNames as names } from '../../../audit/sample-names.ts';
import { dialDirect } from '../../../clients/dial.ts';
import { SmtpDialogue } from '../../../clients/smtp-dialogue.ts';
import { readCatalogue } from '../../../suites/catalogue.ts';
import { scenesOf } from '../../../suites/scene.ts';
import { parseAnyAddress, Sink } from './sink.ts';

const attempts = (await readCatalogue()).suites.flatMap((suite) => suite.attempts);
const fill = (template: string) => fillNames(template, names);

/** The catalogue's own, and further forms that relay testers try, as they go over the wire. */
const senders = [
  ...scenesOf(attempts).map((scene) => scene.mailFrom),
  ...['<>', '<u@{E}>', '<u@nonexistent.{E}>', '<u@localhost>', '<u>', '<u@[{I}]>', '<postmaster@{H}>', '<root@{L}>'],
].map(fill);
const recipients = [
  ...scenesOf(attempts).map((scene) => scene.rcptTo),
  ...['<U@{E}>', 'U@{E}', '<U%{E}@{H}>', '<U%{E}@[{I}]>', '<U%{E}@{L}>', '<U%{E}>', '<"U@{E}">', '<"U%{E}">'],
  ...['<U@{E}@{H}>', '<U@{E}@[{I}]>', '<"U@{E}"@{H}>', '<"U@{E}"@[{I}]>', '<"U@{E}"@{L}>', '<@{H}:U@{E}>'],
  ...['<@[{I}]:U@{E}>', '<@{H},@{E}:U@{E}>', '<{E}!U>', '<{E}!U@{H}>', '<{E}!U@[{I}]>', '<{E}!U@{L}>'],
  ...['<{H}!{E}!U>', '<U%{E}@>', '<U@{E}@>', '<U%{E}%{H}@{L}>', '<x%y%z@{H}>', '<U@{E}.>', '<U@[198.18.0.2]>'],
  ...['<U@[IPv6:2001:2::2]>', '<u@ELSEWHERE.Example>', '<"a\\"b\\\\c"@{E}>', '<U(comment)@{E}>', ' <U@{E}>'],
  ...['<ünïcode@{E}>', '<u@bücher.example>', '<a[b]@{H}@{H}>', '<{H}!a[b]%{H}>', '<!@>', '<a%>', '<@>', '<@@>'],
  ...['<user@host:25>', '<user@[321.1.2.3]>', '<|program>', '</file>', '<:include:/etc/passwd>', '<a b@{E}>', '<>'],
  ...['<a>b@{E}>', 'a>', '<a', '<U@{E}>,<V@{L}>', '<U@{E}> NOTIFY=NEVER,SUCCESS ORCPT=nonsense', '<U@{E}> X=Y'],
].map(fill);

describe('any address', () => {
  test.each([
    ['MAIL FROM:<>', ''],
    ['MAIL FROM:<u@outside.example>', 'u@outside.example'],
    ['MAIL FROM: <u@outside.example> SIZE=100 BODY=8BITMIME', 'u@outside.example'],
    ['RCPT TO:<"u@elsewhere.example">', '"u@elsewhere.example"'],
    ['RCPT TO:<@mail.hosting.example:u@elsewhere.example>', '@mail.hosting.example:u@elsewhere.example'],
    ['RCPT TO:<a>b@elsewhere.example>', 'a>b@elsewhere.example'],
    ['RCPT TO:u@elsewhere.example', 'u@elsewhere.example'],
    ['rcpt to:<u@elsewhere.example> NOTIFY=NEVER', 'u@elsewhere.example'],
  ])('%s names %s', (command, address) => {
    expect(parseAnyAddress(command)).toEqual({ address, args: false });
  });

  test('is taken as it stands: nothing is added, and nothing lost but brackets and parameters', () => {
    for (const path of [...senders, ...recipients]) {
      const { address } = parseAnyAddress(`RCPT TO:${path}`);
      expect(path).toContain(address);
      if (/^<[^<>]*>$/.test(path)) {
        expect(`<${address}>`).toBe(path);
      }
    }
  });
});

describe('the sink', () => {
  const sink = new Sink(['127.0.0.1']);
  const ports: number[] = [];

  beforeAll(async () => {
    // It listens on port 25, which is not everybody's to take: here on a free one.
    vi.spyOn(SMTPServer.prototype, 'listen').mockImplementation(function (this: SMTPServer, ...words: unknown[]) {
      const [, address, listening] = words as [number, string, () => void];
      const server = this.server as Server;
      return server.listen(0, address, () => {
        ports.push((server.address() as AddressInfo).port);
        listening();
      });
    });
    await sink.setMode('accept');
  });
  afterAll(async () => {
    await sink.setMode('stopped');
    vi.restoreAllMocks();
  });

  const open = () =>
    SmtpDialogue.open({
      dial: dialDirect,
      from: '127.0.0.1',
      host: '127.0.0.1',
      port: ports.at(-1) ?? 0,
      deadlineMs: 5_000,
    });

  async function send(mailFrom: string, rcptTo: string[], message: string): Promise<number[]> {
    const session = await open();
    const replies = [await session.ehlo('target.example'), await session.send(`MAIL FROM:${mailFrom}`)];
    for (const one of rcptTo) {
      replies.push(await session.send(`RCPT TO:${one}`));
    }
    replies.push(await session.send('DATA'), await session.data(message));
    await session.quit();
    return replies.map((reply) => reply.code);
  }

  test('answers 250 to every sender and every recipient that an attempt may make of one', async () => {
    const session = await open();
    await session.ehlo('target.example');
    const refused: string[] = [];
    for (const [command, paths] of [
      ['MAIL FROM', senders],
      ['RCPT TO', recipients],
    ] as const) {
      for (const path of new Set(paths)) {
        await session.send('RSET');
        if (command === 'RCPT TO') {
          await session.send('MAIL FROM:<>');
        }
        const reply = await session.send(`${command}:${path}`);
        if (reply.code !== 250) {
          refused.push(`${command}:${path} ${reply.text}`);
        }
      }
    }
    await session.quit();
    expect(refused).toEqual([]);
  });

  test('finds a message by a token in its envelope, its header or its body, and has it before it says 250', async () => {
    const places = [
      {
        token: 'rpaaaaaaaaaaaaaaa1',
        from: '<rpaaaaaaaaaaaaaaa1@outside.example>',
        to: '<x@elsewhere.example>',
        text: '',
      },
      { token: 'rpaaaaaaaaaaaaaaa2', from: '<>', to: '<elsewhere.example!rpaaaaaaaaaaaaaaa2>', text: '' },
      {
        token: 'rpaaaaaaaaaaaaaaa3',
        from: '<>',
        to: '<x@elsewhere.example>',
        text: 'Subject: rpaaaaaaaaaaaaaaa3\r\n\r\n',
      },
      {
        token: 'rpaaaaaaaaaaaaaaa4',
        from: '<>',
        to: '<x@elsewhere.example>',
        text: '\r\nbody rpaaaaaaaaaaaaaaa4.\r\n',
      },
    ];
    for (const { token, from, to, text } of places) {
      expect(sink.find(token)).toEqual([]);
      expect(await send(from, [to], text)).toEqual([250, 250, 250, 354, 250]);
      const [record, ...others] = sink.find(token);
      expect(others).toEqual([]);
      expect(record).toMatchObject({
        remoteAddress: '127.0.0.1',
        ehlo: 'target.example',
        mailFrom: from.slice(1, -1),
        rcptTo: [to.slice(1, -1)],
      });
    }
    expect(sink.find('rpaaaaaaaaaaaaaaa5')).toEqual([]);
  });

  test('keeps every message of a token, and every token of a message once', async () => {
    const [one, two] = ['rpbbbbbbbbbbbbbbb1', 'rpbbbbbbbbbbbbbbb2'];
    await send(
      '<>',
      [`<${one}@elsewhere.example>`, `<${two}@elsewhere.example>`],
      `Subject: ${one}\r\n\r\n${two} ${one}\r\n`,
    );
    await send('<>', ['<x@elsewhere.example>'], `Subject: again ${one}\r\n\r\n`);
    expect(sink.find(one).map(({ subject }) => subject)).toEqual([one, `again ${one}`]);
    expect(sink.find(two)).toHaveLength(1);
    expect(sink.find(two)[0]?.rcptTo).toEqual([`${one}@elsewhere.example`, `${two}@elsewhere.example`]);
  });

  test('counts the octets of a message that is larger than what it keeps', async () => {
    const message = `Subject: rpccccccccccccccc1\r\n\r\n${'x'.repeat(78).concat('\r\n').repeat(20_000)}`;
    await send('<>', ['<x@elsewhere.example>'], message);
    expect(sink.find('rpccccccccccccccc1')).toMatchObject([{ bytes: message.length }]);
  });

  test('can be made to refuse, to stop, and to come back with what it has received', async () => {
    await sink.setMode('refuse');
    const refused = await open();
    expect(refused.banner.code).toBe(554);
    refused.close();
    await sink.setMode('stopped');
    await expect(open()).rejects.toMatchObject({ code: 'CONNECT_REFUSED' });
    await sink.setMode('accept');
    const session = await open();
    expect(session.banner.code).toBe(220);
    await session.quit();
    expect(sink.find('rpccccccccccccccc1')).toHaveLength(1);
  });
});
