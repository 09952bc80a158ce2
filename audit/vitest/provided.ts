/** What the main process tells vitest's workers. */
export type Provided = {
  url: string;
  secret: string;
  configurations: { name: string; control: boolean; attempts: string[]; mustFlag: string[]; mustPass: string[] }[];
};

declare module 'vitest' {
  export interface ProvidedContext {
    relayproof: Provided;
  }
  interface TaskMeta {
    relayproof?: { configuration: string; attempt: string };
  }
}
