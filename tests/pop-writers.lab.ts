/**
 * POP before SMTP in the other ways that were in use keeps what it promises as well: a writer that follows the log, rules
 * of one's own in place of FEATURE(`drac'), and both.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../reports/model.ts';
import { auditInLab, configurationOf } from './run-in-lab.ts';

const reference = fileURLToPath(new URL('../containers/configurations/references/pop-before-smtp/', import.meta.url));
const feature = "FEATURE(`drac', `hash /etc/mail/drac')dnl";

/** DRAC's own recipe: whoever is in the map is accepted before anything else is asked. */
const recipe = [
  'LOCAL_CONFIG',
  'Kpop hash /etc/mail/drac',
  'LOCAL_RULESETS',
  'SLocal_check_rcpt',
  'R$*\t\t$: $(pop $&{client_addr} $: $)',
  'R$+\t\t$#OK',
];

/** popauth.m4 with POP_TO: entries have a tag, and the rules see to their end, so that the writer's sweep may be late. */
const withTimes = [
  'LOCAL_CONFIG',
  'Kpop hash /etc/mail/drac',
  'Karith arith',
  'LOCAL_RULESETS',
  'SLocal_check_rcpt',
  'R$*\t\t$: $(pop POP:$&{client_addr} $: $)',
  'R$+\t\t$: $(arith - $@ $&{time} $@ $1 $)',
  'R$+\t\t$: $(arith l $@ $1 $@ 1800 $)',
  'RTRUE\t\t$#OK',
];

const variants = {
  'log-writer': { writer: ['hook = log'] },
  rules: { writer: ['keys = prefixed'], rules: recipe },
  'rules-and-log-writer': { writer: ['keys = prefixed', 'hook = log'], rules: recipe },
  'rules-with-times': { writer: ['keys = prefixed', 'tag = POP:', 'sweep = daily'], rules: withTimes },
} satisfies Record<string, { writer: string[]; rules?: string[] }>;

let folder: string;
let report: Report;

async function make(name: string, { writer, rules }: { writer: string[]; rules?: string[] }): Promise<string> {
  const path = join(folder, name);
  await cp(reference, path, { recursive: true });
  await writeFile(join(path, 'popauth.conf'), `${writer.join('\n')}\n`);
  if (rules) {
    const mc = await readFile(join(path, 'sendmail.mc'), 'utf8');
    expect(mc).toContain(feature);
    await writeFile(join(path, 'sendmail.mc'), `${mc.replace(feature, 'dnl')}${rules.join('\n')}\n`);
  }
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relayproof-pop-writers-'));
  const configurations = await Promise.all(Object.entries(variants).map(([name, variant]) => make(name, variant)));
  report = await auditInLab({ configurations, attempts: ['pop-before-smtp/*', 'open-relay/outside-sender*'] });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(Object.keys(variants))('%s is compliant', (name) => {
  const { verdict, reasons, attempts } = configurationOf(report, name);
  // What a session that stands open notices is recorded, and not promised.
  const judged = attempts.filter(({ id }) => !/open-session|after-refusal/.test(id));
  const wrong = judged.filter((one) => one.verdict === 'fail' || one.verdict === 'inconclusive');
  expect(wrong.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  expect({ verdict, reasons }).toEqual({ verdict: 'compliant', reasons: [] });
  expect(attempts.filter((one) => one.verdict === 'pass').length).toBeGreaterThan(50);
});

test('a writer that follows the log is asked what strangers can write into it, and no other is', () => {
  const asked = (name: string) =>
    configurationOf(report, name)
      .attempts.filter(({ id, verdict }) => id.includes('/poisoned-') && verdict === 'pass')
      .map(({ id }) => id);
  expect(asked('log-writer').length).toBeGreaterThanOrEqual(6);
  expect(asked('rules-and-log-writer')).toEqual(asked('log-writer'));
  expect(asked('rules')).toEqual([]);
});
