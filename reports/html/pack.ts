/**
 * Evidence that does not stand in the page as markup: compressed, in blocks, so that opening one attempt unpacks some
 * hundred and not ten thousand. The page's program draws it with the same components (browser/packed.tsx).
 */
import { gzipSync } from 'node:zlib';
import { describer, findingsOf } from '../findings.ts';
import type { AttemptDescription, AttemptResult, Level, Proof, Report } from '../model.ts';
import type { Anchors } from './anchors.ts';

/** Pieces in a block. */
const IN_BLOCK = 150;
/** With more configurations the proofs of controls are packed. */
const FEW = 12;

/** All that is shown of an attempt when it is opened. */
export type PackedAttempt = {
  attempt: AttemptResult;
  description: AttemptDescription | undefined;
  level: Level;
  /** Whether the configuration is a control. */
  control: boolean;
  /** The id of its entry in the catalogue. */
  entry: string | undefined;
};

/** By the id of the element. */
export type Block = Record<string, PackedAttempt | { proof: Proof }>;

export type Packed = {
  /** In base64, gzip of the JSON of a Block. */
  blocks: string[];
  /** The number of the block that an attempt is in; none where its evidence stands in the page, or there is none. */
  blockOf: (configuration: number, attempt: number) => number | undefined;
  /** The same of a proof. */
  blockOfProof: (configuration: number, proof: number) => number | undefined;
};

export function pack(report: Report, anchors: Anchors): Packed {
  const describe = describer(report);
  const places = new Map<string, number>();
  const blocks: Block[] = [];
  let last: Block = {};
  const add = (id: string, piece: Block[string]) => {
    if (blocks.length === 0 || Object.keys(last).length >= IN_BLOCK) {
      last = {};
      blocks.push(last);
    }
    last[id] = piece;
    places.set(id, blocks.length - 1);
  };
  for (const [index, configuration] of report.configurations.entries()) {
    const control = configuration.role === 'control';
    for (const [number, proof] of configuration.proofs.entries()) {
      if (control && proof.ok && report.configurations.length > FEW) add(anchors.proof(index, number), { proof });
    }
    for (const { attempt, description, level, at } of findingsOf(configuration, index, describe)) {
      if (attempt.evidence !== undefined && !anchors.evidenceHere(at.configuration, at.attempt)) {
        const entry = anchors.descriptionOf(attempt.id);
        add(anchors.attempt(at.configuration, at.attempt), { attempt, description, level, control, entry });
      }
    }
  }
  return {
    blocks: blocks.map((block) => gzipSync(JSON.stringify(block)).toString('base64')),
    blockOf: (configuration, attempt) => places.get(anchors.attempt(configuration, attempt)),
    blockOfProof: (configuration, proof) => places.get(anchors.proof(configuration, proof)),
  };
}
