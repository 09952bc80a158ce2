/** What the main process tells vitest's workers. */
export type Provided = {
  url: string;
  secret: string;
  /** The tests of each suite. */
  configurations: { name: string; suites: Record<string, { id: string; testName: string }[]> }[];
};

declare module 'vitest' {
  export interface ProvidedContext {
    relayproof: Provided;
  }
  interface TaskMeta {
    relayproof?: { configuration: string; attempt: string };
  }
}
