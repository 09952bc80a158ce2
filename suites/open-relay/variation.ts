import type { Attempt } from '../attempt.ts';
import type { SmtpStep } from '../scene.ts';

/** A session of its own; the attempt's id and title come from its key and words. */
export type Variation = {
  key: string;
  words: string;
  session: readonly SmtpStep[];
  /** Whether it is tried on the submission port as well: where a daemon's own settings may decide it. */
  submissionToo?: true;
} & Partial<
  Pick<Attempt, 'applies' | 'requirement' | 'remedy' | 'refusedIn' | 'rejectedWith' | 'deferredWith' | 'noControl'>
>;
