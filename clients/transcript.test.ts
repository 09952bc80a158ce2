import { describe, expect, it } from 'vitest';
import { dialogue } from '../reports/model.ts';
import { hiddenPart, MASK, secret } from './secret.ts';
import { Transcript } from './transcript.ts';

const smtp = () => new Transcript({ protocol: 'smtp', client: '198.19.0.1', server: '198.18.0.2:25' });
const pop = () => new Transcript({ protocol: 'pop3', client: '198.19.0.1', server: '198.18.0.2:110' });
const texts = (transcript: Transcript) => transcript.toDialogue().lines.map((line) => line.text);

describe('a secret', () => {
  it('hides the part that its shown form leaves out, and no dump shows it', () => {
    const pass = secret('PASS hunter22', `PASS ${MASK}`);
    expect(hiddenPart(pass)).toBe('hunter22');
    expect(JSON.stringify(pass)).not.toContain('hunter22');
  });
});

describe('a transcript', () => {
  it('is a dialogue of the report', () => {
    const transcript = smtp();
    transcript.received('220 ready', false);
    transcript.sent('EHLO client.example', true);
    transcript.closed('server');
    transcript.closed('client');
    const made = transcript.toDialogue();
    expect(dialogue.parse(made)).toEqual(made);
    expect(made.closedBy).toBe('server');
    expect(made.lines.map(({ from, tls }) => [from, tls])).toEqual([
      ['server', false],
      ['client', true],
    ]);
  });

  it('masks a secret, and the server that repeats it plain, in base64 or in hexadecimal', () => {
    const transcript = smtp();
    transcript.sent(secret('X hunter22', `X ${MASK}`), false);
    transcript.received('500 no such thing: hunter22', false);
    transcript.received(`500 ${Buffer.from('hunter22').toString('base64')}`, false);
    transcript.received(`500 ${Buffer.from('hunter22').toString('hex').toUpperCase()}!`, false);
    expect(texts(transcript)).toEqual([`X ${MASK}`, `500 no such thing: ${MASK}`, `500 ${MASK}=`, `500 ${MASK}!`]);
  });

  it('masks the payload that sendmail echoes, also if it is cut in the middle', () => {
    const transcript = smtp();
    const payload = Buffer.from('\0alice\0correct horse battery').toString('base64');
    transcript.sent(`AUTH PLAIN ${payload}`, false);
    transcript.received(`501 5.5.4 cannot BASE64 decode '${payload.slice(0, 14)}...${payload.slice(-10)}'`, false);
    expect(texts(transcript)).toEqual([`AUTH PLAIN ${MASK}`, `501 5.5.4 cannot BASE64 decode '${MASK}...${MASK}'`]);
  });

  it('masks challenges and what answers them, although nobody said that it is secret', () => {
    const transcript = smtp();
    transcript.received('334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+', false);
    transcript.sent('dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw', false);
    transcript.received('235 ok', false);
    transcript.sent('MAIL FROM:<a@b.example>', false);
    transcript.received('334 ', false);
    transcript.sent('*', false);
    expect(texts(transcript)).toEqual([`334 ${MASK}`, MASK, '235 ok', 'MAIL FROM:<a@b.example>', '334 ', '*']);
  });

  it('masks the passwords of POP3', () => {
    const transcript = pop();
    for (const line of ['USER alice', 'PASS a b c d', 'APOP alice 0123456789abcdef', 'auth plain AGEAYgBj']) {
      transcript.sent(line, false);
    }
    transcript.received('+ PDE4OTY=', false);
    transcript.sent('YWxpY2U=', false);
    expect(texts(transcript)).toEqual([
      'USER alice',
      `PASS ${MASK}`,
      `APOP alice ${MASK}`,
      `auth plain ${MASK}`,
      `+ ${MASK}`,
      MASK,
    ]);
  });

  it('keeps the first and the last lines and says how many are missing', () => {
    const transcript = smtp();
    for (let index = 1; index <= 1_000; index += 1) transcript.received(`250-${index}`, false);
    const lines = texts(transcript);
    expect(lines).toHaveLength(500);
    expect(lines.slice(399, 402)).toEqual(['250-400', '[transcript cut: 501 lines left out here]', '250-902']);
    expect(lines.at(-1)).toBe('250-1000');
  });

  it('cuts a long line visibly, after masking it', () => {
    const transcript = smtp();
    transcript.conceal('correcthorse');
    transcript.received(`${'x'.repeat(1_994)}correcthorse`, false);
    const [line = ''] = texts(transcript);
    expect(line).toContain(' [line cut: 2002 characters in all]');
    expect(line).not.toContain('correct');
    expect(line.length).toBeLessThan(2_050);
  });
});
