/**
 * The result of a run as it stands in `report.json`. Every other file of the report folder is a pure function of this
 * model, so whatever a reader may want to see must be in it.
 */
import { z } from 'zod';

export const SCHEMA_VERSION = 1;

/** `none`: nobody outside may send, only the server itself and whom it trusts by address. */
export const authModes = ['pop-before-smtp', 'smtp-auth', 'both', 'none'] as const;
export const roles = ['reference', 'control', 'subject'] as const;
export const levels = ['must', 'should', 'info'] as const;
export const effects = ['leak', 'lock-out', 'inbound', 'weak'] as const;
export const expectations = ['block', 'deliver'] as const;
export const observations = [
  'refused',
  'rejected',
  'deferred',
  'relayed',
  'delivered',
  'accepted',
  'error',
  'none',
] as const;
export const attemptVerdicts = ['pass', 'fail', 'inconclusive', 'not-applicable', 'waived'] as const;
export const configurationVerdicts = ['compliant', 'non-compliant', 'inconclusive', 'detected', 'missed'] as const;
/** `undecided`: what the waiver names was not tried or is inconclusive. */
export const waiverStates = ['in-use', 'not-needed', 'expired', 'undecided'] as const;
export const runVerdicts = ['compliant', 'non-compliant', 'inconclusive'] as const;
/** What became of a failed attempt since an earlier report. */
export const baselineStates = ['new', 'unchanged', 'fixed', 'undecided'] as const;
/** Which violations an exit status of 1 is for: all, or those that an earlier report did not have. */
export const gates = ['all', 'new'] as const;
/** A result as a comparison sees it. */
export const comparedVerdicts = [...attemptVerdicts, 'not-tried'] as const;
/** Where in the session something was decided; `fate` is after the target took responsibility for the message. */
export const phases = [
  'connect',
  'greeting',
  'starttls',
  'pop',
  'auth',
  'command',
  'mail',
  'rcpt',
  'data',
  'end-of-data',
  'fate',
] as const;

/** One line of a dialogue, masked at capture: no password and no AUTH payload ever gets here. */
export const dialogueLine = z.object({
  /** Milliseconds since the dialogue began. */
  at: z.number(),
  from: z.enum(['client', 'server']),
  text: z.string(),
  tls: z.boolean(),
});

export const dialogue = z.object({
  protocol: z.enum(['smtp', 'pop3']),
  /** The client address that the harness used. */
  client: z.string(),
  /** `address:port` of the target. */
  server: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  closedBy: z.enum(['client', 'server', 'error', 'deadline']),
  lines: z.array(dialogueLine),
});

/** A message that the sink received. */
export const sinkRecord = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** Who handed it over, as the sink's socket saw it. */
  remoteAddress: z.string(),
  ehlo: z.string(),
  mailFrom: z.string(),
  rcptTo: z.array(z.string()),
  /** Received fields, newest first, unfolded. */
  received: z.array(z.string()),
  subject: z.string(),
  /** Octets of the message as received. */
  bytes: z.number(),
});

/** A message fetched back from a local mailbox over POP3. */
export const mailboxRecord = z.object({
  account: z.string(),
  received: z.array(z.string()),
  subject: z.string(),
  bytes: z.number(),
});

export const logLine = z.object({
  /** ISO 8601, stamped by the target's syslog daemon. */
  at: z.string(),
  text: z.string(),
});

export const causeKinds = [
  'map entry',
  'rule',
  'option',
  'feature',
  'macro',
  'class member',
  'file line',
  'declaration',
] as const;
/**
 * How a cause was found. `delta`: without the line the rules answer otherwise; `trace`: the rules' own trace led to it;
 * `search`: it is the line that usually decides this, and nothing more is known.
 */
export const certainties = ['delta', 'trace', 'search'] as const;

/** The line of the subject's own files that most likely causes a finding. */
export const cause = z.object({
  file: z.string(),
  /** Counted from 1. For what is absent: the line before which it belongs. */
  line: z.number(),
  /** The line, or what is missing there. */
  text: z.string(),
  how: z.enum(causeKinds),
  certainty: z.enum(certainties),
  /** Nothing says it: this is what the file lacks. */
  absent: z.literal(true).optional(),
});

export const evidence = z.object({
  /** The client address that the harness used. */
  clientAddress: z.string(),
  /** The client address that the target wrote into its log; must be the same one. */
  observedAddress: z.string().optional(),
  /** Who the client is: `stranger`, `POP-authorised address`, `authenticated as …`. */
  identity: z.string(),
  port: z.number().optional(),
  /** Unique to the attempt; in the envelope, the header and the body. */
  token: z.string(),
  envelope: z.object({ mailFrom: z.string(), rcptTo: z.array(z.string()) }).optional(),
  dialogues: z.array(dialogue),
  queueIds: z.array(z.string()),
  sink: z.array(sinkRecord),
  mailbox: z.array(mailboxRecord),
  log: z.array(logLine),
  /** The final disposition in words, where the target took responsibility for the message. */
  fate: z.string().optional(),
  /** What a sweep over addresses, hosts or domains found, each with the line that most likely causes it. */
  findings: z
    .array(
      z.object({
        kind: z.enum(['network', 'domain', 'host']),
        /** For example `203.0.113.0/24`. */
        what: z.string(),
        words: z.string(),
        example: z.string(),
        /** What became of a real message for the example. */
        confirmed: z.enum(['relayed', 'refused', 'not-tried']),
        cause: z.object({ file: z.string(), line: z.number(), text: z.string() }).optional(),
      }),
    )
    .optional(),
  notes: z.array(z.string()),
});

