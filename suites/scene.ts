/** What a scene is: one scripted try to get one message through, as data that the harness performs as it stands. */

export type Mechanism =
  | 'PLAIN'
  | 'LOGIN'
  | 'CRAM-MD5'
  | 'DIGEST-MD5'
  | 'SCRAM-SHA-1'
  | 'SCRAM-SHA-256'
  | 'ANONYMOUS'
  | 'EXTERNAL';

/** What a client shows of itself when it authenticates, over SMTP or over POP3. */
export type Credential =
  | 'right-password'
  | 'wrong-password'
  | 'empty-password'
  | 'unknown-user'
  | 'empty-user'
  /** An existing user with another existing user's password. */
  | 'another-users-password'
  /** The right user and password under a realm that is not the server's: `alice@elsewhere.example`. */
  | 'foreign-realm'
  /** A user name of 4,000 characters. */
  | 'overlong-user'
  /** The right user name, a NUL and more. */
  | 'nul-in-user'
  /** The right user name in capitals. */
  | 'upper-case-user'
  /** The right user and password under the server's own realm, its host name. */
  | 'own-realm';

/** A login that is in everybody's hands and no secret: one that programs are delivered with. Templates. */
export type PublishedLogin = { user: string; password: string };

export type AuthStep = {
  mechanism: Mechanism;
  with: Credential | PublishedLogin;
  /**
   * False: the initial response waits for the server's empty challenge (RFC 4954 section 4). True makes LOGIN give its
   * user name at once, as the mail class of .NET does.
   */
  initialResponse?: boolean;
  /** The identity to act as, where the mechanism has one (RFC 4616 section 2); a template. */
  actingAs?: string;
};

/** How a client logs in over POP3. */
export type PopLogin = 'user-pass' | 'apop' | 'auth-plain' | 'auth-login' | 'auth-cram-md5' | 'stls' | 'implicit-tls';

/** What happens over POP3 before the message is sent, in this order. */
export type PopStep =
  | {
      do: 'login';
      /** `user-only`: USER and QUIT; `dropped`: USER, and the connection is cut. */
      with: Credential | 'user-only' | 'dropped';
      /**
       * Where from: the sender's own address, another one of its network (/24 or /64), one whose text the sender's begins
       * with, one whose text begins with the sender's, or its other family.
       */
      from: 'same' | 'neighbour' | 'prefix' | 'longer' | 'other-family';
      /** Default: USER and PASS. */
      by?: PopLogin;
      /** A user name to give instead, with a wrong password: a template. It may look like a line of the log. */
      as?: string;
      /** QUIT without its CRLF, as some mail programs end. */
      unfinishedQuit?: true;
      /** CAPA before the login (RFC 2449), as mail programs ask that choose by its answer. */
      capabilities?: true;
      /** What a mail program looks at once it is in. */
      looksAt?: readonly ('STAT' | 'LIST' | 'UIDL')[];
    }
  /**
   * The authorisation becomes that much older, in units of its lifetime and seconds, and the writer's regular sweep runs.
   */
  | { do: 'age'; lifetimes: number; seconds?: number }
  /**
   * So many logins at once from addresses of their own: load on the map. `meanwhile`: the steps that follow do not wait
   * for them, only the end of the attempt does. The attempt has the target to itself.
   */
  | { do: 'crowd'; logins: number; meanwhile?: true };

/** One way of a mail program to authenticate, by its rank in a list of them. */
export type KnownMechanism = Pick<AuthStep, 'mechanism' | 'initialResponse'>;

/** The client's certificate in a TLS handshake; the lab's authority is the one that targets trust. */
export type ClientCertificate =
  | 'self-signed'
  /** Of another authority than the lab's, as a public one would issue to anybody. */
  | 'other-authority'
  /** Of the lab's authority, to a name that nobody trusts. */
  | 'other-name'
  /** Of the lab's authority, to the name that the configuration may trust: partner.relayproof.example. */
  | 'partner';

/** All that a client can do in a TLS handshake; Node itself would not go below TLS 1.2. */
export type TlsAbility =
  | 'TLSv1'
  | 'TLSv1.1'
  | 'TLSv1.2'
  | 'TLSv1.3'
  /** Ciphers that show nobody who the server is. */
  | 'anonymous-ciphers'
  /** Ciphers that encrypt nothing. */
  | 'no-encryption';

