import { expect, it } from 'vitest';
import { mountRefusal, mountsUnder } from './temporary-folder.ts';

const mountinfo = [
  '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
  '23 22 0:20 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw',
  '24 22 0:21 / /var/tmp rw,relatime - ext4 /dev/vdb rw',
  '25 24 0:5 / /var/tmp/relayproof-system-a/root/proc rw - proc proc rw',
  '26 25 0:5 / /var/tmp/relayproof-system-a/root/proc/x\\040y rw - proc proc rw',
  '27 24 0:5 / /var/tmp/relayproof-system-ab/root/proc rw - proc proc rw',
].join('\n');

it('finds what is mounted below a folder, the deepest first', () => {
  expect(mountsUnder(mountinfo, '/var/tmp/relayproof-system-a')).toEqual([
    '/var/tmp/relayproof-system-a/root/proc/x y',
    '/var/tmp/relayproof-system-a/root/proc',
  ]);
});

it('refuses a folder in which a system cannot be unpacked', () => {
  expect(mountRefusal(mountinfo, '/tmp')).toBe('/tmp is mounted nodev');
  expect(mountRefusal(mountinfo, '/tmp/deeper')).toContain('nodev');
  expect(mountRefusal(mountinfo, '/var/tmp')).toBeUndefined();
  expect(mountRefusal(mountinfo, '/tmpx')).toBeUndefined();
  expect(mountRefusal('', '/tmp')).toBeUndefined();
});
