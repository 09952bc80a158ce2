/** The replies to AUTH: the codes that clients go by, and the enhanced codes of RFC 4954, where sendmail has its own. */
import type { Answer } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { SmtpStep } from '../scene.ts';
import { type Draft, overTls, reply, right, say, strangerScene, wrong } from './forms.ts';

/** sendmail’s replies to AUTH stand in its program. */
const inTheProgram = 'the reply stands in the program, and no option changes it';

type Question = {
  name: string;
  title: string;
  requirement: string;
  clauses: Draft['clauses'];
  steps: readonly SmtpStep[];
  answer: Answer;
  /** The enhanced code that the RFC has for it, which sendmail does not give. */
  enhanced?: string;
  level?: 'must' | 'should' | 'info';
};

const ask = (line: string): SmtpStep => ({ do: 'ask', line });

const questions: readonly Question[] = [
  {
    name: 'second-auth',
    title: 'a second AUTH after one that succeeded',
    requirement: 'After a successful AUTH a server MUST answer another one with 503.',
    clauses: [clauses.authOnce],
    steps: [{ do: 'auth', ...right('PLAIN') }, ask('AUTH PLAIN')],
    answer: { codes: [503] },
  },
  {
    name: 'auth-in-transaction',
    title: 'AUTH between MAIL and RCPT',
    requirement: 'A server MUST answer AUTH inside a mail transaction with 503.',
    clauses: [clauses.authOnce],
    steps: [{ do: 'mail' }, ask('AUTH PLAIN')],
    answer: { codes: [503] },
  },
  {
    name: 'cancelled-plain',
    title: '“*” for a response to PLAIN',
    requirement: 'A server MUST answer a client that cancels AUTH with 501.',
    clauses: [clauses.authMechanisms],
    steps: [...say('AUTH PLAIN'), ask('*')],
    answer: { codes: [501] },
  },
  {
    name: 'undecodable',
    title: 'an initial response that is no base64',
    requirement: 'A server MUST answer a response that it cannot decode with 501.',
    clauses: [clauses.authMechanisms],
    steps: [ask('AUTH PLAIN {u}!')],
    answer: { codes: [501] },
    enhanced: '5.5.2',
  },
  {
    name: 'undecodable-response',
    title: 'a response that is no base64',
    requirement:
      'A server MUST answer a response that it cannot decode with 501, in the middle of an exchange as well.',
    clauses: [clauses.authMechanisms],
    steps: [...say('AUTH PLAIN'), ask('%%%%')],
    answer: { codes: [501] },
  },
  {
    name: 'unknown-mechanism',
    title: 'AUTH with a mechanism that nobody has',
    level: 'should',
    requirement:
      'A server SHOULD answer a mechanism that it does not offer with 504, so that the client tries another.',
    clauses: [clauses.authMechanisms],
    steps: [ask('AUTH X-NONE')],
    answer: { codes: [504] },
    enhanced: '5.5.4',
  },
  {
    name: 'auth-without-mechanism',
    title: 'AUTH without a mechanism',
    level: 'should',
    requirement: 'A server SHOULD answer AUTH without a mechanism with 501.',
    clauses: [clauses.authMechanisms],
    steps: [ask('AUTH')],
    answer: { codes: [501] },
  },
  {
    name: 'response-before-challenge',
    title: 'an initial response for CRAM-MD5, in which the server begins',
    level: 'info',
    requirement: 'A server SHOULD answer an initial response for a mechanism in which it begins itself with 501.',
    clauses: [clauses.authMechanisms],
    steps: [ask('AUTH CRAM-MD5 AAAA')],
    answer: { codes: [501] },
  },
];

const asked: Draft[] = questions.flatMap(
  ({ name, title, steps, answer, enhanced, level = 'must', ...parts }): Draft[] => {
    const plain: Draft = {
      ...reply,
      ...parts,
      level,
      id: `smtp-auth/${name}-answer`,
      title: `the answer to ${title}`,
      refusedIn: ['auth'],
      applies: { offered: name === 'response-before-challenge' ? 'CRAM-MD5' : 'PLAIN' },
      answer,
      remedy: 'Nothing in the configuration decides it: update sendmail, or look at what stands in front of it.',
      noControl: inTheProgram,
      scene: strangerScene({ session: [...overTls, ...steps] }),
    };
    if (enhanced === undefined) {
      return [plain];
    }
    return [
      plain,
      {
        ...plain,
        level: 'info',
        id: `smtp-auth/${name}-enhanced-code`,
        title: `the enhanced code in the answer to ${title}`,
        requirement: `The answer to ${title} SHOULD have the enhanced code that RFC 4954 has for it.`,
        answer: { codes: answer.codes, enhanced: [enhanced] },
      },
    ];
  },
);

const credentials: Draft[] = (
  [
    {
      name: 'success',
      auth: right('PLAIN'),
      code: 235,
      enhanced: '2.7.0',
      words: 'the right password',
    },
    {
      name: 'failure',
      auth: wrong('PLAIN'),
      code: 535,
      enhanced: '5.7.8',
      words: 'a wrong password',
    },
  ] as const
).flatMap(({ name, auth, code, enhanced, words }): Draft[] => {
  const plain: Draft = {
    ...reply,
    level: 'should',
    id: `smtp-auth/${name}-answer`,
    title: `the answer to ${words}`,
    requirement: `A server SHOULD answer ${words} with ${code}.`,
    clauses: [clauses.authReplies],
    applies: { modes: ['smtp-auth', 'both'], offered: 'PLAIN' },
    answer: { codes: [code] },
    remedy: 'See the log for what SASL says: users whose program gets another code are not asked for their password.',
    scene: strangerScene({ auth, until: 'auth' }),
  };
  return [
    plain,
    {
      ...plain,
      level: 'info',
      id: `smtp-auth/${name}-enhanced-code`,
      title: `the enhanced code in the answer to ${words}`,
      requirement: `The answer to ${words} SHOULD have the enhanced code of its own in RFC 4954 section 6.`,
      answer: { codes: [code], enhanced: [enhanced] },
      remedy: 'Nothing in the configuration decides it: sendmail has codes of its own.',
      noControl: inTheProgram,
    },
  ];
});

/** AUTH where no EHLO has offered it. Stock sendmail takes it. */
const unasked: Draft[] = [
  { name: 'before-greeting', words: 'before any greeting', steps: [] as SmtpStep[] },
  { name: 'after-helo', words: 'after HELO', steps: [{ do: 'greet', with: 'HELO' }] as SmtpStep[] },
].map(({ name, words, steps }) => ({
  ...reply,
  level: 'info',
  id: `smtp-auth/auth-${name}`,
  title: `the answer to AUTH ${words}`,
  requirement: `A server SHOULD answer AUTH ${words} with 503, since no EHLO has offered it.`,
  clauses: [clauses.authAdvertised],
  applies: { offered: 'SCRAM-SHA-256' },
  answer: { codes: [503] },
  remedy: 'Nothing in the configuration decides it: sendmail takes AUTH at any time outside a transaction.',
  noControl: inTheProgram,
  scene: strangerScene({ tls: false, session: [...steps, ask('AUTH SCRAM-SHA-256')] }),
}));

export const replyAttempts: Draft[] = [...asked, ...credentials, ...unasked];
