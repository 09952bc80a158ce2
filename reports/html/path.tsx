/** The way of a message as a picture: who sent it, through which door, what decided, and where it ended. */
import { placeOf } from '../cause.ts';
import type { Finding } from '../findings.ts';
import type { Evidence } from '../model.ts';
import { phaseWord } from '../words.ts';
import { Code, Text } from './text.tsx';

/** How a station of the way looks: passed, the one that let it through, where it was stopped, or never reached. */
type State = 'passed' | 'open' | 'stopped' | 'unreached';

function Station({ name, state, children }: { name: string; state: State; children: preact.ComponentChildren }) {
  return (
    <li class={state}>
      <b>{name}</b>
      <span>{children}</span>
    </li>
  );
}

const underTls = ({ dialogues }: Evidence): boolean =>
  dialogues.some(({ protocol, lines }) => protocol === 'smtp' && lines.some(({ tls }) => tls));

function End({ finding, evidence }: { finding: Finding; evidence: Evidence }) {
  const [received] = evidence.sink;
  const [kept] = evidence.mailbox;
  const wanted = finding.attempt.expected === 'deliver';
  if (received !== undefined) {
    return (
      <Station name={wanted ? 'Sink' : '✗ Sink: it got out'} state={wanted ? 'passed' : 'open'}>
        for <Code of={received.rcptTo.join(', ')} />
      </Station>
    );
  }
  if (kept !== undefined) {
    return (
      <Station name="Mailbox" state="passed">
        of <Code of={kept.account} />
      </Station>
    );
  }
  return (
    <Station name="Sink: nothing came" state="unreached">
      {evidence.fate === undefined ? 'the message went nowhere' : <Text of={evidence.fate} />}
    </Station>
  );
}

/** One row of stations with arrows between them; only where there is evidence. */
export function PathPicture({ finding }: { finding: Finding }) {
  const { attempt } = finding;
  const { evidence, cause, phase } = attempt;
  if (evidence === undefined) return null;
  const arrived = evidence.sink.length + evidence.mailbox.length > 0;
  const leak = attempt.expected === 'block';
  const server = evidence.dialogues.at(-1)?.server;
  return (
    <figure class="way">
      <figcaption>The way of the message</figcaption>
      <ol class="path">
        <Station name="Client" state="passed">
          <Code of={evidence.clientAddress} /> <Text of={evidence.identity} />
        </Station>
        <Station name={`Port ${evidence.port ?? '?'}`} state="passed">
          {server === undefined ? 'no session' : <Code of={server} />}
          {underTls(evidence) ? ', TLS' : ''}
        </Station>
        <Station name={leak ? '✗ Let through' : arrived ? 'Accepted' : '✗ Stopped'} state={leak ? 'open' : 'stopped'}>
          {cause === undefined ? (
            (phase && phaseWord[phase]) || 'by the rules'
          ) : (
            <>
              by <Code of={placeOf(cause)} />
            </>
          )}
        </Station>
        <End finding={finding} evidence={evidence} />
      </ol>
    </figure>
  );
}
