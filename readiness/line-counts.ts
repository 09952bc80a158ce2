/** Lines that were not used, by reason, and what was odd about lines. */
export type LineCounts = {
  read: number;
  used: number;
  /** Of other programs, or of no meaning here. */
  other: number;
  /** Without a time: no log lines, or cut off. */
  withoutTime: number;
  /** Longer than a buffer. */
  tooLong: number;
  invalidUtf8: number;
  /** Times that lie before the line before, by seconds; and by more than lines may be out of order. */
  outOfOrder: number;
  clockJumps: number;
};

export const noLines = (): LineCounts => ({
  read: 0,
  used: 0,
  other: 0,
  withoutTime: 0,
  tooLong: 0,
  invalidUtf8: 0,
  outOfOrder: 0,
  clockJumps: 0,
});
