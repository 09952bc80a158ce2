import { describe, expect, test } from 'vitest';
import { needsClientContainer } from '../scene.ts';
import { mechanismsOfReal, type RealMailProgram, realPrograms, sceneOfReal, wordsOfReal } from './real-programs.ts';

describe.each(realPrograms.map((one) => [one.name, one] as const))('%s', (_name, one: RealMailProgram) => {
  test('is tried after a POP login, in clear, over STARTTLS and on port 465', () => {
    expect(one.ways.some(({ pop }) => pop)).toBe(true);
    const channels = one.ways.filter(({ pop }) => !pop).map(({ tls }) => tls);
    expect(channels).toEqual(expect.arrayContaining(['none', 'required', 'from-the-first-octet']));
    expect(new Set(one.ways.map(({ id }) => id)).size).toBe(one.ways.length);
  });

  test('either logs in over POP or authenticates, with something', () => {
    for (const way of one.ways) {
      expect([way.pop !== undefined, way.auth !== undefined].filter(Boolean)).toHaveLength(1);
      expect(mechanismsOfReal(one, way).length > 0).toBe(way.auth !== undefined);
    }
  });

  test('has a scene that is the program’s own', () => {
    for (const way of one.ways) {
      const scene = sceneOfReal(one, way);
      expect(scene).toMatchObject({ port: way.port, destination: 'sink', by: { program: one.id, tls: way.tls } });
      expect(scene.session).toBeUndefined();
      expect(scene.implicitTls !== undefined).toBe(way.port === 465);
    }
  });

  test('fits a line of the table, each way with words of its own', () => {
    const words = one.ways.map(wordsOfReal);
    expect(new Set(words).size).toBe(words.length);
    expect(Math.max(...words.map(({ length }) => length))).toBeLessThanOrEqual(31);
  });
});

test('a container is needed for programs of Debian, and for nothing else', () => {
  const container = (program: string) =>
    realPrograms
      .filter(({ id }) => id === program)
      .flatMap((one) => one.ways.map((way) => needsClientContainer(sceneOfReal(one, way))));
  expect(new Set(container('nodemailer'))).toEqual(new Set([false]));
  expect(new Set(container('curl'))).toEqual(new Set([true]));
  const [nodemailer] = realPrograms.filter(({ id }) => id === 'nodemailer');
  const afterMpop = { id: 'x', port: 25, tls: 'none', pop: { program: 'mpop', by: 'apop' } } as const;
  expect(needsClientContainer(sceneOfReal(nodemailer as RealMailProgram, afterMpop))).toBe(true);
  expect(needsClientContainer({ sweep: 'ipv4', wants: 'all-declared' })).toBe(false);
});
