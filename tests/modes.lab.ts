/** The declared mode counts: what the configuration does not deliver of it is a lock-out, what it does beyond it a leak. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReferenceName } from '../containers/configurations/references.ts';
import type { AuthMode } from '../reports/model.ts';
import { auditInLab } from './run-in-lab.ts';
import { withFolder } from './subject-folder.ts';

const attempts = ['core', 'smtp-auth/login-outside-the-mode', 'pop-before-smtp/login-outside-the-mode'];

test.each<[ReferenceName, AuthMode | undefined, AuthMode, string, string[]]>([
  ['smtp-auth', undefined, 'smtp-auth', 'compliant', []],
  ['smtp-auth', 'smtp-auth', 'smtp-auth', 'compliant', []],
  ['smtp-auth', 'both', 'both', 'non-compliant', ['pop-before-smtp/login']],
  [
    'smtp-auth',
    'pop-before-smtp',
    'pop-before-smtp',
    'non-compliant',
    ['pop-before-smtp/login', 'smtp-auth/login-outside-the-mode'],
  ],
  ['smtp-auth', 'none', 'none', 'non-compliant', ['smtp-auth/login-outside-the-mode']],
  ['both', undefined, 'both', 'compliant', []],
  ['both', 'smtp-auth', 'smtp-auth', 'non-compliant', ['pop-before-smtp/login-outside-the-mode']],
  ['both', 'pop-before-smtp', 'pop-before-smtp', 'non-compliant', ['smtp-auth/login-outside-the-mode']],
  ['pop-before-smtp', 'both', 'both', 'non-compliant', ['smtp-auth/plain-starttls']],
])('%s, declared as %s, is read as %s and %s', async (base, declared, mode, verdict, failing) => {
  await withFolder(base, [], async (folder) => {
    await writeFile(join(folder, 'relayproof.yaml'), declared === undefined ? '' : `mode: ${declared}\n`);
    const [subject] = (await auditInLab({ configurations: [folder], attempts })).configurations;
    const failed = subject?.attempts.filter((attempt) => attempt.verdict === 'fail').map(({ id }) => id);
    expect([subject?.mode, subject?.verdict, subject?.reasons]).toEqual([mode, verdict, expect.anything()]);
    for (const id of failing) {
      expect(failed).toContain(id);
    }
    if (failing.length === 0) {
      expect(failed).toEqual([]);
    }
  });
});
