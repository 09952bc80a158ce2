/** What a mail program is: how it logs in over POP3 and how it submits, as data. Its dialogues are made from that. */
import type { Mechanism } from '../attempt.ts';
import type { ChannelPolicy, KnownMechanism, PopStep, Scene, SmtpStep, TlsAbility } from '../scene.ts';

type Login = Extract<PopStep, { do: 'login' }>;

/** A document that says how a program does it, and was read. */
export type Source = { what: string; url: string };

/** How somebody has set a program up to send. */
export type Way = {
  /** The end of an attempt's id: `pop`, `clear`, `starttls`, `tls`, `cram-md5`. */
  id: string;
  port: Scene['port'];
  tls: ChannelPolicy;
  /** It logs in over POP3 and does not authenticate over SMTP; else it authenticates. */
  pop?: true;
  /** What it authenticates with, best first, where that is not what the program does elsewhere. */
  mechanisms?: readonly KnownMechanism[];
};

/** A mail program whose dialogue is known. */
export type ScriptedProgram = {
  id: string;
  name: string;
  /** When it was in use. */
  era: string;
  /** What it calls itself in EHLO and HELO; a template. */
  greetsAs: string;
  /** HELO unless it is set up to authenticate. */
  heloWithoutAuth?: true;
  /** How it checks for mail. */
  login: Omit<Login, 'do' | 'with' | 'from'>;
  /** It sends what it has before it checks for mail, so that only its second round gets through. */
  sendsFirst?: true;
  /** Best first. */
  mechanisms: readonly KnownMechanism[];
  listedBy?: 'AUTH=';
  /** What it does where the server lists no mechanism that it could use; default: it leaves. */
  sendsWithout?: 'if-none-is-listed' | 'if-none-is-known';
  triesNext?: true;
  /** The newest TLS that it speaks, where that is not of today. */
  tlsAbility?: TlsAbility;
  /** It sends nothing to a server whose certificate bears another name. */
  checksName?: true;
  /** MAIL, RCPT and DATA in one packet. */
  pipelines?: true;
  /** What it adds to MAIL. */
  mailParameters?: string;
  ways: readonly Way[];
  sources: readonly Source[];
};

export const known = (...mechanisms: Mechanism[]): KnownMechanism[] => mechanisms.map((mechanism) => ({ mechanism }));

/** What a program can authenticate with, set up that way. */
export const mechanismsOf = (
  { mechanisms }: Pick<ScriptedProgram, 'mechanisms'>,
  way: Way,
): readonly KnownMechanism[] => (way.pop ? [] : (way.mechanisms ?? mechanisms));

/** A way in a few words, for a line of the table: at most 29 characters. */
export function wordsOf({ pop, port, tls, mechanisms }: Way): string {
  if (pop) {
    return `POP login, then port ${port}`;
  }
  const auth = (mechanisms?.length === 1 && mechanisms[0]?.mechanism) || 'AUTH';
  const channel = {
    none: ' in clear',
    'if-offered': ', TLS if offered',
    required: ', STARTTLS',
    'from-the-first-octet': ', TLS',
  }[tls];
  return `${auth}${channel}, port ${port}`;
}

function greeting({ greetsAs, heloWithoutAuth }: ScriptedProgram, { pop }: Way): SmtpStep {
  return { do: 'greet', name: greetsAs, ...(pop && heloWithoutAuth ? { with: 'HELO' } : {}) };
}

function protection(program: ScriptedProgram, way: Way): SmtpStep[] {
  if (way.tls !== 'required' && way.tls !== 'if-offered') {
    return [];
  }
  return [
    {
      do: 'starttls',
      ...(way.tls === 'if-offered' ? { ifOffered: true } : {}),
      ...(program.tlsAbility ? { ability: program.tlsAbility } : {}),
      ...(program.checksName ? { insistsOn: 'name' } : {}),
    },
    { do: 'greet', name: program.greetsAs, underTls: true },
  ];
}

function authentication(program: ScriptedProgram, way: Way): SmtpStep[] {
  const { listedBy, sendsWithout, triesNext } = program;
  const mechanisms = mechanismsOf(program, way);
  return mechanisms.length === 0
    ? []
    : [
        {
          do: 'auth-as-offered',
          mechanisms,
          with: 'right-password',
          ...(listedBy ? { listedBy } : {}),
          ...(sendsWithout ? { sendsWithout } : {}),
          ...(triesNext ? { triesNext } : {}),
        },
      ];
}

const mail = ({ mailParameters }: ScriptedProgram): SmtpStep => ({
  do: 'mail',
  ...(mailParameters === undefined ? {} : { parameters: mailParameters }),
});

const message = (program: ScriptedProgram): SmtpStep[] =>
  program.pipelines ? [{ do: 'pipelined-envelope' }] : [mail(program), { do: 'rcpt' }, { do: 'data' }];

/** The dialogue of a program: a message from its user to outside. */
export function sceneOf(program: ScriptedProgram, way: Way): Scene {
  const login: PopStep = { do: 'login', with: 'right-password', from: 'same', ...program.login };
  const opening = [greeting(program, way), ...protection(program, way), ...authentication(program, way)];
  // Send and Receive: what is refused stays in the outbox, and goes out with the next round.
  const firstRound: SmtpStep[] =
    way.pop && program.sendsFirst
      ? [...opening, mail(program), { do: 'rcpt', mayFail: true }, { do: 'pop', steps: [login] }, { do: 'reconnect' }]
      : [];
  const { tlsAbility } = program;
  return {
    family: 'ipv4',
    port: way.port,
    tls: way.tls !== 'none',
    mailFrom: '<{account}@{L}>',
    rcptTo: '<{u}@{E}>',
    destination: 'sink',
    ...(way.tls === 'from-the-first-octet' ? { implicitTls: tlsAbility ? { ability: tlsAbility } : {} } : {}),
    ...(way.pop && !program.sendsFirst ? { pop: [login] } : {}),
    session: [...firstRound, ...opening, ...message(program)],
  };
}
