import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../containers/configurations/policy.ts';
import { decisionOf, readTrace } from '../../containers/target/rule-trace.ts';
import type { TargetFacts } from '../../containers/target/target-facts.ts';
import type { AttemptResult, Cause, Evidence } from '../../reports/model.ts';
import type { Attempt, Scene } from '../../suites/attempt.ts';
import type { Files } from '../sweep/sources.ts';
import { lineBehind, lineThatLogged, lineThatSays, ownAcceptance } from './decision.ts';
import { declaredCause } from './declared.ts';
import { suspect, suspectsInMc } from './delta.ts';
import { questionOf } from './envelope.ts';
import { chosenFew } from './find-causes.ts';
import type { Failed } from './finders.ts';
import { define, missing, statementsOf } from './mc.ts';
import { popCause } from './pop-writer.ts';
import { settingAfterRules, settingBeforeRules } from './settings.ts';

const files = (content: Record<string, string>): Files =>
  new Map(Object.entries(content).map(([name, text]) => [name, { content: Buffer.from(text) }]));

const at = (cause: Cause | 'generated' | undefined) =>
  typeof cause === 'object' ? `${cause.file}:${cause.line}${cause.absent ? ' absent' : ''}` : cause;

const maps = [
  { name: 'access', type: 'hash', path: '/etc/mail/access' },
  { name: 'drac', type: 'hash', path: '/etc/mail/drac' },
];
const facts = {
  maps,
  listeners: [
    { name: 'MTA', port: 25, family: 'inet6', address: '', modifiers: '' },
    { name: 'MSA', port: 587, family: 'inet6', address: '', modifiers: 'E' },
  ],
  mechanisms: ['PLAIN', 'CRAM-MD5'],
  trustedMechanisms: ['CRAM-MD5'],
  authOptions: 'A p y',
} as unknown as TargetFacts;

const mc = [
  "OSTYPE(`debian')dnl",
  "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp')dnl",
  "DAEMON_OPTIONS(`Name=MSA, Port=submission, M=E')dnl",
  "dnl FEATURE(`promiscuous_relay')dnl",
  "FEATURE(`drac', `hash /etc/mail/drac')dnl",
  "RELAY_DOMAIN(`org')dnl",
  'TRUST_AUTH_MECH(`CRAM-MD5',
  "PLAIN')dnl",
  "define(`confAUTH_OPTIONS', `A')dnl",
  "MAILER(`local')dnl",
  'LOCAL_RULESETS',
  'SLocal_check_rcpt',
  'R$*\t\t$: <$&{client_ptr}>',
  'R<$*$=w>\t\t$#OK',
  'Scheck_compat',
  'R$*\t\t$#error $@ 5.7.1 $: "550 Not from here"',
].join('\n');
const folder = files({
  'sendmail.mc': mc,
  access: '# who\nTo:x.example\tREJECT\nConnect:203.0.113\tRELAY\nSrv_Features:\tU\n',
  'popauth.conf': 'map = hash /etc/mail/drac\npattern = anything\nlifetime = 30\n',
  'relayproof.yaml': 'relayTo: [partner.example]\n',
  aliases: 'postmaster:\troot\nroot: gone\n',
});

