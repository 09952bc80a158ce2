import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../containers/configurations/policy.ts';
import type { TargetFacts } from '../containers/target/target-facts.ts';
import type { AuthMode } from '../reports/model.ts';
import type { Attempt, Mechanism, Scene } from '../suites/attempt.ts';
import { canBeTriedAnyway, doesNotApply, modeOf } from './applicability.ts';

const listener = (port: number, modifiers = '', family = 'inet6') => ({
  name: `D${port}`,
  port,
  family,
  address: '',
  modifiers,
});
const facts = (changes: Partial<TargetFacts> = {}): TargetFacts => ({
  sendmail: '8.18.1',
  debian: 'trixie',
  package: '8.18.1-6',
  compiledWith: [],
  hostName: 'mail.hosting.example',
  localDomains: ['hosting.example'],
  relayDomains: [],
  outsideAliases: [],
  outsideVirtualUsers: [],
  outsideDomains: [],
  nextHops: [],
  hub: '',
  refusedSenders: [],
  refusedRecipients: [],
  readsForwardFiles: true,
  popWriterFollowsLog: false,
  mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256'],
  trustedMechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
  authOptions: 'Apy',
  saslPlugins: ['plain', 'login', 'crammd5', 'digestmd5'],
  listeners: [listener(25), listener(587, 'Ea')],
  maps: [],
  localMailer: 'procmail',
  queueDirectory: '/var/spool/mqueue',
  serverCertificate: '/etc/mail/tls/cert.pem',
  ...changes,
});

type Changes = Partial<Pick<Attempt, 'applies' | 'expected' | 'core' | 'client'>> & { scene?: Partial<Scene> };
const attempt = ({ scene, ...changes }: Changes = {}): Attempt => ({
  id: 'suite/x',
  suite: 'suite',
  title: '',
  requirement: '',
  clauses: [],
  level: 'must',
  effect: 'leak',
  applies: {},
  expected: 'block',
  refusedIn: [],
  remedy: '',
  aliases: [],
  ...changes,
  scene: { family: 'ipv4', port: 25, tls: false, mailFrom: '<>', rcptTo: '<>', destination: 'sink', ...scene },
});
const why = (changes: Changes, what: Partial<TargetFacts> = {}, mode: AuthMode = 'both') =>
  doesNotApply(attempt(changes), { mode, facts: facts(what), policy: defaultPolicy });

describe('an attempt applies', () => {
  test('where somebody listens on its port, in its family', () => {
    expect(why({})).toBeUndefined();
    expect(why({ scene: { port: 587 } }, { listeners: [listener(25)] })).toContain('port 587');
    expect(why({ scene: { family: 'ipv6' } })).toBeUndefined();
    expect(why({ scene: { family: 'ipv6' } }, { listeners: [listener(25, '', 'inet')] })).toContain('IPv6');
    expect(why({}, { listeners: [] })).toContain('port 25');
  });

  test('where nobody does, if a mail program knows no other port: that is its answer', () => {
    const program = { program: 'x', era: '', way: '', by: 'script', pop: false, mechanisms: ['LOGIN'] } as const;
    const scene = { port: 465, tls: true, implicitTls: {} } as const;
    expect(why({ scene, expected: 'deliver' })).toContain('port 465');
    expect(why({ scene, expected: 'deliver', client: program })).toBeUndefined();
    expect(why({ scene, client: program, applies: { modes: ['both'] } }, {}, 'none')).toBe('not for mode none');
  });

  test.each<[readonly AuthMode[] | undefined, AuthMode, boolean]>([
    [undefined, 'smtp-auth', true],
    [['smtp-auth', 'both'], 'both', true],
    [['smtp-auth', 'both'], 'pop-before-smtp', false],
    [[], 'both', false],
  ])('with the modes %j in the mode %s: %s', (modes, mode, yes) => {
    expect(why(modes ? { applies: { modes } } : {}, {}, mode) === undefined).toBe(yes);
  });

  test.each<[Mechanism, boolean, Partial<TargetFacts>, string | undefined]>([
    ['CRAM-MD5', false, {}, undefined],
    ['CRAM-MD5', true, {}, undefined],
    ['DIGEST-MD5', false, {}, 'not among AuthMechanisms'],
    // Offered by the configuration, and not by the library.
    ['SCRAM-SHA-256', false, {}, 'the SASL library has no SCRAM-SHA-256'],
    ['PLAIN', false, {}, 'over TLS only'],
    ['LOGIN', false, {}, 'over TLS only'],
    ['PLAIN', false, { authOptions: 'A' }, undefined],
    ['PLAIN', true, {}, undefined],
    ['CRAM-MD5', false, { listeners: [listener(25, 'A')] }, 'M=A'],
    ['CRAM-MD5', false, { listeners: [listener(25, 'Ea')] }, undefined],
    ['CRAM-MD5', true, { serverCertificate: '' }, 'no STARTTLS'],
    ['CRAM-MD5', true, { listeners: [listener(25, 'S')] }, 'no STARTTLS'],
    ['PLAIN', true, { authOptions: '', serverCertificate: '' }, 'no STARTTLS'],
    // Users of a mechanism that needs TLS are locked out where there is none: that has to be seen.
    ['PLAIN', true, { serverCertificate: '' }, undefined],
    ['LOGIN', true, { listeners: [listener(25, 'S')] }, undefined],
  ])('for users of %s, TLS %s, with %j: %s', (offered, tls, what, words) => {
    const reason = why({ applies: { offered }, expected: 'deliver', scene: { tls } }, what);
    words === undefined ? expect(reason).toBeUndefined() : expect(reason).toContain(words);
  });

  test('over TLS where there is TLS; a delivery that needs it is made, to show that it is missing', () => {
    const none = { serverCertificate: '' };
    expect(why({ expected: 'block', scene: { tls: true } }, none)).toContain('no STARTTLS');
    expect(why({ expected: 'block', scene: { tls: true } }, { listeners: [listener(25, 'S')] })).toContain(
      'no STARTTLS',
    );
    expect(why({ expected: 'deliver', scene: { tls: true } }, none)).toBeUndefined();
  });

  test('where the mode has SMTP-AUTH and nothing is offered: the core set shows that its users are locked out', () => {
    const withPlain = { applies: { offered: 'PLAIN' }, expected: 'deliver' } as const;
    const nothing = { mechanisms: [] };
    expect(why({ ...withPlain, core: true }, nothing)).toBeUndefined();
    expect(why(withPlain, nothing)).toMatch(/not among AuthMechanisms/);
    expect(why({ ...withPlain, core: true, expected: 'block' }, nothing)).toMatch(/not among AuthMechanisms/);
    expect(why({ ...withPlain, core: true }, { mechanisms: ['CRAM-MD5'] })).toMatch(/not among AuthMechanisms/);
  });

  test('by its own port’s listener, and no other', () => {
    const what = { listeners: [listener(25, 'A'), listener(587, '')] };
    expect(why({ applies: { offered: 'CRAM-MD5' }, scene: { port: 25 } }, what)).toContain('port 25');
    expect(why({ applies: { offered: 'CRAM-MD5' }, scene: { port: 587 } }, what)).toBeUndefined();
  });
});

