import { expect, test } from 'vitest';
import { SharedTurn } from './shared-turn.ts';

/** Work that ends when it is told to. */
function heldWork() {
  const begun: { end: (result: string) => void; fail: (error: Error) => void }[] = [];
  const turns = new SharedTurn(() => new Promise<string>((end, fail) => begun.push({ end, fail })));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, turns, settled };
}

test('who comes while a turn is under way gets the next one, and shares it', async () => {
  const { begun, turns, settled } = heldWork();
  const first = turns.take();
  await settled();
  expect(begun).toHaveLength(1);
  const second = turns.take();
  const third = turns.take();
  await settled();
  expect(begun).toHaveLength(1);
  begun[0]?.end('before');
  expect(await first).toBe('before');
  await settled();
  expect(begun).toHaveLength(2);
  begun[1]?.end('after');
  expect(await Promise.all([second, third])).toEqual(['after', 'after']);
});

test('a turn that fails fails for those who share it, and for nobody after them', async () => {
  const { begun, turns, settled } = heldWork();
  const first = turns.take();
  await settled();
  const second = turns.take();
  begun[0]?.fail(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  await settled();
  begun[1]?.end('back');
  expect(await second).toBe('back');
});