describe('sendmail.mc', () => {
  test('statements go over lines, and comments are none', () => {
    const found = statementsOf(folder);
    expect(found.map(({ line }) => line)).not.toContain(4);
    expect(found.find(({ line }) => line === 7)).toMatchObject({ lines: 2 });
    expect(statementsOf(files({ 'sendmail.mc': "define(`x', `never closed\nFEATURE(`y')dnl\n" }))).toHaveLength(2);
  });

  test('a define or the option of sendmail.cf; what is missing belongs before the mailers', () => {
    expect(at(define(folder, 'confAUTH_OPTIONS', 'AuthOptions'))).toBe('sendmail.mc:9');
    expect(at(define(files({ 'sendmail.cf': 'V10\nO AuthOptions=A\n' }), 'confAUTH_OPTIONS', 'AuthOptions'))).toBe(
      'sendmail.cf:2',
    );
    expect(at(missing(folder, 'x'))).toBe('sendmail.mc:10 absent');
  });

  test('suspects: what relays comes first, what makes a configuration is none; a variant lacks its lines', () => {
    const suspects = suspectsInMc(folder);
    expect(suspects[0]?.cause).toMatchObject({ line: 6, text: "RELAY_DOMAIN(`org')", certainty: 'delta' });
    expect(suspects.some(({ cause }) => /OSTYPE|MAILER|^SLocal/.test(cause.text))).toBe(false);
    const trust = suspects.find(({ cause }) => cause.line === 7);
    expect(trust?.variant.content.toString()).not.toMatch(/CRAM-MD5|PLAIN/);
    expect(trust?.variant.content.toString().split('\n')).toHaveLength(mc.split('\n').length - 2);
    expect(suspect(folder, missing(folder, 'x'))).toBeUndefined();
  });
});

const decision = (name: string) => {
  const trace = readTrace(readFileSync(new URL(`../../tests/traces/${name}.txt`, import.meta.url), 'utf8'));
  const found = trace && decisionOf(trace);
  if (!found) {
    throw new Error(`${name} has no decision`);
  }
  return found;
};

describe('from a decision to a line', () => {
  test('an entry of a map, a rule of one’s own, a class, a feature', () => {
    expect(at(lineBehind(decision('access-relay'), { line: 1, text: 'R<x>\ty' }, folder, facts))).toBe('access:3');
    const own = { line: 900, text: 'R<$*$=w>\t\t$#OK' };
    expect(at(lineBehind(decision('own-rule'), own, folder, facts))).toBe('sendmail.mc:14');
    expect(at(lineBehind(decision('authenticated'), undefined, folder, facts))).toBe('sendmail.mc:7');
    expect(at(lineBehind(decision('pop'), undefined, folder, facts))).toBe('sendmail.mc:5');
  });

  test('a rule that m4 made is nobody’s line, and a folder without sendmail.mc has its own rules', () => {
    const rule = { line: 12, text: 'R<FAIL>\t$#error $@ 5.7.1 $: "550 Go away"' };
    expect(lineBehind(decision('refused'), rule, folder, facts)).toBe('generated');
    expect(at(lineBehind(decision('refused'), rule, files({ 'sendmail.cf': '' }), facts))).toBe('sendmail.cf:12');
    const stock = { line: 12, text: 'R<FAIL>\t$#error $@ 5.7.1 $: "550 Relaying denied"' };
    expect(lineBehind(decision('refused'), stock, files({ 'sendmail.cf': '' }), facts)).toBe('generated');
  });

  test('where no rule answers, a rule that refuses is missing', () => {
    const found = { ...decision('refused'), accepted: true, exhausted: true } as const;
    const rule = { line: 12, text: 'R$*\t$: $1' };
    expect(at(lineBehind(found, rule, files({ 'sendmail.cf': '' }), facts))).toBe('sendmail.cf:13 absent');
    expect(lineBehind(found, rule, folder, facts)).toBe('generated');
  });

  test('the same rule in another ruleset is another rule', () => {
    const other = files({ 'sendmail.mc': mc.replace('SLocal_check_rcpt', 'SLocal_check_mail') });
    expect(lineBehind(decision('own-rule'), { line: 9, text: 'R<$*$=w>\t$#OK' }, other, facts)).not.toMatchObject({
      how: 'rule',
    });
  });

  test('words that a client was told, or the log', () => {
    expect(at(lineThatSays(folder, '550 5.7.1 <a@b>... Not from here'))).toBe('sendmail.mc:16');
    expect(lineThatSays(folder, '550 5.7.1 Relaying denied')).toBeUndefined();
    const log = (ruleset: string) => [{ text: `sendmail[1]: x: ruleset=${ruleset}, arg1=a, reject=550 Not from here` }];
    expect(at(lineThatLogged(folder, log('check_compat')))).toBe('sendmail.mc:16');
    expect(lineThatLogged(folder, log('check_mail'))).toBeUndefined();
    expect(at(ownAcceptance(folder))).toBe('sendmail.mc:14');
  });
});

