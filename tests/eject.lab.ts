/**
 * A reference that was ejected is the reference: the audit comes to the same results. What was ejected with it works:
 * the POP-authorisation writer in place of the lab's, the Makefile, the file for Dovecot, and the rules for systems
 * whose sendmail-cf has no FEATURE(`drac').
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ejectedFiles } from '../containers/configurations/eject/eject.ts';
import { writeFolder } from '../containers/configurations/eject/write-folder.ts';
import type { ReferenceName } from '../containers/configurations/references.ts';
import type { Target } from '../containers/target/target.ts';
import type { Report } from '../reports/model.ts';
import { auditInLab, configurationOf } from './run-in-lab.ts';

const ofMoments = /open-session|after-refusal/;
const same: ReferenceName[] = ['both-procmail', 'pop-before-smtp'];

let scratch: string;
let report: Report;
/** What was seen in the target of the configuration that has the ejected writer. */
const seen = new Map<string, { status: number; output: string }>();

async function eject(name: ReferenceName, as: string, change: (mc: string) => string = (mc) => mc): Promise<string> {
  const folder = join(scratch, as);
  await writeFolder(folder, await ejectedFiles(name));
  const mc = join(folder, 'sendmail.mc');
  const changed = change(await readFile(mc, 'utf8'));
  await writeFile(mc, changed);
  return folder;
}

