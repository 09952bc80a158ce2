/** Asks a target's rules about the envelope of one session, and has sendmail say how it came to its answer. */
import { quoted, type ShellResult } from './container-shell.ts';
import { type Answer, verdictOf } from './rule-answers.ts';
import { macrosOf, type Question, sessionMacros } from './rule-questions.ts';
import { OPTIONS, OWN_RULE_PROGRAM } from './rule-tester.ts';
import { type Call, readTrace } from './rule-trace.ts';
import type { Listener } from './target-facts.ts';

/** A question with the recipient or sender as it went over the wire, and what else the session had. */
export type EnvelopeQuestion = {
  question: Question;
  ruleset: 'check_rcpt' | 'check_mail';
  /** What the ruleset is given. */
  address: string;
  /** Further macros, such as `{auth_type}`. */
  macros: Readonly<Record<string, string>>;
  listener: Listener | undefined;
};

/** A configuration that differs from the target's in one file. */
export type Variant = { file: string; content: Buffer };

const DEADLINE_MS = 60_000;

type Shell = { run(command: string, deadlineMs?: number): Promise<ShellResult> };

/** Whether test mode can be given it: a line of printable ASCII. */
export const canBeAsked = ({ question, address, macros }: EnvelopeQuestion): boolean =>
  [address, question.clientName, question.mailFrom, question.rcptTo, ...Object.values(macros)].every(
    (text) => /^[\x20-\x7e]*$/.test(text) && text.length < 500,
  );

function linesFor(questions: readonly EnvelopeQuestion[], flags: readonly string[]): string[] {
  const print = '$' + '{rp_trace}';
  return questions.flatMap((asked, index) => [
    ...sessionMacros(asked.listener),
    // Macros of the question before must not stay.
    ...['auth_type', 'auth_authen', 'auth_author', 'verify', 'tls_version', 'cert_subject', 'cert_issuer', 'cn_subject']
      .filter((name) => !(`{${name}}` in asked.macros))
      .map((name) => `.D{${name}}`),
    ...Object.entries({ ...macrosOf(asked.question), '{rcpt_addr}': asked.question.rcptTo, ...asked.macros }).map(
      ([name, value]) => `.D${name}${value}`,
    ),
    `.D{rp_trace}trace-${index}`,
    print,
    ...flags,
    `${asked.ruleset} ${asked.address}`,
    ...flags.map((flag) => flag.replace(/\.\d+$/, '.0')),
  ]);
}

/** What was printed for each question. */
function parts(output: string, count: number): string[] {
  const found = new Array<string>(count).fill('');
  let current = -1;
  for (const line of output.split('\n')) {
    const begun = /^(?:> )*trace-(\d+)$/.exec(line.trimEnd());
    if (begun) {
      current = Number(begun[1]);
    } else if (current >= 0 && current < count) {
      found[current] += `${line}\n`;
    }
  }
  return found;
}

const bt = (lines: readonly string[], configuration: string) =>
  [
    `{ printf '.D{deliveryMode}%.1s\\n' "$(sed -n 's/^O DeliveryMode=//p' ${configuration} | tail -n 1 | grep . || echo b)"`,
    "cat <<'END-OF-QUESTIONS'",
    ...lines,
    'END-OF-QUESTIONS',
    `} | ${OWN_RULE_PROGRAM.sendmail} -C ${configuration} ${OPTIONS} -bt 2>&1`,
  ].join('\n');

export class RuleTracer {
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** The compiled configuration. */
  async configuration(): Promise<string> {
    return (await this.#shell.run('cat /etc/mail/sendmail.cf')).output;
  }

  /** Has each question traced, in one process; undefined where there is no such ruleset. */
  async trace(questions: readonly EnvelopeQuestion[]): Promise<(Call | undefined)[]> {
    const lines = linesFor(questions, ['-d21.12', '-d60.1']);
    const { output } = await this.#shell.run(bt(lines, '/etc/mail/sendmail.cf'), DEADLINE_MS);
    return parts(output, questions.length).map(readTrace);
  }

  /**
   * The rules' answers, of the target's configuration or of a variant of it, which is made beside it. Undefined where
   * there is none, as when a variant does not compile.
   */
  async answers(
    questions: readonly EnvelopeQuestion[],
    variant?: Variant,
    accessMap?: { type: string; path: string },
  ): Promise<(Answer | undefined)[]> {
    const configuration = variant ? `${BESIDE}/changed.cf` : '/etc/mail/sendmail.cf';
    const command = [
      ...(variant ? layBeside(variant, accessMap) : []),
      `${bt(linesFor(questions, []), configuration)} | grep -a -e '^\\(> \\)*trace-[0-9]' -e '^\\(> \\)*check_[a-z]* *returns:'`,
    ];
    const { output } = await this.#shell.run(command.join('\n'), DEADLINE_MS);
    return parts(output, questions.length).map(answerIn);
  }

  /** Takes the last variant away. */
  async clear(): Promise<void> {
    await this.#shell.run(`rm -rf ${BESIDE}`);
  }
}

/** Where a variant lies: a whole copy of /etc/mail. */
const BESIDE = '/run/relayproof/without';

function layBeside({ file, content }: Variant, accessMap: { type: string; path: string } | undefined): string[] {
  const path = quoted(`${BESIDE}/${file}`);
  // A line of the copy's sendmail.cf that names a file names the copy's.
  const moved = `sed 's#/etc/mail/#${BESIDE}/#g'`;
  return [
    `rm -rf ${BESIDE}; cp -a /etc/mail ${BESIDE}`,
    `base64 -d > ${path} <<'END-OF-FILE'\n${content.toString('base64').replace(/.{1,76}/g, '$&\n')}END-OF-FILE`,
    file === 'sendmail.mc'
      ? `m4 -I/usr/share/sendmail/cf/cf ${path} 2> /dev/null | ${moved} > ${BESIDE}/changed.cf`
      : `${moved} ${file === 'sendmail.cf' ? path : '/etc/mail/sendmail.cf'} > ${BESIDE}/changed.cf`,
    ...(accessMap?.path === `/etc/mail/${file}` ? [`makemap ${accessMap.type} ${path} < ${path} 2> /dev/null`] : []),
  ];
}

/** The last result: a ruleset may call itself. */
function answerIn(output: string): Answer | undefined {
  const last = [...output.matchAll(/^(?:> )*check_\w+ +returns: ?(.*)$/gm)].at(-1);
  return last && verdictOf((last[1] ?? '').trim());
}
