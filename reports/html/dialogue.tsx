/** Who said what: the dialogues of an attempt, line by line. */
import type { Dialogue } from '../model.ts';
import { Code, Text } from './text.tsx';

const ending = {
  client: 'closed by the client',
  server: 'closed by the server',
  error: 'broken off by an error',
  deadline: 'cut off at the deadline',
} as const;

function milliseconds(at: number): string {
  return `+${Number.isInteger(at) ? at : at.toFixed(1)} ms`;
}

/** One dialogue as a numbered list; the server's lines are indented and marked S, those under TLS marked TLS. */
export function DialogueView({ dialogue }: { dialogue: Dialogue }) {
  const { protocol, client, server, startedAt, closedBy, lines } = dialogue;
  return (
    <figure>
      <figcaption>
        {protocol === 'smtp' ? 'SMTP' : 'POP3'} from <Code of={client} /> to <Code of={server} />, begun{' '}
        <Text of={startedAt} />, {ending[closedBy]}
        {lines.length === 0 ? '; not a line was spoken' : ''}
      </figcaption>
      {lines.length > 0 && (
        <ol class="dialogue">
          {lines.map(({ at, from, text, tls }) => (
            <li class={from}>
              <span class="at">
                {milliseconds(at)}
                {tls ? ' TLS' : ''} <b>{from === 'client' ? 'C:' : 'S:'}</b>
              </span>{' '}
              <Code of={text} />
            </li>
          ))}
        </ol>
      )}
    </figure>
  );
}
