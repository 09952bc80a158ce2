/** What a client calls itself, sessions without a greeting, and those behind TLS. */
import type { SmtpStep } from '../scene.ts';
import type { Variation } from './variation.ts';

const envelope = [{ do: 'mail' }, { do: 'rcpt' }, { do: 'data' }] as const satisfies readonly SmtpStep[];

const nameProvesNothing = {
  requirement: 'A server MUST NOT relay because of the name that a client gives itself in EHLO or HELO.',
  remedy:
    'Take out the rule that reads $s, the name that the client gave: anybody can give any. A host that may relay is known ' +
    'by its address, in trusted networks.',
};

const named = (key: string, words: string, name: string, submissionToo?: true): Variation[] => [
  {
    ...nameProvesNothing,
    key: `ehlo-${key}`,
    words: `EHLO with ${words}`,
    session: [{ do: 'greet', name }, ...envelope],
    ...(submissionToo ? { submissionToo } : {}),
  },
  {
    ...nameProvesNothing,
    key: `helo-${key}`,
    words: `HELO with ${words}`,
    session: [{ do: 'greet', with: 'HELO', name }, ...envelope],
  },
];

export const greetings: readonly Variation[] = [
  {
    key: 'helo',
    words: 'HELO instead of EHLO',
    submissionToo: true,
    session: [{ do: 'greet', with: 'HELO' }, ...envelope],
  },
  {
    key: 'no-greeting',
    words: 'no greeting at all',
    submissionToo: true,
    requirement: 'A server MUST refuse to relay for a stranger, whether it has greeted or not.',
    // 503 "Polite people say HELO first", where the privacy flag needmailhelo is set.
    rejectedWith: ['5.0.0'],
    session: envelope,
  },
  {
    key: 'starttls',
    words: 'over TLS, without a certificate',
    submissionToo: true,
    applies: { needs: 'tls' },
    session: [{ do: 'greet' }, { do: 'starttls' }, { do: 'greet' }, ...envelope],
  },
  ...named('host', 'the server’s own name', '{H}', true),
  ...named('local-domain', 'a local domain', '{L}'),
  ...named('localhost', 'localhost', 'localhost'),
  ...named('loopback-literal', 'the literal of the loopback address', '[127.0.0.1]'),
  ...named('server-literal', 'the server’s own literal', '[{I}]'),
  ...named('own-literal', 'the client’s own literal', '[{client}]'),
  {
    ...nameProvesNothing,
    key: 'ehlo-twice',
    words: 'EHLO with the client’s name, then with the server’s',
    session: [{ do: 'greet' }, { do: 'greet', name: '{H}' }, ...envelope],
  },
  {
    ...nameProvesNothing,
    key: 'ehlo-inside-transaction',
    words: 'EHLO with the server’s name inside the transaction',
    refusedIn: ['mail', 'rcpt', 'data'],
    rejectedWith: ['5.0.0', '5.5.0'],
    session: [
      { do: 'greet' },
      { do: 'mail' },
      { do: 'say', line: 'EHLO {H}' },
      { do: 'mail' },
      { do: 'rcpt' },
      { do: 'data' },
    ],
  },
];
