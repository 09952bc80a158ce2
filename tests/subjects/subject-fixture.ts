/** Folders of many origins, as administrators copy them from their servers, and what an audit must make of them. */

export type SubjectFixture = {
  /** The folder's name below tests/subjects. */
  folder: string;
  /** What kind of system it is written for, and which constructs of it are real: "Red Hat Enterprise Linux 7: …". */
  origin: string;
  /** The constructs that make it hard to run elsewhere. */
  constructs: readonly string[];
  /** The mode that its rules amount to; "none" where nobody but the server itself and trusted clients may send. */
  mode: 'pop-before-smtp' | 'smtp-auth' | 'both' | 'none';
  /** What the core set of attempts must say: non-compliant where the file has a hole that stock files of its kind have. */
  verdict: 'compliant' | 'non-compliant' | 'inconclusive';
  /** Parts of the notes that must say what was adapted, one each. */
  notes: readonly string[];
};
