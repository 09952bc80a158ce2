/** A folder as people have them: what was adapted runs, what cannot be read is left out, and the report says so. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { auditInLab } from './run-in-lab.ts';
import { withFolder } from './subject-folder.ts';

/** Would end the start script's line, and say the next one in its name. */
const odd = 'odd\nrelayproof: broken by a name.db';

test('line ends, odd names, a FIFO, a repository and a million lines of access do not disturb', async () => {
  await withFolder('smtp-auth', [], async (folder) => {
    const mc = await readFile(join(folder, 'sendmail.mc'), 'utf8');
    await writeFile(join(folder, 'sendmail.mc'), mc.replaceAll('\n', '\r\n'));
    await writeFile(join(folder, 'local-host-names'), '\uFEFFhosting.example\n');
    const access = await readFile(join(folder, 'access'), 'utf8');
    const entries = Array.from(
      { length: 1_000_000 },
      (_, n) => `Connect:10.${n >> 16}.${(n >> 8) & 255}.${n & 255}\tREJECT you`,
    );
    await writeFile(join(folder, 'access'), `${access}${entries.join('\n')}\n`);
    await writeFile(join(folder, odd), '');
    await writeFile(join(folder, 'two words.db'), '');
    await writeFile(join(folder, "it's key"), 'x');
    await mkdir(join(folder, '.git'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const report = await auditInLab({ configurations: [folder], attempts: ['core'] });
    const [subject] = report.configurations;
    expect([subject?.verdict, subject?.reasons, subject?.error]).toEqual(['compliant', [], undefined]);
    const said = subject?.adaptations ?? [];
    const expected = [
      /^sendmail\.mc: \d+ lines ended in CR/,
      /^local-host-names: begins with a byte order mark/,
      /^\.git: left out/,
      /^pipe: left out: it is a FIFO/,
      /'\/etc\/mail\/two words\.db' has no text/,
      /odd\\nrelayproof: broken by a name\.db' has no text/,
    ];
    const unsaid = expected.filter((words) => said.filter((note) => words.test(note)).length !== 1);
    expect(unsaid, said.join('\n')).toEqual([]);
    // 437 MB were measured.
    expect(report.provenance.peakMemoryBytes).toBeLessThan(1e9);
  });
});

test('m4 runs the programs of a sendmail.mc in the container and nowhere else, and the report says so', async () => {
  await withFolder('smtp-auth', [], async (folder) => {
    const mark = join(folder, 'run-by-m4');
    const mc = await readFile(join(folder, 'sendmail.mc'), 'utf8');
    await writeFile(
      join(folder, 'sendmail.mc'),
      `syscmd(\`mkdir -p ${folder} && touch ${mark}')dnl\ndivert(-1)include(\`/etc/hostname')divert(0)dnl\n${mc}`,
    );
    const report = await auditInLab({ configurations: [folder], attempts: ['open-relay/outside-sender'] });
    const [subject] = report.configurations;
    expect([subject?.verdict, subject?.error]).toEqual(['compliant', undefined]);
    expect(subject?.adaptations?.join()).toContain('syscmd');
    expect(existsSync(mark)).toBe(false);
  });
});
