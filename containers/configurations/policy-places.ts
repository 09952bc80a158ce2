/** Where in the text of a `relayproof.yaml` something stands. */
import { type Document, LineCounter, parseDocument } from 'yaml';

type Path = readonly (string | number)[];

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] } | null)?.range?.[0];
}

function keyOffset(node: unknown, key: string): number | undefined {
  const items = (node as { items?: { key?: unknown }[] } | null)?.items ?? [];
  return rangeStart(items.find((item) => String(item.key) === key)?.key);
}

/** A text as YAML, and where its parts are. */
export class PolicyText {
  readonly document: Document.Parsed;
  readonly #lines = new LineCounter();
  readonly #file: string;

  constructor(text: string, file: string) {
    this.#file = file;
    // A mark that editors put before the first character is no part of the text.
    this.document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: this.#lines, prettyErrors: false });
  }

  /** The file, line and column of an offset, as `file:line:column`. */
  at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#file}:${line}:${col}`;
  }

  lineOf(offset: number): number {
    return this.#lines.linePos(offset).line;
  }

  /** The offset of a value, or of the nearest one around it where it is missing; of a key in it, if that is asked for. */
  offsetOf(path: Path, key?: string): number {
    let node: unknown;
    for (let depth = path.length; depth >= 0 && !node; depth--) {
      node = depth === 0 ? this.document.contents : this.document.getIn(path.slice(0, depth), true);
    }
    return (key === undefined ? undefined : keyOffset(node, key)) ?? rangeStart(node) ?? 0;
  }
}
