/**
 * By what right messages went out: authenticated, from a trusted network, on POP authorisation, sent on by the server
 * itself; or none that is known. Each is judged when the logs have been read some minutes beyond its delivery.
 */
import type { Accounts } from './accounts.ts';
import { type AddressWords, addressText, type Network, newWords, within } from './address.ts';
import type { Authorisations } from './authorisations.ts';
import { AUTHENTICATED, COUNTED, HANDED, type MessageTable } from './message-table.ts';
import { LOCAL_DOMAIN, PROPER, UNBRACKETED } from './recipients.ts';
import type { SmtpSessions } from './smtp-sessions.ts';
import type { Tally } from './tally.ts';
import { WaitingMessages } from './waiting-messages.ts';

/** How far lines may be out of order, in ms. */
const GRACE = 300_000;

/** A machine whose lines are in the log. */
export type Host = {
  seed: number;
  /** Its sendmail writes the A of ESMTPA. */
  showsAuth: boolean;
  /** Its sendmail writes recipients of SMTP in angle brackets. */
  showsBrackets: boolean;
};

/** What is known when a message is judged. `own`: the server’s own addresses. */
export type Known = {
  accounts: Accounts;
  authorisations: Authorisations;
  tally: Tally;
  messages: MessageTable;
  sessions: SmtpSessions;
  trusted: readonly Network[];
  own: ReadonlySet<string>;
};

export class Rights {
  readonly #of: Known;
  readonly #waiting = new WaitingMessages<Host>();
  /** Of the message that is looked at. */
  readonly #address = newWords();

  constructor(known: Known) {
    this.#of = known;
  }

  /** A message that is known went out to such recipients, at `due` (ms). */
  delivered(due: number, host: Host, slot: number, recipients: number): void {
    const { messages } = this.#of;
    if (recipients === PROPER) {
      messages.mark(slot, COUNTED);
      const user = messages.session(slot);
      if (user >= 0) {
        // Nothing that comes later changes this.
        messages.address(slot, this.#address);
        this.#authenticated(user, this.#address, messages.time(slot));
        return;
      }
    }
    if (this.#waiting.full) this.#settle(1000);
    const waiting = this.#waiting;
    messages.address(slot, this.#address);
    const place = waiting.add(host, this.#address);
    waiting.due[place] = due;
    waiting.at[place] = messages.time(slot);
    waiting.keyA[place] = messages.keyA(slot);
    waiting.keyB[place] = messages.keyB(slot);
    waiting.order[place] = messages.order(slot);
    waiting.process[place] = messages.process(slot);
    waiting.user[place] = messages.session(slot);
    waiting.authenticated[place] = messages.flags(slot) & AUTHENTICATED;
    waiting.recipients[place] = recipients;
  }

  /** A message that is known was handed to a program on this machine. It counts if its sender may relay. */
  handed(slot: number): void {
    const { messages, accounts, authorisations, tally } = this.#of;
    if ((messages.flags(slot) & HANDED) !== 0) return;
    messages.mark(slot, HANDED);
    messages.address(slot, this.#address);
    const authenticated = messages.session(slot) >= 0 || (messages.flags(slot) & AUTHENTICATED) !== 0;
    if (authenticated || accounts.persons(authorisations.holders(this.#address, messages.time(slot))).length > 0) {
      tally.handed++;
    }
  }

  /** Everything before that time has been read, as far as can be told. */
  advance(until: number): void {
    const waiting = this.#waiting;
    while (waiting.count > 0 && (waiting.due[waiting.first] as number) + GRACE <= until) this.#settle(1);
  }

  #settle(most: number): void {
    for (let left = Math.min(most, this.#waiting.count); left > 0; left--) {
      this.#judge(this.#waiting.first);
      this.#waiting.drop();
    }
  }

  /** All has been read. */
  finish(): void {
    this.#settle(this.#waiting.count);
  }

  #judge(place: number): void {
    const waiting = this.#waiting;
    const at = waiting.at[place] as number;
    const recipients = waiting.recipients[place] as number;
    const authenticated = waiting.authenticated[place] !== 0;
    const host = waiting.host(place);
    const address = this.#address;
    waiting.address(place, address);
    if (recipients !== PROPER) {
      // Another delivery of the same message has counted it; and it is not counted twice.
      const slot = this.#of.messages.find(waiting.keyA[place] as number, waiting.keyB[place] as number);
      if (slot >= 0 && (this.#of.messages.flags(slot) & COUNTED) !== 0) return;
    }
    let user = waiting.user[place] as number;
    if (user < 0 && (authenticated || !host.showsAuth)) {
      user = this.#of.sessions.lateUserOf(
        waiting.process[place] as number,
        address,
        at,
        waiting.order[place] as number,
      );
    }
    if (user >= 0) {
      this.#count(place);
      this.#authenticated(user, address, at);
      return;
    }
    if (authenticated) {
      this.#count(place);
      this.#of.tally.authenticatedUnknown++;
      this.#of.tally.day(at).authenticated++;
      return;
    }
    if (this.#of.trusted.some((network) => within(address, network))) {
      this.#count(place);
      this.#of.tally.trusted++;
      return;
    }
    const holders = this.#of.accounts.persons(this.#of.authorisations.holders(address, at));
    if (holders.length > 0) {
      this.#count(place);
      this.#of.tally.day(at).popRelayed++;
      for (let index = 0; index < holders.length; index++) {
        this.#of.accounts.popRelayed(holders[index] as number, address, at, holders.length > 1);
      }
      return;
    }
    if (recipients === LOCAL_DOMAIN || (recipients === UNBRACKETED && host.showsBrackets)) {
      this.#of.tally.forwarded++;
      return;
    }
    const text = addressText(address);
    if (this.#of.own.has(text)) return;
    this.#count(place);
    this.#of.tally.unexplainedFrom(text, at, this.#of.authorisations.lastBefore(address, at));
  }

  #authenticated(user: number, address: AddressWords, at: number): void {
    this.#of.accounts.authenticated(user, address, at);
    this.#of.tally.day(at).authenticated++;
  }

  #count(place: number): void {
    const waiting = this.#waiting;
    if (waiting.recipients[place] === PROPER) return;
    const slot = this.#of.messages.find(waiting.keyA[place] as number, waiting.keyB[place] as number);
    if (slot >= 0) this.#of.messages.mark(slot, COUNTED);
  }
}
