/**
 * Makes the logs of an invented server, and says who of its users is what. The truth is found by looking through all
 * logins for each message, and shares nothing with what it is compared with.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Entry = { at: number; program: string; pid: number; text: string };

export type PopStyle = 'dovecot-2.3' | 'dovecot-2.4' | 'qpopper' | 'popa3d' | 'uw' | 'courier' | 'cyrus';

export type MailLogOptions = {
  seed: number;
  /** The first day, in ms since 1970 (midnight UTC). */
  start: number;
  days: number;
  users: number;
  /** Messages from outside for local users, a day. */
  inbound: number;
  /** Messages relayed by clients that nobody authorised, a day. */
  strangers: number;
  /** In seconds. */
  lifetime: number;
  pop: PopStyle;
  /** sendmail before 8.14 writes no A into proto=. */
  oldProto?: boolean;
  /** How many process ids there are: few, and they are used again soon. */
  processes?: number;
};

export type Habit = 'ready' | 'mixed' | 'not-ready' | 'silent' | 'local-only';

export type TrueUser = {
  habit: Habit;
  popRelayed: number;
  ambiguous: number;
  authenticated: number;
  popLogins: number;
  lastPopRelayed: number;
  lastAuthenticated: number;
};

export type Truth = { users: Map<string, TrueUser>; unexplained: Map<string, number> };

