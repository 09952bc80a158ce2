/**
 * Mail clients: who can send, and who no longer can after a migration. Decides nothing: which programs a server has to
 * serve is its operator's affair.
 */
import { type Attempt, defineSuite } from './attempt.ts';
import { clauses } from './clauses.ts';
import { mechanismsOf, type ScriptedProgram, sceneOf, type Way, wordsOf } from './mail-clients/program.ts';
import {
  mechanismsOfReal,
  type RealMailProgram,
  realPrograms,
  sceneOfReal,
  wordsOfReal,
} from './mail-clients/real-programs.ts';
import { scriptedPrograms } from './mail-clients/scripted-programs.ts';

type Draft = Omit<Attempt, 'suite'>;

/** What is asked of a server for a way to send, and what to do where a program cannot. */
type Wish = Pick<Attempt, 'requirement' | 'clauses' | 'remedy'>;

const afterPopLogin: Wish = {
  requirement:
    'A server that lets out mail after a POP login SHOULD do so for every mail program that can log in over POP3.',
  clauses: [clauses.popBeforeSmtp, clauses.popLogin],
  remedy:
    'Set the program up to authenticate, where it can: the other lines of its table say how. A program that cannot needs ' +
    'POP before SMTP, or a relay of its own in a trusted network.',
};

const inClear: Wish = {
  requirement: 'A server SHOULD offer a mechanism without TLS that the mail programs know which have no TLS.',
  clauses: [clauses.authAdvertised, clauses.plaintextAuth],
  remedy:
    'Set the program up for TLS, where it has it. Without p in confAUTH_OPTIONS the server takes PLAIN and LOGIN in clear, ' +
    'and passwords go over the network as they are; CRAM-MD5 does not have that price, and few programs know it.',
};

const overStartTls: Wish = {
  requirement: 'A server SHOULD let mail programs authenticate over STARTTLS with the mechanisms that they know.',
  clauses: [clauses.plainOverTls, clauses.startTls],
  remedy:
    'Name LOGIN and PLAIN in confAUTH_MECHANISMS and in TRUST_AUTH_MECH, and see that STARTTLS works. A program that ' +
    'speaks no TLS of today needs another program, or a relay of its own in a trusted network.',
};

const overTls: Wish = {
  requirement: 'A server SHOULD listen on port 465 as long as mail programs are in use that know TLS there alone.',
  clauses: [clauses.implicitTls],
  remedy:
    'Add DAEMON_OPTIONS(`Name=MSS, Port=smtps, M=s’), which needs a certificate, or set the program up for STARTTLS on ' +
    'port 587, where it can.',
};

function wishFor({ pop, tls }: Pick<Way, 'pop' | 'tls'>): Wish {
  if (pop) {
    return afterPopLogin;
  }
  return { none: inClear, 'if-offered': overStartTls, required: overStartTls, 'from-the-first-octet': overTls }[tls];
}

const common = {
  level: 'info',
  effect: 'lock-out',
  // Where nobody may send, there is nothing to ask.
  applies: { modes: ['pop-before-smtp', 'smtp-auth', 'both'] },
  expected: 'deliver',
  refusedIn: [],
} as const satisfies Partial<Attempt>;

const scripted = (program: ScriptedProgram): Draft[] =>
  program.ways.map((way) => ({
    ...common,
    ...wishFor(way),
    id: `mail-clients/${program.id}-${way.id}`,
    title: `${program.name}: ${wordsOf(way)}`,
    aliases: ['scripted-programs', program.id],
    client: {
      program: program.name,
      era: program.era,
      way: wordsOf(way),
      by: 'script',
      pop: way.pop === true,
      mechanisms: mechanismsOf(program, way).map(({ mechanism }) => mechanism),
      ...(program.listedBy ? { oldKeyword: true } : {}),
    },
    scene: sceneOf(program, way),
  }));

const real = (program: RealMailProgram): Draft[] =>
  program.ways.map((way) => ({
    ...common,
    ...wishFor({ tls: way.tls, ...(way.pop ? { pop: true } : {}) }),
    id: `mail-clients/${program.id}-${way.id}`,
    title: `${program.name} itself: ${wordsOfReal(way)}`,
    aliases: ['real-programs', program.id],
    client: {
      program: program.name,
      era: program.era,
      way: wordsOfReal(way),
      by: 'program',
      pop: way.pop !== undefined,
      mechanisms: mechanismsOfReal(program, way),
    },
    scene: sceneOfReal(program, way),
  }));

export const mailClients = defineSuite(
  'mail-clients',
  'Mail clients: which programs can send, and what the others would need',
  [...scriptedPrograms.flatMap(scripted), ...realPrograms.flatMap(real)],
  { onlyIfNamed: true },
);
