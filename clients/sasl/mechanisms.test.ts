import { describe, expect, it } from 'vitest';
import { parseDirectives } from './digest-md5.ts';
import type { SaslCredentials, SaslMechanism } from './mechanism.ts';
import { createMechanism, isMechanismName, mechanismNames } from './mechanisms.ts';

const someone: SaslCredentials = {
  user: 'tim',
  password: 'tanstaaftanstaaf',
  host: 'mail.example.net',
  service: 'smtp',
};
const text = (octets: Buffer | undefined) => octets?.toString('utf8');
const answer = (mechanism: SaslMechanism, challenge: string) => text(mechanism.respond(Buffer.from(challenge, 'utf8')));

describe('PLAIN', () => {
  it('sends the message of RFC 4616 section 4', () => {
    const mechanism = createMechanism('PLAIN', { ...someone });
    expect(text(mechanism.initial?.())).toBe('\0tim\0tanstaaftanstaaf');
  });

  it('asks to act as somebody else as in the second example of RFC 4616 section 4', () => {
    const mechanism = createMechanism('PLAIN', {
      ...someone,
      user: 'Kurt',
      password: 'xipj3plmq',
      authorizeAs: 'Ursel',
    });
    expect(text(mechanism.initial?.())).toBe('Ursel\0Kurt\0xipj3plmq');
    expect(() => mechanism.respond(Buffer.alloc(0))).toThrow('PLAIN');
  });
});

describe('LOGIN', () => {
  it('answers two prompts whatever they say, and no third', () => {
    const mechanism = createMechanism('LOGIN', someone);
    expect(mechanism.waits).toBe(true);
    expect([answer(mechanism, 'Username:'), answer(mechanism, 'Whatever')]).toEqual(['tim', 'tanstaaftanstaaf']);
    expect(() => mechanism.respond(Buffer.alloc(0))).toThrow('third prompt');
  });

  it('may give the user in its first words, and then answers one prompt', () => {
    const mechanism = createMechanism('LOGIN', someone);
    expect(mechanism.initial?.().toString()).toBe('tim');
    expect(answer(mechanism, 'Password:')).toBe('tanstaaftanstaaf');
    expect(() => mechanism.respond(Buffer.alloc(0))).toThrow('third prompt');
  });
});

describe('CRAM-MD5', () => {
  it('gives the response of RFC 2195 section 2', () => {
    const mechanism = createMechanism('CRAM-MD5', someone);
    expect(answer(mechanism, '<1896.697170952@postoffice.reston.mci.net>')).toBe(
      'tim b913a602c7eda7a495b4e6e7334d3890',
    );
    expect(() => mechanism.respond(Buffer.from('<again>'))).toThrow('second challenge');
  });

  it('refuses an empty challenge, whose answer would be good for ever', () => {
    expect(() => createMechanism('CRAM-MD5', someone).respond(Buffer.alloc(0))).toThrow('empty');
  });
});

describe('DIGEST-MD5', () => {
  const challenge = 'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8';
  const chris: SaslCredentials = {
    user: 'chris',
    password: 'secret',
    host: 'elwood.innosoft.com',
    service: 'imap',
    clientNonce: 'OA6MHXh6VqTrRk',
  };

  it('gives the exchange of RFC 2831 section 4', () => {
    const mechanism = createMechanism('DIGEST-MD5', chris);
    expect(answer(mechanism, challenge)).toBe(
      'charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,' +
        'cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth',
    );
    expect(mechanism.unproven?.()).toContain('did not prove');
    expect(answer(mechanism, 'rspauth=ea40f60335c427b5527b84dbabcdfffd')).toBe('');
    expect(mechanism.unproven?.()).toBeUndefined();
  });

  it('refuses a server that does not know the password', () => {
    const mechanism = createMechanism('DIGEST-MD5', chris);
    answer(mechanism, challenge);
    expect(() => answer(mechanism, 'rspauth=ea40f60335c427b5527b84dbabcdffff')).toThrow('rspauth is wrong');
    expect(mechanism.unproven?.()).toBeDefined();
  });

  it.each([
    ['no nonce', 'realm="x",qop="auth",algorithm=md5-sess', 'nonce'],
    ['two nonces', 'nonce="a",nonce="b",algorithm=md5-sess', 'nonce'],
    ['another algorithm', 'nonce="a",algorithm=md5', 'md5-sess'],
    ['no qop of ours', 'nonce="a",algorithm=md5-sess,qop="auth-int,auth-conf"', 'qop'],
    ['no directives', 'hello world', 'directives'],
  ])('refuses a challenge with %s', (_, bad, problem) => {
    expect(() => answer(createMechanism('DIGEST-MD5', chris), bad)).toThrow(problem);
  });

  it('takes the realm that it is told to take, and quotes', () => {
    const mechanism = createMechanism('DIGEST-MD5', { ...chris, user: 'a"b', realm: 'mail.ours.test' });
    const sent = answer(mechanism, 'realm="one",realm="two", nonce="n", qop="auth-int, auth",algorithm=md5-sess');
    expect(sent).toContain('username="a\\"b",realm="mail.ours.test"');
  });

  it('reads quoted directives with escapes and empty elements', () => {
    expect(parseDirectives('realm="a\\"b,c",, qop="auth" ,nonce=x')).toEqual(
      new Map([
        ['realm', ['a"b,c']],
        ['qop', ['auth']],
        ['nonce', ['x']],
      ]),
    );
  });
});

