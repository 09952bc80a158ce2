/** The sink takes every address form of the catalogue: one that it refused would make a relay look blocked. */
import { expect, test } from 'vitest';
import { fillNames } from '../audit/names.ts';
import { newToken } from '../audit/performance.ts';
import { sampleNames } from '../audit/sample-names.ts';
import { SmtpDialogue } from '../clients/smtp-dialogue.ts';
import { readCatalogue } from '../suites/catalogue.ts';
import { scenesOf } from '../suites/scene.ts';
import { auditInLab } from './run-in-lab.ts';

/** Forms that the catalogue does not try yet, and that a smart host may be handed. */
const further = [
  ['<>', '<{u}%{E}%{H}@{L}>'],
  ['<{u}@{S}>', '<@{H},@{E}:{u}@{E}>'],
  ['<{u}@{S}>', '{u}@{E}'],
  ['<{u}>', '<"{u}@{E}"@{H}>'],
  ['<{u}@{S}>', '<{H}!{E}!{u}>'],
  ['<{u}@{S}>', '<{u}@[IPv6:2001:db8::1]>'],
  ['<{u}@{S}>', '<a[b]{u}@{H}@{H}>'],
  ['<{u}@{S}>', '<{u}@{E}.>'],
  ['<{u}@{S}>', '<{u}%{E}@>'],
] as const;

test('every sender and recipient form arrives at the sink', async () => {
  const { suites } = await readCatalogue();
  const forms = new Set([
    ...scenesOf(suites.flatMap((suite) => suite.attempts)).map(({ mailFrom, rcptTo }) =>
      JSON.stringify([mailFrom, rcptTo]),
    ),
    ...further.map((form) => JSON.stringify(form)),
  ]);
  const refused: string[] = [];
  const lost: string[] = [];
  await auditInLab({
    configurations: ['smtp-auth'],
    attempts: ['open-relay/outside-sender'],
    hooks: {
      betweenProofs: async ({ lab, addresses }) => {
        for (const form of forms) {
          const [from, to] = JSON.parse(form) as [string, string];
          const token = newToken();
          const names = { ...sampleNames, token, ipv4: lab.plan.helper4, account: `${token}x` };
          const session = await SmtpDialogue.open({
            dial: lab.dial,
            from: addresses.next4(),
            host: lab.plan.helper4,
            port: 25,
          });
          await session.ehlo('client.example');
          for (const command of [`MAIL FROM:${fillNames(from, names)}`, `RCPT TO:${fillNames(to, names)}`, 'DATA']) {
            const reply = await session.send(command);
            if (reply.code >= 400) {
              refused.push(`${command}: ${reply.text}`);
            }
          }
          await session.data(`Subject: ${token}\r\n\r\n${token}\r\n`);
          await session.quit();
          if ((await lab.find(token)).length !== 1) {
            lost.push(form);
          }
        }
      },
    },
  });
  expect(forms.size).toBeGreaterThan(30);
  expect(refused).toEqual([]);
  expect(lost).toEqual([]);
});
