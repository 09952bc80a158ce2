/** Draws the evidence of an attempt or a proof when it is opened, where it is packed in the page. */
import { render } from 'preact';
import { AttemptBody } from '../attempt-body.tsx';
import type { Block } from '../pack.ts';
import { ProofBody } from '../proofs.tsx';

const unpacked = new Map<string, Promise<Block>>();

async function unpack(number: string): Promise<Block> {
  const text = document.getElementById(`block-${number}`)?.textContent ?? '';
  const octets = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as Block;
}

async function draw(opened: HTMLDetailsElement, number: string): Promise<void> {
  opened.removeAttribute('data-block');
  const place = document.createElement('div');
  try {
    const block = unpacked.get(number) ?? unpack(number);
    unpacked.set(number, block);
    const found = (await block)[opened.id];
    if (found === undefined) throw new Error('it is not in the page');
    // Elements are made one by one from the components that the page itself is made of: no text becomes markup.
    render(
      'proof' in found ? <ProofBody proof={found.proof} /> : <AttemptBody {...found} entry={found.entry} />,
      place,
    );
  } catch (error) {
    place.append(`The evidence cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
  opened.querySelector(':scope > p')?.replaceWith(place);
}

/** Has attempts drawn as they are opened, by whatever means. */
export function drawWhenOpened(): void {
  // It does not bubble.
  document.addEventListener(
    'toggle',
    (event) => {
      const { target } = event;
      const number = target instanceof HTMLDetailsElement && target.open ? target.dataset.block : undefined;
      if (number !== undefined) void draw(target as HTMLDetailsElement, number);
    },
    true,
  );
}
