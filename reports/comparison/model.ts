/**
 * What differs between two configurations, as it stands in `comparison.json`. Every other form of a comparison is a pure
 * function of this model, so it holds the evidence of both sides for all that it names.
 */
import { z } from 'zod';
import {
  attemptDescription,
  attemptResult,
  authModes,
  configurationVerdicts,
  phases,
  roles,
  runVerdicts,
} from '../model.ts';

export const COMPARISON_VERSION = 1;

/**
 * What became of an attempt on one side. `through`: a message got where it was sent; `taken`: a command was, and no
 * message was asked for; `unclear`: inconclusive, for the reason given; `not-tried`: does not apply, or was not asked.
 */
export const states = ['through', 'taken', 'blocked', 'unclear', 'not-tried'] as const;

/**
 * `newly-open`: a message gets through that did not; `still-open`: one still does that AFTER’s mode has dropped; `newly-taken`: a command is taken that was not, such as AUTH in
 * clear. `unclear`: inconclusive on a side, so that it cannot be told whether anything differs.
 */
export const differenceKinds = [
  'newly-open',
  'still-open',
  'newly-blocked',
  'newly-taken',
  'no-longer-taken',
  'other-verdict',
  'only-before',
  'only-after',
  'unclear',
] as const;

/** `noted`: it decides nothing. */
export const judgements = ['expected', 'unexpected', 'noted', 'unclear'] as const;

export const changes = ['gained', 'lost', 'same', 'unclear', 'not-tried'] as const;

export const side = z.object({
  /** The name that the configuration has in this comparison. */
  name: z.string(),
  /** What was named on the command line. */
  source: z.string(),
  role: z.enum(roles),
  /** Absent where the configuration did not get far enough to tell. */
  mode: z.enum(authModes).optional(),
  /** In its own mode, by its own declarations. */
  verdict: z.enum(configurationVerdicts),
  reasons: z.array(z.string()),
  /** Of the run that it comes from: which sendmail, and when (ISO 8601). */
  sendmail: z.string(),
  startedAt: z.string(),
  /** What makes that run prove nothing besides: interrupted, a control missed. */
  troubles: z.array(z.string()),
  error: z.object({ message: z.string(), output: z.array(z.string()) }).optional(),
  adaptations: z.array(z.string()),
});

/** What one side did with an attempt. */
export const sideOfAttempt = z.object({
  state: z.enum(states),
  /** Why there is no state to compare, where there is none. */
  why: z.string().optional(),
  /** It does not apply to this side, and was tried for the comparison. */
  comparedOnly: z.boolean(),
  result: attemptResult.optional(),
});

export const comparedAttempt = z.object({
  id: z.string(),
  description: attemptDescription.optional(),
  before: sideOfAttempt,
  after: sideOfAttempt,
});

/** One attempt that came to something else. */
export const difference = z.object({
  id: z.string(),
  kind: z.enum(differenceKinds),
  judgement: z.enum(judgements),
  words: z.string(),
  /** Why it is expected or not. */
  why: z.string(),
});

/** How a side answered: the phase, and the reply without what it repeats of the attempt (addresses, names, its token). */
export const answer = z.object({ phase: z.enum(phases).optional(), reply: z.string().optional() });

/** Attempts that both sides block or take, with another reply or at another command; alike for all that it names. */
export const otherAnswer = z.object({ before: answer, after: answer, attempts: z.array(z.string()) });

/** Who may do what, in words: an administrator's question, and the attempts that answer it. */
export const statement = z.object({
  group: z.string(),
  who: z.string(),
  before: z.enum(states),
  after: z.enum(states),
  change: z.enum(changes),
  judgement: z.enum(judgements),
  words: z.string(),
  why: z.string(),
  /** Ids of the attempts that show it. */
  attempts: z.array(z.string()),
});

/** Something that both sides have a list of: networks trusted, mechanisms, listeners. */
export const listed = z.object({
  what: z.string(),
  title: z.string(),
  /** Absent where that side was not asked. */
  before: z.array(z.string()).optional(),
  after: z.array(z.string()).optional(),
  gained: z.array(z.string()),
  lost: z.array(z.string()),
});

export const comparison = z.object({
  comparisonVersion: z.literal(COMPARISON_VERSION),
  verdict: z.enum(runVerdicts),
  exitStatus: z.number(),
  /** Why the verdict is what it is, in words; empty for a plain pass. */
  reasons: z.array(z.string()),
  /** All that was tried is of level info, such as the suite mail-clients alone: the verdict says nothing of safety. */
  infoOnly: z.boolean().optional(),
  provenance: z.object({
    tool: z.string(),
    version: z.string(),
    command: z.array(z.string()),
    /** ISO 8601. */
    at: z.string(),
  }),
  before: side,
  after: side,
  statements: z.array(statement),
  /** Who is trusted with no credential, and which domains are relayed to: what the sweeps found, and what is declared. */
  trust: z.array(listed),
  /** What each side says of itself: mechanisms, listeners, domains. */
  settings: z.array(listed),
  differences: z.array(difference),
  /** Where nothing but the answer differs, the commonest first. */
  answers: z.array(otherAnswer),
  /** How many attempts came to the same on both sides. */
  same: z.number(),
  /** How many were tried on neither side. */
  notTried: z.number(),
  /** How many were part of one side's run alone, and were not compared. */
  onlyIn: z.object({ before: z.number(), after: z.number() }),
  /** All that statements and differences name, and one for each other answer, with the evidence of both sides. */
  attempts: z.array(comparedAttempt),
});

export type State = (typeof states)[number];
export type DifferenceKind = (typeof differenceKinds)[number];
export type DifferenceJudgement = (typeof judgements)[number];
export type Change = (typeof changes)[number];
export type Side = z.infer<typeof side>;
export type SideOfAttempt = z.infer<typeof sideOfAttempt>;
export type ComparedAttempt = z.infer<typeof comparedAttempt>;
export type Difference = z.infer<typeof difference>;
export type OtherAnswer = z.infer<typeof otherAnswer>;
export type Statement = z.infer<typeof statement>;
export type Listed = z.infer<typeof listed>;
export type Comparison = z.infer<typeof comparison>;
