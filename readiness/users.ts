/**
 * The users of a result, who must be called first first. Each is made when he is looked at: tens of thousands with all of
 * their addresses are not in memory at once.
 */
import type { Account } from './account.ts';
import type { Accounts } from './accounts.ts';
import { iso, isoOrNull } from './iso-time.ts';
import type { ReadinessUser, ReadinessUsers, UserVerdict } from './model.ts';

function verdictOf({ popRelayed, authenticated }: Account): UserVerdict {
  if (popRelayed > 0) return authenticated > 0 ? 'mixed' : 'not-ready';
  return authenticated > 0 ? 'ready' : 'silent';
}

function userOf(account: Account): ReadinessUser {
  return {
    user: account.name,
    alsoKnownAs: account.names.filter((name) => name !== account.name).sort(),
    popRelayed: account.popRelayed,
    popRelayedAmbiguous: account.popRelayedShared,
    authenticated: account.authenticated,
    lastPopRelayed: isoOrNull(account.lastPopRelayed),
    lastAuthenticated: isoOrNull(account.lastAuthenticated),
    popLogins: account.popLogins,
    lastPopLogin: isoOrNull(account.lastPopLogin),
    authSessions: account.authSessions,
    mechanisms: [...account.mechanisms].sort(),
    tls: [...account.tls].sort(),
    addresses: account.addresses
      .sort((a, b) => b.last - a.last)
      .map((place) => ({
        address: place.address,
        last: iso(place.last),
        popLogins: place.logins,
        popRelayed: place.popRelayed,
        authenticated: place.authenticated,
        ambiguous: place.shared,
      })),
    moreAddresses: account.moreAddresses,
    verdict: verdictOf(account),
  };
}

/** What the order depends on. */
type Rank = { ids: readonly number[]; name: string; verdict: UserVerdict; popRelayed: number };

const order: Record<UserVerdict, number> = { 'not-ready': 0, mixed: 1, ready: 2, silent: 3 };

/** Who must be called first stands first. */
function byNeed(a: Rank, b: Rank): number {
  return order[a.verdict] - order[b.verdict] || b.popRelayed - a.popRelayed || (a.name < b.name ? -1 : 1);
}

export class UsersByNeed implements ReadinessUsers {
  readonly #accounts: Accounts;
  readonly #ranks: readonly Rank[];

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
    this.#ranks = accounts
      .people()
      .map((ids) => {
        const account = accounts.accountWithoutAddresses(ids);
        return { ids, name: account.name, verdict: verdictOf(account), popRelayed: account.popRelayed };
      })
      .sort(byNeed);
  }

  get length(): number {
    return this.#ranks.length;
  }

  /** How many users have each verdict. */
  counts(): Record<UserVerdict, number> {
    const counts = { ready: 0, mixed: 0, 'not-ready': 0, silent: 0 };
    for (const { verdict } of this.#ranks) counts[verdict]++;
    return counts;
  }

  *[Symbol.iterator](): Iterator<ReadinessUser> {
    for (const { ids } of this.#ranks) yield userOf(this.#accounts.account(ids));
  }
}
