/** The sweep says the same as real sessions of real strangers, and finds what is undeclared, with the line that causes it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSweep, type SweepOf, type SweepResult } from '../audit/sweep/sweep.ts';
import { SmtpDialogue } from '../clients/smtp-dialogue.ts';
import type { Target } from '../containers/target/target.ts';
import { startTestLab, type TestConfiguration, type TestLab } from './targets-in-lab.ts';

let testLab: TestLab;
beforeAll(async () => {
  testLab = await startTestLab();
});
afterAll(() => testLab?.stop());

const beforeMailers = { file: 'sendmail.mc', before: 'MAILER(`local' } as const;
const access = (...lines: string[]) => ({ file: 'access', insert: lines.join('\n') });

/** The reply code to RCPT in a real session. */
async function rcpt(target: Target, from: string, domain: string): Promise<number> {
  const session = await SmtpDialogue.open({
    dial: target.lab.dial,
    from,
    host: from.includes(':') ? target.ipv6 : target.ipv4,
    port: 25,
  });
  await session.ehlo('client.example');
  await session.send('MAIL FROM:<u@outside.example>');
  const { code } = await session.send(`RCPT TO:<v@${domain}>`);
  await session.quit();
  return code;
}

async function sweeps(configuration: TestConfiguration, ...which: SweepOf[]) {
  const target = await testLab.start(configuration);
  const results = {} as Record<SweepOf, SweepResult>;
  for (const of of which) {
    results[of] = await runSweep(target, of);
    expect(results[of].unanswered).toBe(0);
    expect(results[of].asked).toBeGreaterThan(20);
  }
  return { target, results };
}

const found = ({ findings }: SweepResult) => findings.map(({ what, cause }) => `${what} ${cause?.file}:${cause?.text}`);
const missing = (result: SweepResult) => result.missing.map(({ what }) => what);

test('a reference lets nobody relay who is not declared', async () => {
  const { target, results } = await sweeps({ base: 'both' }, 'ipv4', 'ipv6', 'domains', 'hosts');
  for (const result of Object.values(results)) {
    expect(result).toMatchObject({ findings: [], missing: [], notes: [] });
  }
  // Questions cost about half a millisecond each; their number is what can be held without regard to the machine.
  expect(Object.values(results).reduce((sum, { asked }) => sum + asked, 0)).toBeLessThan(2_000);
  expect(await rcpt(target, '8.8.8.8', 'elsewhere.example')).toBe(550);
  expect(await rcpt(target, '2001:db8::9', 'elsewhere.example')).toBe(550);
});

test('what stock access maps say of the server itself is no finding, and what stands beside it is one', async () => {
  const stock = ['Connect:127\tRELAY', 'Connect:localhost\tRELAY', 'localhost.localdomain\tRELAY'];
  const { results } = await sweeps({ base: 'smtp-auth', edits: [access(...stock)] }, 'ipv4', 'domains', 'hosts');
  for (const result of Object.values(results)) {
    expect(result.findings).toEqual([]);
  }
  expect(results.hosts.notes.join()).toContain('localhost.localdomain');
  const wider = await sweeps({ base: 'smtp-auth', edits: [access(...stock, 'Connect:126\tRELAY')] }, 'ipv4');
  expect(found(wider.results.ipv4)).toEqual(['126.0.0.0/8 access:Connect:126 RELAY']);
});

test('a network that may relay is found with its line, and a real client of it does relay', async () => {
  const { target, results } = await sweeps(
    {
      base: 'smtp-auth',
      edits: [access('Connect:203.0.113\tRELAY', 'Connect:IPv6:2001:db8\tRELAY', 'Connect:10\tRELAY')],
    },
    'ipv4',
    'ipv6',
  );
  expect(found(results.ipv4)).toEqual([
    '203.0.113.0/24 access:Connect:203.0.113 RELAY',
    '10.0.0.0/8 access:Connect:10 RELAY',
  ]);
  expect(results.ipv4.findings[0]?.words).toMatch(
    /^203\.0\.113\.0\/24 .*may relay, undeclared, because of line \d+ of access: /,
  );
  expect(found(results.ipv6)).toEqual(['2001:db8::/32 access:Connect:IPv6:2001:db8 RELAY']);
  for (const { example } of [...results.ipv4.findings, ...results.ipv6.findings]) {
    expect(await rcpt(target, example, 'elsewhere.example'), example).toBe(250);
  }
  // The access map of the reference refuses this one host.
  for (const [address, code] of [
    ['203.0.114.1', 550],
    ['203.0.112.255', 550],
    ['9.255.255.255', 550],
    ['2001:db9::1', 550],
  ] as const) {
    expect(await rcpt(target, address, 'elsewhere.example'), address).toBe(code);
  }
});

test('sendmail sees a client by the very address that it took', async () => {
  const target = await testLab.start({ base: 'both', edits: [access('Connect:203.0.113\tRELAY')] });
  const token = 'rp00000000000sweep';
  const session = await SmtpDialogue.open({ dial: target.lab.dial, from: '203.0.113.9', host: target.ipv4, port: 25 });
  await session.ehlo('client.example');
  await session.send('MAIL FROM:<u@outside.example>');
  expect((await session.send(`RCPT TO:<${token}@elsewhere.example>`)).code).toBe(250);
  await session.send('DATA');
  const body = 'So long that it does not fit into one packet of the tunnel. '.repeat(200);
  expect((await session.data(`Subject: ${token}\r\n\r\n${body}\r\n`)).code).toBe(250);
  await session.quit();
  const line = await target.logged(({ text }) => text.includes('from=<u@outside.example>') && text.includes('relay='));
  expect(line?.text).toContain('[203.0.113.9]');
  expect(await target.logged(({ text }) => text.includes('stat=Sent'))).toBeDefined();
});

