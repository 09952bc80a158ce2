import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireOtherFolder } from './report-folder.ts';

test('a report is not written into the folder that is audited, by whatever name', async () => {
  const root = await mkdtemp(join(tmpdir(), 'report-folder-test-'));
  try {
    const link = join(root, 'link');
    await symlink(root, link);
    await expect(requireOtherFolder(link, [{}, { folder: root }])).rejects.toThrow(/never written to/);
    await expect(requireOtherFolder(join(root, 'reports/output'), [{ folder: root }])).resolves.toBeUndefined();
  } finally {
    await rm(root, { recursive: true });
  }
});