export const attemptResult = z.object({
  id: z.string(),
  suite: z.string(),
  expected: z.enum(expectations),
  observed: z.enum(observations),
  verdict: z.enum(attemptVerdicts),
  /** In words: what the target did, and for anything but a pass, why it counts as that. */
  reason: z.string(),
  /** The phase in which the outcome was decided. */
  phase: z.enum(phases).optional(),
  /** Of a failed attempt, where one was found. */
  cause: cause.optional(),
  /** Of an attempt that fails, or failed then, in a run with a baseline. */
  baselineState: z.enum(baselineStates).optional(),
  /** Of a mail program that cannot send: what it would need, in words. */
  needs: z.string().optional(),
  durationMs: z.number(),
  evidence: evidence.optional(),
});

/** One authorised or legitimate message sent before or after a batch, to show that the path is alive. */
export const proof = z.object({
  /** The suite whose batch it encloses. */
  batch: z.string(),
  when: z.enum(['before', 'after']),
  title: z.string(),
  ok: z.boolean(),
  reason: z.string(),
  observed: z.enum(observations),
  evidence: evidence.optional(),
});

export const clause = z.object({ id: z.string(), title: z.string(), url: z.string() });

/** Ways to try a mail program: a script of its dialogue, or the program itself. */
export const clientKinds = ['script', 'program'] as const;

/** A mail program as somebody has set it up. */
export const mailClient = z.object({
  /** Program and versions. */
  program: z.string(),
  /** When it was in use. */
  era: z.string(),
  /** How it is set up to send, in a few words: `AUTH in clear, port 25`. */
  way: z.string(),
  by: z.enum(clientKinds),
});

/** The catalogue's description of an attempt, once per report. */
export const attemptDescription = z.object({
  id: z.string(),
  suite: z.string(),
  title: z.string(),
  /** One sentence with MUST or SHOULD. */
  requirement: z.string(),
  clauses: z.array(clause),
  level: z.enum(levels),
  effect: z.enum(effects),
  /** Phases in which a refusal counts as the expected one. */
  refusedIn: z.array(z.enum(phases)),
  /** What to change in the configuration if it fails. */
  remedy: z.string(),
  /** Other names under which it is selected, for example `nmap`. */
  aliases: z.array(z.string()),
  /** Where the question is whether a mail program can send: which one. */
  client: mailClient.optional(),
});

/** An accepted violation, and what became of it. */
export const waiverResult = z.object({
  /** The id, alias or pattern as it was declared. */
  attempt: z.string(),
  reason: z.string(),
  /** Its last day. */
  expires: z.string(),
  state: z.enum(waiverStates),
  /** Ids of the failed attempts that it names. */
  attempts: z.array(z.string()),
  /** Days until its last one, at the time of the run; negative once it is over. */
  daysLeft: z.number(),
});

export const configurationResult = z.object({
  name: z.string(),
  role: z.enum(roles),
  /** Absent where the configuration did not get far enough to tell. */
  mode: z.enum(authModes).optional(),
  verdict: z.enum(configurationVerdicts),
  /** Why the verdict is what it is, in words; empty for a plain pass. */
  reasons: z.array(z.string()),
  title: z.string(),
  /** Where its files are. Absent for a control, for an image without a folder, and in older reports. */
  source: z
    .object({
      /** With slashes; relative to the folder in which the run was started if it lies in there, else absolute. */
      folder: z.string(),
      /** The file in it that is the configuration: `sendmail.mc`, or as it is called there. */
      main: z.string(),
      /** What causes call that file, where it has another name: `sendmail.mc` or `sendmail.cf`. */
      mainAs: z.string().optional(),
    })
    .optional(),
  /** For a control: the reference that it differs from, the fault in words, its effect, and who must flag it. */
  control: z
    .object({
      base: z.string(),
      fault: z.string(),
      effect: z.enum(effects),
      detectedBy: z.array(z.string()),
      /** Those that must not flag it: it has this one fault and no other. */
      mustPass: z.array(z.string()).default([]),
      /** The differing lines, as a unified-diff-like list. */
      changes: z.array(z.string()),
    })
    .optional(),
  /** What the target says of itself: version, host name, local domains, ports, mechanisms, maps. */
  characteristics: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** Changes that the harness made to run the configuration, each with its reason. */
  adaptations: z.array(z.string()),
  /** Set if the configuration did not compile or start: the target's own words. */
  error: z.object({ message: z.string(), output: z.array(z.string()) }).optional(),
  /** What `relayproof.yaml` declares as accepted. */
  waivers: z.array(waiverResult).default([]),
  durationMs: z.number(),
  proofs: z.array(proof),
  attempts: z.array(attemptResult),
  /**
   * Of a comparison: what does not apply here and was tried all the same, since it applies to the other side. Judged as
   * if it did; it decides nothing.
   */
  comparedOnly: z.array(attemptResult).optional(),
});