/** Mulberry32: the same numbers for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const idChars = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

type Client = { name: string; ip: string; written: string; pop: string };

type User = {
  name: string;
  authid: string;
  habit: Habit;
  clients: Client[];
  mechanism: string;
  tls: string | undefined;
};

export class MailServer {
  readonly #truth: Truth = { users: new Map(), unexplained: new Map() };
  readonly #relayed: { client: Client; at: number; by: { user: User; auth: boolean } | undefined }[] = [];
  readonly #options: MailLogOptions;
  readonly #random: () => number;
  readonly #users: User[] = [];
  readonly #logins = new Map<string, { user: string; at: number }[]>();
  #entries: Entry[] = [];
  #later: Entry[] = [];
  #pid = 400;
  #sequence = 0;

  constructor(options: MailLogOptions) {
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    const habits: Habit[] = ['ready', 'not-ready', 'mixed', 'silent', 'local-only'];
    for (let index = 0; index < options.users; index++) {
      const name = `user${index}`;
      const spelled = [name, `${name}@example.org`, name][index % 3] as string;
      const habit = habits[index % habits.length] as Habit;
      this.#users.push({
        name: spelled,
        authid: [name, `User${index}@Example.ORG`, `${name}@example.org`][index % 3] as string,
        habit,
        clients: this.#clientsOf(index),
        mechanism: ['PLAIN', 'LOGIN', 'CRAM-MD5'][index % 3] as string,
        tls: index % 4 === 0 ? undefined : ['TLSv1.2', 'TLSv1.3'][index % 2],
      });
      this.#truth.users.set(spelled, {
        habit,
        popRelayed: 0,
        ambiguous: 0,
        authenticated: 0,
        popLogins: 0,
        lastPopRelayed: Number.NaN,
        lastAuthenticated: Number.NaN,
      });
    }
  }

  /** An address of his own, one that he shares with the next few, and for some IPv6 or an IPv4-mapped spelling. */
  #clientsOf(index: number): Client[] {
    const own = `198.18.${Math.floor(index / 250) % 100}.${(index % 250) + 1}`;
    const group = `203.0.113.${(Math.floor(index / 4) % 250) + 1}`;
    const client = (ip: string, written = ip, pop = ip): Client => ({
      name: `host-${ip.replace(/[.:]/g, '-')}.example.net`,
      ip,
      written,
      pop,
    });
    const clients = [client(own), client(own), client(group)];
    if (index % 7 === 0) clients.push(client(own, own, `::ffff:${own}`));
    if (index % 5 === 0) {
      const four = (index % 65_536).toString(16);
      clients.push(client(`2001:db8::${four}`, `IPv6:2001:db8:0:0:0:0:0:${four}`, `2001:DB8::0:${four}`));
    }
    return clients;
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #process(): number {
    const { processes = 32_000 } = this.#options;
    this.#pid = 400 + ((this.#pid - 400 + 1) % processes);
    return this.#pid;
  }

  #log(at: number, program: string, pid: number, text: string): void {
    (at >= this.#dayEnd ? this.#later : this.#entries).push({ at, program, pid, text });
  }

  #dayEnd = 0;

  #queueId(at: number, pid: number): string {
    const time = new Date(at);
    const char = (value: number) => idChars[value % 60] as string;
    this.#sequence = (this.#sequence + 1) % 3600;
    return (
      char(time.getUTCFullYear() - 1900) +
      char(time.getUTCMonth()) +
      char(time.getUTCDate()) +
      char(time.getUTCHours()) +
      char(time.getUTCMinutes()) +
      char(time.getUTCSeconds()) +
      char(Math.floor(this.#sequence / 60)) +
      char(this.#sequence) +
      String(pid).padStart(6, '0')
    );
  }

  #popLogin(user: User, client: Client, at: number): void {
    const pid = this.#process();
    const { name } = user;
    switch (this.#options.pop) {
      case 'dovecot-2.3':
      case 'dovecot-2.4': {
        const word = this.#options.pop === 'dovecot-2.3' ? 'Login' : 'Logged in';
        const session = `session=<${this.#sequence}/abc+d>`;
        this.#log(
          at,
          'dovecot',
          0,
          `pop3-login: ${word}: user=<${name}>, method=PLAIN, rip=${client.pop}, lip=192.0.2.1, mpid=${pid}, TLS, ${session}`,
        );
        this.#log(
          at + SECOND,
          'dovecot',
          0,
          `pop3(${name})<${pid}><${session}>: Disconnected: Logged out top=0/0, retr=0/0, del=0/0, size=0`,
        );
        break;
      }
      case 'qpopper':
        this.#log(
          at,
          'in.qpopper',
          pid,
          `(v4.0.9) POP login by user "${name}" at (${client.name}) ${client.pop} [pop_log.c:244]`,
        );
        break;
      case 'popa3d':
        this.#log(at - SECOND, 'popa3d', pid, `Session from ${client.pop}`);
        this.#log(at, 'popa3d', pid, `Authentication passed for ${name}`);
        break;
      case 'uw':
        this.#log(at, 'ipop3d', pid, `Login user=${name} host=${client.name} [${client.pop}] nmsgs=3/3`);
        break;
      case 'courier':
        this.#log(at, 'pop3d', 0, `Connection, ip=[${client.pop}]`);
        this.#log(at, 'pop3d', 0, `LOGIN, user=${name}, ip=[${client.pop}], port=[1060]`);
        break;
      case 'cyrus':
        this.#log(at, 'pop3', pid, `login: ${client.name} [${client.pop}] ${name} plaintext User logged in`);
    }
    const logins = this.#logins.get(client.ip) ?? [];
    logins.push({ user: name, at });
    this.#logins.set(client.ip, logins);
    (this.#truth.users.get(name) as TrueUser).popLogins++;
  }

  /** A wrong password authorises nobody. */
  #failedLogin(user: User, client: Client, at: number): void {
    const pid = this.#process();
    const texts: Record<PopStyle, [string, string]> = {
      'dovecot-2.3': [
        'dovecot',
        `pop3-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<${user.name}>, method=PLAIN, rip=${client.pop}, lip=192.0.2.1, session=<x>`,
      ],
      'dovecot-2.4': [
        'dovecot',
        `pop3-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): user=<${user.name}>, method=PLAIN, rip=${client.pop}, lip=192.0.2.1, session=<x>`,
      ],
      qpopper: [
        'in.qpopper',
        `[AUTH] Failed attempted login to ${user.name} from host (${client.name}) ${client.pop} [pop_pass.c:1234]`,
      ],
      popa3d: ['popa3d', `Authentication failed for ${user.name}`],
      uw: ['ipop3d', `Login failed user=${user.name} auth=${user.name} host=${client.name} [${client.pop}]`],
      courier: ['pop3d', `LOGIN FAILED, user=${user.name}, ip=[${client.pop}]`],
      cyrus: [
        'pop3',
        `badlogin: ${client.name} [${client.pop}] plaintext ${user.name} SASL(-13): authentication failure: checkpass failed`,
      ],
    };
    const [program, text] = texts[this.#options.pop];
    this.#log(at, program, pid, text);
  }

  /** A session with messages. Returns the time of the last. */
  #smtp(
    client: Client,
    at: number,
    messages: number,
    by: { user: User; auth: boolean } | undefined,
    to: 'outside' | 'here',
  ): void {
    const pid = this.#process();
    const relay = `${client.name} [${client.written}]`;
    let now = at;
    const tls = by?.user.tls;
    if (tls !== undefined)
      this.#log(
        now,
        'sm-mta',
        pid,
        `STARTTLS=server, relay=${relay}, version=${tls}, verify=NO, cipher=ECDHE-RSA-AES256-GCM-SHA384, bits=256/256`,
      );
    if (by?.auth) {
      now += SECOND;
      this.#log(
        now,
        'sm-mta',
        pid,
        `AUTH=server, relay=${relay}, authid=${by.user.authid}, mech=${by.user.mechanism}, bits=0`,
      );
    }
    const shown = this.#options.oldProto ? '' : `${tls ? 'S' : ''}${by?.auth ? 'A' : ''}`;
    for (let index = 0; index < messages; index++) {
      if (index > 0) now += (5 + Math.floor(this.#random() * 60)) * SECOND;
      const id = this.#queueId(now, pid);
      const sender = by
        ? `${by.user.name.split('@')[0]}@example.org`
        : `sender${Math.floor(this.#random() * 5000)}@elsewhere.example`;
      this.#log(
        now,
        'sm-mta',
        pid,
        `${id}: from=<${sender}>, size=${1000 + Math.floor(this.#random() * 90_000)}, class=0, nrcpts=1, msgid=<${id}.${index}@${client.name}>, proto=ESMTP${shown}, daemon=MTA-v4, relay=${relay}`,
      );
      this.#deliver(id, now, to);
      if (to === 'outside') this.#relayed.push({ client, at: now, by });
    }
  }

  #deliver(id: string, at: number, to: 'outside' | 'here'): void {
    const pid = this.#process();
    const delay = 1 + Math.floor(this.#random() * 3);
    if (to === 'here') {
      this.#log(
        at + delay * SECOND,
        'sm-mta',
        pid,
        `${id}: to=<user${Math.floor(this.#random() * 400)}@example.org>, delay=00:00:0${delay}, xdelay=00:00:00, mailer=local, pri=31000, relay=local, dsn=2.0.0, stat=Sent`,
      );
      return;
    }
    const recipient = `<friend${Math.floor(this.#random() * 9000)}@elsewhere.example>`;
    const next = 'mx.elsewhere.example. [192.0.2.25]';
    if (this.#random() < 0.1) {
      this.#log(
        at + delay * SECOND,
        'sm-mta',
        pid,
        `${id}: to=${recipient}, delay=00:00:0${delay}, xdelay=00:00:00, mailer=esmtp, pri=121000, relay=${next}, dsn=4.0.0, stat=Deferred: Connection timed out with mx.elsewhere.example.`,
      );
      this.#log(
        at + 26 * HOUR,
        'sm-mta',
        this.#process(),
        `${id}: to=${recipient}, delay=1+02:00:00, xdelay=00:00:01, mailer=esmtp, pri=931000, relay=${next}, dsn=2.0.0, stat=Sent (ok queued as 1)`,
      );
      return;
    }
    this.#log(
      at + delay * SECOND,
      'sm-mta',
      pid,
      `${id}: to=${recipient}, delay=00:00:0${delay}, xdelay=00:00:01, mailer=esmtp, pri=121000, relay=${next}, dsn=2.0.0, stat=Sent (2.0.0 Ok: queued as 4F1)`,
    );
  }

  /** What the messages that were relayed say of whom. Deferred ones are sent the next day, and are counted all the same. */
  truth(): Truth {
    const lifetime = this.#options.lifetime * SECOND;
    for (const { client, at, by } of this.#relayed.splice(0)) {
      if (by?.auth) {
        const user = this.#truth.users.get(by.user.name) as TrueUser;
        user.authenticated++;
        user.lastAuthenticated = Math.max(at, user.lastAuthenticated || 0);
        continue;
      }
      const logins = this.#logins.get(client.ip) ?? [];
      const holders = new Set(
        logins.filter((login) => login.at <= at && at <= login.at + lifetime).map(({ user }) => user),
      );
      if (holders.size === 0) {
        this.#truth.unexplained.set(client.ip, (this.#truth.unexplained.get(client.ip) ?? 0) + 1);
      }
      for (const name of holders) {
        const user = this.#truth.users.get(name) as TrueUser;
        user.popRelayed++;
        if (holders.size > 1) user.ambiguous++;
        user.lastPopRelayed = Math.max(at, user.lastPopRelayed || 0);
      }
    }
    return this.#truth;
  }

  #refused(client: Client, at: number): void {
    const pid = this.#process();
    const id = this.#queueId(at, pid);
    const victim = '<victim@elsewhere.example>';
    const relay = `${client.name} [${client.written}]`;
    this.#log(
      at,
      'sm-mta',
      pid,
      `${id}: ruleset=check_rcpt, arg1=${victim}, relay=${relay}, reject=550 5.7.1 ${victim}... Relaying denied. Proper authentication required.`,
    );
    this.#log(
      at,
      'sm-mta',
      pid,
      `${id}: from=<spammer@elsewhere.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay=${relay}`,
    );
  }

  #dayOf(user: User, day: number): void {
    const { lifetime } = this.#options;
    const client = this.#pick(user.clients);
    const at = day + Math.floor(this.#random() * 20 * 3600) * SECOND + HOUR;
    const smtp = { ...client };
    if (this.#random() < 0.1) this.#failedLogin(user, client, at - HOUR / 2);
    this.#popLogin(user, client, at);
    const soon = at + Math.floor(this.#random() * Math.max(1, lifetime - 300)) * SECOND;
    const some = 1 + Math.floor(this.#random() * 3);
    if (user.habit === 'ready' || (user.habit === 'mixed' && this.#random() < 0.5))
      this.#smtp(smtp, soon, some, { user, auth: true }, 'outside');
    else if (user.habit === 'mixed') this.#smtp(smtp, soon, some, { user, auth: false }, 'outside');
    else if (user.habit === 'local-only') this.#smtp(smtp, soon, 1, { user, auth: false }, 'here');
    else if (user.habit === 'not-ready') {
      const edge = this.#random();
      // The last second that counts, the first that does not, and the ordinary case.
      if (edge < 0.15) this.#smtp(smtp, at + lifetime * SECOND, 1, { user, auth: false }, 'outside');
      else if (edge < 0.2) this.#smtp(smtp, at + (lifetime + 1) * SECOND, 1, { user, auth: false }, 'outside');
      else this.#smtp(smtp, soon, some, { user, auth: false }, 'outside');
    }
  }

  /** One day’s entries, in the order of their times. */
  *days(): Generator<Entry[]> {
    const { start, days, inbound, strangers } = this.#options;
    for (let number = 0; number <= days + 1; number++) {
      const day = start + number * DAY;
      this.#entries = [];
      this.#dayEnd = day + DAY;
      const waiting = this.#later;
      this.#later = [];
      for (const entry of waiting) (entry.at >= this.#dayEnd ? this.#later : this.#entries).push(entry);
      if (number < days) {
        for (const user of this.#users) this.#dayOf(user, day);
        for (let count = 0; count < inbound; count++) this.#inbound(day);
        for (let count = 0; count < strangers; count++) {
          const ip = `198.19.${Math.floor(this.#random() * 4)}.${1 + Math.floor(this.#random() * 9)}`;
          this.#smtp(
            { name: 'stranger.example.com', ip, written: ip, pop: ip },
            day + Math.floor(this.#random() * 86_000) * SECOND,
            1,
            undefined,
            'outside',
          );
        }
      }
      yield this.#entries.sort((a, b) => a.at - b.at);
    }
  }

  #inbound(day: number): void {
    const at = day + Math.floor(this.#random() * 86_000) * SECOND;
    const ip = `192.0.2.${100 + Math.floor(this.#random() * 100)}`;
    const client = { name: 'mail-out.elsewhere.example', ip, written: ip, pop: ip };
    if (this.#random() < 0.05) this.#refused(client, at);
    else this.#smtp(client, at, 1, undefined, 'here');
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** How syslogd of BSD writes it; `offset` is the zone’s, in ms. */
export function bsdLine({ at, program, pid, text }: Entry, offset = 0): string {
  const time = new Date(at + offset);
  const day = String(time.getUTCDate()).padStart(2, ' ');
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  return `${months[time.getUTCMonth()]} ${day} ${clock} mail ${program}${pid === 0 ? '' : `[${pid}]`}: ${text}`;
}

/** How rsyslog’s RSYSLOG_SyslogProtocol23Format writes it. */
export function syslogLine({ at, program, pid, text }: Entry): string {
  return `<22>1 ${new Date(at).toISOString()} mail.example.org ${program} ${pid === 0 ? '-' : pid} - - ${text}`;
}

/** RSYSLOG_FileFormat: RFC 3339 times before the tag. */
export function isoLine({ at, program, pid, text }: Entry, zone = '+00:00'): string {
  const offset = (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * HOUR + Number(zone.slice(4, 6)) * MINUTE);
  const local = new Date(at + offset).toISOString().slice(0, -1);
  return `${local}000${zone} mail ${program}${pid === 0 ? '' : `[${pid}]`}: ${text}`;
}

/** journalctl -o export; `binary` writes the message as a field with its length. */
export function journalEntry({ at, program, pid, text }: Entry, binary = false): Buffer {
  const fields = [
    `__CURSOR=s=0;i=${at}`,
    `__REALTIME_TIMESTAMP=${at * 1000}`,
    '_HOSTNAME=mail',
    `SYSLOG_IDENTIFIER=${program}`,
    `SYSLOG_PID=${pid}`,
  ];
  const head = `${fields.join('\n')}\n`;
  if (!binary) return Buffer.from(`${head}MESSAGE=${text}\n\n`);
  const body = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(body.length));
  return Buffer.concat([Buffer.from(`${head}MESSAGE\n`), length, body, Buffer.from('\n\n')]);
}
