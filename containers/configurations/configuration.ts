/** A configuration: the contents of an /etc/mail folder and what it is meant to allow. Bundled ones have the same form. */
import type { Effect, Role } from '../../reports/model.ts';
import type { Policy } from './policy.ts';

export type ConfigurationFile = { content: Buffer };

export type Control = {
  /** The reference that it differs from. */
  base: string;
  /** The fault in words. */
  fault: string;
  effect: Effect;
  /** Patterns of the attempts that must flag it. */
  detectedBy: readonly string[];
  /** Patterns of attempts, besides the core set, that must pass on it all the same: its fault goes so far and no further. */
  passes: readonly string[];
  /** The differing lines, for the report. */
  changes: string[];
};

export type Configuration = {
  name: string;
  role: Role;
  title: string;
  /** Relative path, with slashes, to content. */
  files: ReadonlyMap<string, ConfigurationFile>;
  policy: Policy;
  /** What was done to the files to read them: each names the file. The folder itself stays as it is. */
  notes?: string[];
  control?: Control;
  /** The reference that this one differs from in its local delivery agent alone. */
  twinOf?: string;
  /** Where a subject came from. */
  folder?: string;
  /** The folder, absolute, that has the files, and the one among them that is the configuration. */
  source?: { folder: string; main: string; mainAs?: string };
  /** Somebody's own image, which is the server; the files are then laid into its /etc/mail. */
  image?: string;
};
