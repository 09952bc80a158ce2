/** What the command prints: users, unexplained relaying, what is not known, and the verdict as the last line. */
import picocolors from 'picocolors';
import { grid } from '../../reports/terminal/grid.ts';
import { hanging, shorten } from '../../reports/terminal/layout.ts';
import { paint } from '../../reports/terminal/paint.ts';
import { visible } from '../../reports/visible.ts';
import { count } from '../../reports/words.ts';
import type { ReadinessResult, ReadinessUser } from '../model.ts';
import { date, minute, readinessMark, sentence, userMark } from './words.ts';

export type TerminalOptions = { columns: number; colour: boolean };

const NARROWEST = 60;
const MOST_USERS = 40;
const MOST_ADDRESSES = 10;

const amount = (messages: number, last: string | null) =>
  messages === 0 ? '–' : `${messages.toLocaleString('en-US')} (${date(last).slice(2)})`;

export function renderReadinessTerminal(result: ReadinessResult, { columns, colour }: TerminalOptions): string {
  const colours = picocolors.createColors(colour);
  const width = Math.min(120, Math.max(NARROWEST, Math.floor(columns) || NARROWEST));
  const { users, unexplained, totals } = result;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [colours.bold(title), ...lines, ''];
  const name = width - 58;
  const shown: ReadinessUser[] = [];
  let ambiguous = false;
  for (const user of users) {
    if (shown.length < MOST_USERS) shown.push(user);
    ambiguous ||= user.popRelayedAmbiguous > 0;
  }
  const rows = shown.map((user) => {
    const mark = userMark[user.verdict];
    const shared = user.popRelayedAmbiguous > 0 ? '*' : '';
    return [
      paint(mark, `${mark.glyph} ${mark.word}`, colours),
      shorten(visible(user.user, 200), name),
      `${amount(user.popRelayed, user.lastPopRelayed)}${shared}`,
      amount(user.authenticated, user.lastAuthenticated),
      shorten(
        visible([...user.mechanisms, ...user.tls.filter((one) => one === 'none').map(() => 'no TLS')].join(' '), 60),
        12,
      ),
    ];
  });
  const table = rows.length === 0 ? [] : grid(['verdict', 'user', 'by POP (last)', 'AUTH (last)', 'mechanisms'], rows);
  if (users.length > MOST_USERS) table.push(`and ${users.length - MOST_USERS} more: --csv, --html and --json have all`);
  if (ambiguous) {
    table.push(
      ...hanging(
        '*',
        'some of them from an address that several users had authorised: any of these may have sent them',
        width,
      ),
    );
  }
  const addresses = unexplained
    .slice(0, MOST_ADDRESSES)
    .map(({ address, messages, last, reason, lastPopLogin }) => [
      address,
      count(messages, 'message'),
      minute(last),
      reason === 'expired' && lastPopLogin !== null
        ? shorten(`expired: ${visible(lastPopLogin.user, 60)}`, width - 60)
        : 'no login',
    ]);
  const strange = addresses.length === 0 ? [] : grid(['address', 'relayed', 'last', 'POP login before'], addresses);
  if (unexplained.length > MOST_ADDRESSES) strange.push(`and ${unexplained.length - MOST_ADDRESSES} more addresses`);
  const notes = result.notes.flatMap((note) => hanging('-', visible(note, 500), width));
  const { from, to } = result.period;
  const read = [
    from === null || to === null ? 'No line of these logs was of use.' : `${minute(from)} to ${minute(to)}`,
    `${count(result.lines.read, 'line')} read, ${result.lines.used.toLocaleString('en-US')} used; ${count(totals.popLogins, 'POP login')}, ${count(totals.messages, 'message')}`,
  ].flatMap((line) => hanging('', line, width));
  const mark = readinessMark[result.verdict];
  const { users: by } = totals;
  const tallied = [
    `${by['not-ready']} not ready`,
    `${by.mixed} mixed`,
    `${by.ready} ready`,
    `${by.silent} silent`,
  ].join(', ');
  const lines = [
    ...section('Logs', read),
    ...section('Users', users.length === 0 ? [] : [tallied, ...table]),
    ...section('Unexplained relaying: trusted networks, or an open relay', strange),
    ...section('Notes', notes),
    ...section(
      'Reasons',
      result.reasons.flatMap((reason) => hanging('-', visible(reason, 400), width)),
    ),
    ...hanging(mark.glyph, sentence(result), width).map((line) => paint(mark, line, colours)),
  ];
  return `${lines.join('\n')}\n`;
}
