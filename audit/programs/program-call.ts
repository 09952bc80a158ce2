/** What a mail program is called with, and how its own record of the session is read. */
import type { ChannelPolicy, Mechanism, PopLogin } from '../../suites/scene.ts';

/** All that a program is told. */
export type Submission = {
  /** The address to bind to. */
  from: string;
  /** The server: address, name in its certificate, port. */
  host: string;
  hostName: string;
  port: number;
  /** What the client calls itself. */
  name: string;
  user: string;
  password: string;
  /** Whether the authority is known that signed the certificate; else it is not checked. */
  checked: boolean;
};

export type MessageSubmission = Submission & {
  sender: string;
  recipient: string;
  tls: ChannelPolicy;
  auth?: Mechanism | 'own-choice';
};

export type PopSession = Submission & { by: Exclude<PopLogin, 'implicit-tls'> };

/** What a line of a program's output says. */
export type Said =
  | { from: 'client' | 'server'; text: string; tls?: boolean }
  /** From here on the session is protected. */
  | { protected: true }
  | { words: string };

/** A program's command line without secrets, its configuration with them, and what its lines mean. */
export type ProgramCommand = {
  command: string[];
  /** Files besides `message` and `ca.pem`. */
  files: Record<string, string>;
  read: (line: string) => Said | undefined;
};
