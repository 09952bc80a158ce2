/**
 * Logs that sendmail and Dovecot of three Debian releases wrote in the project’s own lab (configuration `both`, suites
 * pop-before-smtp, false-leads, delivery-agents and a part of smtp-auth). The truth is what the scripted clients did:
 * who authenticated, who logged in over POP, and whose message the sink received.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readinessAsJson } from '../tests/readiness/readiness-as-json.ts';

const file = (name: string) => fileURLToPath(new URL(`../tests/readiness/real/${name}`, import.meta.url));

type Counts = { popRelayed: number; authenticated: number };

test.each([
  ['8.15', 'bullseye', 'Dovecot 2.3'],
  ['8.17', 'bookworm', 'Dovecot 2.3'],
  ['8.18', 'trixie', 'Dovecot 2.4'],
])('sendmail %s of Debian %s with %s', async (version, _release, server) => {
  const truth: Record<string, Counts> = JSON.parse(readFileSync(file(`sendmail-${version}.truth.json`), 'utf8'));
  const result = await readinessAsJson({
    logs: [file(`sendmail-${version}.maillog`)],
  });
  const found = result.users.map(
    ({ user, popRelayed, authenticated }) => [user, { popRelayed, authenticated }] as const,
  );
  const relayed = found.filter(([, counts]) => counts.popRelayed + counts.authenticated > 0);
  expect(Object.fromEntries(relayed)).toEqual(truth);
  // Forwarding by alias, .forward and table, mail from the server’s own address and poisoned lines are among the attempts.
  expect(result.unexplained).toEqual([]);
  expect(result.totals.forwarded).toBeGreaterThan(1);
  expect(result.popServers.map(({ name }) => name)).toEqual([server]);
});
