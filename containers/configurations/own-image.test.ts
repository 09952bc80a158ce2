import { expect, test } from 'vitest';
import { readOwnImage, shortNameOf } from './own-image.ts';

test.each([
  ['mail', 'mail'],
  ['post/mail:latest', 'mail'],
  ['registry.example:5000/post/mail:8.18', 'mail-8.18'],
  ['mail@sha256:abc', 'mail'],
])('an image is called by the last part of its name: %s', (image, name) => {
  expect(shortNameOf(image)).toBe(name);
});

test('an image needs no folder, and takes one', async () => {
  await expect(readOwnImage('mail:1', [], 'smtp-auth')).resolves.toMatchObject({
    name: 'mail-1',
    image: 'mail:1',
    policy: { mode: 'smtp-auth' },
  });
  await expect(readOwnImage('mail:1', ['a', 'b'], undefined)).rejects.toThrow('one folder can be laid into it');
  await expect(readOwnImage('-rm', [], undefined)).rejects.toThrow('--image -rm: not the name of an image');
});
