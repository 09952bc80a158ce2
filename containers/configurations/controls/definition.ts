/** What a control is: a small change to a reference that makes one fault, and the attempts that must see it. */
import type { Effect } from '../../../reports/model.ts';
import type { Edit } from '../edit.ts';
import type { ReferenceName } from '../references.ts';

export type ControlDefinition = {
  name: string;
  base: ReferenceName;
  /** The fault in words. */
  fault: string;
  effect: Effect;
  edits: readonly Edit[];
  /** Patterns of the attempts, by id or alias, that must flag it. */
  detectedBy: readonly string[];
  /** Patterns of the attempts that must pass on it, besides the core set. */
  passes?: readonly string[];
};

export const beforeMailers = { file: 'sendmail.mc', before: 'MAILER(`local' } as const;
export const trusted = "TRUST_AUTH_MECH(`SCRAM-SHA-256 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')dnl";
export const offered = "define(`confAUTH_MECHANISMS', `SCRAM-SHA-256 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')dnl";
export const options = "define(`confAUTH_OPTIONS', `A p y')dnl";

/** What the configuration's POP-authorisation writer does differently. */
export const popWriter = (...lines: string[]): Edit => ({ file: 'popauth.conf', create: `${lines.join('\n')}\n` });
export const popMap = "FEATURE(`drac', `hash /etc/mail/drac')dnl";

/** Rules of one's own that are asked before sendmail's. */
export const localCheckRcpt = (...rules: string[]): Edit => ({
  file: 'sendmail.mc',
  insert: ['LOCAL_RULESETS', 'SLocal_check_rcpt', ...rules].join('\n'),
});

/** What the control's configuration is meant to allow, besides what its reference is. */
export const declares = (lines: string): Edit => ({ file: 'relayproof.yaml', insert: lines });

/** Ids of the attempts that send with the right password over a channel, on both ports. */
export function mechanismsBut(without: string[], channel: 'clear' | 'starttls'): string[] {
  return ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256']
    .filter((mechanism) => !without.includes(mechanism))
    .flatMap((mechanism) => {
      const id = `smtp-auth/${mechanism.toLowerCase()}-${channel}`;
      return [id, `${id}-submission`];
    });
}
