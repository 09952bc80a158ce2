/** What an attempt came to on one side, apart from whether that was expected there. */
import type { AttemptResult, AuthMode, ConfigurationResult } from '../model.ts';
import type { SideOfAttempt, State } from './model.ts';

/** A command alone was answered: no message was asked for. */
const commandPhases = new Set(['auth', 'command', 'starttls']);

function stateOf({ expected, observed, verdict, phase, evidence }: AttemptResult): State {
  if (observed === 'none') {
    return verdict === 'inconclusive' ? 'unclear' : 'not-tried';
  }
  if (verdict === 'inconclusive') {
    return 'unclear';
  }
  // What a waiver accepts is a failure all the same.
  const asExpected = verdict === 'pass';
  switch (observed) {
    case 'relayed':
      return 'through';
    case 'delivered':
      // A message to outside that ended in a local mailbox has not got through.
      return expected === 'block' && asExpected ? 'blocked' : 'through';
    case 'accepted':
      if (commandPhases.has(phase ?? '') && evidence?.findings === undefined) {
        return 'taken';
      }
      return asExpected === (expected === 'deliver') ? 'through' : 'blocked';
    case 'refused':
    case 'rejected':
      return 'blocked';
    case 'deferred':
      return asExpected && expected === 'block' ? 'blocked' : 'unclear';
    case 'error':
      return 'unclear';
  }
}

/** Modes in which each way of showing who one is earns the right to relay. */
const earning = {
  authenticated: ['smtp-auth', 'both'],
  POP: ['pop-before-smtp', 'both'],
} as const satisfies Record<string, readonly AuthMode[]>;

/** The modes that a user's message to outside is earned by, from what he showed; undefined where he showed nothing. */
function earnedIn({ evidence }: AttemptResult): readonly AuthMode[] | undefined {
  const shown = /^(authenticated|POP)\b/u.exec(evidence?.identity ?? '')?.[1] as keyof typeof earning | undefined;
  return shown && earning[shown];
}

const gotOut = ({ expected, observed }: AttemptResult) => expected === 'deliver' && observed === 'relayed';

/**
 * A user's message to outside that got there although the mode knows nothing of what it was sent by. Who has both logged
 * in and authenticated has what either mode wants; mail to local users is anybody's right.
 */
export const isBeyondMode = (result: AttemptResult, mode: AuthMode | undefined): boolean =>
  gotOut(result) && mode !== undefined && !(earnedIn(result)?.includes(mode) ?? false);

/** A message that got out by what a mode does not have. */
export const isEarnedElsewhere = (result: AttemptResult, mode: AuthMode | undefined): boolean =>
  gotOut(result) && mode !== undefined && earnedIn(result)?.includes(mode) === false;

type Results = { planned: Map<string, AttemptResult>; beside: Map<string, AttemptResult> };

const indexed = new WeakMap<ConfigurationResult, Results>();

function indexOf(configuration: ConfigurationResult): Results {
  const known = indexed.get(configuration);
  if (known) {
    return known;
  }
  const byId = (list: readonly AttemptResult[] = []) => new Map(list.map((one) => [one.id, one]));
  const made = { planned: byId(configuration.attempts), beside: byId(configuration.comparedOnly) };
  indexed.set(configuration, made);
  return made;
}

/** The result of an attempt as it was planned, and as it was tried for a comparison where it does not apply. */
export function resultsOf(configuration: ConfigurationResult, id: string) {
  const { planned, beside } = indexOf(configuration);
  return { planned: planned.get(id), beside: beside.get(id) };
}

/** One side of an attempt: as it applies, or as it was tried for the comparison. */
export function sideOf(configuration: ConfigurationResult, id: string): SideOfAttempt {
  const { planned, beside } = resultsOf(configuration, id);
  const result = beside ?? planned;
  if (result === undefined) {
    return { state: 'not-tried', comparedOnly: false, why: 'it was not part of this run' };
  }
  const state = stateOf(result);
  return {
    state,
    comparedOnly: beside !== undefined,
    ...(state === 'unclear' || state === 'not-tried'
      ? { why: result.reason }
      : beside && planned
        ? { why: planned.reason }
        : {}),
    result,
  };
}

/** More of a reply than that is no server's own words. */
const LONGEST = 2000;
/** Less than that is in too many words. */
const SHORTEST = 3;

/** The reply in a reason, which may have words of ours before it. */
const reply = /(?:^|[\s:])([245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?(?:[ -].*)?)$/su;

/** Whatever a reply repeats of the attempt: its token, addresses, names in DNS, queue ids, times. */
export function replyOf({ reason, evidence }: AttemptResult): string | undefined {
  const text = reply.exec(reason.slice(0, LONGEST))?.[1];
  if (text === undefined) {
    return undefined;
  }
  const { mailFrom = '', rcptTo = [] } = evidence?.envelope ?? {};
  const addresses = [mailFrom, ...rcptTo].map((address) => address.replace(/^<|>$/gu, ''));
  const own = [evidence?.token, evidence?.clientAddress, evidence?.observedAddress, ...addresses];
  return own
    .reduce<string>((left, one = '') => (one.length < SHORTEST ? left : left.replaceAll(one, '…')), text)
    .replace(/<[^<>]*>/gu, '<…>')
    .replace(/\[[^[\]]*\]/gu, '[…]')
    .replace(/[^\s@<>]+@[^\s@<>]+/gu, '…')
    .replace(/\brp[0-9a-f]{16}\b/gu, '…')
    .replace(/\b[0-9A-Za-z]{8}\d{6}\b/gu, '…')
    .replace(/\b(?:\d{1,3}\.){3}\d{1,3}\b/gu, '…')
    .replace(/\b\S+\.[a-z][\w-]*\b/giu, '…')
    .replace(/\s+/gu, ' ')
    .trim();
}
