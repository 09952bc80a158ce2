/** How often the named cause lies in the lines in which a control differs from its reference. */
import type { Cause, ConfigurationResult, Effect } from '../reports/model.ts';

const squeezed = (text: string) => text.replace(/\s+/g, '').replace(/dnl$/, '');

/** Whether a cause is one of a control's changed lines, or names what a removed line said. */
export function isAmongChanges(cause: Cause, changes: readonly string[]): boolean {
  return changes.some((change) => {
    const [, sign, file, line = ''] = /^([+-]) ([^:]+): (.*)$/.exec(change) ?? [];
    if (file !== cause.file) {
      return false;
    }
    if (!cause.absent) {
      return sign === '+' && squeezed(cause.text).includes(squeezed(line)) && squeezed(line) !== '';
    }
    // What is absent has a name: `confAUTH_MECHANISMS', `TRUST_AUTH_MECH', a feature's.
    const names = cause.text.match(/\w{6,}/g) ?? [];
    return sign === '-' && names.some((name) => name !== 'define' && name !== 'FEATURE' && line.includes(name));
  });
}

export type Score = { control: string; effect: Effect; flagged: number; hits: number; examples: string[] };

/** The attempts of a control that flag it, and for how many the cause is among its changes. */
export function scoreOf({ name, control, attempts }: ConfigurationResult): Score | undefined {
  if (!control) {
    return undefined;
  }
  // Ids, as the plan resolved them.
  const flagging = attempts.filter(({ id, verdict }) => verdict === 'fail' && control.detectedBy.includes(id));
  const hit = ({ cause }: (typeof flagging)[number]) => cause !== undefined && isAmongChanges(cause, control.changes);
  const say = ({ id, cause }: (typeof flagging)[number]) =>
    `${id}: ${cause ? `${cause.absent ? '(absent) ' : ''}${cause.file}:${cause.line} ${cause.text} (${cause.certainty})` : 'none'}`;
  return {
    control: name,
    effect: control.effect,
    flagged: flagging.length,
    hits: flagging.filter(hit).length,
    examples: flagging.filter((one) => !hit(one)).map(say),
  };
}