/** As the README says for a system that is not Debian. */
const elsewhere = (cf: string, ostype: string) => (mc: string) => {
  const changed = mc
    .replace('/usr/share/sendmail/cf/m4/cf.m4', `${cf}/m4/cf.m4`)
    .replace("OSTYPE(`debian')", `OSTYPE(\`${ostype}')`)
    .replace('`/usr/bin/procmail', ostype === 'freebsd6' ? '`/usr/local/bin/procmail' : '$&')
    .replace(/^FEATURE\(`drac'.*$/m, "include(`/etc/mail/pop/pop-before-smtp.m4')dnl");
  expect(changed).toContain(`include(\`${cf}/`);
  expect(changed.match(/OSTYPE\(`(linux|freebsd6)'|pop-before-smtp\.m4/g)).toHaveLength(2);
  return changed;
};

const writer = 'perl /opt/ejected/popauth';
const commands = {
  install: `mkdir -p /opt/ejected && cp /etc/mail/pop/popauth /opt/ejected/popauth && chmod 0755 /opt/ejected/popauth`,
  login: `${writer} login 203.0.113.9 && ${writer} login ::ffff:203.0.113.10 && ${writer} login 2001:DB8::0A && ${writer} list`,
  lookup: `for key in 203.0.113.9 203.0.113.99 2001:db8:0:0:0:0:0:a; do echo "/map drac $key"; done | sendmail -bt`,
  remove: `${writer} remove 203.0.113.9 && ${writer} list`,
  // Two seconds are over when the third one is: the sweep removes what is as old as that, and nothing else.
  sweep: `printf 'map = hash /tmp/swept\\nlifetime = 2\\n' > /tmp/popauth.conf
    export POPAUTH_CONF=/tmp/popauth.conf
    ${writer} login 203.0.113.1 && ${writer} sweep && ${writer} list
    until ${writer} login 203.0.113.2 && ${writer} sweep && ! ${writer} list | grep -q 203.0.113.1; do :; done
    ${writer} list`,
  parallel: `printf 'map = btree /tmp/many\\nlifetime = 60\\n' > /tmp/popauth.conf
    export POPAUTH_CONF=/tmp/popauth.conf
    for n in $(seq 40); do ${writer} login 192.0.2.$n & done; wait; ${writer} list | wc -l`,
  wrong: `printf 'map = dbm /m\\n' > /tmp/popauth.conf; POPAUTH_CONF=/tmp/popauth.conf ${writer} list; ${writer} login nonsense; ${writer} --config /nowhere list; ${writer}`,
  make: `cp -R /etc/mail /tmp/folder && cd /tmp/folder && rm -f sendmail.cf *.db &&
    make -s MAIL=/tmp/installed SBIN=/tmp/sbin NEWALIASES=: $(grep -o '^install-[a-z]*' Makefile | sort -u) install 2>&1 &&
    cmp sendmail.cf /tmp/installed/sendmail.cf && diff <(grep -v '^##### built' sendmail.cf | grep -v '^#') <(grep -v '^#' /etc/mail/sendmail.cf) &&
    ls /tmp/installed /tmp/sbin /tmp/installed/sasl && test -x /tmp/sbin/popauth -a -s /tmp/installed/access.db`,
  dovecot: `printf 'dovecot_config_version = 2.4.0\\ndovecot_storage_version = 2.4.0\\n!include /etc/mail/pop/dovecot-2.4.conf\\n' > /tmp/dovecot.conf
    doveconf -n -c /tmp/dovecot.conf`,
  // From here on an address can be authorised by the ejected writer alone.
  replace: `sed 's|/usr/local/sbin/popauth|/opt/ejected/popauth|' /etc/mail/pop/pop-login > /usr/local/lib/relayproof/pop-login &&
    sed -i 's|login => sub {.*|login => sub { die "the lab has its own writer no more" },|' /usr/local/lib/relayproof/popauth &&
    ! popauth login 203.0.113.77`,
};

async function useEjectedWriter(target: Target): Promise<void> {
  if (target.configuration.name === 'own-writer') {
    for (const [name, command] of Object.entries(commands)) {
      const encoded = Buffer.from(command).toString('base64');
      seen.set(name, await target.shell.run(`echo ${encoded} | base64 -d | bash`, 60_000));
    }
  }
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'relayproof-eject-lab-'));
  const folders = await Promise.all([
    ...same.map((name) => eject(name, `ejected-${name}`)),
    eject('pop-before-smtp-procmail', 'red-hat', elsewhere('/usr/share/sendmail-cf', 'linux')),
    eject('pop-before-smtp', 'freebsd', elsewhere('/usr/share/sendmail/cf', 'freebsd6')),
    eject('both-procmail', 'own-writer'),
  ]);
  report = await auditInLab({
    configurations: [...folders, ...same],
    attempts: ['core', 'pop-before-smtp/*'],
    hooks: { betweenProofs: useEjectedWriter },
  });
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test.each(same)('%s comes to the same results, ejected', (name) => {
  const [ejected, reference] = [configurationOf(report, `ejected-${name}`), configurationOf(report, name)];
  // What a session that stands open notices of a login is a matter of moments, and recorded at level info.
  const results = (configuration: typeof reference) =>
    configuration.attempts
      .filter(({ id }) => !ofMoments.test(id))
      .map(({ id, observed, verdict }) => `${id}: ${observed}, ${verdict}`);
  expect(results(ejected)).toEqual(results(reference));
  expect(reference.attempts.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(30);
  expect([ejected.verdict, ejected.reasons, ejected.mode]).toEqual([
    reference.verdict,
    reference.reasons,
    reference.mode,
  ]);
  expect(ejected.verdict).toBe('compliant');
  expect(ejected.adaptations).toEqual(reference.adaptations);
});

test.each(['red-hat', 'freebsd'])('with the lines for %s it is compliant as well', (name) => {
  const { verdict, reasons, attempts } = configurationOf(report, name);
  const wrong = attempts.filter((one) => one.verdict === 'fail' || one.verdict === 'inconclusive');
  expect(wrong.filter(({ id }) => !ofMoments.test(id)).map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  expect([verdict, reasons]).toEqual(['compliant', []]);
});

describe('the ejected writer', () => {
  const output = (name: keyof typeof commands) => seen.get(name)?.output.trim() ?? '';

  test('writes entries that sendmail finds, and no others', () => {
    expect(output('login')).toMatch(/^2001:db8:0:0:0:0:0:a \d+\n203\.0\.113\.10 \d+\n203\.0\.113\.9 \d+$/m);
    const found = [...output('lookup').matchAll(/returns (\d+)|no match/g)].map(([words]) =>
      words.startsWith('returns'),
    );
    expect(found).toEqual([true, false, true]);
  });

  test('removes what it is told to, and what is over', () => {
    expect(output('remove')).not.toContain('203.0.113.9 ');
    expect(output('remove')).toContain('203.0.113.10 ');
    const [before, ...after] = output('sweep').split('\n');
    expect(before).toMatch(/^203\.0\.113\.1 \d+$/);
    expect(after.join()).toMatch(/^203\.0\.113\.2 \d+$/);
  });

  test('loses nothing where forty log in at once', () => {
    expect(output('parallel')).toBe('40');
  });

  test('says what is wrong', () => {
    for (const words of ['must be hash or btree', 'no IP address', '/nowhere: No such file', 'usage: popauth']) {
      expect(output('wrong')).toContain(words);
    }
  });

  test('serves the whole suite in the place of the lab’s own', () => {
    expect(seen.get('install')?.status, output('install')).toBe(0);
    expect(seen.get('replace')?.status, output('replace')).toBe(0);
    const { verdict, reasons, attempts } = configurationOf(report, 'own-writer');
    const wrong = attempts.filter((one) => one.verdict === 'fail' || one.verdict === 'inconclusive');
    expect(wrong.filter(({ id }) => !ofMoments.test(id)).map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
    expect([verdict, reasons]).toEqual(['compliant', []]);
  });
});

test('the Makefile builds the same sendmail.cf, and installs everything', () => {
  expect(seen.get('make')?.status, seen.get('make')?.output).toBe(0);
  for (const file of ['popauth.conf', 'virtusertable.db', 'Sendmail.conf', 'pop-login', 'aliases']) {
    expect(seen.get('make')?.output).toContain(file);
  }
});

test('Dovecot 2.4 takes the file that is for it', () => {
  const { status, output } = seen.get('dovecot') ?? { status: 1, output: 'not tried' };
  expect(status, output).toBe(0);
  expect(output).toContain('pop3 pop3-postlogin');
  expect(output).toContain('script-login /usr/local/sbin/pop-login');
});
