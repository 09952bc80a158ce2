/** Whether waivers name attempts that there are: known only where the whole catalogue is. */
import type { Configuration } from '../containers/configurations/configuration.ts';
import { POLICY_FILE } from '../containers/configurations/folder.ts';
import { PolicyText } from '../containers/configurations/policy-places.ts';
import type { Attempt } from '../suites/attempt.ts';
import { Failure } from './failure.ts';
import { nearest } from './nearest.ts';
import { means } from './plan.ts';

/**
 * @param attempts the whole catalogue, whatever is selected of it
 * @throws Failure BAD_CONFIGURATION with file, line and column of each waiver that names none, and what it is most like
 */
export function checkWaivedAttempts(configurations: readonly Configuration[], attempts: readonly Attempt[]): void {
  const names = attempts.flatMap(({ id, aliases }) => [id, ...aliases]);
  const lines = configurations.flatMap(({ name, folder, files, policy }) => {
    const text = files.get(POLICY_FILE)?.content.toString('utf8') ?? '';
    const places = new PolicyText(text, `${folder ?? name}/${POLICY_FILE}`);
    return policy.waivers.flatMap(({ attempt }, index) => {
      if (attempts.some((one) => means(attempt, one))) {
        return [];
      }
      const path = ['waivers', index, 'attempt'];
      const like = nearest(attempt, names);
      const hint = like === undefined ? '' : `: did you mean ${like}?`;
      return [`${places.at(places.offsetOf(path))}: ${path.join('.')}: there is no attempt ${attempt}${hint}`];
    });
  });
  const [first, ...others] = lines;
  if (first !== undefined) {
    throw new Failure(
      'BAD_CONFIGURATION',
      first,
      '"relayproof list attempts" shows them all; "*" stands for anything.',
      {
        output: others,
      },
    );
  }
}
