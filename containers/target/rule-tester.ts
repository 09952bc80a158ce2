/**
 * Asks a target's own rules who may relay, without a connection: `sendmail -bt` (address test mode, op guide 1.3.9 and
 * 4.2 in "Debugging") runs check_rcpt with the macros that a session of that client would have. What each macro holds in
 * a stranger's session was read from real ones: a Local_check_rcpt that answered with all of them.
 */
import type { ShellResult } from './container-shell.ts';
import type { Listener, TargetFacts } from './target-facts.ts';

export type ClientResolve = 'OK' | 'FAIL' | 'FORGED' | 'TEMP';

export type Question = {
  /** As sendmail writes it: IPv6 uncompressed, here without its `IPv6:`. */
  clientAddress: string;
  clientName: string;
  clientResolve: ClientResolve;
  /** Without brackets; empty: the null sender. */
  mailFrom: string;
  /** A domain, or a local part and a domain; without brackets. */
  rcptTo: string;
};

/** `relay`: the recipient would be accepted. An error is neither that nor a refusal: a 4xx reply, or no answer. */
export type Answer = 'relay' | 'refused' | { error: string };

/** Where the rules would hand a message for an address. */
export type Route = { mailer: string; host: string; user: string };

/** Questions that go through one process; output stays far below what the shell bears. */
const BATCH = 1500;
const DEADLINE_MS = 60_000;
const SENDMAIL = '/usr/libexec/sendmail/sendmail';

type Shell = { run(command: string, deadlineMs?: number): Promise<ShellResult> };

/** Test mode takes a line for a command, and a macro's value up to its end: nothing else may come in. */
function plain(text: string): string {
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new Error(`cannot be asked of sendmail: ${JSON.stringify(text)}`);
  }
  return text;
}

const sendmailAddress = (address: string) => (address.includes(':') ? `IPv6:${address}` : address);

/** ${daemon_flags}: flags apart, upper-case ones doubled (op guide, ${daemon_flags}). */
export const daemonFlags = (modifiers: string): string =>
  [...modifiers.replace(/\s/g, '')].map((flag) => (/[A-Z]/.test(flag) ? flag + flag : flag)).join(' ');

function sessionMacros(listener: Listener | undefined): string[] {
  return [
    `.D{daemon_name}${listener?.name || 'MTA'}`,
    `.D{daemon_port}${listener?.port ?? 25}`,
    `.D{daemon_family}${listener?.family || 'inet'}`,
    `.D{daemon_flags}${daemonFlags(listener?.modifiers ?? '')}`,
    '.D{opMode}d',
    '.D{client_port}40000',
    '.D{client_connections}1',
    '.D{client_rate}1',
    '.D{mail_mailer}esmtp',
    '.D{rcpt_mailer}esmtp',
    '.D{addr_type}e r',
    '.D{nrcpts}0',
    '.D{ntries}0',
    '.DrESMTP',
    '.Dsclient.example',
  ];
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** The macros of one question. A macro of one letter has no braces. */
function macrosOf(question: Question): Record<string, string> {
  const address = sendmailAddress(question.clientAddress);
  const resolved = question.clientResolve === 'OK' || question.clientResolve === 'FORGED';
  return {
    '{client_addr}': address,
    // Without a name, sendmail puts the address in brackets in its place.
    '{client_name}': resolved ? question.clientName : `[${address}]`,
    '{client_ptr}': resolved ? question.clientName : '',
    '{client_resolve}': question.clientResolve,
    _: `${resolved ? question.clientName : ''}[${address}]`,
    '{mail_from}': `<${question.mailFrom}>`,
    '{mail_addr}': question.mailFrom,
    '{mail_host}': question.mailFrom === '' ? '' : `${domainOf(question.mailFrom)}.`,
    f: question.mailFrom === '' ? '<>' : question.mailFrom,
    '{rcpt_host}': `${domainOf(question.rcptTo)}.`,
  };
}

/** The lines that ask. Each recipient has the question's number as its local part, by which the answer is found. */
export function scriptOf(questions: readonly Question[], listener: Listener | undefined): string[] {
  const lines = sessionMacros(listener);
  const said: Record<string, string> = {};
  for (const [number, question] of questions.entries()) {
    for (const [name, value] of Object.entries(macrosOf(question))) {
      if (said[name] !== value) {
        lines.push(`.D${name}${plain(value)}`);
        said[name] = value;
      }
    }
    const recipient = `q${number}@${plain(domainOf(question.rcptTo))}`;
    lines.push(`.D{rcpt_addr}${recipient}`, `check_rcpt <${recipient}>`);
  }
  return lines;
}

/** What a result of check_rcpt does to the recipient: everything but an error and a discard accepts it. */
export function verdictOf(result: string): Answer {
  const error = /^\$# ?error (?:\$@ ?(\S+(?: ?\. ?\d+)*) )?\$: ?(.*)$/.exec(result);
  if (error) {
    const [, status = '', text = ''] = error;
    const code = /^"?([245])\d\d\b/.exec(text)?.[1];
    const temporary = code === undefined ? /^(4\b|tempfail)/i.test(status) : code === '4';
    return temporary ? { error: text.replaceAll('"', '').trim() } : 'refused';
  }
  return /^\$# ?(discard|error)\b/.test(result) ? 'refused' : 'relay';
}

/**
 * Finds the answers in the output. A ruleset may call others, or itself: the last result before the next question counts.
 *
 * @throws Error if a question has no answer
 */
export function answersIn(output: string, count: number): Answer[] {
  if (/^(?:> )*Undefined ruleset check_rcpt/m.test(output)) {
    // No such ruleset: sendmail then takes every recipient.
    return new Array<Answer>(count).fill('relay');
  }
  const answers = new Array<Answer | undefined>(count).fill(undefined);
  let current = -1;
  for (const line of output.split('\n')) {
    const asked = /^(?:> )+check_rcpt +input: <? ?q(\d+) @/.exec(line);
    if (asked) {
      current = Number(asked[1]);
      continue;
    }
    const returned = /^check_rcpt +returns: ?(.*)$/.exec(line);
    if (returned && current >= 0 && current < count) {
      answers[current] = verdictOf((returned[1] ?? '').trim());
    }
  }
  const missing = answers.findIndex((answer) => answer === undefined);
  if (missing >= 0) {
    const said = output.split('\n').filter((line) => !/^(> )*check_rcpt/.test(line));
    throw new Error(`sendmail -bt gave no answer to question ${missing + 1} of ${count}: ${said.slice(0, 5).join(' / ')}`);
  }
  return answers as Answer[];
}

/** Reads the last line of each answer of `/parse`. @throws Error if one has none */
export function routesIn(output: string, count: number): Route[] {
  const routes = output
    .split('\n')
    .map((line) => /^mailer ([^,]+)(?:, host (.*?))?(?:, user (.*))?$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, mailer = '', host = '', user = '']) => ({ mailer, host, user }));
  if (routes.length !== count) {
    throw new Error(`sendmail -bt routed ${routes.length} of ${count} addresses`);
  }
  return routes;
}

