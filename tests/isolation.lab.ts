/** Nothing leaves the lab: neither targets nor the helper have a way out, not even to the host. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContainerShell } from '../containers/target/container-shell.ts';
import type { Target } from '../containers/target/target.ts';
import { auditInLab } from './run-in-lab.ts';
import { startTestLab } from './targets-in-lab.ts';

let host: Server;
const visitors: string[] = [];
beforeAll(async () => {
  host = createServer((socket) => {
    visitors.push(socket.remoteAddress ?? '');
    socket.end();
  });
  await new Promise<void>((resolve) => host.listen(0, '::', resolve));
});
afterAll(() => host.close());

/** Tries a TCP connection from inside a target; bash says why it fails. */
async function reaches(target: Target, address: string, port: number): Promise<boolean> {
  const { status } = await target.shell.run(`timeout 2 bash -c 'exec 3<>/dev/tcp/${address}/${port}'`);
  return status === 0;
}

test('a target reaches its neighbours and nothing else', async () => {
  const { port } = host.address() as AddressInfo;
  const seen: Record<string, boolean | string> = {};
  const report = await auditInLab({
    configurations: ['smtp-auth'],
    attempts: ['open-relay/outside-sender'],
    hooks: {
      betweenProofs: async (target) => {
        const { plan } = target.lab;
        seen.sink = await reaches(target, plan.helper4, 25);
        seen['sink over IPv6'] = await reaches(target, plan.helper6, 25);
        seen['host by its lab address'] = await reaches(target, plan.gateway4, port);
        seen['host by its lab IPv6 address'] = await reaches(target, plan.gateway6, port);
        seen['helper by its other address'] = await reaches(target, await target.lab.outerAddress(), 1080);
        seen.routes = (await target.shell.run('ip route; ip -6 route')).output;
        seen['capability to change routes'] =
          (await target.shell.run('ip route add 192.0.2.0/24 dev eth0')).status === 0;
      },
    },
  });
  expect(seen).toMatchObject({
    sink: true,
    'sink over IPv6': true,
    'host by its lab address': false,
    'host by its lab IPv6 address': false,
    'helper by its other address': false,
  });
  expect(seen.routes).not.toMatch(/^default/m);
  expect(report.lab.isolation).toMatch(/internal/);
  expect(report.verdict).toBe('compliant');
});

/** Tries a TCP connection from a port of a server, whose answers go through the tunnel to the helper, or from any other. */
async function reachesFrom(target: Target, address: string, port: number, from: number): Promise<boolean> {
  const peer = `PeerAddr => "${address}", PeerPort => ${port}, LocalPort => ${from}, ReuseAddr => 1, Timeout => 2`;
  const { status } = await target.shell.run(`perl -MIO::Socket::IP -e 'exit(IO::Socket::IP->new(${peer}) ? 0 : 1)'`);
  return status === 0;
}

test('the way back to clients of any address leads to the helper, and no further', async () => {
  const { port } = host.address() as AddressInfo;
  const { lab, start, stop } = await startTestLab();
  try {
    const target = await start({ base: 'smtp-auth' });
    const outer = await lab.outerAddress();
    const hosts = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
      .map(({ address }) => address);
    expect(hosts.length).toBeGreaterThan(0);
    const before = visitors.length;
    for (const from of [2500, 0]) {
      expect(await reachesFrom(target, lab.plan.helper4, 25, from), `the sink, from port ${from}`).toBe(true);
      expect(await reachesFrom(target, '8.8.8.8', 53, from), `8.8.8.8 from port ${from}`).toBe(false);
      expect(await reachesFrom(target, '2001:4860:4860::8888', 53, from), `its IPv6 address from ${from}`).toBe(false);
      expect(await reachesFrom(target, outer, 1080, from), `the helper's other address from port ${from}`).toBe(false);
      for (const address of hosts) {
        expect(await reachesFrom(target, address, port, from), `${address} from port ${from}`).toBe(false);
      }
    }
    expect(visitors.slice(before)).toEqual([]);
    const helper = await ContainerShell.open(lab.engine.docker, `${lab.network.getName()}-lab`);
    const forwarding = await helper.run(
      'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv6/conf/*/forwarding',
    );
    // Packets that were to be passed on, counted by the kernel.
    const counted = await helper.run(
      "awk '/^Ip: [0-9]/ { print $7 } /^Ip6OutForwDatagrams/ { print $2 }' /proc/net/snmp /proc/net/snmp6",
    );
    helper.close();
    expect(new Set(forwarding.output.trim().split('\n'))).toEqual(new Set(['0']));
    expect(counted.output.trim().split('\n')).toEqual(['0', '0']);
  } finally {
    await stop();
  }
});
