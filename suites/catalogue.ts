/** All suites. Each is imported on its own, so that one that cannot be imported does not take the others with it. */
import type { Suite } from './attempt.ts';

const importers: Record<string, () => Promise<Suite>> = {
  'legitimate-mail': async () => (await import('./legitimate-mail.ts')).legitimateMail,
  'open-relay': async () => (await import('./open-relay.ts')).openRelay,
  'sender-trust': async () => (await import('./sender-trust.ts')).senderTrust,
  'smtp-auth': async () => (await import('./smtp-auth.ts')).smtpAuth,
  'pop-before-smtp': async () => (await import('./pop-before-smtp.ts')).popBeforeSmtp,
  transport: async () => (await import('./transport.ts')).transport,
};

export const suiteNames = Object.keys(importers);

export type Catalogue = {
  suites: Suite[];
  /** Suites that could not be imported, and why. */
  broken: { name: string; why: string }[];
};

export async function readCatalogue(): Promise<Catalogue> {
  const suites: Suite[] = [];
  const broken: Catalogue['broken'] = [];
  for (const [name, importSuite] of Object.entries(importers)) {
    try {
      suites.push(await importSuite());
    } catch (error) {
      broken.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { suites, broken };
}
