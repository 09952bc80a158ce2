/** The table for the help desk: a row for each user, who must be called first stands first. */
import { stringify } from 'csv-stringify/sync';
import { visible } from '../../reports/visible.ts';
import type { ReadinessResult } from '../model.ts';

const columns = [
  'user',
  'verdict',
  'messages relayed by POP authorisation',
  'of these perhaps somebody else’s',
  'messages relayed with AUTH',
  'last relayed by POP authorisation (UTC)',
  'last relayed with AUTH (UTC)',
  'POP logins',
  'last POP login (UTC)',
  'mechanisms',
  'TLS',
  'addresses (* shared)',
  'also known as',
];

/**
 * The content of the file, in UTF-8 with a byte order mark, without which spreadsheets take it for something else. A
 * value that a spreadsheet would run as a formula has an apostrophe before it.
 */
export function renderReadinessCsv({ users }: ReadinessResult): string {
  const rows = Array.from(users, (user) =>
    [
      user.user,
      user.verdict,
      user.popRelayed,
      user.popRelayedAmbiguous,
      user.authenticated,
      user.lastPopRelayed ?? '',
      user.lastAuthenticated ?? '',
      user.popLogins,
      user.lastPopLogin ?? '',
      user.mechanisms.join(' '),
      user.tls.join(' '),
      user.addresses.map(({ address, ambiguous }) => `${address}${ambiguous ? '*' : ''}`).join(' '),
      user.alsoKnownAs.join(' '),
    ].map((value) => (typeof value === 'string' ? visible(value, 500) : value)),
  );
  return stringify([columns, ...rows], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
}
