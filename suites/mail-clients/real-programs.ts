/** Mail programs that are run as they are: those that Debian has, and nodemailer. */
import type { Mechanism } from '../attempt.ts';
import type { ProgramRun, RealProgram, Scene } from '../scene.ts';
import { type Source, wordsOf } from './program.ts';

export type RealWay = {
  id: string;
  port: Scene['port'];
} & Omit<ProgramRun, 'program'>;

export type RealMailProgram = {
  id: RealProgram;
  name: string;
  era: string;
  /** What it can authenticate with by its own choice, best first: in clear, and under TLS. */
  mechanisms: { clear: readonly Mechanism[]; protected: readonly Mechanism[] };
  ways: readonly RealWay[];
  sources: readonly Source[];
};

const loginWords: Record<NonNullable<ProgramRun['pop']>['by'], string> = {
  'user-pass': 'POP login',
  apop: 'APOP login',
  'auth-plain': 'POP AUTH PLAIN',
  'auth-login': 'POP AUTH LOGIN',
  'auth-cram-md5': 'POP CRAM-MD5',
  stls: 'POP STLS',
};

/** A way in a few words, as those of scripted programs are. */
export function wordsOfReal({ id, port, tls, pop, auth }: RealWay): string {
  if (pop) {
    return `${loginWords[pop.by]}, then port ${port}`;
  }
  const named = auth === undefined || auth === 'own-choice' ? {} : { mechanisms: [{ mechanism: auth }] };
  return wordsOf({ id, port, tls, ...named });
}

/** What a program may authenticate with, set up that way. */
export function mechanismsOfReal({ mechanisms }: RealMailProgram, { auth, tls }: RealWay): readonly Mechanism[] {
  if (auth === undefined) {
    return [];
  }
  return auth === 'own-choice' ? mechanisms[tls === 'none' ? 'clear' : 'protected'] : [auth];
}

export const sceneOfReal = ({ id: program }: RealMailProgram, { id: _, port, ...run }: RealWay): Scene => ({
  family: 'ipv4',
  port,
  tls: run.tls !== 'none',
  mailFrom: '<{account}@{L}>',
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
  ...(run.tls === 'from-the-first-octet' ? { implicitTls: {} } : {}),
  by: { program, ...run },
});

const afterPop = (id: string, pop: NonNullable<ProgramRun['pop']>): RealWay => ({ id, port: 25, tls: 'none', pop });
const ownChoice: readonly RealWay[] = [
  { id: 'clear', port: 25, tls: 'none', auth: 'own-choice' },
  { id: 'tls-if-offered', port: 25, tls: 'if-offered', auth: 'own-choice' },
  { id: 'starttls', port: 587, tls: 'required', auth: 'own-choice' },
  { id: 'tls', port: 465, tls: 'from-the-first-octet', auth: 'own-choice' },
];

const ofCurl = ['DIGEST-MD5', 'CRAM-MD5', 'PLAIN', 'LOGIN'] as const;
const ofNodemailer = ['PLAIN', 'LOGIN', 'CRAM-MD5'] as const;
/** As msmtp 1.8.28 was seen to choose. */
const ofMsmtp = ['SCRAM-SHA-256', 'SCRAM-SHA-1'] as const;

export const realPrograms: readonly RealMailProgram[] = [
  {
    id: 'curl',
    name: 'curl',
    era: '2009–',
    mechanisms: { clear: ofCurl, protected: ofCurl },
    ways: [afterPop('pop', { program: 'curl', by: 'apop' }), ...ownChoice],
    sources: [{ what: 'curl 8.14 of Debian', url: 'https://curl.se/docs/manpage.html' }],
  },
  {
    id: 'msmtp',
    name: 'msmtp, with mpop',
    era: '2004–',
    mechanisms: { clear: ofMsmtp, protected: [...ofMsmtp, 'PLAIN', 'CRAM-MD5', 'DIGEST-MD5', 'LOGIN'] },
    ways: [
      afterPop('pop', { program: 'mpop', by: 'user-pass' }),
      afterPop('stls-pop', { program: 'mpop', by: 'stls' }),
      ...ownChoice.filter(({ tls }) => tls !== 'if-offered'),
      { id: 'plain-starttls', port: 587, tls: 'required', auth: 'PLAIN' },
    ],
    sources: [
      { what: 'msmtp 1.8 of Debian', url: 'https://marlam.de/msmtp/msmtp.html' },
      { what: 'mpop 1.4 of Debian', url: 'https://marlam.de/mpop/mpop.html' },
    ],
  },
  {
    id: 'swaks',
    name: 'swaks, with mpop',
    era: '2003–',
    mechanisms: { clear: [], protected: [] },
    ways: [
      afterPop('pop', { program: 'mpop', by: 'auth-cram-md5' }),
      { id: 'clear', port: 25, tls: 'none', auth: 'LOGIN' },
      { id: 'cram-md5', port: 25, tls: 'none', auth: 'CRAM-MD5' },
      { id: 'tls-if-offered', port: 25, tls: 'if-offered', auth: 'LOGIN' },
      { id: 'login-starttls', port: 587, tls: 'required', auth: 'LOGIN' },
      { id: 'plain-starttls', port: 587, tls: 'required', auth: 'PLAIN' },
      { id: 'tls', port: 465, tls: 'from-the-first-octet', auth: 'PLAIN' },
    ],
    sources: [{ what: 'swaks 20240103 of Debian', url: 'https://man.archlinux.org/man/swaks.1.en' }],
  },
  {
    id: 'nodemailer',
    name: 'nodemailer',
    era: '2010–',
    mechanisms: { clear: ofNodemailer, protected: ofNodemailer },
    ways: [afterPop('pop', { program: 'poplib', by: 'user-pass' }), ...ownChoice],
    sources: [{ what: 'nodemailer 10.6 and poplib', url: 'https://www.npmjs.com/package/nodemailer' }],
  },
];
