/** What the compiled configuration says of itself, read in the target (see image/relayproof/describe). */
import { z } from 'zod';

const listener = z.object({
  name: z.string(),
  port: z.number(),
  family: z.string(),
  address: z.string(),
  /** DaemonPortOptions M=: `a` requires AUTH, `A` never offers it, `E` no ETRN, `S` no STARTTLS (op guide 5.6). */
  modifiers: z.string(),
});

export const targetFacts = z.object({
  sendmail: z.string(),
  /** The Debian release that it comes from, and its package's version: Debian mends old versions. */
  debian: z.string(),
  package: z.string(),
  compiledWith: z.array(z.string()),
  hostName: z.string(),
  localDomains: z.array(z.string()),
  relayDomains: z.array(z.string()),
  /** Addresses of the configuration's own aliases and virtual users that lead outside, and the domains they lead to. */
  outsideAliases: z.array(z.string()),
  outsideVirtualUsers: z.array(z.string()),
  outsideDomains: z.array(z.string()),
  /** Servers that mail is handed on to, by name: smart hosts, hubs, routes of the mailertable. */
  nextHops: z.array(z.string()),
  /** Where mail for local users goes (MAIL_HUB, LOCAL_RELAY); empty if it stays. */
  hub: z.string(),
  /** Whole addresses that the access map refuses: senders, and recipients in local domains. */
  refusedSenders: z.array(z.string()),
  refusedRecipients: z.array(z.string()),
  mechanisms: z.array(z.string()),
  trustedMechanisms: z.array(z.string()),
  authOptions: z.string(),
  saslPlugins: z.array(z.string()),
  listeners: z.array(listener),
  maps: z.array(z.object({ name: z.string(), type: z.string(), path: z.string() })),
  localMailer: z.string(),
  /** Whether users may have .forward files (ForwardPath is set). */
  readsForwardFiles: z.boolean(),
  popWriterFollowsLog: z.boolean(),
  queueDirectory: z.string(),
  /** Empty where STARTTLS cannot be offered. */
  serverCertificate: z.string(),
});

export type TargetFacts = z.infer<typeof targetFacts>;
export type Listener = z.infer<typeof listener>;
