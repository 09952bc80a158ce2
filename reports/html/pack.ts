/**
 * Evidence that does not stand in the page as markup: compressed, in blocks, so that opening one attempt unpacks some
 * hundred and not ten thousand. The page's program draws it with the same components (browser/packed.tsx).
 */
import { gzipSync } from 'node:zlib';
import { describer, findingsOf } from '../findings.ts';
import type { AttemptDescription, AttemptResult, Level, Report } from '../model.ts';
import type { Anchors } from './anchors.ts';

/** Attempts in a block. */
const IN_BLOCK = 150;

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

/** By the id of the attempt's element. */
export type Block = Record<string, PackedAttempt>;

export type Packed = {
  /** In base64, gzip of the JSON of a Block. */
  blocks: string[];
  /** The number of the block that an attempt is in; none where its evidence stands in the page, or there is none. */
  blockOf: (configuration: number, attempt: number) => number | undefined;
};

export function pack(report: Report, anchors: Anchors): Packed {
  const describe = describer(report);
  const places = new Map<string, number>();
  const blocks: Block[] = [];
  let last: Block = {};
  for (const [index, configuration] of report.configurations.entries()) {
    for (const { attempt, description, level, at } of findingsOf(configuration, index, describe)) {
      if (attempt.evidence === undefined || anchors.evidenceHere(at.configuration, at.attempt)) {
        continue;
      }
      if (blocks.length === 0 || Object.keys(last).length >= IN_BLOCK) {
        last = {};
        blocks.push(last);
      }
      const id = anchors.attempt(at.configuration, at.attempt);
      last[id] = {
        attempt,
        description,
        level,
        control: configuration.role === 'control',
        entry: anchors.descriptionOf(attempt.id),
      };
      places.set(`${at.configuration}/${at.attempt}`, blocks.length - 1);
    }
  }
  return {
    blocks: blocks.map((block) => gzipSync(JSON.stringify(block)).toString('base64')),
    blockOf: (configuration, attempt) => places.get(`${configuration}/${attempt}`),
  };
}
