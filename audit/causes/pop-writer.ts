/** Which line of the POP writer's settings, or of the map's, decides an attempt of POP before SMTP. */
import type { Cause } from '../../reports/model.ts';
import { matcher } from '../plan.ts';
import type { Files } from '../sweep/sources.ts';
import type { Failed } from './finders.ts';
import { lineOf, statement } from './mc.ts';

const WRITER = 'popauth.conf';

/** Keys of popauth.conf, the likeliest first. */
const keysFor: readonly { attempts: readonly string[]; keys: readonly string[] }[] = [
  {
    attempts: [
      '*wrong-password*',
      '*unknown-user*',
      '*blank-password*',
      '*another-users*',
      '*user-only*',
      '*dropped*',
      '*poisoned-*',
      '*auth-is-for*',
      '*failed-auth*',
    ],
    keys: ['pattern', 'renewal'],
  },
  {
    attempts: ['*neighbour*', '*prefix*', '*substring*', '*longer*', '*borrowed-name*'],
    keys: ['authorise', 'keys', 'pattern'],
  },
  { attempts: ['*restart-*'], keys: ['restart'] },
  { attempts: ['*sent-does-not-renew*', '*renew*'], keys: ['renewal', 'lifetime', 'authorise'] },
  { attempts: ['*crowd'], keys: ['entries', 'lifetime'] },
  {
    attempts: ['*expired*', '*before-expiry*', '*polled*', '*crowd-expired*'],
    keys: ['lifetime', 'sweep', 'clock', 'value', 'map'],
  },
];
const otherwise = ['map', 'keys', 'value', 'logout', 'pattern', 'authorise', 'lifetime', 'hook'];

function writerLine(files: Files, { attempt }: Failed): Cause | undefined {
  const named = keysFor.filter(({ attempts }) => attempts.some((pattern) => matcher(pattern)(attempt.id)));
  for (const key of [
    ...named.flatMap(({ keys }) => keys),
    ...otherwise,
    'sweep',
    'renewal',
    'restart',
    'clock',
    'entries',
    'tag',
  ]) {
    const found = lineOf(files, WRITER, new RegExp(`^\\s*${key}\\s*=`), 'file line');
    if (found) {
      return found;
    }
  }
  return undefined;
}

const policyLine = (files: Files) => lineOf(files, 'relayproof.yaml', /^\s*(map|lifetime):/, 'declaration');

/** The map that the rules look the client's address up in: a feature, or a map of the folder's own. */
export const popMapLine = (files: Files): Cause | undefined =>
  statement(
    files,
    /^\s*(FEATURE\(\s*`(drac|popauth)|K\w+ (?:hash|btree|program|-)\S* .*(drac|pop|relayers))/i,
    /^K\w+ (?:hash|btree|program) .*(drac|pop|relayers)/i,
  ) ?? statement(files, /^\s*(HACK|FEATURE)\(\s*`(pop|drac|relay)/i);

/** Where the rules look elsewhere than the writer writes, that comes first. */
export function popCause(files: Files, failed: Failed, declaredPath: string): Cause | undefined {
  const map = popMapLine(files);
  const looksElsewhere = map !== undefined && failed.attempt.expected === 'deliver' && !map.text.includes(declaredPath);
  return (looksElsewhere ? map : undefined) ?? writerLine(files, failed) ?? map ?? policyLine(files);
}
