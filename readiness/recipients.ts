/** What the recipients of a delivery say about why it went out. Domains are numbers: no text is made of them. */

/** Nothing in the recipients decides. */
export const PROPER = 0;
/** They were written by an alias or the like: SMTP’s are in angle brackets. */
export const UNBRACKETED = 1;
/** Their domain is delivered here otherwise. */
export const LOCAL_DOMAIN = 2;
/** They are ours to take mail for, or an alias that was logged sends it on. */
export const INBOUND = 3;

const MOST_DOMAINS = 100_000;

const lower = (byte: number) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);

function domainHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + lower(text.charCodeAt(at))) | 0;
  return hash;
}

/** Whether there is one recipient, in angle brackets, as most have. */
function isOneInBrackets(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== 0x3c || bytes[end - 1] !== 0x3e) return false;
  for (let at = start + 1; at < end - 1; at++) if (bytes[at] === 0x2c || bytes[at] === 0x22) return false;
  return true;
}

export class Recipients {
  /** How many an alias that was logged has put in the place of others. */
  forwarded = 0;
  readonly #relayTo: ReadonlySet<number>;
  readonly #localDomains = new Set<number>();
  #lastDomain = 0;

  /** @param relayTo domains that mail is passed on to, whoever sends it */
  constructor(relayTo: readonly string[]) {
    this.#relayTo = new Set(relayTo.map(domainHash));
  }

  /** Domains that are delivered here, by a local mailer. */
  learn(bytes: Buffer, start: number, end: number): void {
    if (bytes[start] !== 0x3c) return;
    let hash = 0;
    let inDomain = false;
    for (let at = start + 1; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === 0x3e) break;
      if (byte === 0x40) {
        hash = 0;
        inDomain = true;
      } else {
        hash = (Math.imul(hash, 31) + lower(byte)) | 0;
      }
    }
    if (!inDomain || hash === this.#lastDomain) return;
    this.#lastDomain = hash;
    if (this.#localDomains.size < MOST_DOMAINS) this.#localDomains.add(hash);
  }

  /** What the recipients of a delivery say about why it went out: the strongest of them. */
  kind(bytes: Buffer, start: number, end: number, redirected: boolean): number {
    if (this.#relayTo.size === 0 && this.#localDomains.size === 0 && isOneInBrackets(bytes, start, end)) return PROPER;
    let result = INBOUND;
    let quoted = false;
    let hash = 0;
    let hasDomain = false;
    let first = start;
    for (let at = start; at <= end; at++) {
      const byte = at === end ? 0x2c : (bytes[at] as number);
      if (at < end && byte === 0x22) quoted = !quoted;
      if (at < end && (quoted || byte === 0x3e || byte === 0x3c)) continue;
      if (byte === 0x40) {
        hash = 0;
        hasDomain = true;
      } else if (byte !== 0x2c) {
        hash = (Math.imul(hash, 31) + lower(byte)) | 0;
      } else {
        const bracketed = bytes[first] === 0x3c;
        let kind = PROPER;
        if (hasDomain && this.#relayTo.has(hash)) kind = INBOUND;
        else if (!bracketed) kind = redirected ? INBOUND : UNBRACKETED;
        else if (hasDomain && this.#localDomains.has(hash)) kind = LOCAL_DOMAIN;
        if (kind < result) result = kind;
        if (!bracketed && redirected) this.forwarded++;
        first = at + 1;
        hash = 0;
        hasDomain = false;
      }
    }
    return result;
  }
}
