/**
 * Lines as POP servers write them. The forms are from public material, named beside each; names and addresses are of the
 * documentation ranges (RFC 2606, RFC 5737, RFC 3849).
 */

import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readinessAsJson } from '../tests/readiness/readiness-as-json.ts';
import { popServers } from './pop-servers.ts';

async function loginsIn(lines: readonly string[], options: { imap?: boolean } = {}) {
  const result = await readinessAsJson({
    logs: ['-'],
    stdin: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]),
    year: 2026,
    imap: options.imap ?? false,
  });
  return result.users.map(({ user, addresses, popLogins }) => [user, addresses[0]?.address, popLogins]);
}

const conf = 'pop-before-smtp 1.50, pop-before-smtp-conf.pl (github.com/computersalat/pop-before-smtp)';

const good: Record<string, [source: string, lines: string[], user: string, address: string][]> = {
  'Dovecot 2.3': [
    [
      'the project’s lab, Debian bookworm',
      [
        'Nov 23 01:09:15 mail dovecot: pop3-login: Login: user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, mpid=247, session=<Q8IXPudgK6/GElBl>',
      ],
      'alice',
      '198.51.100.7',
    ],
    [
      'login_log_format_elements with session= first, as in a parser’s samples (sonic.net)',
      [
        'Nov 15 10:02:43 mail dovecot: pop3-login: Login: user=<alice>, session=RjEydYzOewBGJIO7, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, mpid=28885, secured',
      ],
      'alice',
      '198.51.100.7',
    ],
    [
      'the same with angle brackets',
      [
        'Nov 15 10:02:43 mail dovecot: pop3-login: Login: user=<alice>, session=<RjEydYzO/ewB>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, TLS',
      ],
      'alice',
      '198.51.100.7',
    ],
    [
      'logstash samples: <PRI>, no mpid (test case of a filter verifier)',
      [
        '<22>Feb  2 09:47:12 mail dovecot: pop3-login: Login: user=<alice@example.org>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1',
      ],
      'alice@example.org',
      '198.51.100.7',
    ],
    [
      'a log file of its own, Dovecot 1.x in a forum’s post of 2008',
      [
        'dovecot: 2008-10-02 23:34:07 Info: pop3-login: Login: user=<alice@example.org>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1',
      ],
      'alice@example.org',
      '198.51.100.7',
    ],
    [
      'log_path with Dovecot 2: no host',
      [
        'Oct 19 14:14:38 pop3-login: Info: Login: user=<alice>, method=PLAIN, rip=2001:db8::7, lip=2001:db8::1, mpid=8056, TLS, session=<QWvi>',
      ],
      'alice',
      '2001:db8::7',
    ],
  ],
  'Dovecot 2.4': [
    [
      'the project’s lab, Debian trixie',
      [
        'Nov 23 01:19:12 mail dovecot: pop3-login: Logged in: user=<bob>, method=PLAIN, rip=198.51.100.8, lip=192.0.2.1, mpid=345, session=<lq6dYedgl6DGEtBx>',
      ],
      'bob',
      '198.51.100.8',
    ],
    [
      'tests of a log analyser, with pid and TLS',
      [
        'Apr 14 12:00:06 mail dovecot[100]: pop3-login: Logged in: user=<bob@example.com>, method=PLAIN, rip=203.0.113.6, lip=192.0.2.1, mpid=12346, TLS, session=<def>',
      ],
      'bob@example.com',
      '203.0.113.6',
    ],
    [
      'RFC 5424',
      [
        '<22>1 2026-09-16T00:01:01Z mail dovecot - - - pop3-login: Logged in: user=<bob>, method=PLAIN, rip=203.0.113.4, lip=203.0.113.5, mpid=2001, TLS, session=<abc>',
      ],
      'bob',
      '203.0.113.4',
    ],
  ],
  qpopper: [
    [
      'qpopper 4.0.9 in a forum’s post of 2009',
      [
        'Mar  8 12:53:46 mail in.qpopper[7597]: (v4.0.9) POP login by user "carol" at (host.example.net) 198.51.100.9 [pop_log.c:244]',
      ],
      'carol',
      '198.51.100.9',
    ],
    [
      conf,
      ['Mar  8 12:53:46 mail qpopper[7597]: (v3.0b29) POP login by user "carol" at (host.example.net) 198.51.100.9'],
      'carol',
      '198.51.100.9',
    ],
    [
      `${conf}: qpopper’s own log`,
      ['Mar  8 12:53:46 [popper] (v4.0) POP login by user "carol" at (host.example.net) 198.51.100.9'],
      'carol',
      '198.51.100.9',
    ],
    [
      `${conf}: statistics, the only line of older ones`,
      ['Mar  8 12:54:46 mail popper[7597]: Stats: carol 0 0 3 1234 host.example.net 198.51.100.9'],
      'carol',
      '198.51.100.9',
    ],
  ],
  popa3d: [
    [
      conf,
      [
        'Dec  1 11:59:04 mail popa3d[1234]: Session from 198.51.100.10',
        'Dec  1 11:59:04 mail popa3d[1234]: Authentication passed for dave',
      ],
      'dave',
      '198.51.100.10',
    ],
    [
      `${conf}: patched`,
      ['Dec  1 11:59:04 mail popa3d[1234]: Authentication passed for dave -- [198.51.100.10]'],
      'dave',
      '198.51.100.10',
    ],
    [
      'a web mailer’s log parser: two sessions at once',
      [
        'Dec  1 11:59:03 mail popa3d[1233]: Session from 198.51.100.99',
        'Dec  1 11:59:04 mail popa3d[1234]: Session from 198.51.100.10',
        'Dec  1 11:59:04 mail popa3d[1234]: Authentication passed for dave',
        'Dec  1 11:59:04 mail popa3d[1234]: 0 messages (0 bytes) loaded',
      ],
      'dave',
      '198.51.100.10',
    ],
  ],
  'UW ipop3d': [
    [
      'samples in a log parser: ipop3d.c, nmsgs=%lu/%lu',
      ['Dec  1 10:04:13 mail ipop3d[21869]: Login user=erin host=ns1.example.com [198.51.100.11] nmsgs=0/0'],
      'erin',
      '198.51.100.11',
    ],
    [
      'the same without a name',
      ['Oct 15 09:09:43 mail ipop3d[14211]: Login user=erin host=[198.51.100.11] nmsgs=5/5'],
      'erin',
      '198.51.100.11',
    ],
    [
      'ipop3d.c: APOP',
      ['Oct 15 09:09:43 mail ipop3d[14211]: APOP user=erin host=ns1.example.com [198.51.100.11] nmsgs=5/5'],
      'erin',
      '198.51.100.11',
    ],
    [
      'ipop3d.c: AUTH, no mailbox',
      ['Oct 15 09:09:43 mail ipop3sd[14211]: Auth user=erin host=ns1.example.com [198.51.100.11] no mailbox'],
      'erin',
      '198.51.100.11',
    ],
  ],
  Courier: [
    [
      'a forum’s post of 2009',
      ['Apr 15 06:54:50 mail pop3d: LOGIN, user=frank@example.org, ip=[::ffff:198.51.100.12], port=[1060]'],
      'frank@example.org',
      '198.51.100.12',
    ],
    [
      'a game’s mail checker: no port',
      ['Jul 25 19:40:44 mail pop3d: LOGIN, user=frank, ip=[::ffff:198.51.100.12]'],
      'frank',
      '198.51.100.12',
    ],
    [
      `${conf}: pop3d-ssl`,
      ['Jul 25 19:40:44 mail pop3d-ssl: LOGIN, user=frank, ip=[2001:db8::12]'],
      'frank',
      '2001:db8::12',
    ],
  ],
  Cyrus: [
    [
      conf,
      ['Jul 25 19:40:44 mail pop3d[99]: login: host.example.net [198.51.100.13] grace plaintext'],
      'grace',
      '198.51.100.13',
    ],
    [
      'Cyrus 2.x',
      [
        'Jul 25 19:40:44 mail pop3[99]: login: host.example.net [198.51.100.13] grace plaintext+TLS User logged in SESSIONID=<mail-99-1>',
      ],
      'grace',
      '198.51.100.13',
    ],
    [
      'Debian’s names',
      ['Jul 25 19:40:44 mail cyrus/pop3[99]: login: [198.51.100.13] grace plaintext User logged in'],
      'grace',
      '198.51.100.13',
    ],
  ],
  others: [
    [
      conf,
      [
        'Jul 25 19:40:44 mail spop3d[99]: connect from 198.51.100.14',
        'Jul 25 19:40:45 mail spop3d[99]: user heidi authenticated',
      ],
      'heidi',
      '198.51.100.14',
    ],
    [
      conf,
      ['Jul 25 19:40:44 mail teapop[99]: Successful login for heidi from host [198.51.100.14]'],
      'heidi',
      '198.51.100.14',
    ],
    [
      `${conf}: Dovecot 0.99`,
      ['Jul 25 19:40:44 mail pop3-login: Login: heidi [198.51.100.14]'],
      'heidi',
      '198.51.100.14',
    ],
  ],
};

