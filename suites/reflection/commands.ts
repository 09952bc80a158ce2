/** Commands with which a stranger learns about users, or has the server do something for him. */
import { type Attempt, ports } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { Scene } from '../scene.ts';

type Draft = Omit<Attempt, 'suite'>;

const greet = { do: 'greet' } as const;

const asking = (line: string, port: 25 | 587): Scene => ({
  family: 'ipv4',
  port,
  tls: false,
  mailFrom: '<{u}@{S}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
  session: [greet, { do: 'ask', line }],
});

const answered = {
  level: 'should',
  effect: 'weak',
  applies: {},
  expected: 'block',
  refusedIn: ['command', 'greeting'],
  aliases: [],
} as const satisfies Partial<Draft>;

/** 252 says nothing (RFC 5321 section 3.5.3); 500 and 502 that there is no such command, 550 of who must not use it. */
const saysNothing = [252, 500, 502, 550];

const users = ports.flatMap(({ port, suffix, where }): Draft[] => [
  {
    ...answered,
    id: `reflection/vrfy${suffix}`,
    title: `VRFY of an existing user, ${where}`,
    requirement: 'A server SHOULD NOT tell strangers with VRFY which users it has.',
    clauses: [clauses.verify],
    answer: { codes: saysNothing },
    remedy: 'Put novrfy into confPRIVACY_FLAGS; the answer is 252 then.',
    scene: asking('VRFY {account}', port),
  },
  {
    ...answered,
    id: `reflection/expn${suffix}`,
    title: `EXPN of an alias, ${where}`,
    requirement: 'A server SHOULD NOT tell strangers with EXPN who is behind an alias.',
    clauses: [clauses.verify],
    remedy: 'Put noexpn into confPRIVACY_FLAGS.',
    scene: asking('EXPN postmaster', port),
  },
  {
    ...answered,
    id: `reflection/etrn${suffix}`,
    title: `ETRN for an outside domain, ${where}`,
    requirement: 'A server SHOULD NOT run its queue because a stranger asks for it with ETRN.',
    clauses: [clauses.etrn],
    remedy: 'Put noetrn into confPRIVACY_FLAGS, or M=E on the daemon.',
    scene: asking('ETRN @{E}', port),
  },
  {
    ...answered,
    id: `reflection/verb${suffix}`,
    title: `VERB, which shows a delivery as it happens, ${where}`,
    requirement: 'A server SHOULD NOT show strangers what becomes of their message inside.',
    clauses: [clauses.verify],
    answer: { codes: [500, 502] },
    remedy: 'Put noverb into confPRIVACY_FLAGS; noexpn implies it.',
    scene: asking('VERB', port),
  },
]);

/** Commands that stand for holes of old servers and proxies; sendmail of today knows none of them. */
const foreign = [
  ['turn', 'TURN', 'give strangers the mail of a domain that they claim to be'],
  ['debug', 'DEBUG', 'run a stranger’s commands'],
  ['wiz', 'WIZ', 'give a stranger a shell'],
  ['xclient', 'XCLIENT ADDR=127.0.0.1 NAME=localhost', 'believe a stranger’s word about his address'],
  ['xforward', 'XFORWARD ADDR=127.0.0.1', 'believe a stranger’s word about his address'],
  ['proxy', 'PROXY TCP4 127.0.0.1 127.0.0.1 25000 25', 'believe a stranger’s word about his address'],
] as const;

const unknown = foreign.flatMap(([id, line, what]): Draft[] => {
  const draft = {
    ...answered,
    level: 'must',
    effect: 'leak',
    clauses: [clauses.restrictRelay],
    requirement: `A server MUST NOT ${what}.`,
    remedy: 'This is no setting of sendmail.mc: look for another program on the port, or a proxy before it.',
    noControl: 'sendmail does not know the command, whatever its configuration says',
  } as const;
  return ports.map(({ port, suffix, where }) => ({
    ...draft,
    id: `reflection/${id}${suffix}`,
    title: `${line.split(' ')[0]}, ${where}`,
    rejectedWith: ['5.5.1', '5.5.0'],
    scene: asking(line, port),
  }));
});

export const commands: readonly Draft[] = [...users, ...unknown];
