/** What is counted while logs are read, beside users. */

export type UnexplainedAddress = {
  messages: number;
  first: number;
  last: number;
  /** The last login over POP from there before the last such message, if there was one. */
  login?: { user: number; at: number };
};

export type Day = { popRelayed: number; authenticated: number; unexplained: number };

const MOST_UNEXPLAINED = 20_000;
const MOST_DAYS = 5000;
const DAY = 86_400_000;

export class Tally {
  readonly unexplained = new Map<string, UnexplainedAddress>();
  /** Messages from addresses beyond those that are listed. */
  unexplainedElsewhere = 0;
  readonly days = new Map<number, Day>();
  /** Messages that left because an alias, a .forward file or a table of the server’s sends them on. */
  forwarded = 0;
  trusted = 0;
  /** Messages of users that were handed to a program on this machine, such as a content filter. */
  handed = 0;
  /** Messages in sessions with AUTH whose AUTH line is not in the logs. */
  authenticatedUnknown = 0;
  /** Deliveries to outside of messages whose beginning is not in the logs. */
  withoutBeginning = 0;
  firstTime = Number.POSITIVE_INFINITY;
  lastTime = Number.NEGATIVE_INFINITY;
  sendmailLines = 0;
  messages = 0;
  popLogins = 0;

  saw(at: number): void {
    if (at < this.firstTime) this.firstTime = at;
    if (at > this.lastTime) this.lastTime = at;
  }

  #lastNumber = Number.NaN;
  #lastDay: Day | undefined;

  day(at: number): Day {
    const number = Math.floor(at / DAY);
    if (number === this.#lastNumber && this.#lastDay !== undefined) return this.#lastDay;
    const day = this.#dayOf(number);
    this.#lastNumber = number;
    this.#lastDay = day;
    return day;
  }

  #dayOf(number: number): Day {
    let day = this.days.get(number);
    if (day === undefined) {
      day = { popRelayed: 0, authenticated: 0, unexplained: 0 };
      if (this.days.size < MOST_DAYS) this.days.set(number, day);
    }
    return day;
  }

  unexplainedFrom(address: string, at: number, login: UnexplainedAddress['login']): void {
    this.day(at).unexplained++;
    const known = this.unexplained.get(address);
    if (known !== undefined) {
      known.messages++;
      if (at < known.first) known.first = at;
      if (at >= known.last) {
        known.last = at;
        if (login !== undefined) known.login = login;
      }
    } else if (this.unexplained.size < MOST_UNEXPLAINED) {
      this.unexplained.set(address, { messages: 1, first: at, last: at, ...(login && { login }) });
    } else {
      this.unexplainedElsewhere++;
    }
  }
}
