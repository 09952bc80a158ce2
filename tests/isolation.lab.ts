/** Nothing leaves the lab: neither targets nor the helper have a way out, not even to the host. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Target } from '../containers/target/target.ts';
import { auditInLab } from './run-in-lab.ts';

let host: Server;
beforeAll(async () => {
  host = createServer((socket) => socket.end());
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
        seen['helper by its other address'] = await reaches(target, target.lab.outerAddress, 1080);
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
