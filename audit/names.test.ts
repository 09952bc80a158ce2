import { describe, expect, test } from 'vitest';
import { OUTSIDE } from '../containers/lab/outside-domains.ts';
import { fillNames } from './names.ts';
import { sampleNames as names } from './sample-names.ts';

describe('an address of a scene', () => {
  test.each([
    ['<>', '<>'],
    ['<{u}@{E}>', `<rp0123456789abcdef@${OUTSIDE.recipients}>`],
    ['<{u}@{S}>', `<rp0123456789abcdef@${OUTSIDE.senders}>`],
    ['<{account}@{L}>', '<alice@hosting.example>'],
    ['<{E}!{u}@[{I}]>', `<${OUTSIDE.recipients}!rp0123456789abcdef@[198.18.0.16]>`],
    ['<@{H}:{u}@{E}>', `<@mail.hosting.example:rp0123456789abcdef@${OUTSIDE.recipients}>`],
    ['{com} {net} {org} {country}', [OUTSIDE.com, OUTSIDE.net, OUTSIDE.org, OUTSIDE.country].join(' ')],
    ['{u}{u}', 'rp0123456789abcdefrp0123456789abcdef'],
    // What is no name stays as it is.
    ['<{}@{ E }>', '<{}@{ E }>'],
  ])('%s is %s', (template, address) => {
    expect(fillNames(template, names)).toBe(address);
  });

  test('is filled once: a name’s value is not looked at again', () => {
    expect(fillNames('{H}', { ...names, hostName: '{I}$&' })).toBe('{I}$&');
  });

  test.each(['<{x}@{E}>', '{e}'])('that names nothing known, %s, is an error', (template) => {
    expect(() => fillNames(template, names)).toThrow(template);
  });
});