const evidence = (lines: [from: 'client' | 'server', text: string][], changes: Partial<Evidence> = {}): Evidence => ({
  clientAddress: '198.18.64.3',
  identity: 'stranger',
  token: 't',
  envelope: { mailFrom: 'u@outside.example', rcptTo: ['v@elsewhere.example'] },
  dialogues: [
    {
      protocol: 'smtp',
      client: '198.18.64.3:1',
      server: '198.18.0.16:587',
      startedAt: '',
      closedBy: 'client',
      lines: lines.map(([from, text]) => ({ at: 0, from, text, tls: false })),
    },
  ],
  queueIds: [],
  sink: [],
  mailbox: [],
  log: [{ at: '', text: 'sendmail[1]: NOQUEUE: connect from a.example [198.18.64.3] (may be forged)' }],
  notes: [],
  ...changes,
});

const failed = (id: string, changes: Partial<Attempt> = {}, result: Partial<AttemptResult> = {}): Failed => ({
  attempt: {
    id,
    suite: id.split('/')[0] ?? '',
    expected: 'block',
    effect: 'leak',
    scene: { family: 'ipv4', port: 25, tls: false },
    ...changes,
  } as Attempt,
  result: { id, observed: 'relayed', verdict: 'fail', reason: '', ...result } as AttemptResult,
});

describe('an attempt’s own envelope', () => {
  const scene = { family: 'ipv4', port: 587 } as Scene;
  const session: Parameters<typeof evidence>[0] = [
    ['client', 'EHLO me.example'],
    ['client', 'AUTH PLAIN ***'],
    ['server', '235 2.0.0 OK'],
    ['client', 'MAIL FROM:<u@outside.example> AUTH=root@x'],
    ['server', '250 ok'],
    ['client', 'RCPT TO:<alice@hosting.example>'],
    ['server', '250 ok'],
    ['client', 'RCPT TO:<v@elsewhere.example>'],
    ['server', '250 ok'],
  ];

  test('the recipient that counts, and what the session had learnt', () => {
    const said = evidence(session, { identity: 'authenticated as alice with PLAIN' });
    expect(questionOf({ phase: 'fate' }, said, scene, facts.listeners)).toMatchObject({
      ruleset: 'check_rcpt',
      address: '<v@elsewhere.example>',
      listener: { name: 'MSA' },
      question: { clientName: 'a.example', clientResolve: 'FORGED', mailFrom: 'u@outside.example' },
      macros: {
        s: 'me.example',
        '{nrcpts}': '1',
        '{auth_type}': 'PLAIN',
        '{auth_authen}': 'alice',
        '{auth_author}': 'root@x',
      },
    });
  });

  test('of two tries with the same recipient, the one that was taken', () => {
    const again = evidence([
      ['client', 'MAIL FROM:<u@outside.example>'],
      ['server', '250 ok'],
      ['client', 'RCPT TO:<v@elsewhere.example>'],
      ['server', '550 no'],
      ['client', 'RCPT TO:<v@elsewhere.example> NOTIFY=NEVER'],
      ['server', '250 ok'],
    ]);
    const asked = questionOf({ phase: 'fate' }, again, scene, facts.listeners);
    expect(asked?.macros['{nrcpts}']).toBe('1');
  });

  test('a refused sender is asked of check_mail; a session without an envelope of nothing', () => {
    const asked = questionOf({ phase: 'mail' }, evidence(session), scene, facts.listeners);
    expect(asked).toMatchObject({ ruleset: 'check_mail', address: '<u@outside.example>' });
    const none = evidence([['client', 'EHLO x']]);
    expect(questionOf({ phase: 'starttls' }, none, scene, facts.listeners)).toBeUndefined();
  });
});

