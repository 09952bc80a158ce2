/** What the command prints with --json, as whoever parses it has it. */
import type { Readiness } from '../../readiness/model.ts';
import { type ReadinessRequest, readiness } from '../../readiness/readiness.ts';
import { readinessJson } from '../../readiness/report/json.ts';

/** Without options, but for the zone, which must not be that of the machine. */
const plain = {
  lifetime: 1800,
  timezone: 'UTC',
  trusted: [],
  relayTo: [],
  realms: [],
  imap: false,
} satisfies Omit<ReadinessRequest, 'logs'>;

/** @throws Failure as readiness does */
export async function readinessAsJson(
  request: Partial<ReadinessRequest> & Pick<ReadinessRequest, 'logs'>,
): Promise<Readiness> {
  return JSON.parse([...readinessJson(await readiness({ ...plain, ...request }))].join('')) as Readiness;
}
