/** What the attempts of this suite have in common. */
import type { Attempt, AuthStep, Mechanism } from '../attempt.ts';
import type { Scene, SmtpStep } from '../scene.ts';

export type Draft = Omit<Attempt, 'suite'>;

/** What users log in with; the first takes the password as it is, and every program knows it. */
export const mechanisms: readonly Mechanism[] = [
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'DIGEST-MD5',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
];

export const localSender = '<{account}@{L}>';
/** What must be blocked comes from outside, so that trust in local senders is not taken for a fault of AUTH. */
export const outsideSender = '<{u}@{S}>';

/** A message to outside, over STARTTLS on port 25 unless the attempt says otherwise. */
const toOutside = {
  family: 'ipv4',
  port: 25,
  tls: true,
  rcptTo: '<{u}@{E}>',
  destination: 'sink',
} as const satisfies Partial<Scene>;

/** A user's message. */
export const userScene = (parts: Partial<Scene>): Scene => ({ ...toOutside, mailFrom: localSender, ...parts });

/** A stranger's message. */
export const strangerScene = (parts: Partial<Scene>): Scene => ({ ...toOutside, mailFrom: outsideSender, ...parts });

export const right = (mechanism: Mechanism): AuthStep => ({ mechanism, with: 'right-password' });
export const wrong = (mechanism: Mechanism): AuthStep => ({ mechanism, with: 'wrong-password' });

/** A session up to where AUTH may be given. */
export const overTls: readonly SmtpStep[] = [{ do: 'greet' }, { do: 'starttls' }, { do: 'greet' }];
export const inClear: readonly SmtpStep[] = [{ do: 'greet' }];
export const envelope: readonly SmtpStep[] = [{ do: 'mail' }, { do: 'rcpt' }];
export const message: readonly SmtpStep[] = [...envelope, { do: 'data' }];

export const say = (...lines: string[]): SmtpStep[] => lines.map((line) => ({ do: 'say', line }));

/** What must not go out. */
export const block = {
  level: 'must',
  effect: 'leak',
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Attempt>;

/** What users must be able to do. */
export const deliver = {
  level: 'must',
  effect: 'lock-out',
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Attempt>;

/** What is about a reply, and goes no further. */
export const reply = {
  effect: 'weak',
  expected: 'block',
  refusedIn: ['auth'],
  aliases: [],
} as const satisfies Partial<Attempt>;

/** Why no control shows that an attempt fails: every run does. */
export const stockSendmail = 'sendmail as it is delivered fails it, so that every run shows it failing';

export const modesWithAuth = ['smtp-auth', 'both'] as const;
