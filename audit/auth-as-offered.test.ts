/** How scripted mail programs choose what they authenticate with: against a server on loopback that says what a test wants. */
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { dialDirect } from '../clients/dial.ts';
import { type ScriptedPeer, startPeer } from '../clients/scripted-peer.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Scene, SmtpStep } from '../suites/scene.ts';
import type { Performance } from './performance.ts';
import { playSmtpSession } from './smtp-steps.ts';

let peer: ScriptedPeer | undefined;
afterEach(async () => {
  await peer?.close();
  peer = undefined;
});

type Auth = Extract<SmtpStep, { do: 'auth-as-offered' }>;

/** What a session needs of a performance, with a server on loopback for a target. */
function performanceOf(session: SmtpStep[], port: number, listeners: { port: number }[], parts: Partial<Scene> = {}) {
  return {
    scene: { family: 'ipv4', port, tls: false, session, ...parts },
    target: {
      hostName: 'mail.hosting.example',
      lab: { dial: dialDirect },
      facts: { listeners },
      password: () => 'the right one',
    },
    places: { sender: '' },
    host: '127.0.0.1',
    account: 'alice',
    token: 'rp0123456789abcdef',
    names: { name: 'client.example' },
    mailFrom: '<alice@hosting.example>',
    rcptTo: '<somebody@elsewhere.example>',
    dialogues: [],
    notes: [] as string[],
    identity: 'stranger',
    fill: (text: string) => text,
    tookMessage: () => {},
  };
}

/** Lets a program authenticate with a server that lists this, and answers AUTH so. */
async function authenticate(listed: string, answers: Record<string, string>, step: Partial<Auth>) {
  peer = await startPeer('220 mail.hosting.example\r\n', (line) => {
    if (/^EHLO/.test(line)) {
      return `250-mail.hosting.example\r\n${listed}250 HELP\r\n`;
    }
    const [, mechanism = ''] = /^AUTH (\S+)/.exec(line) ?? [];
    return mechanism === '' ? '250 2.0.0 OK\r\n' : (answers[mechanism] ?? '504 5.5.4 no\r\n');
  });
  const mechanisms: Auth['mechanisms'] = [{ mechanism: 'PLAIN' }, { mechanism: 'EXTERNAL' }];
  const session: SmtpStep[] = [
    { do: 'greet' },
    { do: 'auth-as-offered', mechanisms, with: 'right-password', ...step },
    { do: 'ask', line: 'NOOP' },
  ];
  const performance = performanceOf(session, peer.port, [{ port: peer.port }]);
  const outcome: Outcome = await playSmtpSession(performance as unknown as Performance);
  const said = peer.received.map((line) => line.replace(/^(AUTH \S+) .*/, '$1')).filter((line) => line !== 'QUIT');
  return { outcome, said, performance };
}

const ok = '235 2.0.0 OK Authenticated\r\n';
const no = '535 5.7.0 authentication failed\r\n';

