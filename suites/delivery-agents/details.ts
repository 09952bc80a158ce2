/** What stands behind the + of a local address: the sender chooses it, and the delivery agent is given it. */
import type { Scene } from '../scene.ts';
import { arrives, type Draft, staysInside, toAUser } from './draft.ts';

const toDetail = (detail: string, more: Partial<Scene> = {}): Scene => {
  const quoted = /[\s(),:;<>@[\]\\`$|&!%]/.test(detail);
  return toAUser({ rcptTo: quoted ? `<"{account}+${detail}"@{L}>` : `<{account}+${detail}@{L}>`, ...more });
};

/** A detail of 120 characters; sendmail takes addresses of up to 255. */
const LONG = 'x'.repeat(120);

const reaches = (
  [
    ['path', 'a path upwards', '../../../../tmp/{u}'],
    ['absolute-path', 'an absolute path', '/tmp/{u}'],
    ['semicolon', 'a semicolon', ';id'],
    ['backquotes', 'backquotes', '`id`'],
    ['option', 'what looks like an option', '-oXfile'],
    ['variable', 'what looks like a variable', '$HOME'],
    ['long', 'a detail of 120 characters', LONG],
    ['eighth-bit', 'octets above 127', '\u00e9t\u00e9'],
    ['several', 'several +', 'one+two+three'],
    ['empty', 'nothing', ''],
  ] as const
).map(
  ([id, what, detail]): Draft => ({
    ...arrives,
    level: 'should',
    id: `delivery-agents/detail-${id}`,
    title: `mail to a user with ${what} behind the +`,
    requirement: 'Mail to a user SHOULD reach his mailbox whatever stands behind the plus sign.',
    remedy: 'Give the delivery agent the user’s name alone, or the detail as an argument that it does not interpret.',
    scene: toDetail(detail),
  }),
);

/**
 * Has a shell run the last lines of the message, which send one to outside: sendmail refuses a local part with an @ in
 * it as relaying, delivers none with a space, and writes a detail in lower case. The null sender gets no report.
 */
const script = `${':\n'.repeat(9)}echo | /usr/sbin/sendmail {u}@{E}`;

const shell = (
  [
    ['semicolon', 'behind a semicolon', ';tail|sh;'],
    ['backquotes', 'in backquotes', '`tail|sh`'],
  ] as const
).map(
  ([id, where, detail]): Draft => ({
    ...staysInside,
    id: `delivery-agents/shell-${id}`,
    title: `mail to a user with a shell command ${where} behind the +`,
    requirement: 'A server MUST NOT run a command that stands in an address.',
    remedy:
      'Call the delivery agent directly (P= and A= of the mailer), and not through a shell or a script with eval.',
    scene: toDetail(detail, { mailFrom: '<>', body: script, destination: 'sink', reflected: true }),
  }),
);

const forward: Draft = {
  ...staysInside,
  id: 'delivery-agents/forward-to-detail',
  title: 'mail to a user with an outside address behind the +, = for its @',
  requirement: 'A server MUST NOT send a stranger’s message on to an address that the stranger puts into the detail.',
  remedy:
    'Take the recipe or the virtual user out that makes an address of what stands behind the + ($1 of procmail -a, %2).',
  scene: toDetail('{u}={E}', { mailFrom: '<>', destination: 'sink', reflected: true }),
};

export const details: readonly Draft[] = [...reaches, ...shell, forward];
