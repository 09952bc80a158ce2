/** What the harness cannot do with a target, each with the reason in words. Its own image has no limits. */
import type { PopLogin } from '../../suites/scene.ts';

export type Ability =
  /** To have users who can authenticate. */
  | 'accounts'
  /** To look into a mailbox. */
  | 'mailboxes'
  /** To see a POP3 session in the log. */
  | 'pop'
  | `pop by ${PopLogin}`
  /** To make an entry of the POP map older. */
  | 'pop map'
  /** To put files into a user's home. */
  | 'homes'
  | 'restarts'
  /** To ask the rules themselves (sendmail -bt). */
  | 'rules'
  /** To come with a certificate of an authority that the target trusts. */
  | 'trusted certificates';

export type Limits = ReadonlyMap<Ability, string>;

export const NO_LIMITS: Limits = new Map();
