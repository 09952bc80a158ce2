/**
 * A sweep: who may relay without any credential, by the target's own rules, over all client addresses, all client names
 * or all recipients' domains, compared with what relayproof.yaml declares. It asks and sends nothing: a finding's example
 * is for a real message.
 */
import type { Target } from '../../containers/target/target.ts';
import type { SweepOf, SweepResult } from './findings.ts';
import { SweepContext } from './sweep-context.ts';
import { sweepDomains, sweepHosts } from './sweep-names.ts';
import { sweepNetworks } from './sweep-networks.ts';

export type { Finding, Missing, SweepOf, SweepResult } from './findings.ts';

/** @throws Error if the target's rules cannot be asked: then nothing is known */
export async function runSweep(target: Target, of: SweepOf): Promise<SweepResult> {
  const started = performance.now();
  const context = await SweepContext.of(target, of === 'ipv6' ? 6 : 4);
  const sweeps = {
    ipv4: () => sweepNetworks(context, 4),
    ipv6: () => sweepNetworks(context, 6),
    domains: () => sweepDomains(context),
    hosts: () => sweepHosts(context),
  };
  const { findings, missing } = await sweeps[of]();
  return {
    findings,
    missing,
    asked: context.tester.asked,
    unanswered: context.unanswered,
    durationMs: Math.round(performance.now() - started),
    notes: context.notes,
  };
}
