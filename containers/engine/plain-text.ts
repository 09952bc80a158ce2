/**
 * What a program printed, made safe to print again: whole lines, without control sequences, each of a bounded length.
 * Build output comes from packages and package mirrors, and nothing of it may move the cursor or set a title.
 */

const controlSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const longest = 500;

/** Splits text into its lines without control characters; a carriage return ends a line too. Empty lines are dropped. */
export function plainLines(text: string): string[] {
  return text
    .replace(controlSequence, '')
    .split(/[\r\n]+/)
    .map((line) => line.replace(controlCharacter, '').replaceAll('\t', ' ').trimEnd().slice(0, longest))
    .filter((line) => line.trim() !== '');
}

/** Cuts a stream of text into lines as they become complete; `end()` returns what was left without a line end. */
export class LineCutter {
  #rest = '';

  push(text: string): string[] {
    const whole = this.#rest + text;
    const cut = Math.max(whole.lastIndexOf('\n'), whole.lastIndexOf('\r')) + 1;
    // A peer that never ends its line must not fill the memory.
    this.#rest = whole.slice(cut).slice(-10_000);
    return plainLines(whole.slice(0, cut));
  }

  end(): string[] {
    const rest = this.#rest;
    this.#rest = '';
    return plainLines(rest);
  }
}

/** Keeps the newest lines of an output, for a message about its failure. */
export class LastLines {
  readonly #lines: string[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(...lines: string[]): void {
    this.#lines.push(...lines);
    if (this.#lines.length > this.#limit) this.#lines.splice(0, this.#lines.length - this.#limit);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}
