import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mailClients } from '../mail-clients.ts';
import { realPrograms } from './real-programs.ts';
import { scriptedPrograms } from './scripted-programs.ts';

const page = readFileSync(new URL('../../docs/mail-clients.md', import.meta.url), 'utf8');

describe('docs/mail-clients.md', () => {
  test('has a line for each way of each program, in their order', () => {
    const [, table = ''] = page.split('## The references');
    const [rows = ''] = table.split('What they would need:');
    const cells = rows
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .map((line) => line.split('|').map((cell) => cell.trim()));
    let program = '';
    const documented = cells.map(([, name = '', way]) => {
      program = name === '' ? program : name;
      return [program, way];
    });
    const expected = mailClients.attempts.flatMap(({ client }) =>
      client ? [[`**${client.program}**${client.by === 'program' ? ' (itself)' : ''}`, client.way]] : [],
    );
    expect(documented).toEqual(expected);
  });

  test('explains every number', () => {
    const listed = [...page.matchAll(/^(\d+)\. /gmu)].map(([, number]) => Number(number));
    const used = [...page.matchAll(/\| needs (\d+) /gu)].map(([, number]) => Number(number));
    expect(listed).toEqual([...new Set(used)].sort((a, b) => a - b));
  });

  test.each([...scriptedPrograms, ...realPrograms].map((one) => [one.name, one] as const))(
    'names the sources of %s',
    (name, { era, sources }) => {
      const row = page.split('\n').find((line) => line.startsWith(`| ${name} `) && line.includes(era)) ?? '';
      expect(sources.filter(({ what, url }) => !row.includes(`[${what}](${url})`))).toEqual([]);
    },
  );
});
