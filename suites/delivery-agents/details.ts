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

/** Has the shell that reads it send a message to outside; spaces cannot stand in an address that sendmail delivers. */
const command = "echo|/usr/sbin/sendmail$IFS'{u}@{E}'";

const shell = (
  [
    ['semicolon', 'behind a semicolon', `;${command};`],
    ['substitution', 'in $()', `$(${command})`],
    ['backquotes', 'in backquotes', `\`${command}\``],
    ['pipe', 'behind a pipe', `|${command}|cat`],
    ['ampersand', 'behind an ampersand', `&${command}&`],
  ] as const
).map(
  ([id, where, detail]): Draft => ({
    ...staysInside,
    id: `delivery-agents/shell-${id}`,
    title: `mail to a user with a shell command ${where} behind the +`,
    requirement: 'A server MUST NOT run a command that stands in an address.',
    remedy:
      'Call the delivery agent directly (P= and A= of the mailer), and not through a shell or a script with eval.',
    scene: toDetail(detail, { destination: 'sink', reflected: true }),
  }),
);

const forwards = (
  [
    ['equals', 'with = for the @', '{u}={E}'],
    ['percent', 'with % for the @', '{u}%{E}'],
    ['address', 'as it is', '{u}@{E}'],
    ['bang-path', 'as a bang path', '{E}!{u}'],
  ] as const
).map(
  ([id, how, detail]): Draft => ({
    ...staysInside,
    id: `delivery-agents/forward-to-detail-${id}`,
    title: `mail to a user with an outside address ${how} behind the +`,
    requirement: 'A server MUST NOT send a stranger’s message on to an address that the stranger puts into the detail.',
    remedy:
      'Take the recipe or the virtual user out that makes an address of what stands behind the + ($1 of procmail -a, %2).',
    scene: toDetail(detail, { destination: 'sink', reflected: true }),
  }),
);

export const details: readonly Draft[] = [...reaches, ...shell, ...forwards];
