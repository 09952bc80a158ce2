/** What an attempt is: typed data that an auditor can read, and that the harness performs as it stands. */
import type { AuthMode, Clause, Effect, Expectation, Level, Phase } from '../reports/model.ts';
import type { Mechanism, Scene, Sweep } from './scene.ts';

export type { AuthStep, Mechanism, PopStep, Scene, Sweep } from './scene.ts';

/** When an attempt applies; decided from the configuration, before it runs. */
export type Applies = {
  modes?: readonly AuthMode[];
  /** The mechanism must be offered over this scene's channel. */
  offered?: Mechanism;
  /** What the configuration must have, or there is nothing to try. */
  needs?: Need;
};

/** Things that not every configuration has. */
export type Need =
  /** Some mechanism offered over this scene's channel that the harness's clients know. */
  | 'auth'
  | 'tls'
  | 'outside-alias'
  | 'outside-virtual-user'
  | 'relay-to'
  | 'trusted-networks'
  | 'trusted-hosts'
  | 'refused-sender'
  | 'refused-recipient'
  | 'procmail'
  /** A mailer that hands `user+detail` to its user. */
  | 'forward-files'
  /** A writer that follows the POP server's log. */
  | 'log-following-writer';

/** The one right answer to the last command, where the attempt is about a reply. */
export type Answer = { codes: readonly number[]; enhanced?: readonly string[] };

/** The mail program that an attempt stands for, as somebody has set it up. */
export type MailClient = {
  /** Program and versions, such as `Outlook Express 5 and 6`. */
  program: string;
  /** When it was in use: `1999–2006`. */
  era: string;
  /** How it is set up to send, in a few words: `AUTH in clear, port 25`. */
  way: string;
  /** Its dialogue as a script, or the program itself. */
  by: 'script' | 'program';
  /** Whether it logs in over POP3 before it sends. */
  pop: boolean;
  /** What it can authenticate with, best first; empty where it is not set up to. */
  mechanisms: readonly string[];
  /** It looks for `AUTH=` in the reply to EHLO, and not for `AUTH`. */
  oldKeyword?: true;
};

export type Attempt = {
  id: string;
  suite: string;
  title: string;
  /** One sentence with MUST or SHOULD. */
  requirement: string;
  clauses: readonly Clause[];
  level: Level;
  effect: Effect;
  applies: Applies;
  expected: Expectation;
  /** Phases in which a refusal is the expected one; elsewhere it says nothing about relaying. */
  refusedIn: readonly Phase[];
  /** Enhanced status codes of a rejection that is not about relaying and still the right answer to this form. */
  rejectedWith?: readonly string[];
  /** Codes of temporary refusals that are the right answer; elsewhere 4xx is no block. */
  deferredWith?: readonly number[];
  /** The replies that pass; any other fails. */
  answer?: Answer;
  remedy: string;
  /** Other names to select it by. */
  aliases: readonly string[];
  /** Why no control can show that it fails, where none can. */
  noControl?: string;
  /** Where the question is whether a mail program can send: which one. */
  client?: MailClient;
  /** One of the few that every control gets as well, to see that it has no other fault than its own. */
  core?: true;
  /**
   * One of a product of many forms, each of which other attempts make on their own as well: where many configurations
   * are run, controls are not asked it.
   */
  ofProduct?: true;
  scene: Scene | Sweep;
};

export type Suite = {
  name: string;
  title: string;
  attempts: Attempt[];
  /** It is part of a run only where it, or one of its attempts, is named. */
  onlyIfNamed?: true;
};

/** Checks what types cannot: the suite's name in every id, one sentence with MUST or SHOULD. */
export function defineSuite(
  name: string,
  title: string,
  attempts: Omit<Attempt, 'suite'>[],
  options: Pick<Suite, 'onlyIfNamed'> = {},
): Suite {
  for (const attempt of attempts) {
    if (!attempt.id.startsWith(`${name}/`)) {
      throw new Error(`attempt ${attempt.id}: the id must begin with "${name}/"`);
    }
    if (!/\b(MUST|SHOULD)\b.*\.$/.test(attempt.requirement)) {
      throw new Error(`attempt ${attempt.id}: the requirement must be a sentence with MUST or SHOULD`);
    }
  }
  return { name, title, attempts: attempts.map((attempt) => ({ ...attempt, suite: name })), ...options };
}

/** Ports, as ids and titles name them; 25 is the plain case. */
export const ports = [
  { port: 25, suffix: '', where: 'on port 25' },
  { port: 587, suffix: '-submission', where: 'on port 587' },
] as const;
