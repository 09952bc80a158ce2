/** All suites. Each is imported on its own, so that one that cannot be imported does not take the others with it. */
import type { Attempt, Suite } from './attempt.ts';
import { CORE, coreSet } from './core-set.ts';

const importers: Record<string, () => Promise<Suite>> = {
  'legitimate-mail': async () => (await import('./legitimate-mail.ts')).legitimateMail,
  'open-relay': async () => (await import('./open-relay.ts')).openRelay,
  'sender-trust': async () => (await import('./sender-trust.ts')).senderTrust,
  'name-trust': async () => (await import('./name-trust.ts')).nameTrust,
  'network-trust': async () => (await import('./network-trust.ts')).networkTrust,
  'smtp-auth': async () => (await import('./smtp-auth.ts')).smtpAuth,
  'pop-before-smtp': async () => (await import('./pop-before-smtp.ts')).popBeforeSmtp,
  transport: async () => (await import('./transport.ts')).transport,
  reflection: async () => (await import('./reflection.ts')).reflection,
  'delivery-agents': async () => (await import('./delivery-agents.ts')).deliveryAgents,
  'false-leads': async () => (await import('./false-leads.ts')).falseLeads,
  'mail-clients': async () => (await import('./mail-clients.ts')).mailClients,
};

export const suiteNames = Object.keys(importers);

export type Catalogue = {
  suites: Suite[];
  /** Suites that could not be imported, and why. */
  broken: { name: string; why: string }[];
};

/** An attempt of the core set answers to its name. */
const marked = (attempt: Attempt): Attempt =>
  coreSet.includes(attempt.id) ? { ...attempt, core: true, aliases: [...attempt.aliases, CORE] } : attempt;

export async function readCatalogue(): Promise<Catalogue> {
  const suites: Suite[] = [];
  const broken: Catalogue['broken'] = [];
  for (const [name, importSuite] of Object.entries(importers)) {
    try {
      const suite = await importSuite();
      suites.push({ ...suite, attempts: suite.attempts.map(marked) });
    } catch (error) {
      broken.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { suites, broken };
}
