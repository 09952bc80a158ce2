/** What an attempt came to on one side, apart from whether that was expected there. */
import type { AttemptResult, ConfigurationResult } from '../model.ts';
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

/** A user's message to outside that got there: what a mode drops, and not mail that anybody may send to local users. */
export const isUsersRelay = ({ expected, observed }: AttemptResult): boolean =>
  expected === 'deliver' && observed === 'relayed';

/** One side of an attempt: as it applies, or as it was tried for the comparison. */
export function sideOf(configuration: ConfigurationResult, id: string): SideOfAttempt {
  const planned = configuration.attempts.find((one) => one.id === id);
  const beside = configuration.comparedOnly?.find((one) => one.id === id);
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
