import { MASK } from './secret.ts';

/** Shorter texts are no secrets, and masking every occurrence of them would only spoil the evidence. */
const SHORTEST = 4;
/** A piece of a secret of at least this length is masked too: a server may echo a payload cut in the middle. */
const WINDOW = 8;

/**
 * The secrets of one session, and the mask over any text that repeats them: sendmail, for one, answers
 * `501 5.5.4 cannot BASE64 decode '…'` with the client's own words.
 */
export class Concealment {
  /** Per length of a piece, all the pieces: one look-up for each place in a text, however many the secrets. */
  readonly #pieces = new Map<number, Set<string>>();

  /** From now on the text is masked wherever it appears: as it is, in base64 and in hexadecimal. */
  add(text: string): void {
    if (text.length < SHORTEST) return;
    const bytes = Buffer.from(text, 'utf8');
    const hex = bytes.toString('hex');
    // Incoming bytes are read as latin1, so a secret outside ASCII looks different on its way back.
    const forms = [text, bytes.toString('latin1'), bytes.toString('base64').replace(/=+$/, ''), hex, hex.toUpperCase()];
    for (const form of forms) {
      const length = Math.min(WINDOW, form.length);
      const pieces = this.#pieces.get(length) ?? new Set();
      this.#pieces.set(length, pieces);
      for (let at = 0; at + length <= form.length; at += 1) pieces.add(form.slice(at, at + length));
    }
  }

  /** The text with every secret, and every long enough piece of one, replaced by the mask. */
  mask(text: string): string {
    if (this.#pieces.size === 0) return text;
    // All secrets are sought in the original text: a mask put in for one could hide half of another.
    const hidden = new Uint8Array(text.length);
    for (const [length, pieces] of this.#pieces) {
      for (let at = 0; at + length <= text.length; at += 1) {
        if (pieces.has(text.slice(at, at + length))) hidden.fill(1, at, at + length);
      }
    }
    let result = '';
    for (let at = 0; at < text.length; ) {
      const state = hidden[at];
      let end = at;
      while (end < text.length && hidden[end] === state) end += 1;
      result += state === 1 ? MASK : text.slice(at, end);
      at = end;
    }
    return result;
  }
}
