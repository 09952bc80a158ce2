import { describe, expect, test } from 'vitest';
import { type Ability, type Limits, NO_LIMITS } from '../containers/target/limits.ts';
import type { Scene, Sweep } from '../suites/scene.ts';
import { beyondReach } from './beyond-reach.ts';

const plain: Scene = {
  family: 'ipv4',
  port: 25,
  tls: false,
  mailFrom: '<a@b.example>',
  rcptTo: '<c@d.example>',
  destination: 'sink',
};
const all: Ability[] = [
  'accounts',
  'mailboxes',
  'pop',
  'pop map',
  'homes',
  'restarts',
  'rules',
  'trusted certificates',
];
const nothing: Limits = new Map(all.map((ability) => [ability, ability]));

const why = (scene: Partial<Scene> | Sweep, expected: 'block' | 'deliver' = 'block', limits = nothing) =>
  beyondReach({ scene: 'sweep' in scene ? scene : { ...plain, ...scene }, expected }, limits);

describe('beyond reach', () => {
  test('is nothing of what strangers do', () => {
    expect(why({})).toBeUndefined();
    expect(why({ auth: { mechanism: 'PLAIN', with: 'unknown-user' } })).toBeUndefined();
    expect(why({ auth: { mechanism: 'ANONYMOUS', with: 'right-password' } })).toBeUndefined();
    expect(why({ auth: { mechanism: 'PLAIN', with: { user: 'test', password: 'test' } } })).toBeUndefined();
    expect(why({ session: [{ do: 'starttls', certificate: 'self-signed' }] })).toBeUndefined();
    expect(why({ destination: 'mailbox', readBack: false }, 'deliver')).toBeUndefined();
    expect(why({ destination: 'mailbox' })).toBeUndefined();
  });

  test.each<[string, Partial<Scene> | Sweep, 'block' | 'deliver', Ability]>([
    ['a login', { auth: { mechanism: 'PLAIN', with: 'right-password' } }, 'deliver', 'accounts'],
    ['a guess at somebody’s password', { auth: { mechanism: 'PLAIN', with: 'wrong-password' } }, 'block', 'accounts'],
    ['an AUTH step', { session: [{ do: 'auth', mechanism: 'LOGIN', with: 'right-password' }] }, 'block', 'accounts'],
    ['a POP login', { pop: [{ do: 'login', with: 'right-password', from: 'same' }] }, 'deliver', 'accounts'],
    [
      'a login of a mail program',
      { session: [{ do: 'auth-as-offered', mechanisms: [{ mechanism: 'LOGIN' }], with: 'right-password' }] },
      'deliver',
      'accounts',
    ],
    ['a login of a real program', { by: { program: 'curl', tls: 'none', auth: 'own-choice' } }, 'deliver', 'accounts'],
    [
      'a POP login of a real program',
      { by: { program: 'msmtp', tls: 'none', pop: { program: 'mpop', by: 'stls' } } },
      'deliver',
      'accounts',
    ],
    ['a POP login of nobody', { pop: [{ do: 'login', with: 'unknown-user', from: 'same' }] }, 'block', 'pop'],
    ['an entry that ends', { pop: [{ do: 'age', lifetimes: 1 }] }, 'block', 'pop map'],
    ['a mailbox', { destination: 'mailbox' }, 'deliver', 'mailboxes'],
    ['a home', { home: { name: '.forward', content: '' } }, 'block', 'homes'],
    ['a restart', { restart: 'sendmail' }, 'block', 'restarts'],
    ['a certificate', { session: [{ do: 'starttls', certificate: 'partner' }] }, 'block', 'trusted certificates'],
    ['a sweep', { sweep: 'ipv4', wants: 'nothing-undeclared' }, 'block', 'rules'],
  ])('is %s, where there is no way to it', (_, scene, expected, ability) => {
    expect(why(scene, expected)).toBe(ability);
    expect(why(scene, expected, NO_LIMITS)).toBeUndefined();
  });

  test('is a way to log in that the POP3 server does not offer', () => {
    const scene: Partial<Scene> = { pop: [{ do: 'login', with: 'right-password', from: 'same', by: 'apop' }] };
    expect(why(scene, 'deliver', new Map([['pop by apop', 'no APOP']]))).toBe('no APOP');
    const program: Partial<Scene> = { by: { program: 'curl', tls: 'none', pop: { program: 'curl', by: 'apop' } } };
    expect(why(program, 'deliver', new Map([['pop by apop', 'no APOP']]))).toBe('no APOP');
  });
});