describe.each(Object.entries(good))('%s', (_server, forms) => {
  test.each(forms)('%s', async (_source, lines, user, address) => {
    expect(await loginsIn(lines)).toEqual([[user, address, 1]]);
  });
});

test('no login', async () => {
  const lines = [
    'mail dovecot: pop3-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, session=<x>',
    'mail dovecot: pop3-login: Disconnected (auth failed, 1 attempts): user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1',
    'mail dovecot: pop3-login: Login aborted: Logged out (auth_failed): user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1',
    'mail dovecot: imap-login: Login: user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, mpid=1, session=<x>',
    'mail dovecot: pop3(alice)<1><x>: Disconnected: Logged out top=0/0, retr=0/0, del=0/0, size=0',
    'mail in.qpopper[9]: [AUTH] Failed attempted login to alice from host (host.example.net) 198.51.100.7 [pop_pass.c:1]',
    'mail in.qpopper[9]: (v4.0.9) Servicing request from "host.example.net" at 198.51.100.7 [pop_init.c:1408]',
    'mail popa3d[7]: Session from 198.51.100.7',
    'mail popa3d[7]: Authentication failed for alice',
    'mail popa3d[8]: Authentication passed for alice',
    'mail ipop3d[9]: Login failed user=alice auth=alice host=host.example.net [198.51.100.7]',
    'mail ipop3d[9]: Logout user=alice host=host.example.net [198.51.100.7] nmsgs=0 ndele=0',
    'mail pop3d: LOGIN FAILED, user=alice, ip=[::ffff:198.51.100.7]',
    'mail pop3d: LOGOUT, user=alice, ip=[::ffff:198.51.100.7], port=[1060], top=0, retr=0, rcvd=12, sent=39, time=1',
    'mail pop3[9]: badlogin: host.example.net [198.51.100.7] plaintext alice SASL(-13): authentication failure',
    'mail sm-mta[9]: pop3-login: Login: user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1',
    'mail cron[9]: pop3d: LOGIN, user=alice, ip=[::ffff:198.51.100.7]',
  ];
  expect(await loginsIn(lines.map((line) => `Nov 23 01:09:15 ${line}`))).toEqual([]);
});

test('IMAP counts where it is asked for', async () => {
  const lines = [
    'Nov 23 01:09:15 mail dovecot: imap-login: Login: user=<alice>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, mpid=1, session=<x>',
    'Nov 23 01:09:15 mail imapd[7]: Login user=bob host=host.example.net [198.51.100.8]',
    'Nov 23 01:09:15 mail imapd: LOGIN, user=carol, ip=[::ffff:198.51.100.9], port=[4], protocol=IMAP',
    'Nov 23 01:09:15 mail cyrus/imap[7]: login: host.example.net [198.51.100.10] dave plaintext User logged in',
  ];
  expect((await loginsIn(lines, { imap: true })).map(([user]) => user)).toEqual(['alice', 'bob', 'carol', 'dave']);
});

test('each server says where its form is from', () => {
  for (const { source, programs } of popServers) {
    expect(source).not.toBe('');
    for (const program of programs) expect(program).toBe(program.toLowerCase());
  }
});