test('what is declared is left out, what is left of it is found, and what does not work is missing', async () => {
  const { target, results } = await sweeps(
    {
      base: 'smtp-auth',
      edits: [access('Connect:203.0.113\tRELAY', 'To:partner.example\tRELAY', 'Connect:office.example.net\tRELAY')],
      policy: [
        'mode: smtp-auth',
        'trusted:',
        '  networks: [203.0.113.0/25, 100.64.0.0/10]',
        '  hosts: [office.example.net, absent.example.net]',
        'relayTo: [partner.example, absent.example]',
      ].join('\n'),
    },
    'ipv4',
    'domains',
    'hosts',
  );
  expect(found(results.ipv4)).toEqual(['203.0.113.128/25 access:Connect:203.0.113 RELAY']);
  expect(missing(results.ipv4)).toEqual(['100.64.0.0/10']);
  expect(results.ipv4.notes).toEqual([expect.stringMatching(/^203\.0\.113\.66\/32 is in a network that is declared/)]);
  expect(found(results.domains)).toEqual([]);
  expect(missing(results.domains)).toEqual(['absent.example']);
  expect(found(results.hosts)).toEqual([]);
  expect(missing(results.hosts)).toEqual(['absent.example.net']);
  // The same of real clients, whose address leads to the name, and back or not.
  await target.lab.forgeNames(target.ipv4, [
    { name: '77.100.51.198.in-addr.arpa', records: [{ type: 'PTR', data: 'office.example.net' }] },
    { name: '78.100.51.198.in-addr.arpa', records: [{ type: 'PTR', data: 'office.example.net' }] },
    { name: 'office.example.net', records: [{ type: 'A', data: '198.51.100.77' }] },
  ]);
  expect(await rcpt(target, '198.51.100.77', 'elsewhere.example')).toBe(250);
  expect(await rcpt(target, '198.51.100.78', 'elsewhere.example')).toBe(550);
});

test('a relayed top-level domain, as recipient and as client', async () => {
  const { target, results } = await sweeps(
    { base: 'smtp-auth', edits: [{ ...beforeMailers, insert: "RELAY_DOMAIN(`org')dnl" }] },
    'ipv4',
    'domains',
    'hosts',
  );
  expect(found(results.ipv4)).toEqual([]);
  expect(found(results.domains)).toEqual(["org sendmail.mc:RELAY_DOMAIN(`org')dnl"]);
  expect(results.domains.findings[0]?.example).toBe('example.org');
  expect(found(results.hosts)).toEqual(["org sendmail.mc:RELAY_DOMAIN(`org')dnl"]);
  expect(await rcpt(target, target.addresses.next4(), 'example.org')).toBe(250);
  expect(await rcpt(target, target.addresses.next4(), 'example.com')).toBe(550);
});

test('no relay check at all', async () => {
  const { results } = await sweeps(
    { base: 'both', edits: [{ ...beforeMailers, insert: "FEATURE(`promiscuous_relay')dnl" }] },
    'ipv4',
    'ipv6',
    'domains',
    'hosts',
  );
  const cause = "sendmail.mc:FEATURE(`promiscuous_relay')dnl";
  expect(found(results.ipv4)).toEqual([`0.0.0.0/0 ${cause}`]);
  expect(found(results.ipv6)).toEqual([`::/0 ${cause}`]);
  expect(found(results.domains)).toEqual([`* ${cause}`]);
  expect(found(results.hosts)).toEqual([`* ${cause}`]);
});

test('a rule of the folder’s own that compares texts: 198.51.1 also trusts 198.51.100', async () => {
  const rules = [
    'LOCAL_CONFIG',
    'Kslip regex -a@OK ^198\\.51\\.1',
    'LOCAL_RULESETS',
    'SLocal_check_rcpt',
    'R$*\t$: $(slip $&{client_addr} $)',
    'R$* @OK\t$#OK',
  ];
  const { target, results } = await sweeps(
    {
      base: 'both',
      edits: [{ ...beforeMailers, insert: rules.join('\n') }],
      policy: 'mode: both\ntrusted: { networks: [198.51.1.0/24] }\n',
    },
    'ipv4',
  );
  expect(results.ipv4.findings.length).toBeGreaterThan(1);
  for (const { cause } of results.ipv4.findings) {
    expect(cause).toMatchObject({ file: 'sendmail.mc', text: 'SLocal_check_rcpt' });
  }
  const examples = results.ipv4.findings.map(({ example }) => example);
  expect(examples.every((example) => example.startsWith('198.51.1') && !example.startsWith('198.51.1.'))).toBe(true);
  expect(await rcpt(target, examples[0] ?? '', 'elsewhere.example')).toBe(250);
});

test('rules that only fail for the moment say neither yes nor no', async () => {
  const target = await testLab.start({ base: 'both' });
  await target.shell.run('mv /etc/mail/access.db /etc/mail/gone.db');
  await expect(runSweep(target, 'ipv4')).rejects.toThrow(/temporary failure/);
  await target.shell.run('mv /etc/mail/sendmail.cf /etc/mail/gone.cf');
  await expect(runSweep(target, 'ipv4')).rejects.toThrow(/sendmail -bt/);
});
