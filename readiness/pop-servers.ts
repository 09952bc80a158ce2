/**
 * What POP servers log when somebody logs in. Another server is another entry here, and lines of it in pop-servers.test.ts.
 *
 * A user name or a host name may hold anything, even what looks like a login. So a pattern starts at the first byte that
 * the program itself wrote, takes a name as far as it will go, and takes the address from where only the server writes.
 */
import { dovecotLogin } from './dovecot-line.ts';

/** A login in one line: `login` has the groups `user` and `address`, and perhaps `own`, the server’s own address. */
export type LoginLine = { marks: readonly string[]; login: RegExp };

/** Where in the bytes of a line a login is, with the server’s own address. */
export type LoginSpans = {
  user: number;
  userEnd: number;
  address: number;
  addressEnd: number;
  own: number;
  ownEnd: number;
};

/** A login in one line, found by a function that looks at bytes[start, end) behind the mark: for lines that are most. */
export type LoginFinder = {
  marks: readonly string[];
  find: (bytes: Uint8Array, start: number, end: number, spans: LoginSpans) => boolean;
};

/** A login in two lines of one process: the address first, then the user. */
export type LoginLines = { marks: readonly string[]; address: RegExp; user: RegExp };

export type PopServer = {
  name: string;
  /** Names of the program in the log, in lower case. */
  programs: readonly string[];
  protocol: 'pop3' | 'imap';
  /** Not used once a server of this name has been seen: it says the same better. */
  unless?: string;
  /** Where the form of the lines is from. */
  source: string;
  /** `marks`: one of them is at the start of the message, or nothing else is looked at. */
  lines: LoginLine | LoginLines | LoginFinder;
};

/** Dovecot in syslog (`dovecot: pop3-login: …`) and in a log file of its own (`pop3-login: Info: …`). */
const dovecot = (name: string, source: string, words: string, protocol: PopServer['protocol']): PopServer[] => {
  const forms = [
    { program: 'dovecot', before: `${protocol}-login: ` },
    { program: `${protocol}-login`, before: '' },
  ];
  return forms.map(({ program, before }) => ({
    name,
    programs: [program],
    protocol,
    source,
    lines: {
      marks: [`${before}${words}: user=<`, `${before}Info: ${words}: user=<`],
      find: dovecotLogin,
    },
  }));
};

/** UW’s host= is a name with the address in brackets, or the address alone. */
const uw = (
  programs: readonly string[],
  protocol: 'pop3' | 'imap',
): Pick<PopServer, 'programs' | 'protocol' | 'lines'> => ({
  programs,
  protocol,
  lines: {
    marks: ['Login user=', 'Admin Login user=', 'APOP user=', 'Auth user=', 'Authenticated user=', 'Admin Auth'],
    login:
      /^(?:Admin )?(?:Login|APOP|Auth|Authenticated) user=(?<user>.*) host=(?:[^\s[\]]+ )?\[(?<address>[0-9A-Fa-f.:]+)\](?: nmsgs=\d+\/\d+| no mailbox)?$/s,
  },
});

const courier = (
  programs: readonly string[],
  protocol: 'pop3' | 'imap',
): Pick<PopServer, 'programs' | 'protocol' | 'lines'> => ({
  programs,
  protocol,
  lines: {
    marks: ['LOGIN, user=', 'LOGIN: DEBUG', 'INFO: LOGIN, '],
    login:
      /^(?:INFO: )?LOGIN, user=(?<user>.*), ip=\[(?<address>[0-9A-Fa-f.:]+)\](?:, port=\[?\d+\]?)?(?:, protocol=\w+)?(?:, stls=1)?$/s,
  },
});

const cyrus = (
  programs: readonly string[],
  protocol: 'pop3' | 'imap',
): Pick<PopServer, 'programs' | 'protocol' | 'lines'> => ({
  programs,
  protocol,
  lines: {
    marks: ['login: '],
    login: /^login: (?:[^\s[\]]+ )?\[(?<address>[0-9A-Fa-f.:]+)\] (?<user>\S+) \S+(?: User logged in.*)?$/s,
  },
});

