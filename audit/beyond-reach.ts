/** Whether an attempt needs what the harness cannot do with a target: decided before anything is tried, like what applies. */
import type { Ability, Limits } from '../containers/target/limits.ts';
import type { Attempt } from '../suites/attempt.ts';
import { type AuthStep, type Credential, isSweep, type PopStep, type Scene, type SmtpStep } from '../suites/scene.ts';

/** Logins of nobody: a stranger can try them wherever something answers. */
const ofNobody: ReadonlySet<Credential> = new Set<Credential>(['unknown-user', 'empty-user', 'overlong-user']);

/** Mechanisms that ask for no account. */
const withoutAccount: ReadonlySet<AuthStep['mechanism']> = new Set<AuthStep['mechanism']>(['ANONYMOUS', 'EXTERNAL']);

const needsAccount = ({ mechanism, with: credential }: AuthStep): boolean =>
  typeof credential === 'string' && !ofNobody.has(credential) && !withoutAccount.has(mechanism);

function neededByPop(step: PopStep): Ability[] {
  switch (step.do) {
    case 'age':
      return ['pop map'];
    case 'crowd':
      return ['accounts', 'pop'];
    case 'login': {
      const nobody = step.as !== undefined || ofNobody.has(step.with as Credential);
      return [...(nobody ? [] : (['accounts'] as const)), 'pop', `pop by ${step.by ?? 'user-pass'}`];
    }
  }
}

function neededByStep(step: SmtpStep): Ability[] {
  switch (step.do) {
    case 'auth':
      return needsAccount(step) ? ['accounts'] : [];
    case 'auth-as-offered':
      return ofNobody.has(step.with) ? [] : ['accounts'];
    case 'compare-auth':
      return ofNobody.has(step.one) && ofNobody.has(step.other) ? [] : ['accounts'];
    case 'pipelined-envelope':
      return step.auth === undefined || ofNobody.has(step.auth) ? [] : ['accounts'];
    case 'starttls':
      return step.certificate === 'other-name' || step.certificate === 'partner' ? ['trusted certificates'] : [];
    case 'pop':
      return step.steps.flatMap(neededByPop);
    default:
      return [];
  }
}

/** Whether the attempt is decided by what lies in a mailbox; elsewhere sendmail's own word for a delivery is enough. */
const looksIntoMailbox = (scene: Scene, expected: Attempt['expected']): boolean =>
  scene.destination === 'mailbox' && (scene.whole === true || (expected === 'deliver' && scene.readBack !== false));

function neededBy(scene: Scene, expected: Attempt['expected']): Ability[] {
  return [
    ...(scene.auth && needsAccount(scene.auth) ? (['accounts'] as const) : []),
    ...(scene.pop ?? []).flatMap(neededByPop),
    ...(scene.session ?? []).flatMap(neededByStep),
    ...(scene.by?.auth ? (['accounts'] as const) : []),
    ...(scene.by?.pop ? neededByPop({ do: 'login', with: 'right-password', from: 'same', by: scene.by.pop.by }) : []),
    ...(scene.home ? (['homes'] as const) : []),
    ...(scene.restart ? (['restarts'] as const) : []),
    ...(looksIntoMailbox(scene, expected) ? (['mailboxes'] as const) : []),
  ];
}

/** Why an attempt cannot be tried on a target, in words; undefined if it can. */
export function beyondReach({ scene, expected }: Pick<Attempt, 'scene' | 'expected'>, limits: Limits) {
  const needed: Ability[] = isSweep(scene) ? ['rules'] : neededBy(scene, expected);
  return needed.map((ability) => limits.get(ability)).find((why) => why !== undefined);
}
