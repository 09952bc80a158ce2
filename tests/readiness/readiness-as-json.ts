/** What the command prints with --json, as whoever parses it has it. */
import type { Readiness } from '../../readiness/model.ts';
import { type ReadinessRequest, readiness } from '../../readiness/readiness.ts';
import { readinessJson } from '../../readiness/report/json.ts';

/** @throws Failure as readiness does */
export async function readinessAsJson(request: ReadinessRequest): Promise<Readiness> {
  return JSON.parse([...readinessJson(await readiness(request))].join('')) as Readiness;
}