/** An attempt that failed in the earlier report or fails now. */
export const baselineEntry = z.object({
  configuration: z.string(),
  attempt: z.string(),
  level: z.enum(levels),
  before: z.enum(comparedVerdicts),
  now: z.enum(comparedVerdicts),
  /** In words: why it counts as that. */
  why: z.string(),
});

/** What an earlier report says of the same configurations, and what has changed since. */
export const baseline = z.object({
  /** As it was named on the command line. */
  file: z.string(),
  /** When the earlier run began, by which relayproof, with which sendmail, and what it came to. */
  startedAt: z.string(),
  version: z.string(),
  sendmail: z.string().optional(),
  verdict: z.enum(runVerdicts),
  gate: z.enum(gates),
  /**
   * With the gate `new`: the verdict that the exit status follows, as if the violations that the earlier report has were
   * accepted, and why. The report's own verdict stays what it is.
   */
  gated: z.object({ verdict: z.enum(runVerdicts), reasons: z.array(z.string()) }).optional(),
  /** What limits the comparison, in words. */
  remarks: z.array(z.string()),
  new: z.array(baselineEntry),
  unchanged: z.array(baselineEntry),
  fixed: z.array(baselineEntry),
  /** Failed then, and whether they still would cannot be told. */
  undecided: z.array(baselineEntry),
});

export const report = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  verdict: z.enum(runVerdicts),
  /** Why the run is not compliant, in words; empty for a plain pass. */
  reasons: z.array(z.string()),
  exitStatus: z.number(),
  /** Only of a run that was compared with an earlier one. */
  baseline: baseline.optional(),
  provenance: z.object({
    tool: z.string(),
    version: z.string(),
    /** Of the checkout that ran, with a `+` where it had changes; absent where the program was installed as a package. */
    commit: z.string().optional(),
    command: z.array(z.string()),
    startedAt: z.string(),
    finishedAt: z.string(),
    host: z.string(),
    node: z.string(),
    engine: z.string(),
    /** Which sendmail the targets ran, and the Debian release that it comes from; absent in older reports. */
    sendmail: z.string().optional(),
    images: z.record(z.string(), z.string()),
    /** Milliseconds per stage of the run. */
    timings: z.record(z.string(), z.number()),
    /** Largest resident set of the harness process, bytes. */
    peakMemoryBytes: z.number(),
  }),
  lab: z.object({
    ipv4: z.string(),
    ipv6: z.string(),
    sink: z.array(z.string()),
    dns: z.array(z.string()),
    /** What was looked at to show that nothing can leave the lab. */
    isolation: z.string(),
  }),
  suites: z.array(z.object({ name: z.string(), title: z.string() })),
  catalogue: z.array(attemptDescription),
  configurations: z.array(configurationResult),
});

export type AuthMode = (typeof authModes)[number];
export type Role = (typeof roles)[number];
export type Level = (typeof levels)[number];
export type Effect = (typeof effects)[number];
export type Expectation = (typeof expectations)[number];
export type Observation = (typeof observations)[number];
export type AttemptVerdict = (typeof attemptVerdicts)[number];
export type ConfigurationVerdict = (typeof configurationVerdicts)[number];
export type RunVerdict = (typeof runVerdicts)[number];
export type Phase = (typeof phases)[number];
export type DialogueLine = z.infer<typeof dialogueLine>;
export type Dialogue = z.infer<typeof dialogue>;
export type SinkRecord = z.infer<typeof sinkRecord>;
export type MailboxRecord = z.infer<typeof mailboxRecord>;
export type LogLine = z.infer<typeof logLine>;
export type Evidence = z.infer<typeof evidence>;
export type Cause = z.infer<typeof cause>;
export type AttemptResult = z.infer<typeof attemptResult>;
export type Proof = z.infer<typeof proof>;
export type Clause = z.infer<typeof clause>;
export type MailClientDescription = z.infer<typeof mailClient>;
export type AttemptDescription = z.infer<typeof attemptDescription>;
export type ConfigurationResult = z.infer<typeof configurationResult>;
export type WaiverResult = z.infer<typeof waiverResult>;
export type WaiverState = (typeof waiverStates)[number];
export type Baseline = z.infer<typeof baseline>;
export type BaselineEntry = z.infer<typeof baselineEntry>;
export type BaselineState = (typeof baselineStates)[number];
export type Gate = (typeof gates)[number];
export type Report = z.infer<typeof report>;
