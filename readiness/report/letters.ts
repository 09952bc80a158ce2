/** A letter for each user who has to change something: plain text, ready to be sent. */
import { createHash } from 'node:crypto';
import { wrap } from '../../reports/terminal/layout.ts';
import { visible } from '../../reports/visible.ts';
import type { ReadinessResult, ReadinessUser } from '../model.ts';
import { date } from './words.ts';

const WIDTH = 72;

export type Letter = { user: string; file: string; text: string };

/** A file name of a user’s: his name where it is harmless, and what tells two apart where it is not. */
function fileName(user: string, taken: Set<string>): string {
  const plain = user
    .toLowerCase()
    .replace(/[^a-z0-9@._-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 80);
  const exact = plain === user && !taken.has(plain);
  const name = exact ? plain : `${plain}-${createHash('sha256').update(user).digest('hex').slice(0, 8)}`;
  taken.add(name);
  return `${name}.txt`;
}

const paragraph = (text: string) => wrap(text, WIDTH).join('\n');
const step = (number: number, text: string) =>
  wrap(text, WIDTH - 3)
    .map((line, index) => (index === 0 ? `${number}. ${line}` : `   ${line}`))
    .join('\n');

function letter(user: ReadinessUser): string {
  const name = visible(user.user, 200);
  const last = date(user.lastPopRelayed);
  const some = user.verdict === 'mixed';
  const from = user.addresses.filter(({ popRelayed }) => popRelayed > 0).slice(0, 5);
  const parts = [
    `To: ${name}\nSubject: Your mail program needs one setting changed`,
    'Good day,',
    paragraph(
      'until now our mail server lets you send mail for a while after you have fetched mail. This ends soon. From then on your mail program must give user name and password when it sends, too, as it does when it fetches.',
    ),
    paragraph(
      some
        ? `One of your devices or programs does so already. Another one does not yet: the last message that it sent is of ${last}.`
        : `Your mail program does not do so yet: the last message that it sent is of ${last}.`,
    ),
    ...(user.popRelayedAmbiguous > 0
      ? [
          paragraph(
            '(You share your connection with others. So some of these messages may be theirs. Please look at your settings all the same.)',
          ),
        ]
      : []),
    ...(from.length > 0
      ? [
          `It was connected from:\n${from.map(({ address, last: at }) => `  ${address} (last seen ${date(at)})`).join('\n')}`,
        ]
      : []),
    'What to do, on each computer, telephone, scanner or printer that sends:',
    [
      step(1, 'Open the settings of your mail account, and there those of the outgoing server (SMTP).'),
      step(
        2,
        'Switch on “Outgoing server requires authentication” (or “Use name and password”). User name and password are the same as for incoming mail.',
      ),
      step(3, 'Choose STARTTLS and port 587, so that nobody can read your password on the way.'),
      step(4, 'Send a message to yourself and one to somebody outside. If both arrive, all is well.'),
    ].join('\n'),
    paragraph('If a device cannot do this, please tell us: there is a way for such devices, too.'),
    'Your help desk',
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The letters for those who are not ready, and for those who are in part. */
export function letters({ users }: ReadinessResult): Letter[] {
  const taken = new Set<string>();
  const all: Letter[] = [];
  for (const user of users) {
    if (user.verdict !== 'not-ready' && user.verdict !== 'mixed') continue;
    all.push({ user: user.user, file: fileName(user.user, taken), text: letter(user) });
  }
  return all;
}
