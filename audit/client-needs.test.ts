import { describe, expect, test } from 'vitest';
import type { Dialogue } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { MailClient } from '../suites/attempt.ts';
import type { Scene } from '../suites/scene.ts';
import { needsOf } from './client-needs.ts';

const program: MailClient = {
  program: 'a program',
  era: 'once',
  way: 'AUTH',
  by: 'script',
  pop: false,
  mechanisms: ['PLAIN', 'LOGIN'],
};
const scene: Scene = {
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<a@b.example>',
  rcptTo: '<c@d.example>',
  destination: 'sink',
};
const refused = (phase: Outcome['phase'], reason = '550 5.7.1 Relaying denied'): Outcome => ({
  observed: 'refused',
  phase,
  reason,
});

/** A session in which the server says this, or the client behind `C: `, in clear but for what stands behind `tls `. */
const session = (...said: string[]): Dialogue[] => [
  {
    protocol: 'smtp',
    client: '192.0.2.1',
    server: '192.0.2.2:25',
    startedAt: '2026-03-01T10:00:01.000Z',
    closedBy: 'client',
    lines: said.map((text) => ({
      at: 0,
      from: text.startsWith('C: ') ? 'client' : 'server',
      text: text.replace(/^(tls|C:) /, ''),
      tls: text.startsWith('tls '),
    })),
  },
];

describe('a program that does not send would need', () => {
  test.each<[string, string, Partial<MailClient>, Partial<Scene>, Outcome, Dialogue[]]>([
    [
      'a port that nobody listens on',
      'port 465, with TLS from the first octet on',
      {},
      { port: 465, implicitTls: {} },
      { observed: 'rejected', phase: 'connect', reason: 'nothing listens on port 465' },
      session(),
    ],
    [
      'any server at all',
      'a server on port 587',
      {},
      { port: 587 },
      { observed: 'rejected', phase: 'connect', reason: 'nothing listens on port 587' },
      session(),
    ],
    ['STARTTLS', 'STARTTLS on port 25', {}, {}, refused('starttls', 'STARTTLS is not offered'), session('220 x')],
    [
      'an old TLS',
      'a server that still speaks TLS 1.0 (it knows nothing newer)',
      {},
      { session: [{ do: 'greet' }, { do: 'starttls', ability: 'TLSv1' }] },
      refused('starttls', 'tlsv1 alert protocol version'),
      session('220 x'),
    ],
    [
      'an old TLS on a port of its own',
      'a server that still speaks TLS 1.1 (it knows nothing newer)',
      {},
      { port: 465, implicitTls: { ability: 'TLSv1.1' } },
      refused('starttls', 'tlsv1 alert protocol version'),
      session(),
    ],
    [
      'a certificate that fits',
      'a certificate that bears the server’s name',
      {},
      {},
      refused('starttls', 'the client leaves: Host: mail.example. is not cert’s CN'),
      session('220 x'),
    ],
    [
      'a mechanism that is not listed',
      'AUTH with LOGIN or PLAIN on port 25 without TLS',
      {},
      {},
      refused('auth'),
      session('250-x', '250-AUTH CRAM-MD5', '250 HELP'),
    ],
    [
      'the same under TLS, where the list in clear has it',
      'AUTH with LOGIN or PLAIN on port 25 over TLS',
      {},
      {},
      refused('auth'),
      session('250-x', '250 AUTH PLAIN', 'tls 250-x', 'tls 250 AUTH CRAM-MD5'),
    ],
    [
      'AUTH where it sent without, and was refused for it',
      'AUTH with LOGIN or PLAIN on port 25 without TLS',
      {},
      {},
      refused('rcpt'),
      session('250-x', '250 HELP', '550 5.7.1 Relaying denied'),
    ],
    [
      'the form of the drafts',
      'AUTH=LOGIN in the reply to EHLO, a form that sendmail never uses',
      { oldKeyword: true, mechanisms: ['LOGIN'] },
      {},
      refused('auth'),
      session('250-x', '250 AUTH LOGIN'),
    ],
    [
      'that its password is taken',
      'a server that takes its password: AUTH PLAIN on port 25 without TLS was refused',
      {},
      {},
      refused('auth', '535 5.7.0 authentication failed'),
      session('250 AUTH PLAIN', 'C: AUTH PLAIN [masked]', '535 5.7.0 authentication failed'),
    ],
    [
      'a mechanism that it does not give up on by itself',
      'another mechanism: it gives up on PLAIN on port 25 without TLS by itself',
      {},
      {},
      { observed: 'rejected', phase: 'auth', reason: 'the program leaves: no luck' },
      session('250 AUTH PLAIN'),
    ],
    [
      'trust',
      'trust in its mechanism: it authenticates, and may not relay all the same',
      {},
      {},
      refused('rcpt'),
      session('250 AUTH PLAIN', '235 2.0.0 OK Authenticated', '550 5.7.1 Relaying denied'),
    ],
    [
      'POP before SMTP',
      'POP before SMTP, or AUTH switched on in it',
      { pop: true, mechanisms: [] },
      {},
      refused('rcpt'),
      session('250 AUTH PLAIN', '550 5.7.1 Relaying denied'),
    ],
  ])('%s', (_what, words, client, parts, outcome, dialogues) => {
    expect(needsOf({ ...program, ...client }, { ...scene, ...parts }, outcome, dialogues)).toBe(words);
  });

  test('what a POP server says is no answer to AUTH', () => {
    const [smtp] = session('250 HELP');
    const pop = { ...smtp, protocol: 'pop3' } as Dialogue;
    pop.lines = [{ at: 0, from: 'server', text: '235 2.0.0 OK', tls: false }];
    expect(needsOf(program, scene, refused('rcpt'), [pop, ...session('250 HELP')])).toMatch(/^AUTH with/);
  });
});