describe('SCRAM', () => {
  const vectors = [
    {
      name: 'SCRAM-SHA-1' as const,
      source: 'RFC 5802 section 5',
      clientNonce: 'fyko+d2lbbFgONRv9qkxdawL',
      serverFirst: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
      clientFinal: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
      serverFinal: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    },
    {
      name: 'SCRAM-SHA-256' as const,
      source: 'RFC 7677 section 3',
      clientNonce: 'rOprNGfwEbeRWgbNEkqO',
      serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      clientFinal:
        'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    },
  ];

  it.each(vectors)(
    '$name gives the exchange of $source',
    ({ name, clientNonce, serverFirst, clientFinal, serverFinal }) => {
      const mechanism = createMechanism(name, { ...someone, user: 'user', password: 'pencil', clientNonce });
      expect(text(mechanism.initial?.())).toBe(`n,,n=user,r=${clientNonce}`);
      expect(answer(mechanism, serverFirst)).toBe(clientFinal);
      expect(mechanism.unproven?.()).toContain('did not prove');
      expect(answer(mechanism, serverFinal)).toBe('');
      expect(mechanism.unproven?.()).toBeUndefined();
    },
  );

  it.each(vectors)('$name refuses a server that does not know the password', ({ name, clientNonce, serverFirst }) => {
    const mechanism = createMechanism(name, { ...someone, user: 'user', password: 'pencil', clientNonce });
    answer(mechanism, serverFirst);
    expect(() => answer(mechanism, 'v=AAAApqV8S7suAoZWja4dJRkFsKQ=')).toThrow('signature is wrong');
  });

  it.each([
    ['a nonce of its own', 'r=other,s=QSXCR+Q6sek8bf92,i=4096', 'nonce'],
    ['the nonce unchanged', 'r=abc,s=QSXCR+Q6sek8bf92,i=4096', 'nonce'],
    ['endless work', 'r=abcdef,s=QSXCR+Q6sek8bf92,i=600001', 'iterations'],
    ['no work', 'r=abcdef,s=QSXCR+Q6sek8bf92,i=0', 'form'],
    ['an extension that must be understood', 'm=x,r=abcdef,s=QSXCR+Q6sek8bf92,i=4096', 'form'],
  ])('refuses %s', (_, bad, problem) => {
    const mechanism = createMechanism('SCRAM-SHA-256', { ...someone, clientNonce: 'abc' });
    expect(() => answer(mechanism, bad)).toThrow(problem);
  });

  it('escapes names (RFC 5802 section 5.1)', () => {
    const mechanism = createMechanism('SCRAM-SHA-1', {
      ...someone,
      user: 'a=b,c',
      authorizeAs: 'd,e',
      clientNonce: 'x',
    });
    expect(text(mechanism.initial?.())).toBe('n,a=d=2Ce,n=a=3Db=2Cc,r=x');
  });
});

describe('mechanisms without a password', () => {
  it('send what they have and take no challenge', () => {
    for (const name of ['ANONYMOUS', 'EXTERNAL'] as const) {
      const mechanism = createMechanism(name, { ...someone, user: 'trace', password: '' });
      expect(text(mechanism.initial?.())).toBe('trace');
      expect(() => mechanism.respond(Buffer.alloc(0))).toThrow(name);
    }
  });
});

describe('the registry', () => {
  it('names each mechanism as the mechanism names itself', () => {
    for (const name of mechanismNames) expect(createMechanism(name, someone).name).toBe(name);
    expect(isMechanismName('GSSAPI')).toBe(false);
    expect(isMechanismName('constructor')).toBe(false);
    expect(mechanismNames).toHaveLength(8);
  });
});
