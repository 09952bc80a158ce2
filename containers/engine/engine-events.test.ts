import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { type EngineEvent, engineEvents } from './engine-events.ts';

async function read(...chunks: (string | Buffer)[]): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of engineEvents(Readable.from(chunks))) events.push(event);
  return events;
}

it('puts lines together across chunks, also inside a character', async () => {
  const bytes = Buffer.from('{"stream":"é"}\r\n{"status":"b"}');
  expect(await read(bytes.subarray(0, 12), bytes.subarray(12, 20), bytes.subarray(20))).toEqual([
    { stream: 'é' },
    { status: 'b' },
  ]);
});

it('passes on as text what is no object', async () => {
  expect(await read('proxy error\n42\n')).toEqual([{ stream: 'proxy error' }, { stream: '42' }]);
});

it('throws what the connection throws', async () => {
  const broken = new Readable({ read() {} });
  broken.push('{"stream":"a"}\n');
  setImmediate(() => broken.destroy(new Error('aborted')));
  const reading = (async () => {
    for await (const _ of engineEvents(broken));
  })();
  await expect(reading).rejects.toThrow('aborted');
});
