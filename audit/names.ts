/** Fills the names of a lab and a target into the addresses of a scene. */
import { OUTSIDE } from '../containers/lab/outside-domains.ts';

export type SceneNames = {
  token: string;
  hostName: string;
  ipv4: string;
  ipv6: string;
  localDomain: string;
  account: string;
  other: string;
  /** The client's address and its name in DNS. */
  client: string;
  name: string;
  /** The name in DNS of the other address of the client's network from which somebody may log in. */
  neighbour: string;
  sink: string;
  sink6: string;
  /** Addresses and domains that the configuration names; absent where it names none. */
  alias?: string | undefined;
  virtual?: string | undefined;
  relayTo?: string | undefined;
  trustedHost?: string | undefined;
  refusedSender?: string | undefined;
  refusedRecipient?: string | undefined;
};

/** @throws Error for a name that there is none of */
export function fillNames(template: string, names: SceneNames & { message?: string }): string {
  const known: Record<string, string | undefined> = {
    u: names.token,
    H: names.hostName,
    I: names.ipv4,
    I6: names.ipv6,
    L: names.localDomain,
    LC: names.localDomain.toUpperCase(),
    account: names.account,
    other: names.other,
    client: names.client,
    name: names.name,
    neighbour: names.neighbour,
    sink: names.sink,
    sink6: names.sink6,
    alias: names.alias,
    virtual: names.virtual,
    relayTo: names.relayTo,
    trustedHost: names.trustedHost,
    refusedSender: names.refusedSender,
    refusedRecipient: names.refusedRecipient,
    message: names.message,
    E: OUTSIDE.recipients,
    S: OUTSIDE.senders,
    E2: OUTSIDE.third,
    com: OUTSIDE.com,
    net: OUTSIDE.net,
    org: OUTSIDE.org,
    country: OUTSIDE.country,
  };
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    if (value === undefined) {
      throw new Error(`an address names {${name}}, which there is none of: ${template}`);
    }
    return value;
  });
}
