import { describe, expect, it } from 'vitest';
import { buildContext, type ImageRecipe, imageTag } from './image-recipe.ts';

const recipe: ImageRecipe = {
  name: 'target',
  base: 'relayproof/base:trixie',
  context: { Dockerfile: 'ARG BASE\nFROM $BASE\n', 'bin/start': '#!/bin/sh\n' },
  executable: ['bin/start'],
  buildArgs: { RELEASE: 'trixie' },
};
const tag = imageTag(recipe, 'sha256:1');

describe('imageTag', () => {
  it('is the same for the same recipe, in whatever order it is written', () => {
    const reordered = {
      ...recipe,
      context: { 'bin/start': Buffer.from('#!/bin/sh\n'), Dockerfile: 'ARG BASE\nFROM $BASE\n' },
    };
    expect(tag).toMatch(/^relayproof\/target:[0-9a-f]{12}$/);
    expect(imageTag(reordered, 'sha256:1')).toBe(tag);
  });

  it.each<[string, ImageRecipe, string]>([
    ['the base', recipe, 'sha256:2'],
    ['a file', { ...recipe, context: { ...recipe.context, 'bin/start': '#!/bin/bash\n' } }, 'sha256:1'],
    ['a path', { ...recipe, context: { ...recipe.context, 'etc/x': '' } }, 'sha256:1'],
    ['a mode', { ...recipe, executable: [] }, 'sha256:1'],
    ['an argument', { ...recipe, buildArgs: { RELEASE: 'bookworm' } }, 'sha256:1'],
  ])('changes with %s', (_, changed, baseId) => {
    expect(imageTag(changed, baseId)).not.toBe(tag);
  });
});

it('refuses a program that is not in the context', () => {
  expect(() => buildContext({ ...recipe, executable: ['bin/stop'] })).toThrow('bin/stop');
});
