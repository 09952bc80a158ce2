/** What is filtered by, as it stands in the address's fragment: `#?verdict=fail&suite=open-relay`. */
export const fields = ['verdict', 'suite', 'level', 'configuration', 'text'] as const;

export type Filter = Record<(typeof fields)[number], string>;

export const noFilter: Filter = { verdict: '', suite: '', level: '', configuration: '', text: '' };

/** The filter that a fragment says; none where it is something else, such as the id of a part. */
export function filterOf(fragment: string): Filter | undefined {
  if (!fragment.startsWith('#?')) return undefined;
  const said = new URLSearchParams(fragment.slice(2));
  return Object.fromEntries(fields.map((field) => [field, said.get(field) ?? ''])) as Filter;
}

/** The fragment for a filter; empty where nothing is filtered. */
export function fragmentOf(filter: Filter): string {
  const said = new URLSearchParams(
    fields.filter((field) => filter[field] !== '').map((field) => [field, filter[field]]),
  );
  return said.size === 0 ? '' : `#?${said}`;
}
