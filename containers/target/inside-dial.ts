/** Connections that begin inside a target: the server's own programs, which sendmail trusts, connect like that. */
import type { Socket } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import type { Dial } from '../../clients/dial.ts';
import type { Docker } from '../engine/find-engine.ts';

/** Passes octets on between its standard streams and a TCP connection. */
const RELAY = 'exec 3<>"/dev/tcp/$0/$1" || exit 1; cat <&3 & cat >&3; kill $! 2> /dev/null';

/** Dials from inside the container; the source address is the container's own, whatever is asked for. */
export function dialFromContainer(docker: Docker, containerId: string): Dial {
  return async (_from, { host, port }) => {
    const exec = await docker.getContainer(containerId).exec({
      Cmd: ['/bin/bash', '-c', RELAY, host, String(port)],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    const incoming = new PassThrough();
    docker.modem.demuxStream(stream, incoming, new PassThrough().resume());
    stream.on('end', () => incoming.end()).on('close', () => incoming.end());
    stream.on('error', (error: Error) => incoming.destroy(error));
    const duplex = Duplex.from({ readable: incoming, writable: stream });
    // What a dialogue uses of a socket, a duplex stream has as well.
    return duplex as unknown as Socket;
  };
}
