import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { NetworkInterfaceInfoIPv4 } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { AgentLink, isNeighbour } from './agent-link.ts';

describe('a neighbour', () => {
  const at = (cidr: string, internal = false): NetworkInterfaceInfoIPv4 => ({
    address: cidr.split('/')[0] ?? '',
    netmask: '',
    mac: '',
    family: 'IPv4',
    internal,
    cidr,
  });
  const interfaces = { lo: [at('127.0.0.1/8', true)], eth0: [at('10.1.2.3/24')], docker0: [at('172.17.0.1/16')] };

  test.each([
    ['172.17.0.9', true],
    ['10.1.2.200', true],
    ['172.18.0.9', false],
    ['10.1.3.1', false],
    // A container that has this address is not the one that answers here.
    ['127.0.0.9', false],
    ['', false],
  ])('%j: %s', (address, yes) => {
    expect(isNeighbour(address, interfaces)).toBe(yes);
  });
});

describe('requests', () => {
  let server: Server | undefined;
  let agent: Socket | undefined;
  afterEach(() => {
    agent?.destroy();
    server?.close();
  });

  async function link(onLines: (lines: string[], socket: Socket) => void): Promise<AgentLink> {
    server = createServer((socket) => {
      agent = socket.on('data', (chunk) => onLines(chunk.toString().split('\n').slice(0, -1), socket));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return AgentLink.open({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, 'secret');
  }

  test('of one turn go out together, behind the secret, and each gets its own answer', async () => {
    const seen: string[][] = [];
    const opened = await link((lines, socket) => {
      seen.push(lines);
      for (const line of lines) {
        if (line !== 'secret') {
          const { token } = JSON.parse(line) as { token: string };
          socket.write(`${JSON.stringify(token === 'c' ? { ok: false, error: 'no' } : { ok: true, value: token })}\n`);
        }
      }
    });
    const answers = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((token) => opened.ask({ do: 'find', token }) as Promise<unknown>),
    );
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
      'a',
      'b',
      "Error: the lab's agent: no",
      'd',
    ]);
    expect(seen.flat()).toHaveLength(5);
    expect(seen.length).toBeLessThanOrEqual(2);
    expect(await opened.ask({ do: 'find', token: 'later' })).toBe('later');
    opened.close();
  });

  test('fail once the agent is gone: those that wait, and those that follow', async () => {
    const opened = await link((lines, socket) => {
      if (lines.some((line) => line !== 'secret')) {
        socket.destroy();
      }
    });
    await expect(opened.ask({ do: 'find', token: 'a' })).rejects.toThrow(/agent is gone/);
    await expect(opened.ask({ do: 'find', token: 'b' })).rejects.toThrow(/agent is gone/);
  });
});
