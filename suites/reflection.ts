/** What the target does by itself for whoever asks: reports and answers to third parties, words about its users. */
import { defineSuite } from './attempt.ts';
import { bounces } from './reflection/bounces.ts';
import { commands } from './reflection/commands.ts';
import { programs } from './reflection/programs.ts';

export const reflection = defineSuite('reflection', 'Reflection: what the target sends and tells by itself', [
  ...bounces,
  ...commands,
  ...programs,
]);
