/** What the attempts on POP before SMTP have in common. */
import type { Attempt, PopStep } from '../attempt.ts';
import { clauses } from '../clauses.ts';
import type { PopLogin, Scene } from '../scene.ts';

export type Draft = Omit<Attempt, 'suite'>;

export const login = { do: 'login', with: 'right-password', from: 'same' } as const satisfies PopStep;
export const popModes: Attempt['applies'] = { modes: ['pop-before-smtp', 'both'] };

/** The ways of logging in, in words. */
export const ways: readonly (readonly [PopLogin, string])[] = [
  ['apop', 'by APOP'],
  ['auth-plain', 'by AUTH PLAIN'],
  ['auth-login', 'by AUTH LOGIN'],
  ['auth-cram-md5', 'by AUTH CRAM-MD5'],
  ['stls', 'after STLS'],
  ['implicit-tls', 'on port 995'],
];

/** A message to outside after POP steps. */
export function scene(pop: readonly PopStep[], options: Partial<Scene> = {}): Scene {
  return {
    family: 'ipv4',
    port: 25,
    tls: false,
    pop,
    mailFrom: '<{account}@{L}>',
    rcptTo: '<{u}@{E}>',
    destination: 'sink',
    ...options,
  };
}

/** A scene that must be blocked comes from outside, so that trust in local senders is not taken for a fault of POP. */
export const blockedScene: typeof scene = (pop, options) => scene(pop, { mailFrom: '<{u}@{S}>', ...options });

export const delivers = {
  clauses: [clauses.popBeforeSmtp],
  level: 'must',
  effect: 'lock-out',
  applies: popModes,
  expected: 'deliver',
  refusedIn: [],
  aliases: [],
} as const satisfies Partial<Attempt>;

export const blocks = {
  clauses: [clauses.popBeforeSmtp, clauses.popLogin],
  level: 'must',
  effect: 'leak',
  applies: popModes,
  expected: 'block',
  refusedIn: ['mail', 'rcpt'],
  aliases: [],
} as const satisfies Partial<Attempt>;

export const mapRemedy =
  'Let the POP server’s writer and sendmail use the same map: same path, same type (FEATURE(`drac’, `hash /etc/mail/drac’)), ' +
  'keys spelled as sendmail writes client addresses.';
