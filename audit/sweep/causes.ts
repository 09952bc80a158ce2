/**
 * The line that most likely lets somebody relay. sendmail does not say which rule decided, so it is looked for in the
 * order in which the rules look: keys that match, the longest first, then features, then rules of the folder's own.
 */
import { contains, type Family, type Network } from './ip.ts';
import {
  type AccessEntry,
  accessEntries,
  type Files,
  linesOf,
  macroCalls,
  networkOfKey,
  type RelayMember,
  relayMembers,
  type SourceLine,
} from './sources.ts';

export type Cause = SourceLine;

const grants = ({ value }: AccessEntry) => /^relay\b/i.test(value);

const ofClients = ({ tag }: AccessEntry) => tag === 'connect' || tag === '';

const refuses = ({ value }: AccessEntry) => /^(reject|discard|error:|[45]\d\d\b)/i.test(value);

/** A key that sendmail never looks up: CIDR, `::`, or a trailing dot. */
const neverMatches = (key: string) => /\/|::|\.$/.test(key);

const isBelow = (name: string, key: string) => {
  const domain = key.replace(/^\./, '');
  return domain !== '' && (name === domain || name.endsWith(`.${domain}`));
};

const bare = ({ file, line, text }: SourceLine): Cause => ({ file, line, text: text.trim().replace(/\s+/g, ' ') });

export class Causes {
  readonly #files: Files;
  readonly #access: AccessEntry[];
  readonly #refusals: AccessEntry[];
  readonly #members: RelayMember[];
  /** $m and what else is in class m. */
  readonly #entireDomains: readonly string[];

  constructor(files: Files, maps: Parameters<typeof accessEntries>[1], entireDomains: readonly string[] = []) {
    this.#files = files;
    const entries = accessEntries(files, maps);
    this.#access = entries.filter(grants);
    this.#refusals = entries.filter(refuses);
    this.#members = relayMembers(files);
    this.#entireDomains = entireDomains;
  }

  /** Networks that lines of their own let relay, with the line; the smallest first. */
  networks(family: Family): { network: Network; cause: Cause }[] {
    return this.#networksOf([...this.#access.filter(ofClients), ...this.#members], family);
  }

  /** Networks that lines of the access map refuse; the smallest first. */
  refusedNetworks(family: Family): { network: Network; cause: Cause }[] {
    return this.#networksOf(this.#refusals.filter(ofClients), family);
  }

  #networksOf(lines: readonly (SourceLine & { key: string })[], family: Family) {
    return lines
      .flatMap((line) => {
        const network = neverMatches(line.key) ? undefined : networkOfKey(line.key);
        return network?.family === family ? [{ network, cause: bare(line) }] : [];
      })
      .sort((a, b) => b.network.length - a.network.length);
  }

  forAddress(value: bigint, family: Family): Cause | undefined {
    return this.networks(family).find(({ network }) => contains(network, value))?.cause ?? this.#general([]);
  }

  forDomain(name: string): Cause | undefined {
    return this.#forName(name, ['to', ''], ['relay_entire_domain', 'relay_based_on_MX']);
  }

  forHost(name: string): Cause | undefined {
    return this.#forName(name, ['connect', ''], ['relay_entire_domain']);
  }

  #forName(name: string, tags: readonly string[], features: readonly string[]): Cause | undefined {
    const asked = name.toLowerCase();
    const lines = [...this.#access.filter(({ tag }) => tags.includes(tag)), ...this.#members];
    const longest = lines
      .filter(({ key }) => isBelow(asked, key))
      .reduce<AccessEntry | RelayMember | undefined>(
        (held, line) => (held === undefined || line.key.length > held.key.length ? line : held),
        undefined,
      );
    if (longest) {
      return bare(longest);
    }
    const inEntire = this.#entireDomains.some((domain) => isBelow(asked, domain.toLowerCase()));
    return this.#general(features.filter((feature) => feature !== 'relay_entire_domain' || inEntire));
  }

  /** Features that relay without a key, and rules of the folder's own. */
  #general(features: readonly string[]): Cause | undefined {
    const wanted = ['promiscuous_relay', ...features, 'relay_local_from', 'relay_mail_from'];
    const calls = macroCalls(this.#files, 'FEATURE');
    for (const feature of wanted) {
      const call = calls.find(({ argument }) => argument === feature);
      if (call) {
        return bare(call);
      }
    }
    return this.#ownRule();
  }

  /** A ruleset that decides before the stock ones, if there is a rule in it. */
  #ownRule(): Cause | undefined {
    for (const file of ['sendmail.mc', 'sendmail.cf']) {
      const lines = linesOf(this.#files, file);
      const at = lines.findIndex(
        ({ text }, index) =>
          /^S(Local_check_rcpt|Local_Relay_Auth)\b/.test(text) &&
          /^R/.test(lines.slice(index + 1).find((line) => !/^(#|\s*$|dnl)/.test(line.text))?.text ?? ''),
      );
      const found = lines[at];
      if (found) {
        return bare(found);
      }
    }
    return undefined;
  }
}

/** The end of a sentence that says why. */
export function because(cause: Cause | undefined): string {
  return cause
    ? `because of line ${cause.line} of ${cause.file}: ${cause.text}`
    : 'and no line of the folder’s files names it';
}
