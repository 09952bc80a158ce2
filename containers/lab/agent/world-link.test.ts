import { expect, test } from 'vitest';
import { linkAddress } from './world-link.ts';

test('a link address is made from the IPv4 address, as the target’s start script makes it', () => {
  expect(linkAddress('198.18.0.16')).toBe('02:00:c6:12:00:10');
});
