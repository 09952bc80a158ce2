/** The messages that show that the path was alive around each batch: without them a blocked attempt proves nothing. */
import type { Proof } from '../model.ts';
import { count, lostMark, observationWord, okMark } from '../words.ts';
import { EvidenceView } from './evidence.tsx';
import { Badge, Code, Text } from './text.tsx';

/** What an opened proof shows. */
export function ProofBody({ proof }: { proof: Proof }) {
  return (
    <>
      <p>
        <Text of={proof.reason} /> Observed: {observationWord[proof.observed]}.
      </p>
      <EvidenceView evidence={proof.evidence} />
    </>
  );
}

function ProofView({ proof, place: { id, block } }: { proof: Proof; place: ProofPlace }) {
  return (
    <details id={id} data-block={block} open={!proof.ok}>
      <summary>
        <Badge mark={proof.ok ? okMark : lostMark} /> {proof.when} <Code of={proof.batch} />: <Text of={proof.title} />
      </summary>
      {block === undefined ? (
        <ProofBody proof={proof} />
      ) : (
        <p>
          <Text of={proof.reason} />
        </p>
      )}
    </details>
  );
}

/** A proof's id, and the block that its evidence is packed in, if it is. */
export type ProofPlace = { id: string; block: number | undefined };

type ProofsProps = { proofs: readonly Proof[]; placeOf: (proof: number) => ProofPlace };

/** All proofs of a configuration; open if one of them failed. */
export function Proofs({ proofs, placeOf }: ProofsProps) {
  if (proofs.length === 0) return <p>No message was sent before or after a batch.</p>;
  const lost = proofs.filter(({ ok }) => !ok).length;
  return (
    <details class="suite" open={lost > 0}>
      <summary>
        <h4>Proofs that the path was alive</h4>: {count(proofs.length, 'message')}, {lost} of them did not arrive
      </summary>
      {proofs.map((proof, index) => (
        <ProofView proof={proof} place={placeOf(index)} />
      ))}
    </details>
  );
}