export class RuleTester {
  /** How many questions have been asked. */
  asked = 0;
  readonly #shell: Shell;
  readonly #facts: Pick<TargetFacts, 'listeners'>;

  constructor(target: { shell: Shell; facts: Pick<TargetFacts, 'listeners'> }) {
    this.#shell = target.shell;
    this.#facts = target.facts;
  }

  /**
   * Asks on the first listener, or on the given one.
   *
   * @throws Error if an answer is missing
   */
  async ask(questions: readonly Question[], listener = this.#facts.listeners[0]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let at = 0; at < questions.length; at += BATCH) {
      const batch = questions.slice(at, at + BATCH);
      const output = await this.#run(
        scriptOf(batch, listener),
        "'^\\(> \\)*check_rcpt  *\\(input\\|returns\\):\\|^\\(> \\)*Undefined ruleset check_rcpt'",
      );
      answers.push(...answersIn(output, batch.length));
      this.asked += batch.length;
    }
    return answers;
  }

  /** Where mail for these addresses would go. */
  async routes(addresses: readonly string[]): Promise<Route[]> {
    if (addresses.length === 0) {
      return [];
    }
    const output = await this.#run(
      addresses.map((address) => `/parse ${plain(address)}`),
      "'^mailer '",
    );
    this.asked += addresses.length;
    return routesIn(output, addresses.length);
  }

  /** What is in a class, as the running configuration has it: from lines, files and the machine. */
  async membersOf(...classes: string[]): Promise<Map<string, string[]>> {
    // An unset macro between two lists tells where one ends.
    const script = classes.flatMap((name) => [`$=${plain(name)}`, `.D{rp_end}end-of-${name}`, '${rp_end}']);
    const output = await this.#run(script, "''");
    const members = new Map<string, string[]>();
    let list: string[] = [];
    for (const line of output.split('\n').map((text) => text.replace(/^(> )*/, '').trim())) {
      const end = /^end-of-(.*)$/.exec(line);
      if (end) {
        members.set(end[1] ?? '', list);
        list = [];
      } else if (line !== '' && !/^(ADDRESS TEST MODE|Enter <ruleset>)/.test(line)) {
        list.push(line);
      }
    }
    if (members.size !== classes.length) {
      throw new Error(`sendmail -bt listed ${members.size} of ${classes.length} classes: ${output.slice(0, 300)}`);
    }
    return members;
  }

  /** Runs one process; `filter` is what grep lets through. */
  async #run(lines: readonly string[], filter: string): Promise<string> {
    const command = [
      // The delivery mode decides too (`deferred` skips the checks), and test mode has one of its own.
      "{ printf '.D{deliveryMode}%.1s\\n' \"$(sed -n 's/^O DeliveryMode=//p' /etc/mail/sendmail.cf | tail -n 1 | grep . || echo b)\"",
      "cat <<'END-OF-QUESTIONS'",
      ...lines,
      'END-OF-QUESTIONS',
      `} | ${SENDMAIL} -bt 2>&1 | grep -a ${filter}`,
    ].join('\n');
    return (await this.#shell.run(command, DEADLINE_MS)).output;
  }
}
