/** The small parts that everything on the page is made of. */
import type { ComponentChildren } from 'preact';
import type { Clause } from '../model.ts';
import { visible, visiblePieces } from '../visible.ts';
import type { Mark } from '../words.ts';

/** Text from the report. What had to be rewritten to be safe stands out, so that it is not taken for what was sent. */
export function Text({ of }: { of: string }) {
  return <>{visiblePieces(of).map(({ text, rewritten }) => (rewritten ? <i class="esc">{text}</i> : text))}</>;
}

/** Text from the report that a machine wrote or reads: an address, an id, a line of a log. */
export function Code({ of }: { of: string }) {
  return (
    <code>
      <Text of={of} />
    </code>
  );
}

/** A glyph and a word; the colour only repeats what they say. */
export function Badge({ mark }: { mark: Mark }) {
  return (
    <span class={`badge ${mark.tone}`}>
      <span aria-hidden="true">{mark.glyph}</span> {mark.word}
    </span>
  );
}

/** The same where there may be ten thousand of them: the glyph comes from the style sheet. */
export function Verdict({ mark, href }: { mark: Mark; href?: string }) {
  const of = `verdict ${mark.tone}`;
  return href === undefined ? (
    <b class={of}>{mark.word}</b>
  ) : (
    <a class={of} href={href}>
      {mark.word}
    </a>
  );
}

/** A list of report texts; nothing at all for an empty one. */
export function Texts({ of }: { of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <ul>
      {of.map((text) => (
        <li>
          <Text of={text} />
        </li>
      ))}
    </ul>
  );
}

/** One row of a description list. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>
        <Text of={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

type ScrollingProps = ({ label: string } | { labelledBy: string }) & { children: ComponentChildren };

/** A table that scrolls by itself where the page is too narrow for it. Its name is a label, or another element's. */
export function Scrolling({ children, ...name }: ScrollingProps) {
  const naming = 'label' in name ? { 'aria-label': name.label } : { 'aria-labelledby': name.labelledBy };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="scroll" tabIndex={0} {...naming}>
      {children}
    </section>
  );
}

const linkable = /^https?:\/\/[^\s<>"\\]+$/i;

/** The clauses that a requirement rests on. Only web addresses become links. */
export function Clauses({ of }: { of: readonly Clause[] }) {
  return (
    <>
      {of.map(({ id, title, url }, index) => {
        const label = (
          <>
            <Text of={id} /> <Text of={title} />
          </>
        );
        return (
          <>
            {index > 0 ? '; ' : ''}
            {linkable.test(url) && URL.canParse(url) && url.length <= 2000 ? (
              <a href={visible(url)} rel="noreferrer noopener">
                {label}
              </a>
            ) : (
              label
            )}
          </>
        );
      })}
    </>
  );
}