/** One step of an SMTP session. Text is a template, see Scene. A reply that refuses the step ends the scene with it. */
export type SmtpStep =
  /** Default: EHLO and the client's name in DNS. `underTls`: only if the session is protected by then. */
  | { do: 'greet'; with?: 'EHLO' | 'HELO'; name?: string; underTls?: true }
  /** Whether the last EHLO listed a keyword, and with this parameter: to be listed counts as accepted. Ends the scene. */
  | { do: 'offers'; keyword: string; parameter?: string }
  /**
   * QUIT, and another connection from the same address, once the POP-authorisation writer has read what the first one
   * left in the log.
   */
  | { do: 'reconnect' }
  /**
   * `along`: commands in the same packet, in clear, behind STARTTLS (RFC 3207 section 6). A server that answers one of
   * them after the handshake has carried it over, which ends the scene as accepted.
   */
  | {
      do: 'starttls';
      certificate?: ClientCertificate;
      along?: readonly string[];
      /** A handshake that the server refuses for it ends the scene. */
      ability?: TlsAbility;
      /** What the server's certificate must have, or the client leaves. */
      insistsOn?: 'name' | 'dates';
      /** The client goes on in clear where it is not offered. */
      ifOffered?: true;
    }
  /** A failed one does not end the scene, unless its credential is right. */
  | ({ do: 'auth' } & AuthStep)
  /**
   * AUTH as a mail program does it: with the first of its mechanisms, best first, that the last EHLO lists. It leaves
   * where none is listed and where its password is refused, which ends the scene.
   */
  | {
      do: 'auth-as-offered';
      mechanisms: readonly KnownMechanism[];
      with: Credential;
      /** The keyword that it looks for. The other form is that of drafts before RFC 2554; servers of today lack it. */
      listedBy?: 'AUTH' | 'AUTH=';
      /** It sends without instead of leaving: where the server lists no mechanism at all, or none that it knows. */
      sendsWithout?: 'if-none-is-listed' | 'if-none-is-known';
      /** A mechanism that is refused is followed by the next one. */
      triesNext?: true;
    }
  /** Two failing logins in one session: do their replies tell whether the user exists? Ends the scene. */
  | { do: 'compare-auth'; mechanism: Mechanism; one: Credential; other: Credential }
  /** `verb`: what the command begins with, in place of `MAIL FROM:`. */
  | { do: 'mail'; from?: string; parameters?: string; verb?: string }
  /** `mayFail`: the scene goes on if this recipient is refused. `verb`: in place of `RCPT TO:`. */
  | { do: 'rcpt'; to?: string; parameters?: string; mayFail?: true; verb?: string }
  /**
   * DATA and the message. `content` replaces the ordinary one: octets of a template, sent as they are, dot included;
   * `rest` comes behind it after a pause, as where the network cuts a message in two.
   */
  | { do: 'data'; content?: string; rest?: string }
  /**
   * MAIL, RCPT and DATA in one packet (RFC 2920), then the message if it comes to that. `auth`: AUTH PLAIN with its
   * initial response before them, which RFC 4954 section 4 permits.
   */
  | { do: 'pipelined-envelope'; greet?: true; auth?: Credential }
  /** One command; whatever the reply is, the scene goes on. */
  | { do: 'say'; line: string }
  /** One command, and the attempt is about its reply: 2xx and 3xx mean that it was taken. Ends the scene. */
  | { do: 'ask'; line: string }
  /** Octets as they are; `replies`: how many the server gives, read and noted, without consequence. */
  | { do: 'write'; octets: string; replies?: number }
  /** Octets as they are, one packet each. `replies` as above. */
  | { do: 'trickle'; octets: string; replies?: number }
  /** POP3 steps while the SMTP session stands open. */
  | { do: 'pop'; steps: readonly PopStep[] };

/** Names that the lab's DNS has for this attempt alone; templates. */
export type ForgedNames = {
  /** What the client's address is called, in this order; `temporary-failure`: the question is not answered (SERVFAIL). */
  reverse?: readonly string[] | 'temporary-failure' | 'none';
  /** Name to addresses; `{client}` is the client's own. */
  addresses?: Readonly<Record<string, readonly string[]>>;
  /** Domain to its mail exchangers, best first. */
  exchangers?: Readonly<Record<string, readonly string[]>>;
};

/** Traces of who sent a message. */
export type Traces = {
  /** The protocol in the Received field that the target adds (RFC 3848). */
  receivedWith?: 'ESMTP' | 'ESMTPS' | 'ESMTPA' | 'ESMTPSA';
  /** Words of one line that the target logs of the session; a template. */
  logged?: string;
};

/** A file in the home of the account that receives; the attempt then has an account to itself. */
export type HomeFile = { name: '.forward' | '.procmailrc'; content: string };

/** Mail programs that are run as they are: nodemailer in the harness, the others in a container of the lab. */
export type RealProgram = 'curl' | 'msmtp' | 'swaks' | 'nodemailer';

/** How a program is protected on its way to the server. */
export type ChannelPolicy = 'none' | 'if-offered' | 'required' | 'from-the-first-octet';

/** A message that a real program submits, from the client's address. */
export type ProgramRun = {
  program: RealProgram;
  tls: ChannelPolicy;
  /** The login over POP3 before it, from the same address: which program does it, and how. */
  pop?: { program: 'curl' | 'mpop' | 'poplib'; by: Exclude<PopLogin, 'implicit-tls'> };
  /** What it authenticates with; `own-choice`: it takes what it likes best of what is listed. Absent: it sends without. */
  auth?: Mechanism | 'own-choice';
};

