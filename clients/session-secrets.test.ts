import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { dialDirect } from './dial.ts';
import { createMechanism, mechanismNames } from './sasl/mechanisms.ts';
import { formsOf, type ScriptedPeer, startPeer } from './scripted-peer.ts';
import { SmtpDialogue } from './smtp-dialogue.ts';

const peers: ScriptedPeer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function openAt(onLine: (line: string) => string | undefined) {
  const peer = await startPeer('220 mail.example ESMTP\r\n', onLine);
  peers.push(peer);
  const dialogue = await SmtpDialogue.open({
    dial: dialDirect,
    from: '127.0.0.1',
    host: '127.0.0.1',
    port: peer.port,
    deadlineMs: 5_000,
  });
  return { peer, dialogue };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe.each(mechanismNames)('%s with a server that repeats all it hears', (name) => {
  const password = 'pencil-and-paper';
  const challenges: Record<string, string> = {
    LOGIN: 'Username:',
    'CRAM-MD5': '<1896.697170952@postoffice.example>',
    'DIGEST-MD5': 'realm="mail.example",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8',
    'SCRAM-SHA-1': 'r=nonceXYZ,s=QSXCR+Q6sek8bf92,i=4096',
    'SCRAM-SHA-256': 'r=nonceXYZ,s=QSXCR+Q6sek8bf92,i=4096',
  };

  it('leaves neither password nor payload in transcript, replies or dumps', async () => {
    const payloads: string[] = [];
    let asked = 0;
    const { peer, dialogue } = await openAt((line) => {
      const start = line.startsWith('AUTH');
      payloads.push(start ? line.split(' ').slice(2).join('') : line);
      const challenge = challenges[name];
      asked += 1;
      if (challenge !== undefined && asked <= (name === 'LOGIN' ? 2 : 1)) return `334 ${base64(challenge)}\r\n`;
      const heard = payloads.filter((payload) => payload.length >= 8);
      return `535-5.7.8 heard ${heard.join(' and ')}\r\n535 5.7.8 not ${formsOf(password).join(' nor ')}\r\n`;
    });
    const mechanism = createMechanism(name, {
      user: 'user-of-the-lab',
      password,
      host: 'mail.example',
      service: 'smtp',
      clientNonce: 'nonce',
    });
    const reply = await dialogue.authenticate(mechanism);
    dialogue.abruptClose();
    expect(reply.code).toBe(535);

    const transcript = JSON.stringify(dialogue.transcript());
    const everything = [transcript, JSON.stringify(reply), inspect(dialogue, { depth: 10 })];
    const forbidden = [...payloads.filter((payload) => payload.length >= 8)];
    // The password has no part in ANONYMOUS and EXTERNAL, and so the session does not know it.
    if (mechanism.secrets.length > 0) forbidden.push(...formsOf(password));
    expect(forbidden.length).toBeGreaterThan(0);
    for (const text of everything.slice(0, 2)) {
      for (const form of forbidden) expect(text).not.toContain(form);
    }
    if (mechanism.secrets.length > 0) expect(everything[2]).not.toContain(password);
    // The server did hear them: otherwise this test could not fail.
    expect(peer.received.join('\n')).toContain(payloads.find((payload) => payload.length >= 8));
    expect(transcript).toContain('[masked]');
  });
});

describe('a whole exchange', () => {
  it.each([
    {
      name: 'SCRAM-SHA-256' as const,
      credentials: { user: 'user', password: 'pencil', clientNonce: 'rOprNGfwEbeRWgbNEkqO', service: 'smtp', host: '' },
      challenges: [
        'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
        'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
      ],
    },
    {
      name: 'DIGEST-MD5' as const,
      credentials: {
        user: 'chris',
        password: 'secret',
        clientNonce: 'OA6MHXh6VqTrRk',
        service: 'imap',
        host: 'elwood.innosoft.com',
      },
      challenges: [
        'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8',
        'rspauth=ea40f60335c427b5527b84dbabcdfffd',
      ],
    },
  ])('of $name ends with the server’s proof in a 334 and an empty line', async ({ name, credentials, challenges }) => {
    let step = 0;
    const { peer, dialogue } = await openAt(() => {
      const challenge = challenges[step];
      step += 1;
      return challenge === undefined ? '235 2.0.0 OK Authenticated\r\n' : `334 ${base64(challenge)}\r\n`;
    });
    const reply = await dialogue.authenticate(createMechanism(name, credentials));
    dialogue.abruptClose();
    expect(reply).toEqual({
      code: 235,
      enhanced: '2.0.0',
      lines: ['2.0.0 OK Authenticated'],
      text: '235 2.0.0 OK Authenticated',
    });
    expect(peer.received).toHaveLength(3);
    expect(peer.received.at(-1)).toBe('');
    const texts = dialogue.transcript().lines.map((line) => line.text);
    expect(texts.slice(-5)).toEqual(['334 [masked]', '[masked]', '334 [masked]', '', '235 2.0.0 OK Authenticated']);
    expect(texts[1]).toBe(name === 'DIGEST-MD5' ? 'AUTH DIGEST-MD5' : 'AUTH SCRAM-SHA-256 [masked]');
  });
});
