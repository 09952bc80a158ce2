import { describe, expect, test } from 'vitest';
import type { ConfigurationFile } from './configuration.ts';
import { controls, readControl } from './controls.ts';
import { POLICY_FILE } from './folder.ts';
import { readReference, referenceNames } from './references.ts';

const linesOf = (files: ReadonlyMap<string, ConfigurationFile>) =>
  [...files].flatMap(([path, { content }]) =>
    content
      .toString()
      .split('\n')
      .map((line) => `${path}: ${line}`),
  );

/** Lines of `some` that `others` have fewer of. */
function beyond(some: string[], others: string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) {
    left.set(line, (left.get(line) ?? 0) + 1);
  }
  return some.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0 && !line.endsWith(': ');
  });
}

test('controls are told apart, from each other and from references, by their names and by their faults', () => {
  const names = [...controls.map((control) => control.name), ...referenceNames];
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(new Set(controls.map((control) => control.fault)).size).toBe(controls.length);
});

test('every effect has a control that has it', () => {
  expect(new Set(controls.map((control) => control.effect))).toEqual(new Set(['leak', 'lock-out', 'inbound', 'weak']));
});

describe.each(controls.map((control) => [control.name, control] as const))('%s', async (name, definition) => {
  const configuration = await readControl(definition);
  const base = await readReference(definition.base);

  test('is its reference, with a small change that the report shows whole', () => {
    const before = linesOf(base.files);
    const after = linesOf(configuration.files);
    const added = beyond(after, before);
    const removed = beyond(before, after);
    expect(added.length + removed.length).toBeGreaterThan(0);
    expect(added.length + removed.length).toBeLessThanOrEqual(12);
    const changes = configuration.control?.changes ?? [];
    // A part of a line may have been replaced: what is shown is then a part of what differs.
    const shown = (sign: string) => changes.filter((line) => line.startsWith(sign)).map((line) => line.slice(2));
    for (const [sign, lines] of [
      ['+', added],
      ['-', removed],
    ] as const) {
      const unexplained = lines.filter((line) => {
        const [path = '', ...rest] = line.split(': ');
        return !shown(sign).some(
          (one) => one.startsWith(`${path}: `) && rest.join(': ').includes(one.slice(path.length + 2)),
        );
      });
      expect([sign, unexplained]).toEqual([sign, []]);
    }
    expect(changes.length).toBeLessThanOrEqual(12);
  });

  test('means the same as its reference, but for whom it declares as trusted: the fault is in the configuration', () => {
    expect(configuration).toMatchObject({ name, role: 'control', title: definition.fault });
    // Where the fault is in what somebody is trusted with, the control declares whom it means; nothing else differs.
    const declaring = definition.edits.some(({ file }) => file === POLICY_FILE);
    const { relayTo, trusted } = declaring ? configuration.policy : base.policy;
    expect(configuration.policy).toEqual({ ...base.policy, relayTo, trusted });
    expect(configuration.policy.waivers).toEqual([]);
    expect(configuration.control).toMatchObject({
      base: definition.base,
      effect: definition.effect,
      detectedBy: definition.detectedBy,
    });
    if (!declaring) {
      expect(configuration.files.get(POLICY_FILE)).toEqual(base.files.get(POLICY_FILE));
    }
  });

  test('changes no other configuration with it', async () => {
    expect(linesOf((await readReference(definition.base)).files)).toEqual(linesOf(base.files));
  });
});
