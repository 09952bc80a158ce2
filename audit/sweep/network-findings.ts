/** Compares the networks that relay with the ones that are declared, line by line of what lets them. */
import type { Cause } from './causes.ts';
import { type Finding, type Missing, missingNetwork, networkFinding } from './findings.ts';
import { type Network, networkText, numberToAddress, shared, subtract } from './ip.ts';

export type KeyedNetwork = { network: Network; cause: Cause };

export type NetworkComparison = {
  relaying: readonly Network[];
  declared: readonly Network[];
  /** Networks that a line lets relay, the smallest first. */
  granted: readonly KeyedNetwork[];
  /** Networks that a line refuses. */
  refused: readonly KeyedNetwork[];
  exampleIn: (network: Network) => bigint;
  causeOf: (example: bigint) => Cause | undefined;
};

export type NetworksCompared = { findings: Finding[]; missing: Missing[]; notes: string[] };

/** A report with more of them says no more than that. */
const FINDINGS = 25;

const within = (networks: readonly Network[], outer: Network): Network[] =>
  networks.flatMap((network) => shared(network, outer) ?? []);

export function compareNetworks(comparison: NetworkComparison): NetworksCompared {
  const { relaying, declared, granted, refused, exampleIn, causeOf } = comparison;
  const findings: Finding[] = [];
  let open = subtract(relaying, declared);
  const add = (outer: Network, cause: Cause | undefined) => {
    const [first, ...others] = within(open, outer);
    if (!first) {
      return;
    }
    open = subtract(open, [outer]);
    const example = exampleIn(first);
    // Several pieces are the whole with holes, and read better so.
    const holes = others.length === 0 ? [] : subtract([outer], [first, ...others]).map(networkText);
    const what = networkText(others.length === 0 ? first : outer);
    findings.push(networkFinding(what, holes, numberToAddress(example, first.family), cause ?? causeOf(example)));
  };
  for (const { network, cause } of granted) {
    add(network, cause);
  }
  for (const network of relaying) {
    add(network, undefined);
  }
  const notes: string[] = [];
  const missing: Missing[] = [];
  const silent = subtract(declared, relaying);
  for (const network of declared) {
    const all = within(silent, network);
    let pieces = all;
    // A refused host in a trusted network is meant; a trusted network of which nobody may relay is not.
    const meant = all[0]?.length === network.length ? [] : refused;
    for (const { network: hole, cause } of meant) {
      if (hole.length > network.length && within(pieces, hole).length > 0) {
        pieces = subtract(pieces, [hole]);
        notes.push(
          `${networkText(hole)} is in a network that is declared as trusted, and line ${cause.line} of ${cause.file} refuses it`,
        );
      }
    }
    const [first, ...others] = pieces;
    if (first) {
      const holes = others.length === 0 ? [] : subtract([network], pieces).map(networkText);
      missing.push(missingNetwork(networkText(others.length === 0 ? first : network), holes));
    }
  }
  if (findings.length > FINDINGS) {
    notes.push(`${findings.length - FINDINGS} more networks may relay; they are not listed`);
  }
  return {
    findings: findings.slice(0, FINDINGS),
    missing,
    notes,
  };
}
