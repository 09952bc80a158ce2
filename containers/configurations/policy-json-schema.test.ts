import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePolicy } from './policy.ts';
import { POLICY_SCHEMA_FILE, policyJsonSchema } from './policy-json-schema.ts';
import { referenceNames } from './references.ts';

const project = new URL('../../', import.meta.url);
const schema = JSON.parse(policyJsonSchema());
const day = /^\d{4}-\d{2}-\d{2}$/;
const valid = new Ajv2020({ strict: true, formats: { date: (text: string) => day.test(text) } }).compile(schema);

const bySchema = (text: string) => valid(parse(text) ?? {});
const byParser = (text: string) => {
  try {
    parsePolicy(text, 'relayproof.yaml');
    return true;
  } catch {
    return false;
  }
};

test('the file that is published is current: `npm run docs` writes it', () => {
  expect(readFileSync(fileURLToPath(new URL(POLICY_SCHEMA_FILE, project)), 'utf8')).toBe(policyJsonSchema());
});

test('it is a draft that editors know, has an id, and describes every key', () => {
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema.$id).toMatch(/^urn:/);
  const undescribed: string[] = [];
  const visit = (node: { description?: string; properties?: object; items?: object }, path: string): void => {
    if (!node.description) {
      undescribed.push(path);
    }
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      visit(child, `${path}.${key}`);
    }
    if (node.items) {
      visit(node.items, `${path}[]`);
    }
  };
  visit(schema, '');
  expect(undescribed).toEqual([]);
});

const waiver = 'waivers: [{attempt: a, reason: b, expires: 2027-01-31}]';

describe('the schema and the parser agree', () => {
  test.each([
    '',
    'mode: both',
    'trusted: {}',
    'trusted: {networks: [203.0.113.0/24, 203.0.113.7, "2001:db8::/32", "2001:db8::1"], hosts: [office.example.net]}',
    'relayTo: [partner.example, partner.co.uk.]',
    'popAuthorization: {map: btree /var/lib/drac/dracd}',
    'popAuthorization: {lifetime: 45m}',
    waiver,
    ...referenceNames.map((name) =>
      readFileSync(new URL(`references/${name}/relayproof.yaml`, import.meta.url), 'utf8'),
    ),
  ])('that this is good: %s', (text) => {
    expect([bySchema(text), byParser(text)]).toEqual([true, true]);
  });

  test.each([
    'both',
    '[]',
    'mode: smtp',
    'mode:',
    'modes: both',
    'trusted: [203.0.113.0/24]',
    'trusted: {nets: []}',
    'trusted: {networks: 203.0.113.0/24}',
    'trusted: {networks: [5]}',
    'trusted: {networks: [0.0.0.0/0]}',
    'trusted: {networks: ["::/0"]}',
    'trusted: {networks: [office.example.net]}',
    'trusted: {networks: [203.0.113.0/24, 203.0.113.0/24]}',
    'trusted: {hosts: ["*.example.net"]}',
    'relayTo: [com]',
    'relayTo: partner.example',
    'relayTo: [a.example, a.example]',
    'popAuthorization: {map: /etc/mail/drac}',
    'popAuthorization: {map: "hash /etc/mail/dr\\x07ac"}',
    'popAuthorization: {map: hash /etc/mail/}',
    'popAuthorization: {lifetime: 30}',
    'popAuthorization: {lifetime: 1w}',
    'popAuthorization: {path: /m}',
    waiver.replace('reason: b, ', ''),
    waiver.replace('reason: b', 'reason: " "'),
    waiver.replace('attempt: a', 'attempt: ""'),
    waiver.replace('2027-01-31', 'soon'),
    waiver.replace('}', ', until: x}'),
  ])('that this is bad: %s', (text) => {
    expect([bySchema(text), byParser(text)]).toEqual([false, false]);
  });

  test.each([
    'trusted: {networks: [203.0.113.7/24]}',
    'trusted: {networks: [999.0.113.0/24]}',
    'relayTo: [co.uk]',
    'popAuthorization: {lifetime: 31d}',
    'popAuthorization: {map: hash /etc/mail/drac.db}',
    waiver.replace('01-31', '02-30'),
  ])('but that the parser alone sees what no pattern can say: %s', (text) => {
    expect([bySchema(text), byParser(text)]).toEqual([true, false]);
  });
});
