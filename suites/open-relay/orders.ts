/** Several recipients, transactions or commands, in orders that a rule may not expect. */
import type { SmtpStep } from '../scene.ts';
import type { Variation } from './variation.ts';

const greet = { do: 'greet' } as const;
const mail = { do: 'mail' } as const;
const outside = { do: 'rcpt' } as const;
const local = { do: 'rcpt', to: '<{account}@{L}>' } as const;
const data = { do: 'data' } as const;

const eachOnItsOwn = {
  requirement:
    'A server MUST decide about each recipient on its own, and MUST NOT relay for a stranger because of what it took before.',
  remedy:
    'Take out the rule that counts recipients or remembers an earlier one: each RCPT is decided by its recipient and by ' +
    'who the client is.',
};

const refusal = (to: string): SmtpStep => ({ do: 'say', line: `RCPT TO:${to}` });

export const orders: readonly Variation[] = [
  {
    key: 'pipelined-envelope',
    words: 'MAIL, RCPT and DATA in one packet',
    submissionToo: true,
    session: [greet, { do: 'pipelined-envelope' }],
  },
  {
    key: 'pipelined-session',
    words: 'the whole session in one packet, EHLO included',
    submissionToo: true,
    // sendmail answers 554 to whoever speaks before its reply to EHLO, and 550 5.0.0 to all that follows.
    rejectedWith: ['5.0.0'],
    session: [{ do: 'pipelined-envelope', greet: true }],
  },
  {
    ...eachOnItsOwn,
    key: 'local-then-outside',
    words: 'a local recipient, then the outside one, then the message',
    submissionToo: true,
    session: [greet, mail, local, { ...outside, mayFail: true }, data],
  },
  {
    ...eachOnItsOwn,
    key: 'outside-then-local',
    words: 'the outside recipient, then a local one, then the message',
    session: [greet, mail, { ...outside, mayFail: true }, local, data],
  },
  {
    ...eachOnItsOwn,
    key: 'outside-between-locals',
    words: 'the outside recipient between two local ones',
    session: [greet, mail, local, { ...outside, mayFail: true }, { do: 'rcpt', to: '<{other}@{L}>' }, data],
  },
  {
    ...eachOnItsOwn,
    key: 'local-message-then-outside',
    words: 'a message to a local user, then one to outside',
    submissionToo: true,
    session: [greet, mail, local, data, mail, outside, data],
  },
  {
    ...eachOnItsOwn,
    key: 'local-rset-then-outside',
    words: 'a local recipient, RSET, then the outside one',
    session: [greet, mail, local, { do: 'say', line: 'RSET' }, mail, outside, data],
  },
  {
    ...eachOnItsOwn,
    key: 'local-mail-again-then-outside',
    words: 'a local recipient, MAIL once more without RSET, then the outside one',
    session: [
      greet,
      mail,
      local,
      { do: 'say', line: 'MAIL FROM:<{account}@{L}>' },
      { ...outside, mayFail: true },
      data,
    ],
  },
  {
    ...eachOnItsOwn,
    key: 'local-ehlo-then-outside',
    words: 'a local recipient, EHLO, then the outside one',
    session: [greet, mail, local, greet, mail, outside, data],
  },
  {
    ...eachOnItsOwn,
    key: 'refused-many-times',
    words: 'twelve refused recipients, then one more',
    session: [greet, mail, ...new Array<SmtpStep>(12).fill(refusal('<{u}-again@{E}>')), outside, data],
  },
  {
    ...eachOnItsOwn,
    key: 'refused-rset-many-times',
    words: 'four refused transactions, then one more',
    session: [
      greet,
      ...Array.from({ length: 4 }, (): SmtpStep[] => [mail, refusal('<{u}@{E}>'), { do: 'say', line: 'RSET' }]).flat(),
      mail,
      outside,
      data,
    ],
  },
  {
    key: 'refused-then-data',
    words: 'a refused recipient, and DATA all the same',
    requirement: 'A server MUST NOT take a stranger’s message for which it accepted no recipient.',
    refusedIn: ['mail', 'rcpt', 'data'],
    // 503 "Need RCPT (recipient)".
    rejectedWith: ['5.0.0'],
    session: [greet, mail, { ...outside, mayFail: true }, data],
  },
  {
    key: 'rcpt-before-mail',
    words: 'RCPT before MAIL, then the transaction',
    session: [greet, refusal('<{u}@{E}>'), mail, outside, data],
  },
  {
    key: 'xclient',
    words: 'XCLIENT with the loopback address before the transaction',
    requirement: 'A server MUST NOT take a stranger’s word for another client address.',
    submissionToo: true,
    session: [greet, { do: 'say', line: 'XCLIENT NAME=localhost ADDR=127.0.0.1' }, mail, outside, data],
  },
  {
    key: 'proxy-protocol',
    words: 'a line of the PROXY protocol with the loopback address before the greeting',
    requirement: 'A server MUST NOT take a stranger’s word for another client address.',
    session: [{ do: 'say', line: 'PROXY TCP4 127.0.0.1 {I} 40000 25' }, greet, mail, outside, data],
  },
  {
    key: 'chunked',
    words: 'the message in a chunk (BDAT) after a refused recipient',
    requirement: 'A server MUST NOT take a stranger’s message for which it accepted no recipient.',
    refusedIn: ['mail', 'rcpt', 'data'],
    // 500 "Command unrecognized": sendmail does not offer CHUNKING.
    rejectedWith: ['5.5.1'],
    noControl: 'sendmail 8.18 has no BDAT, whatever its configuration is',
    session: [greet, mail, { ...outside, mayFail: true }, { do: 'ask', line: 'BDAT 0 LAST' }],
  },
];
