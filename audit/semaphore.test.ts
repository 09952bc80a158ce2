import { describe, expect, test } from 'vitest';
import { Semaphore } from './semaphore.ts';

/** Work that ends when it is told to. */
function work() {
  const gates: { end: () => void; fail: (error: Error) => void }[] = [];
  const started: number[] = [];
  const begin = (n: number) => () =>
    new Promise<number>((resolve, reject) => {
      started.push(n);
      gates[n] = { end: () => resolve(n), fail: reject };
    });
  return { gates, started, begin };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a semaphore', () => {
  test('lets as many in as it has places, and the others in their order', async () => {
    const semaphore = new Semaphore(2);
    const { gates, started, begin } = work();
    const all = [0, 1, 2, 3].map((n) => semaphore.run(begin(n)));
    await settled();
    expect(started).toEqual([0, 1]);
    gates[1]?.end();
    await settled();
    expect(started).toEqual([0, 1, 2]);
    gates[0]?.end();
    gates[2]?.end();
    await settled();
    gates[3]?.end();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  test('gets the place of work that fails back', async () => {
    const semaphore = new Semaphore(1);
    const failing = semaphore.run(() => Promise.reject(new Error('no')));
    const next = semaphore.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await semaphore.run(() => Promise.resolve('again'))).toBe('again');
  });

  test('never has more at work than places, however they come and go', async () => {
    const semaphore = new Semaphore(3);
    let now = 0;
    let most = 0;
    // Twice: places that were handed on must not have become more.
    for (const round of [0, 1]) {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          semaphore.run(async () => {
            most = Math.max(most, ++now);
            for (let turn = (n + round) % 4; turn > 0; turn--) {
              await settled();
            }
            now--;
          }),
        ),
      );
    }
    expect([most, now]).toEqual([3, 0]);
  });
});
