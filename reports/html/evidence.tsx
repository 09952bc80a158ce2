/** Everything that was observed of one message. */
import type { Evidence } from '../model.ts';
import { attemptMark, type Mark } from '../words.ts';
import { DialogueView } from './dialogue.tsx';
import { Codes, FoundBySweep, LogView, MailboxView, SinkView } from './records.tsx';
import { Badge, Code, Fact, Text, Texts } from './text.tsx';

const otherAddress: Mark = { ...attemptMark.inconclusive, word: 'not the same' };

function Address({ evidence }: { evidence: Evidence }) {
  const { clientAddress, observedAddress } = evidence;
  return (
    <>
      <Code of={clientAddress} />;{' '}
      {observedAddress === undefined ? (
        'the target’s log names no address'
      ) : (
        <>
          the target saw <Code of={observedAddress} />{' '}
          {observedAddress === clientAddress ? '(the same)' : <Badge mark={otherAddress} />}
        </>
      )}
    </>
  );
}

/** The evidence, or a word that there is none. */
export function EvidenceView({ evidence }: { evidence: Evidence | undefined }) {
  if (evidence === undefined) return <p class="soft">No evidence was recorded.</p>;
  const { identity, port, envelope, token, queueIds, fate, notes, dialogues, sink, mailbox, log } = evidence;
  return (
    <>
      <dl class="facts">
        <Fact name="Client address">
          <Address evidence={evidence} />
        </Fact>
        <Fact name="Identity">
          <Text of={identity} />
        </Fact>
        {port !== undefined && <Fact name="Port">{port}</Fact>}
        {envelope !== undefined && (
          <Fact name="Envelope">
            from <Code of={envelope.mailFrom} /> to <Codes of={envelope.rcptTo} />
          </Fact>
        )}
        <Fact name="Token">
          <Code of={token} />
        </Fact>
        <Fact name="Queue ids">
          <Codes of={queueIds} />
        </Fact>
        <Fact name="Fate">{fate === undefined ? 'the target took no responsibility for it' : <Text of={fate} />}</Fact>
        {notes.length > 0 && (
          <Fact name="Notes">
            <Texts of={notes} />
          </Fact>
        )}
        {evidence.findings !== undefined && (
          <Fact name="Found">
            <FoundBySweep findings={evidence.findings} />
          </Fact>
        )}
      </dl>
      {dialogues.length === 0 && <p class="soft">No dialogue took place.</p>}
      {dialogues.map((dialogue) => (
        <DialogueView dialogue={dialogue} />
      ))}
      {sink.length === 0 ? (
        <p class="soft">The sink received nothing of it.</p>
      ) : (
        sink.map((record) => <SinkView record={record} />)
      )}
      {mailbox.map((record) => (
        <MailboxView record={record} />
      ))}
      {log.length > 0 ? <LogView lines={log} /> : <p class="soft">The target’s log has nothing of it.</p>}
    </>
  );
}