describe('what the rules do not tell', () => {
  const ground = { files: folder, facts };

  test.each([
    ['transport/smuggled-lf-dot-lf', settingBeforeRules, 'access:4'],
    ['transport/plaintext-auth-plain', settingAfterRules, 'sendmail.mc:9'],
    ['smtp-auth/submission-unauthenticated', settingAfterRules, 'sendmail.mc:2'],
    ['reflection/vrfy', settingAfterRules, 'sendmail.mc:10 absent'],
    ['sender-trust/refused-recipient', settingAfterRules, 'sendmail.mc:10 absent'],
  ] as const)('%s', (id, find, place) => {
    expect(at(find(ground, failed(id)))).toBe(place);
  });

  test('a catch-all, and no feature as everybody has it', () => {
    const stock = { files: files({ 'sendmail.mc': "FEATURE(`local_procmail', `/usr/bin/procmail')dnl\n" }), facts };
    expect(settingAfterRules(stock, failed('reflection/unknown-user'))).toBeUndefined();
    const other = { files: files({ 'sendmail.mc': "FEATURE(`local_procmail', `/usr/bin/formail')dnl\n" }), facts };
    expect(at(settingAfterRules(other, failed('reflection/unknown-user')))).toBe('sendmail.mc:1');
    const all = { files: files({ virtusertable: '# all\n@x.example\ty@z.example\n' }), facts };
    expect(at(settingAfterRules(all, failed('reflection/unknown-user')))).toBe('virtusertable:2');
  });

  test('what is missing is named', () => {
    expect(settingAfterRules(ground, failed('reflection/vrfy'))?.text).toMatch(/novrfy/);
    expect(settingAfterRules(ground, failed('reflection/etrn'))?.text).toMatch(/noetrn/);
  });

  test('a user with the right password: as far as the session came', () => {
    const deliver = { expected: 'deliver' } as const;
    const after = (...said: [from: 'client' | 'server', text: string][]) =>
      at(settingAfterRules(ground, failed('smtp-auth/plain-clear', deliver, { evidence: evidence(said) })));
    expect(after(['server', '235 2.0.0 OK'])).toBe('sendmail.mc:7');
    expect(after(['server', '250-AUTH CRAM-MD5'])).toBe('sendmail.mc:10 absent');
  });

  test('the POP writer’s line, or the map that the rules look in', () => {
    const declared = '/etc/mail/drac';
    expect(at(popCause(folder, failed('pop-before-smtp/wrong-password'), declared))).toBe('popauth.conf:2');
    expect(at(popCause(folder, failed('pop-before-smtp/expired'), declared))).toBe('popauth.conf:3');
    expect(at(popCause(folder, failed('pop-before-smtp/login', { expected: 'deliver' }), '/etc/mail/other'))).toBe(
      'sendmail.mc:5',
    );
  });

  test('a declaration and the line that was meant to make it true', () => {
    const policy = { ...defaultPolicy, relayTo: ['partner.example'] };
    const attempt = failed('legitimate-mail/relayed-domain', { expected: 'deliver' });
    expect(at(declaredCause({ files: folder, facts, policy }, attempt))).toBe('relayproof.yaml:1');
    const cidr = files({ access: 'Connect:192.0.2.0/24\tRELAY\n' });
    const trusting = { ...defaultPolicy, trusted: { networks: ['192.0.2.0/24'], hosts: [] } };
    const locked = failed('legitimate-mail/trusted-network', { expected: 'deliver' });
    expect(at(declaredCause({ files: cidr, facts, policy: trusting }, locked))).toBe('access:1');
  });
});

test('of many, a few are traced: some of each suite', () => {
  const many = Array.from({ length: 50 }, (_, n) => failed(`open-relay/${n}`)).concat(failed('transport/x'));
  const few = chosenFew(many, 12);
  expect(few).toHaveLength(12);
  expect(few.some(({ attempt }) => attempt.suite === 'transport')).toBe(true);
  expect(new Set(few).size).toBe(12);
});