export const popServers: readonly PopServer[] = [
  ...dovecot('Dovecot 2.3', 'Dovecot 2.3 as the project’s lab runs it; session= may come first', 'Login', 'pop3'),
  ...dovecot('Dovecot 2.4', 'Dovecot 2.4 as the project’s lab runs it', 'Logged in', 'pop3'),
  {
    name: 'Dovecot 0.99',
    programs: ['dovecot', 'pop3-login'],
    protocol: 'pop3',
    source: 'pop-before-smtp-conf.pl',
    lines: {
      marks: ['pop3-login: Login: ', 'Login: '],
      login: /^(?:pop3-login: )?Login: (?<user>[^=]*) \[(?<address>[0-9A-Fa-f.:]+)\]$/s,
    },
  },
  {
    name: 'qpopper',
    programs: ['qpopper', 'in.qpopper', 'popper', 'in.popper', '[popper]'],
    protocol: 'pop3',
    source: 'qpopper 4 pop_log.c as in public logs; patterns of pop-before-smtp (pop-before-smtp-conf.pl)',
    lines: {
      marks: ['(v', 'POP login by user'],
      login:
        /^(?:\(v[^()]*\) )?POP login by user "(?<user>.*)" at \([^()\s]*\) (?<address>[0-9A-Fa-f.:]+)(?: \[[^[\]]*\])?$/s,
    },
  },
  {
    name: 'qpopper, statistics',
    unless: 'qpopper',
    programs: ['qpopper', 'in.qpopper', 'popper', 'in.popper'],
    protocol: 'pop3',
    source: 'pop-before-smtp-conf.pl; qpopper GUIDE, option -s',
    lines: {
      marks: ['Stats: ', '(v'],
      login:
        /^(?:\(v[^()]*\) )?Stats: (?<user>.*) \d+ \d+ \d+ \d+ (?:[^\s]+ )?(?<address>[0-9A-Fa-f.:]+)(?: \[[^[\]]*\])?$/s,
    },
  },
  {
    name: 'popa3d',
    programs: ['popa3d'],
    protocol: 'pop3',
    source: 'pop-before-smtp-conf.pl: two lines of one process',
    lines: {
      marks: ['Session from ', 'Authentication passed for '],
      address: /^Session from (?<address>[0-9A-Fa-f.:]+)$/,
      user: /^Authentication passed for (?<user>.+?)(?: -- \[(?<address>[0-9A-Fa-f.:]+)\])?$/s,
    },
  },
  {
    name: 'UW ipop3d',
    source: 'UW IMAP ipop3d.c: `%sLogin user=%.80s host=%.80s nmsgs=%lu/%lu`, `APOP user=`, `Auth user=`',
    ...uw(['ipop3d', 'ipop3sd', 'ipop2d'], 'pop3'),
  },
  {
    name: 'Courier',
    source: 'Courier pop3d in public logs, with and without port=',
    ...courier(['pop3d', 'pop3d-ssl', 'courierpop3login', 'courierpop3d', 'pop3login'], 'pop3'),
  },
  {
    name: 'Cyrus',
    source: 'pop-before-smtp-conf.pl; Cyrus imap/pop3d.c',
    ...cyrus(['pop3', 'pop3s', 'pop3d', 'pop3sd', 'cyrus/pop3', 'cyrus/pop3s', 'cyrus/pop3d'], 'pop3'),
  },
  {
    name: 'Solid POP3',
    programs: ['spop3d', 'solid-pop3d'],
    protocol: 'pop3',
    source: 'pop-before-smtp-conf.pl: with and without --enable-logextend',
    lines: {
      marks: ['connect from ', 'user '],
      address: /^connect from (?<address>[0-9A-Fa-f.:]+)$/,
      user: /^user (?<user>.*) authenticated(?: - (?<address>[0-9A-Fa-f.:]+))?$/s,
    },
  },
  {
    name: 'teapop',
    programs: ['teapop'],
    protocol: 'pop3',
    source: 'pop-before-smtp-conf.pl',
    lines: {
      marks: ['Successful login for '],
      login: /^Successful login for (?<user>\S+) (?:.* )?\[(?<address>[0-9A-Fa-f.:]+)\]$/s,
    },
  },
  ...dovecot('Dovecot, IMAP', 'as for POP', 'Login', 'imap'),
  ...dovecot('Dovecot 2.4, IMAP', 'as for POP', 'Logged in', 'imap'),
  { name: 'UW imapd', source: 'UW IMAP imapd.c', ...uw(['imapd', 'imapsd'], 'imap') },
  {
    name: 'Courier, IMAP',
    source: 'as for POP',
    ...courier(['imapd', 'imapd-ssl', 'courierimaplogin', 'imaplogin'], 'imap'),
  },
  { name: 'Cyrus, IMAP', source: 'as for POP', ...cyrus(['imap', 'imaps', 'cyrus/imap', 'cyrus/imaps'], 'imap') },
];
