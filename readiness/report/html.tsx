/** The result as a web page: one file, nothing to load, nothing to run. */
import { createHash } from 'node:crypto';
import { renderToString } from 'preact-render-to-string';
import { css as base } from '../../reports/html/style.ts';
import { Badge, Code, Scrolling, Text, Texts } from '../../reports/html/text.tsx';
import { count } from '../../reports/words.ts';
import type { Readiness, ReadinessResult, ReadinessUser, ReadinessUsers } from '../model.ts';
import { type Bar, bars } from './chart.ts';
import { date, meaning, minute, readinessMark, sentence, userMark } from './words.ts';

const css = `${base}
.chart{width:100%;min-width:34rem;height:auto;max-height:22rem;background:var(--panel);border:1px solid var(--line)}
.chart text{fill:var(--soft);font:11px system-ui,sans-serif}
.chart .grid{stroke:var(--line)}
.pop{fill:var(--bad)}.auth{fill:var(--good)}.odd{fill:var(--page);stroke:var(--unclear);stroke-width:1.5}
.hatch{stroke:var(--page);stroke-width:1.5}
th small{display:block;font-weight:400;color:var(--soft)}
.key{display:flex;flex-wrap:wrap;gap:.2em 1.2em;list-style:none;padding:0}
.key svg{width:.9em;height:.9em;vertical-align:-.1em}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.t{white-space:nowrap}
`;
const styleHash = createHash('sha256').update(css).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

const number = (value: number) => value.toLocaleString('en-US');

const kinds = [
  { key: 'authenticated', name: 'with AUTH', tone: 'auth' },
  { key: 'popRelayed', name: 'by POP authorisation', tone: 'pop' },
  { key: 'unexplained', name: 'unexplained', tone: 'odd' },
] as const;

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 48;
const BOTTOM = 24;
const TOP = 10;