describe('an attempt with EXTERNAL', () => {
  test('applies where it is offered: the library has it without a plug-in', () => {
    const external = { applies: { offered: 'EXTERNAL' as const }, scene: { tls: true } };
    expect(why(external)).toMatch(/AuthMechanisms/);
    expect(why(external, { mechanisms: ['EXTERNAL'], saslPlugins: [] })).toBeUndefined();
  });
});

describe('an attempt about addresses that the access map refuses', () => {
  test.each<['refused-sender' | 'refused-recipient', Partial<TargetFacts>]>([
    ['refused-sender', { refusedSenders: ['bulk@offers.example'] }],
    ['refused-recipient', { refusedRecipients: ['left@hosting.example'] }],
  ])('applies where there is one: %s', (needs, there) => {
    expect(why({ applies: { needs } })).toMatch(/the access map refuses no/);
    expect(why({ applies: { needs } }, there)).toBeUndefined();
  });
});

describe('the mode of a configuration', () => {
  const drac = { name: 'drac', type: 'hash', path: '/etc/mail/drac' };

  test.each<[string, Partial<TargetFacts>, AuthMode]>([
    ['trusted mechanisms', {}, 'smtp-auth'],
    ['trusted mechanisms and a POP map', { maps: [drac] }, 'both'],
    ['a POP map', { trustedMechanisms: [], maps: [drac] }, 'pop-before-smtp'],
    [
      'a POP map of another name',
      { trustedMechanisms: [], maps: [{ ...drac, name: 'x', path: '/var/popauth' }] },
      'pop-before-smtp',
    ],
    ['neither', { trustedMechanisms: [] }, 'none'],
    ['mechanisms that are trusted and not offered', { mechanisms: ['DIGEST-MD5'] }, 'none'],
    ['AUTH on no listener', { listeners: [listener(25, 'A'), listener(587, 'EA')] }, 'none'],
    ['AUTH on one listener', { listeners: [listener(25, 'A'), listener(587, 'Ea')] }, 'smtp-auth'],
    [
      'another map',
      { trustedMechanisms: [], maps: [{ name: 'access', type: 'hash', path: '/etc/mail/access' }] },
      'none',
    ],
  ])('with %s', (_what, changes, mode) => {
    const read = modeOf(facts(changes));
    expect(read.mode).toBe(mode);
    expect(read.reasons).toHaveLength(mode === 'both' ? 2 : 1);
  });
});

describe('what does not apply can be tried all the same, for a comparison', () => {
  const ground = (what: Partial<TargetFacts> = {}) => ({
    mode: 'pop-before-smtp' as const,
    facts: facts({ mechanisms: [], listeners: [listener(25, 'A')], ...what }),
    policy: defaultPolicy,
  });

  test.each<[string, Changes, Partial<TargetFacts>, boolean]>([
    ['the mode is another', { applies: { modes: ['smtp-auth'] } }, {}, true],
    ['the mechanism is not offered', { applies: { modes: ['both'], offered: 'PLAIN' } }, {}, true],
    ['the same where it must be blocked', { applies: { offered: 'PLAIN' }, expected: 'block' }, {}, true],
    ['nothing listens there', { applies: { modes: ['smtp-auth'] }, scene: { port: 587 } }, {}, false],
    ['what it needs is not there', { applies: { modes: ['smtp-auth'], needs: 'outside-alias' } }, {}, false],
    ['there is no TLS that a weak client could be refused', { scene: { tls: true } }, { serverCertificate: '' }, false],
  ])('%s', (_what, changes, what, possible) => {
    expect(doesNotApply(attempt(changes), ground(what))).toEqual(expect.any(String));
    expect(canBeTriedAnyway(attempt(changes), ground(what))).toBe(possible);
  });
});
