/** How vitest's workers ask the run in the main process for the results of a configuration: HTTP on the loopback interface. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Audit } from '../audit.ts';
import { outcomesOf } from './test-outcome.ts';

export type ResultService = { url: string; secret: string; close: () => Promise<void> };

export async function serveResults(audit: Audit): Promise<ResultService> {
  const secret = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.headers.authorization !== secret) {
      answer(403, 'not one of our tests');
      return;
    }
    const name = url.searchParams.get('configuration');
    const planned = audit.plan.configurations.find(({ configuration }) => configuration.name === name);
    if (planned === undefined) {
      answer(404, 'no such configuration');
      return;
    }
    audit.results(planned.configuration.name).then(
      (results) => answer(200, outcomesOf(planned, results)),
      (error: Error) => answer(500, error.message),
    );
  });
  // Results come when they are there; how long that takes is nobody's deadline but its own.
  server.requestTimeout = 0;
  server.timeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    secret,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
