/**
 * Trouble of the harness or of its input, as opposed to a verdict: verdicts are values, these are exceptions.
 * Each code has one exit status (sysexits.h names them EX_USAGE and EX_CONFIG).
 */
export const EXIT = { compliant: 0, violation: 1, inconclusive: 2, usage: 64, configuration: 78 } as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

const exitStatusOf = {
  USAGE: EXIT.usage,
  NOTHING_SELECTED: EXIT.usage,
  BAD_CONFIGURATION: EXIT.configuration,
  CONFIGURATION_DOES_NOT_START: EXIT.configuration,
  NO_ENGINE: EXIT.configuration,
  NO_IMAGE: EXIT.configuration,
  NO_DISK_SPACE: EXIT.configuration,
  NO_DEPENDENCIES: EXIT.configuration,
  REPORT_NOT_WRITABLE: EXIT.configuration,
  FOLDER_NOT_WRITABLE: EXIT.configuration,
  SUITE_NOT_IMPORTED: EXIT.inconclusive,
  LAB_BROKEN: EXIT.inconclusive,
  INTERRUPTED: EXIT.inconclusive,
} as const;

export type FailureCode = keyof typeof exitStatusOf;

/** An error that a person can act on: what is wrong (with file, line or option), and what to do. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly advice: string;
  /** What a program said, line by line, where that helps. */
  readonly output: readonly string[];

  constructor(
    code: FailureCode,
    message: string,
    advice: string,
    details: { output?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.code = code;
    this.advice = advice;
    this.output = details.output ?? [];
  }

  get exitStatus(): ExitStatus {
    return exitStatusOf[this.code];
  }
}

/**
 * The failure that an error is, if it is one. Vitest loads modules through a loader of its own, so that a Failure may
 * come from another copy of this class: its name tells.
 */
export function asFailure(error: unknown): Failure | undefined {
  return error instanceof Error && error.name === 'Failure' ? (error as Failure) : undefined;
}
