/** What an attempt is: typed data that an auditor can read, and that the harness performs as it stands. */
import type { AuthMode, Clause, Effect, Expectation, Level, Phase } from '../reports/model.ts';

export type Mechanism =
  | 'PLAIN'
  | 'LOGIN'
  | 'CRAM-MD5'
  | 'DIGEST-MD5'
  | 'SCRAM-SHA-1'
  | 'SCRAM-SHA-256'
  | 'ANONYMOUS'
  | 'EXTERNAL';

/** What happens over POP3 before the message is sent, in this order. */
export type PopStep =
  | {
      do: 'login';
      /** `user-only`: USER and QUIT; `dropped`: USER, and the connection is cut. */
      with: 'right-password' | 'wrong-password' | 'unknown-user' | 'user-only' | 'dropped';
      /** Where from: the sender's own address, another one of its /24, one whose text begins with it, or its other family. */
      from: 'same' | 'neighbour' | 'prefix' | 'other-family';
    }
  /** The authorisation becomes that much older, in units of its lifetime, and the writer's regular sweep runs. */
  | { do: 'age'; lifetimes: number };

export type AuthStep = {
  mechanism: Mechanism;
  with: 'right-password' | 'wrong-password' | 'empty-password' | 'unknown-user';
};

/**
 * One try to get one message through. Addresses are written as they go over the wire, with names in braces:
 * `{u}` a local part with the attempt's token, `{E}` the recipients' outside domain, `{S}` the senders', `{com}` and
 * so on other outside domains, `{H}` the target's host name, `{I}` its IPv4 address, `{L}` a local domain,
 * `{account}` an existing local account.
 */
export type Scene = {
  family: 'ipv4' | 'ipv6';
  port: 25 | 587;
  tls: boolean;
  pop?: readonly PopStep[];
  auth?: AuthStep;
  mailFrom: string;
  rcptTo: string;
  /** Where the message must turn up if it gets through: outside at the sink, or in the account's mailbox. */
  destination: 'sink' | 'mailbox';
  /** The last thing to do, where the outcome is decided before a message is sent. */
  until?: 'auth';
};

/** When an attempt applies; decided from the configuration, before it runs. */
export type Applies = {
  modes?: readonly AuthMode[];
  /** The mechanism must be offered over this scene's channel. */
  offered?: Mechanism;
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
  remedy: string;
  /** Other names to select it by. */
  aliases: readonly string[];
  /** Why no control can show that it fails, where none can. */
  noControl?: string;
  scene: Scene;
};

export type Suite = { name: string; title: string; attempts: Attempt[] };

/** Checks what types cannot: the suite's name in every id, one sentence with MUST or SHOULD. */
export function defineSuite(name: string, title: string, attempts: Omit<Attempt, 'suite'>[]): Suite {
  for (const attempt of attempts) {
    if (!attempt.id.startsWith(`${name}/`)) {
      throw new Error(`attempt ${attempt.id}: the id must begin with "${name}/"`);
    }
    if (!/\b(MUST|SHOULD)\b.*\.$/.test(attempt.requirement)) {
      throw new Error(`attempt ${attempt.id}: the requirement must be a sentence with MUST or SHOULD`);
    }
  }
  return { name, title, attempts: attempts.map((attempt) => ({ ...attempt, suite: name })) };
}

/** Ports, as ids and titles name them; 25 is the plain case. */
export const ports = [
  { port: 25, suffix: '', where: 'on port 25' },
  { port: 587, suffix: '-submission', where: 'on port 587' },
] as const;
