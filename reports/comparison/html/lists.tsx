/** Whom each side trusts, and what it says of itself: two columns, with what only one of them has marked. */
import { Code, Scrolling, Text } from '../../html/text.tsx';
import type { Comparison, Listed } from '../model.ts';
import { whoWasAsked } from '../words.ts';

const MOST = 60;

type ColumnProps = { items: readonly string[] | undefined; own: readonly string[]; mark: '+' | '−' };

function Column({ items, own, mark }: ColumnProps) {
  if (items === undefined) return <>not asked, or inconclusive</>;
  if (items.length === 0) return <>none</>;
  const alone = new Set(own);
  return (
    <ul>
      {items.slice(0, MOST).map((item) =>
        alone.has(item) ? (
          <li class={mark === '+' ? 'added' : 'removed'}>
            <b>{mark}</b> <Code of={item} /> <small>{mark === '+' ? 'gained' : 'lost'}</small>
          </li>
        ) : (
          <li>
            <Code of={item} />
          </li>
        ),
      )}
      {items.length > MOST && <li>and {items.length - MOST} more, in comparison.json</li>}
    </ul>
  );
}

function Table({ label, lists }: { label: string; lists: readonly Listed[] }) {
  return (
    <Scrolling label={label}>
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {lists.map((list) => (
            <tr>
              <th scope="row">
                <Text of={list.title} />
                {whoWasAsked(list) !== '' && <small> ({whoWasAsked(list)})</small>}
              </th>
              <td>
                <Column items={list.before} own={list.lost} mark="−" />
              </td>
              <td>
                <Column items={list.after} own={list.gained} mark="+" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

export function Lists({ comparison: { trust, settings } }: { comparison: Comparison }) {
  return (
    <section id="lists">
      <h2>Trust and settings</h2>
      <Table label="Who is trusted with no credential" lists={trust} />
      <Table label="What each side says of itself" lists={settings} />
    </section>
  );
}
