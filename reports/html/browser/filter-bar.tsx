/** The bar with which attempts are filtered. It is made by the page's program: without it, it would do nothing. */
import { render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Attempts } from './attempts.ts';
import { type Filter, filterOf, fragmentOf, noFilter } from './filter.ts';

/** While somebody types, the page follows when he pauses. */
const PAUSE_MS = 120;

const selectable = [
  { name: 'Verdict', field: 'verdict' },
  { name: 'Suite', field: 'suite' },
  { name: 'Level', field: 'level' },
  { name: 'Configuration', field: 'configuration' },
] as const;

type ChoiceProps = { name: string; of: readonly string[]; value: string; onChange: (value: string) => void };

function Choice({ name, of, value, onChange }: ChoiceProps) {
  return (
    <label>
      {name}{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">all</option>
        {of.map((one) => (
          <option value={one} key={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function Bar({ attempts }: { attempts: Attempts }) {
  const [filter, setFilter] = useState<Filter>(filterOf(location.hash) ?? noFilter);
  const [shown, setShown] = useState(attempts.total);
  const text = useRef<HTMLInputElement>(null);
  const set = (change: Partial<Filter>) => setFilter((before) => ({ ...before, ...change }));

  useEffect(() => {
    const follow = () => {
      setShown(attempts.filter(filter));
      const fragment = fragmentOf(filter);
      // An address that leads to a part of the page stays until something is filtered.
      if (fragment !== '' || filterOf(location.hash)) {
        history.replaceState(null, '', fragment === '' ? location.pathname + location.search : fragment);
      }
    };
    const timer = setTimeout(follow, PAUSE_MS * Number(document.activeElement === text.current));
    return () => clearTimeout(timer);
  }, [attempts, filter]);

  useEffect(() => {
    const goTo = () => {
      const said = filterOf(location.hash);
      if (said) return setFilter(said);
      const part = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!part) return;
      if (part.closest('[hidden]')) {
        attempts.filter(noFilter);
        setFilter(noFilter);
      }
      attempts.reveal(part);
      part.scrollIntoView();
    };
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        text.current?.focus();
      }
    };
    addEventListener('hashchange', goTo);
    addEventListener('keydown', onKey);
    if (location.hash.length > 1) goTo();
    return () => {
      removeEventListener('hashchange', goTo);
      removeEventListener('keydown', onKey);
    };
  }, [attempts]);

  const choices = useMemo(
    () => selectable.map(({ name, field }) => ({ name, field, of: attempts.values(field) })),
    [attempts],
  );
  const filtered = fragmentOf(filter) !== '';
  return (
    <form class="filter" aria-label="Filter of attempts" onSubmit={(event) => event.preventDefault()}>
      {choices.map(({ name, field, of }) => (
        <Choice name={name} of={of} value={filter[field]} onChange={(value) => set({ [field]: value })} key={field} />
      ))}
      <label>
        Text{' '}
        <input
          ref={text}
          type="search"
          value={filter.text}
          placeholder="press / to type"
          onInput={({ currentTarget }) => set({ text: currentTarget.value })}
        />
      </label>
      <button type="button" disabled={!filtered} onClick={() => setFilter(noFilter)}>
        Show all
      </button>
      <output>
        {shown.toLocaleString('en-US')} of {attempts.total.toLocaleString('en-US')} attempts
      </output>
    </form>
  );
}

export function showFilterBar(attempts: Attempts): void {
  const place = document.getElementById('filter');
  if (place && attempts.total > 0) render(<Bar attempts={attempts} />, place);
}
