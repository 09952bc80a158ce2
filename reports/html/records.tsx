/** What came out at the other end: messages at the sink and in mailboxes, and the target's log. */
import type { Evidence, LogLine, MailboxRecord, SinkRecord } from '../model.ts';
import { count } from '../words.ts';
import { Code, Fact, Text } from './text.tsx';

function Received({ of }: { of: readonly string[] }) {
  if (of.length === 0) return <>none</>;
  return (
    <ol>
      {of.map((field) => (
        <li>
          <Code of={field} />
        </li>
      ))}
    </ol>
  );
}

/** A list of addresses or names, separated by commas. */
export function Codes({ of }: { of: readonly string[] }) {
  if (of.length === 0) return <>none</>;
  return (
    <>
      {of.map((text, index) => (
        <>
          {index > 0 ? ', ' : ''}
          <Code of={text} />
        </>
      ))}
    </>
  );
}

/** A message that the sink received. */
export function SinkView({ record }: { record: SinkRecord }) {
  return (
    <figure>
      <figcaption>
        At the sink, <Text of={record.at} />, {count(record.bytes, 'octet')}
      </figcaption>
      <dl class="facts">
        <Fact name="Handed over by">
          <Code of={record.remoteAddress} />, which greeted as <Code of={record.ehlo} />
        </Fact>
        <Fact name="Envelope">
          from <Code of={record.mailFrom} /> to <Codes of={record.rcptTo} />
        </Fact>
        <Fact name="Subject">
          <Code of={record.subject} />
        </Fact>
        <Fact name="Received, newest first">
          <Received of={record.received} />
        </Fact>
      </dl>
    </figure>
  );
}

/** A message fetched back from a mailbox. */
export function MailboxView({ record }: { record: MailboxRecord }) {
  return (
    <figure>
      <figcaption>
        In the mailbox of <Code of={record.account} />, {count(record.bytes, 'octet')}
      </figcaption>
      <dl class="facts">
        <Fact name="Subject">
          <Code of={record.subject} />
        </Fact>
        <Fact name="Received, newest first">
          <Received of={record.received} />
        </Fact>
      </dl>
    </figure>
  );
}

/** What a sweep found, with the line that causes it. */
export function FoundBySweep({ findings }: { findings: NonNullable<Evidence['findings']> }) {
  if (findings.length === 0) return <p>The sweep found nothing that is not declared.</p>;
  return (
    <ul>
      {findings.map(({ what, words, cause, confirmed, example }) => (
        <li>
          <Code of={what} />: <Text of={words} />
          {cause !== undefined && (
            <>
              {' '}
              (<Code of={`${cause.file}:${cause.line}`} />: <Code of={cause.text} />)
            </>
          )}
          <small>
            A real message for <Code of={example} />: {confirmed === 'not-tried' ? 'not tried' : confirmed}
          </small>
        </li>
      ))}
    </ul>
  );
}

/** The target's log lines for the message. */
export function LogView({ lines }: { lines: readonly LogLine[] }) {
  return (
    <figure>
      <figcaption>The target’s log</figcaption>
      <ol class="log">
        {lines.map(({ at, text }) => (
          <li>
            <span class="at">
              <Text of={at} />
            </span>{' '}
            <Code of={text} />
          </li>
        ))}
      </ol>
    </figure>
  );
}
