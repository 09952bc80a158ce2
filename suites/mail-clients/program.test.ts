import { describe, expect, test } from 'vitest';
import { fillNames } from '../../audit/names.ts';
import { sampleNames } from '../../audit/sample-names.ts';
import type { SmtpStep } from '../scene.ts';
import { known, mechanismsOf, type ScriptedProgram, sceneOf, type Way, wordsOf } from './program.ts';
import { scriptedPrograms } from './scripted-programs.ts';

const program: ScriptedProgram = {
  id: 'a-program',
  name: 'A program',
  era: '1999',
  greetsAs: 'desk',
  login: { by: 'apop', looksAt: ['STAT'] },
  mechanisms: known('LOGIN'),
  ways: [],
  sources: [],
};
const pop: Way = { id: 'pop', port: 25, tls: 'none', pop: true };
const clear: Way = { id: 'clear', port: 25, tls: 'none' };
const starttls: Way = { id: 'starttls', port: 587, tls: 'required' };
const tls: Way = { id: 'tls', port: 465, tls: 'from-the-first-octet' };

/** What is done, in a word each. */
const stepsOf = (changes: Partial<ScriptedProgram>, way: Way) =>
  (sceneOf({ ...program, ...changes }, way).session ?? []).map((step: SmtpStep) =>
    step.do === 'greet' ? `${step.with ?? 'EHLO'} ${step.name}${step.underTls ? ' under TLS' : ''}` : step.do,
  );

describe('the dialogue of a program', () => {
  test('that logs in over POP does so first, and authenticates with nothing', () => {
    expect(sceneOf(program, pop).pop).toEqual([
      { do: 'login', with: 'right-password', from: 'same', by: 'apop', looksAt: ['STAT'] },
    ]);
    expect(stepsOf({}, pop)).toEqual(['EHLO desk', 'mail', 'rcpt', 'data']);
    expect(stepsOf({ heloWithoutAuth: true }, pop)[0]).toBe('HELO desk');
    expect(mechanismsOf(program, pop)).toEqual([]);
  });

  test('that sends first is refused, logs in, and sends again', () => {
    const scene = sceneOf({ ...program, sendsFirst: true }, pop);
    expect(scene.pop).toBeUndefined();
    expect(stepsOf({ sendsFirst: true }, pop)).toEqual([
      ...['EHLO desk', 'mail', 'rcpt', 'pop', 'reconnect'],
      ...['EHLO desk', 'mail', 'rcpt', 'data'],
    ]);
    expect(stepsOf({ sendsFirst: true }, clear)).not.toContain('reconnect');
    expect(scene.session?.filter((step) => step.do === 'rcpt').map(({ mayFail }) => mayFail)).toEqual([
      true,
      undefined,
    ]);
  });

  test('that pipelines sends its envelope at once', () => {
    expect(stepsOf({ pipelines: true }, clear)).toEqual(['EHLO desk', 'auth-as-offered', 'pipelined-envelope']);
  });

  test('that authenticates says EHLO, under TLS once more', () => {
    expect(stepsOf({ heloWithoutAuth: true }, clear)).toEqual(['EHLO desk', 'auth-as-offered', 'mail', 'rcpt', 'data']);
    expect(stepsOf({}, starttls)).toEqual([
      ...['EHLO desk', 'starttls', 'EHLO desk under TLS', 'auth-as-offered', 'mail', 'rcpt', 'data'],
    ]);
    expect(sceneOf(program, starttls)).toMatchObject({ port: 587, tls: true });
  });

  test('on port 465 begins with TLS, of the age that the program speaks', () => {
    expect(stepsOf({}, tls)).toEqual(['EHLO desk', 'auth-as-offered', 'mail', 'rcpt', 'data']);
    expect(sceneOf(program, tls).implicitTls).toEqual({});
    expect(sceneOf({ ...program, tlsAbility: 'TLSv1' }, tls).implicitTls).toEqual({ ability: 'TLSv1' });
    expect(sceneOf({ ...program, tlsAbility: 'TLSv1' }, starttls).session).toContainEqual({
      do: 'starttls',
      ability: 'TLSv1',
    });
  });

  test('names what a way authenticates with instead', () => {
    const way = { ...clear, id: 'cram-md5', mechanisms: known('CRAM-MD5') };
    expect(mechanismsOf(program, way)).toEqual(known('CRAM-MD5'));
    expect(wordsOf(way)).toBe('CRAM-MD5 in clear, port 25');
  });
});

describe.each(scriptedPrograms.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  test('can be set up for POP before SMTP and for SMTP-AUTH', () => {
    expect(one.ways.filter(({ pop }) => pop)).toHaveLength(1);
    expect(one.ways.some(({ pop }) => !pop)).toBe(true);
    expect(new Set(one.ways.map(({ id }) => id)).size).toBe(one.ways.length);
  });

  test('fits a line of the table, and fills in its greeting', () => {
    expect(Math.max(...one.ways.map((way) => wordsOf(way).length))).toBeLessThanOrEqual(29);
    expect(one.name.length).toBeLessThanOrEqual(33);
    expect(fillNames(one.greetsAs, sampleNames)).toMatch(/^(\[[\d.]+\]|[\w.-]+)$/);
  });

  test('has sources', () => {
    expect(one.sources.length).toBeGreaterThan(0);
    expect(one.sources.filter(({ url }) => !/^https?:\/\//.test(url))).toEqual([]);
  });
});
