import { describe, expect, test } from 'vitest';
import { modeOfPolicy } from '../../audit/request.ts';
import { hostNameOf, listedNames } from './host-name.ts';
import { readReference, referenceNames } from './references.ts';

test('there are six: each mode, with and without procmail', () => {
  const modes = ['pop-before-smtp', 'smtp-auth', 'both'];
  expect([...referenceNames].sort()).toEqual(modes.flatMap((mode) => [mode, `${mode}-procmail`]).sort());
});

describe.each(referenceNames)('%s', async (name) => {
  const configuration = await readReference(name);
  const text = (file: string) => configuration.files.get(file)?.content.toString() ?? '';
  const mc = text('sendmail.mc')
    .split('\n')
    .filter((line) => !/^\s*(dnl\b|#)/.test(line))
    .join('\n');
  const daemons = [...mc.matchAll(/^DAEMON_OPTIONS\(`([^']*)'\)/gm)].map((match) => match[1] ?? '');

  test('is a reference of its own name and mode, that trusts nobody', () => {
    expect(configuration.name).toBe(name);
    expect(configuration.role).toBe('reference');
    expect(modeOfPolicy(configuration.policy)).toBe(name.replace('-procmail', ''));
    expect(configuration.policy).toMatchObject({ trusted: { networks: [], hosts: [] }, relayTo: [], waivers: [] });
    expect(configuration.control).toBeUndefined();
  });

  test('has the files that make it a folder to install', () => {
    for (const file of ['sendmail.mc', 'README.md', 'relayproof.yaml', 'access', 'aliases', 'local-host-names']) {
      expect([file, configuration.files.has(file)]).toEqual([file, true]);
    }
    expect(text('README.md').length).toBeGreaterThan(100);
    expect(configuration.title).not.toBe(name);
  });

  test('listens on port 25 and on port 587, in both families', () => {
    const ports = daemons.map((options) => /Port=([\w]+)/.exec(options)?.[1]);
    expect(ports).toEqual(['smtp', 'submission']);
    expect(daemons.filter((options) => !options.includes('Family=inet6'))).toEqual([]);
    expect(mc).toContain('FEATURE(`no_default_msa');
  });

  test('asks for what its mode asks for, and for nothing else', () => {
    const pop = !name.startsWith('smtp-auth');
    const auth = !name.startsWith('pop-before-smtp');
    expect([/^FEATURE\(`drac'/m.test(mc), /^TRUST_AUTH_MECH/m.test(mc)]).toEqual([pop, auth]);
    const modifiers = daemons.map((options) => /M=(\w+)/.exec(options)?.[1] ?? '');
    // A: AUTH is never offered; a: it is required.
    expect(modifiers.map((letters) => letters.includes('A'))).toEqual([!auth, !auth]);
    expect(modifiers.map((letters) => letters.includes('a'))).toEqual([false, auth && !pop]);
    if (auth) {
      const offered = /^define\(`confAUTH_MECHANISMS', `([^']*)'\)/m.exec(mc)?.[1];
      expect(/^TRUST_AUTH_MECH\(`([^']*)'\)/m.exec(mc)?.[1]).toBe(offered);
      expect(offered).not.toContain('ANONYMOUS');
    }
  });

  test('delivers with the agent of its name', () => {
    expect(/^FEATURE\(`local_procmail/m.test(mc)).toBe(name.endsWith('-procmail'));
  });

  test('has a host name below the domain that it takes mail for', () => {
    const [domain = ''] = listedNames(text('local-host-names'));
    expect(hostNameOf(configuration.files)).toBe(`mail.${domain}`);
    expect(domain.split('.').length).toBeGreaterThan(1);
  });

  test('lets nobody relay by its access map', () => {
    const entries = listedNames(text('access').replace(/^(\S+)\s+(\S+).*$/gm, '$2'));
    expect(entries.filter((word) => /^(RELAY|OK)$/i.test(word))).toEqual([]);
  });
});