describe('a mail program', () => {
  test('takes the first of its own mechanisms that is listed, however the server ranks them', async () => {
    const { said, performance } = await authenticate('250-AUTH EXTERNAL LOGIN PLAIN\r\n', { PLAIN: ok }, {});
    expect(said).toEqual(['EHLO client.example', 'AUTH PLAIN', 'NOOP']);
    expect(performance.identity).toBe('authenticated as alice with PLAIN');
  });

  test('leaves where none of them is listed, and says which it knows', async () => {
    const { said, outcome } = await authenticate('250-AUTH CRAM-MD5\r\n', {}, {});
    expect(said).toEqual(['EHLO client.example']);
    expect(outcome).toMatchObject({ observed: 'rejected', phase: 'auth' });
    expect(outcome.reason).toBe('the program leaves: EHLO lists AUTH CRAM-MD5, and it knows PLAIN EXTERNAL');
  });

  test.each<[Auth['sendsWithout'], string, boolean]>([
    ['if-none-is-listed', '', true],
    ['if-none-is-listed', '250-AUTH CRAM-MD5\r\n', false],
    ['if-none-is-known', '', true],
    ['if-none-is-known', '250-AUTH CRAM-MD5\r\n', true],
    [undefined, '', false],
  ])('that sends without (%s) goes on after %j: %s', async (sendsWithout, listed, goesOn) => {
    const { said, performance } = await authenticate(listed, {}, sendsWithout ? { sendsWithout } : {});
    expect(said.includes('NOOP')).toBe(goesOn);
    expect(performance.notes.some((note) => note.startsWith('the program sends without'))).toBe(goesOn);
    expect(performance.identity).toBe('stranger');
  });

  test('looks for the keyword that it knows: AUTH= is another', async () => {
    const newOnly = await authenticate('250-AUTH PLAIN\r\n', { PLAIN: ok }, { listedBy: 'AUTH=' });
    expect(newOnly.said).toEqual(['EHLO client.example']);
    await peer?.close();
    const both = await authenticate('250-AUTH LOGIN\r\n250-AUTH=PLAIN\r\n', { PLAIN: ok }, { listedBy: 'AUTH=' });
    expect(both.said).toEqual(['EHLO client.example', 'AUTH PLAIN', 'NOOP']);
  });

  test('leaves where its password is refused', async () => {
    const { said, outcome } = await authenticate('250-AUTH PLAIN EXTERNAL\r\n', { PLAIN: no, EXTERNAL: ok }, {});
    expect(said).toEqual(['EHLO client.example', 'AUTH PLAIN']);
    expect(outcome).toMatchObject({ observed: 'refused', phase: 'auth', code: 535 });
  });

  test('tries the next mechanism after that, if it is one that does', async () => {
    const answers = { PLAIN: no, EXTERNAL: ok };
    const { said } = await authenticate('250-AUTH PLAIN EXTERNAL\r\n', answers, { triesNext: true });
    expect(said).toEqual(['EHLO client.example', 'AUTH PLAIN', 'AUTH EXTERNAL', 'NOOP']);
  });
});

describe('steps for mail programs', () => {
  test('STARTTLS that is not offered is passed over, and so is the greeting under TLS', async () => {
    peer = await startPeer('220 x\r\n', () => '250 2.0.0 OK\r\n');
    const session: SmtpStep[] = [
      { do: 'greet' },
      { do: 'starttls', ifOffered: true },
      { do: 'greet', underTls: true },
      { do: 'ask', line: 'NOOP' },
    ];
    await playSmtpSession(performanceOf(session, peer.port, []) as unknown as Performance);
    expect(peer.received).toEqual(['EHLO client.example', 'NOOP', 'QUIT']);
  });
});

describe('a port that does not answer', () => {
  async function closedPort(): Promise<number> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  test('is an answer where the configuration has no listener on it', async () => {
    const performance = performanceOf([{ do: 'greet' }], await closedPort(), [{ port: 25 }]);
    const outcome = await playSmtpSession(performance as unknown as Performance);
    expect(outcome).toMatchObject({ observed: 'rejected', phase: 'connect' });
    expect(performance.dialogues).toHaveLength(1);
  });

  test('is trouble where it has one', async () => {
    const port = await closedPort();
    const performance = performanceOf([{ do: 'greet' }], port, [{ port }]);
    await expect(playSmtpSession(performance as unknown as Performance)).rejects.toThrow(/refused/);
  });

  test('or speaks in clear where TLS is due from the first octet on, is an answer', async () => {
    peer = await startPeer('220 x\r\n', () => '500 what?\r\n');
    const performance = performanceOf([{ do: 'greet' }], peer.port, [{ port: peer.port }], { implicitTls: {} });
    const outcome = await playSmtpSession(performance as unknown as Performance);
    expect(outcome).toMatchObject({ observed: 'rejected', phase: 'starttls' });
  });
});
