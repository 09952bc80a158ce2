/** Clients that do not keep to the form of a session. */
import type { Attempt } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene, SmtpStep } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const greet = { do: 'greet' } as const;
const envelope: SmtpStep[] = [{ do: 'mail' }, { do: 'rcpt' }, { do: 'data' }];

const scene = (session: readonly SmtpStep[], more: Partial<Scene> = {}): Scene => ({
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
  session,
  ...more,
});

const blocked = {
  requirement: 'A server MUST NOT relay for a stranger, however he conducts the session.',
  clauses: [clauses.restrictRelay],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  remedy:
    'See the log lines for the rule that let the recipient pass; a stranger’s recipients are those of local domains.',
  aliases: [],
} as const satisfies Partial<Draft>;

const say = (line: string): SmtpStep => ({ do: 'say', line });

/** Four times what RFC 5321 section 4.5.3.1.4 lets a command line have. */
const OVERLONG = 2_048;

const pregreeted = ['EHLO {name}', 'MAIL FROM:<{u}@{S}>', 'RCPT TO:<{u}@{E}>', ''].join('\r\n');

/** Below what sendmail takes for an attack, and slows down (MaxNOOPCommands 20, MaxHELOCommands 3). */
const idling = Array.from({ length: 12 }, () => [say('NOOP'), say('RSET')]).flat();

export const sessions: readonly Draft[] = [
  {
    ...blocked,
    id: 'transport/session-that-goes-on',
    title: 'a session that goes on and on with NOOP and RSET, then a message to outside',
    scene: scene([greet, ...idling, greet, ...envelope]),
  },
  {
    ...blocked,
    id: 'transport/session-with-overlong-command',
    title: 'a command line of 2,048 octets, then a message to outside',
    // "421 4.7.0 Command too long, possible attack", and the session ends.
    deferredWith: [421],
    noControl: 'sendmail ends the session, whatever its rules say',
    scene: scene([greet, say(`NOOP ${'x'.repeat(OVERLONG)}`), ...envelope]),
  },
  {
    ...blocked,
    id: 'transport/session-begun-by-client',
    title: 'a client that does not wait for the server’s greeting',
    noControl:
      'No one fault lets it pass: sendmail answers 554 to all that comes before its time, and besides it does not relay',
    // The greeting has been read; whatever is answered to the three commands comes now.
    // With FEATURE(greet_pause) the 554 stands in the greeting's place.
    rejectedWith: ['5.0.0', '5.5.0', ''],
    refusedIn: ['connect', 'mail', 'rcpt', 'data', 'greeting'],
    scene: scene([{ do: 'write', octets: '', replies: 3 }, { do: 'data' }], { pregreeting: pregreeted }),
  },
];
