import { expect } from 'vitest';
import type { Readiness, UserVerdict } from '../../readiness/model.ts';
import type { TrueUser, Truth } from './mail-log.ts';

const iso = (ms: number) => (Number.isNaN(ms) ? null : new Date(ms).toISOString());

export function trueVerdict({ popRelayed, authenticated }: TrueUser): UserVerdict {
  if (popRelayed > 0) return authenticated > 0 ? 'mixed' : 'not-ready';
  return authenticated > 0 ? 'ready' : 'silent';
}

/** Every user, every number, and every address that is not explained. */
export function expectTruth(result: Readiness, truth: Truth): void {
  const expected = [...truth.users].map(([user, one]) => ({
    user,
    verdict: trueVerdict(one),
    popRelayed: one.popRelayed,
    popRelayedAmbiguous: one.ambiguous,
    authenticated: one.authenticated,
    popLogins: one.popLogins,
    lastPopRelayed: iso(one.lastPopRelayed),
    lastAuthenticated: iso(one.lastAuthenticated),
  }));
  const found = result.users.map((one) => ({
    user: one.user,
    verdict: one.verdict,
    popRelayed: one.popRelayed,
    popRelayedAmbiguous: one.popRelayedAmbiguous,
    authenticated: one.authenticated,
    popLogins: one.popLogins,
    lastPopRelayed: one.lastPopRelayed,
    lastAuthenticated: one.lastAuthenticated,
  }));
  const byName = (a: { user: string }, b: { user: string }) => (a.user < b.user ? -1 : 1);
  expect(found.sort(byName)).toEqual(expected.sort(byName));
  expect(Object.fromEntries(result.unexplained.map(({ address, messages }) => [address, messages]))).toEqual(
    Object.fromEntries(truth.unexplained),
  );
}
