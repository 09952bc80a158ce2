import { expect, it } from 'vitest';
import { freeSpace, noDiskSpace, requireDiskSpace, saysDiskFull } from './disk-space.ts';

it.each([
  'write /var/lib/docker/tmp/x: no space left on device',
  "dd: error writing '/big': No space left on device",
  "E: You don't have enough free space in /var/cache/apt/archives/.",
  'ENOSPC: no space left, write',
  'Disk quota exceeded',
])('recognises a full disk: %s', (text) => {
  expect(saysDiskFull(text)).toBe(true);
});

it.each(['E: Unable to locate package sendmail', 'Get:1 trixie/main amd64 free-space 1.0', ''])(
  'and nothing else: %s',
  (text) => {
    expect(saysDiskFull(text)).toBe(false);
  },
);

it('names needed and free bytes and the path', async () => {
  const { message, exitStatus } = noDiskSpace('/x', 'the images', { needed: 1_500_000_000, free: 20_000_000 });
  expect(message).toBe(
    'Not enough disk space in /x for the images: needs 1500000000 bytes (1500 MB), 20000000 bytes (20 MB) are free',
  );
  expect(exitStatus).toBe(78);
  await expect(requireDiskSpace('/', Number.MAX_SAFE_INTEGER, 'everything')).rejects.toMatchObject({
    code: 'NO_DISK_SPACE',
  });
  await expect(requireDiskSpace('/', 0, 'nothing')).resolves.toBeUndefined();
});

it('looks at the nearest parent of a folder that is not there yet', async () => {
  expect(await freeSpace('/no/such/folder')).toBe(await freeSpace('/no'));
});
