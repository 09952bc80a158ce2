/** The agent of the lab's helper container: DNS, sink and client addresses, steered by the harness. */
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { ClientAddresses } from './client-addresses.ts';
import { NameServer } from './name-server.ts';
import { AGENT_PORTS, type AgentReply, type AgentRequest, type TargetNames } from './protocol.ts';
import { Sink } from './sink.ts';
import { startSocksServer } from './socks-server.ts';
import { sameAddress } from './zone.ts';

const password = process.env.RELAYPROOF_SECRET ?? '';
const targets = new Map<string, TargetNames>();
let addresses: ClientAddresses | undefined;
let names: NameServer | undefined;
let sink: Sink | undefined;

async function obey(request: AgentRequest): Promise<unknown> {
  switch (request.do) {
    case 'lay-out': {
      const { layout } = request;
      addresses = new ClientAddresses(layout.ipv4);
      await addresses.takeRange(layout.clients4);
      await addresses.takeRange(layout.clients6);
      if (!layout.keepDefaultRoute) {
        await addresses.dropDefaultRoutes();
      }
      names = new NameServer(layout, targets);
      sink = new Sink([layout.ipv4, layout.ipv6]);
      await names.start();
      await sink.setMode('accept');
      return null;
    }
    case 'name-target':
      targets.set(request.target.ipv4, request.target);
      // A new name is a new configuration: what was forged for the one before is over.
      names?.forget(request.target.ipv4);
      return null;
    case 'forge-names':
      names?.forge(request.target, request.names);
      return null;
    case 'find':
      return sink?.find(request.token) ?? [];
    case 'sink':
      await sink?.setMode(request.mode);
      return null;
    case 'dns':
      await (request.mode === 'stopped' ? names?.stop() : names?.start());
      return null;
    case 'routes':
      return addresses?.routes() ?? [];
  }
}

function converse(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  let admitted = false;
  let turn = Promise.resolve();
  createInterface({ input: socket }).on('line', (line) => {
    if (!admitted) {
      admitted = line === password;
      if (!admitted) {
        socket.destroy();
      }
      return;
    }
    turn = turn.then(async () => {
      let reply: AgentReply;
      try {
        reply = { ok: true, value: await obey(JSON.parse(line) as AgentRequest) };
      } catch (error) {
        reply = { ok: false, error: error instanceof Error ? error.message : String(error) };
      }
      socket.write(`${JSON.stringify(reply)}\n`);
    });
  });
}

await startSocksServer(AGENT_PORTS.socks, password, async (source, host) =>
  addresses?.prepare(source, () =>
    [...targets.values()].find((target) => sameAddress(target.ipv4, host) || sameAddress(target.ipv6, host)),
  ),
);
createServer({ noDelay: true }, converse).listen(AGENT_PORTS.control, () => console.log('relayproof agent: ready'));
process.once('SIGTERM', () => process.exit(0));