/**
 * One try to get one message through. Addresses are written as they go over the wire, with names in braces:
 * `{u}` a local part with the attempt's token, `{E}` the recipients' outside domain, `{S}` the senders', `{E2}` a third,
 * `{com}` and so on other outside domains, `{H}` the target's host name, `{I}` and `{I6}` its addresses, `{L}` a local
 * domain, `{account}` an existing local account, `{other}` another one, `{client}` the client's address, `{name}` its
 * name in DNS, `{neighbour}` that of another address of its network, `{sink}` and `{sink6}` the addresses of the outside mail exchanger, `{message}` the ordinary message
 * without its final dot. What the configuration itself names: `{alias}` an alias that leads outside, `{virtual}` a
 * virtual user that does, `{relayTo}` a domain that is relayed to, `{trustedHost}` a host that is trusted,
 * `{refusedSender}` a sender and `{refusedRecipient}` a recipient of its own that its access map refuses. `{LC}` is
 * `{L}` in capitals.
 */
export type Scene = {
  family: 'ipv4' | 'ipv6';
  port: 25 | 587 | 465;
  tls: boolean;
  /** TLS from the first octet on (RFC 8314 section 3.3), in place of STARTTLS; a handshake that is refused ends the scene. */
  implicitTls?: { ability?: TlsAbility };
  pop?: readonly PopStep[];
  auth?: AuthStep;
  mailFrom: string;
  rcptTo: string;
  /** The session, where it is not the usual one: greeting, STARTTLS if `tls`, AUTH if `auth`, envelope, message. */
  session?: readonly SmtpStep[];
  /** A program that plays the session in place of a script. */
  by?: ProgramRun;
  /** Where the message must turn up if it gets through: outside at the sink, or in the account's mailbox. */
  destination: 'sink' | 'mailbox';
  /**
   * False: whose mailbox a local address leads to, or what other place, is the configuration's own affair; sendmail's
   * word for the delivery is enough.
   */
  readBack?: false;
  /** What counts is any message with the token at the sink, delivery reports and replies included. */
  reflected?: true;
  /** The last thing to do, where the outcome is decided before a message is sent. */
  until?: 'auth' | 'starttls';
  /** What a message that gets through must leave behind: without it, it does not count. */
  leaves?: Traces;
  names?: ForgedNames;
  /** Whose address the client has; default: one that nobody knows. See the configuration's `trusted`. */
  client?:
    | 'of-a-trusted-network'
    | 'just-below-a-trusted-network'
    | 'just-above-a-trusted-network'
    | 'like-a-trusted-network'
    /** A connection that begins in the target, from and to its own address. */
    | 'the-server-itself'
    /** The same over the loopback interface, as webmail programs and cron jobs connect. */
    | 'the-server-over-loopback';
  home?: HomeFile;
  /** Restarted after `pop` and before any session. The attempt then has the target to itself. */
  restart?: 'sendmail' | 'pop-server';
  /** Octets that the client sends before the server has greeted; a template. Their replies are the first step's to read. */
  pregreeting?: string;
  /** Extra octets in the message's body, to make it large. */
  padding?: number;
  /** More lines of the message's body, in UTF-8; a template. */
  body?: string;
  /** It must arrive as it was sent: every header field and the whole body are compared. */
  whole?: true;
  /** More header fields of the message, one a line; a template. */
  header?: string;
};

/** A question to the target's own rules for all addresses or domains, instead of a message. */
export type Sweep = { sweep: 'ipv4' | 'ipv6' | 'domains' | 'hosts'; wants: 'nothing-undeclared' | 'all-declared' };

/** Programs that run in a container of their own; whether there has to be one. */
export const needsClientContainer = (scene: Scene | Sweep): boolean =>
  !isSweep(scene) &&
  scene.by !== undefined &&
  (scene.by.program !== 'nodemailer' || (scene.by.pop !== undefined && scene.by.pop.program !== 'poplib'));

/** The scenes among them that are messages. */
export const scenesOf = (attempts: readonly { scene: Scene | Sweep }[]): Scene[] =>
  attempts.flatMap(({ scene }) => (isSweep(scene) ? [] : [scene]));

export const isSweep = (scene: Scene | Sweep): scene is Sweep => 'sweep' in scene;

/** Whether the attempt must have the target to itself, because it changes what others meet. */
export const needsTargetAlone = (scene: Scene | Sweep): boolean =>
  restarts(scene) || (!isSweep(scene) && weighsOnOthers(scene));

/** Whether a daemon of the target is restarted for it. */
export const restarts = (scene: Scene | Sweep): boolean => !isSweep(scene) && scene.restart !== undefined;

/** Whether the attempt has a home to itself: those that have one come one after another. */
export const needsHomeAlone = (scene: Scene | Sweep): boolean => !isSweep(scene) && scene.home !== undefined;

/** A crowd does, and so does a login in the lab's only IPv6 network where a fault makes authorisation spread. */
const weighsOnOthers = ({ family, pop = [] }: Scene): boolean =>
  pop.some((step) => step.do === 'crowd' || (step.do === 'login' && step.from === 'neighbour' && family === 'ipv6'));