/** A round number that is at least as large, for the axis. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function Chart({ days }: { days: Readiness['days'] }) {
  const { bars: columns, daysEach } = bars(days);
  const total = (bar: Bar) => bar.authenticated + bar.popRelayed + bar.unexplained;
  const top = roundUp(Math.max(1, ...columns.map(total)));
  const plot = HEIGHT - BOTTOM - TOP;
  const width = (WIDTH - LEFT) / Math.max(1, columns.length);
  const height = (messages: number) => (messages / top) * plot;
  const every = Math.max(1, Math.ceil(columns.length / 8));
  const each = daysEach === 1 ? 'day' : `${daysEach} days`;
  const sums = kinds
    .map(({ key, name }) => `${number(days.reduce((sum, one) => sum + one[key], 0))} ${name}`)
    .join(', ');
  const description = `Relayed messages per ${each} from ${days[0]?.day} to ${days.at(-1)?.day}: ${sums}. The table of days below has the figures.`;
  return (
    <figure>
      <Scrolling label="Chart of relayed messages">
        <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={description}>
          {/* Not by colour alone: POP is hatched, and what is not explained is hollow. */}
          <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect class="pop" width="6" height="6" />
              <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
            </pattern>
          </defs>
          {[0, 0.5, 1].map((part) => {
            const y = TOP + plot * (1 - part);
            return (
              <>
                <line class="grid" x1={LEFT} x2={WIDTH} y1={y} y2={y} />
                <text x={LEFT - 6} y={y + 4} text-anchor="end">
                  {number(top * part)}
                </text>
              </>
            );
          })}
          {columns.map((bar, index) => {
            let y = TOP + plot;
            return (
              <g>
                <title>{`${bar.label}: ${kinds.map(({ key, name }) => `${bar[key]} ${name}`).join(', ')}`}</title>
                {kinds.map(({ key, tone }) => {
                  const h = height(bar[key]);
                  y -= h;
                  return h === 0 ? null : (
                    <rect
                      class={tone === 'pop' ? undefined : tone}
                      fill={tone === 'pop' ? 'url(#hatch)' : undefined}
                      x={(LEFT + index * width + width * 0.1).toFixed(1)}
                      y={y.toFixed(1)}
                      width={(width * 0.8).toFixed(1)}
                      height={h.toFixed(1)}
                    />
                  );
                })}
                {index % every === 0 ? (
                  <text x={(LEFT + index * width).toFixed(1)} y={HEIGHT - 7}>
                    {bar.label}
                  </text>
                ) : null}
              </g>
            );
          })}
        </svg>
      </Scrolling>
      <figcaption>
        Relayed messages per {each}
        <ul class="key">
          {kinds.map(({ name, tone }) => (
            <li>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect
                  class={tone === 'pop' ? undefined : tone}
                  fill={tone === 'pop' ? 'url(#hatch)' : undefined}
                  width="10"
                  height="10"
                />
              </svg>{' '}
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <details>
        <summary>The figures as a table</summary>
        <Scrolling label="Relayed messages by day">
          <table>
            <thead>
              <tr>
                <th scope="col">from</th>
                {kinds.map(({ name }) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {columns.map((bar) => (
                <tr>
                  <th scope="row">{bar.label}</th>
                  {kinds.map(({ key }) => (
                    <td class="n">{number(bar[key])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      </details>
    </figure>
  );
}

function Addresses({ user }: { user: ReadinessUser }) {
  if (user.addresses.length === 0) return null;
  const shown = user.addresses.slice(0, 3);
  const rest = user.addresses.slice(3);
  const one = ({ address, ambiguous }: ReadinessUser['addresses'][number], index: number) => (
    <>
      {index > 0 ? ', ' : ''}
      <Code of={address} />
      {ambiguous ? ' (shared)' : ''}
    </>
  );
  return (
    <>
      {shown.map(one)}
      {rest.length > 0 ? (
        <details>
          <summary>{`${rest.length}${user.moreAddresses ? ' and more' : ' more'}`}</summary>
          <p>{rest.map(one)}</p>
        </details>
      ) : null}
    </>
  );
}

function User({ user }: { user: ReadinessUser }) {
  const many = user.popRelayedAmbiguous;
  return (
    <tr>
      <th scope="row" class="wide">
        <Text of={user.user} />
        {user.alsoKnownAs.length > 0 ? (
          <small>
            also <Text of={user.alsoKnownAs.join(', ')} />
          </small>
        ) : null}
      </th>
      <td>
        <Badge mark={userMark[user.verdict]} />
      </td>
      <td class="n">
        {number(user.popRelayed)}
        {many > 0 ? <small>{number(many)} perhaps not his</small> : null}
      </td>
      <td class="t">{date(user.lastPopRelayed)}</td>
      <td class="n">{number(user.authenticated)}</td>
      <td class="t">{date(user.lastAuthenticated)}</td>
      <td>
        <Text of={user.mechanisms.join(' ')} />
        {user.tls.length > 0 ? (
          <small>
            TLS: <Text of={user.tls.join(' ')} />
          </small>
        ) : null}
      </td>
      <td class="n">
        {number(user.popLogins)}
        <small>{date(user.lastPopLogin)}</small>
      </td>
      <td class="wide">
        <Addresses user={user} />
      </td>
    </tr>
  );
}

const userColumns = [
  'user',
  'verdict',
  'by POP',
  'last by POP',
  'with AUTH',
  'last with AUTH',
  'mechanisms',
  'POP logins',
  'addresses',
];

function Users({ users }: { users: ReadinessUsers }) {
  return (
    <section id="users">
      <h2>Users</h2>
      {users.length === 0 ? <p>No user is in these logs.</p> : null}
      <dl class="facts">
        {(['not-ready', 'mixed', 'ready', 'silent'] as const).map((verdict) => (
          <div>
            <dt>
              <Badge mark={userMark[verdict]} />
            </dt>
            <dd>{meaning[verdict]}</dd>
          </div>
        ))}
      </dl>
      {users.length === 0 ? null : (
        <Scrolling label="Users">
          <table>
            <thead>
              <tr>
                {userColumns.map((name) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Array.from(users, (user) => (
                <User user={user} />
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
    </section>
  );
}

const MOST_UNEXPLAINED = 500;

function Unexplained({ result }: { result: ReadinessResult }) {
  const { unexplained } = result;
  if (unexplained.length === 0) return null;
  return (
    <section id="unexplained">
      <h2>Unexplained relaying</h2>
      <p>
        These clients relayed without AUTH, and nobody had logged in over POP from there, or too long ago. Either they
        are in a network that may relay by its address (name it with <code>--trusted</code>), or the server is an open
        relay: <code>relayproof audit</code> tells.
      </p>
      <Scrolling label="Unexplained relaying">
        <table>
          <thead>
            <tr>
              {['address', 'messages', 'first', 'last', 'POP login before'].map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {unexplained.slice(0, MOST_UNEXPLAINED).map(({ address, messages, first, last, lastPopLogin }) => (
              <tr>
                <th scope="row">
                  <Code of={address} />
                </th>
                <td class="n">{number(messages)}</td>
                <td class="t">{minute(first)}</td>
                <td class="t">{minute(last)}</td>
                <td>
                  {lastPopLogin === null ? (
                    'none'
                  ) : (
                    <>
                      <Text of={lastPopLogin.user} />, {minute(lastPopLogin.at)}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      {unexplained.length > MOST_UNEXPLAINED ? (
        <p>{`and ${number(unexplained.length - MOST_UNEXPLAINED)} more addresses: --json has them`}</p>
      ) : null}
    </section>
  );
}

function Logs({ result }: { result: ReadinessResult }) {
  const { lines, logs, options } = result;
  return (
    <section id="logs">
      <h2>Logs</h2>
      <p>{`${count(lines.read, 'line')} read, ${number(lines.used)} used, ${number(lines.skipped)} skipped (${number(lines.skippedBecause.other)} of other programs or no matter, ${number(lines.skippedBecause.withoutTime)} without a time, ${number(lines.skippedBecause.tooLong)} too long). ${count(lines.outOfOrder, 'line')} out of order.`}</p>
      <p>
        {`A POP login counts for ${options.lifetimeSeconds} seconds. Times without a zone are taken for `}
        <Text of={options.timezone} />
        {options.trusted.length > 0 ? (
          <>
            ; trusted: <Text of={options.trusted.join(', ')} />
          </>
        ) : null}
        {options.relayTo.length > 0 ? (
          <>
            ; relayed to for anyone: <Text of={options.relayTo.join(', ')} />
          </>
        ) : null}
        .
      </p>
      <Scrolling label="Logs">
        <table>
          <thead>
            <tr>
              {['log', 'lines', 'used', 'remarks'].map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {logs.map(({ name, compression, lines: counts, damaged, remark }) => (
              <tr>
                <th scope="row" class="wide">
                  <Code of={name} />
                  {compression === 'none' ? null : <small>{compression}</small>}
                </th>
                <td class="n">{number(counts.read)}</td>
                <td class="n">{number(counts.used)}</td>
                <td>
                  <Text of={[damaged, remark].filter((one) => one !== undefined).join('; ')} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      {result.popServers.length > 0 ? (
        <p>{`POP logins by: ${result.popServers.map(({ name, logins }) => `${name} (${number(logins)})`).join(', ')}.`}</p>
      ) : null}
    </section>
  );
}

function Page({ result }: { result: ReadinessResult }) {
  const mark = readinessMark[result.verdict];
  const { totals, period, days } = result;
  const { users } = totals;
  const counts = [
    `${users['not-ready']} not ready`,
    `${users.mixed} mixed`,
    `${users.ready} ready`,
    `${users.silent} silent`,
    `${number(totals.popRelayed)} messages by POP authorisation`,
    `${number(totals.authenticated)} with AUTH`,
    `${number(totals.unexplained)} unexplained`,
  ];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{`${mark.word}: readiness for SMTP-AUTH`}</title>
        {/* The one place where markup is not escaped: our own constant. */}
        <style dangerouslySetInnerHTML={{ __html: css }} />
      </head>
      <body>
        <header>
          <h1>
            Readiness for SMTP-AUTH: <Badge mark={mark} />
          </h1>
          <p class={`conclusion ${mark.tone}`}>{sentence(result)}</p>
          <ul class="counts">
            {counts.map((words) => (
              <li>{words}</li>
            ))}
          </ul>
          <p class="soft">
            {period.from === null || period.to === null
              ? 'No line was of use'
              : `${minute(period.from)} to ${minute(period.to)}`}
            {`, ${result.tool.name} ${result.tool.version}, exit status ${result.exitStatus}`}
          </p>
        </header>
        <main>
          <Texts of={result.reasons} />
          {days.length > 0 ? <Chart days={days} /> : null}
          <Users users={result.users} />
          <Unexplained result={result} />
          {result.notes.length > 0 ? (
            <section id="notes">
              <h2>Notes</h2>
              <Texts of={result.notes} />
            </section>
          ) : null}
        </main>
        <footer>
          <Logs result={result} />
        </footer>
      </body>
    </html>
  );
}

/** The content of the page. */
export function renderReadinessHtml(result: ReadinessResult): string {
  return `<!doctype html>\n${renderToString(<Page result={result} />)}\n`;
}
