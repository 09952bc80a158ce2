/** Fills the names of a lab and a target into the addresses of a scene. */
import { OUTSIDE } from '../containers/lab/outside-domains.ts';

export type SceneNames = { token: string; hostName: string; ipv4: string; localDomain: string; account: string };

/** @throws Error for a name that there is none of */
export function fillNames(template: string, names: SceneNames): string {
  const known: Record<string, string> = {
    u: names.token,
    H: names.hostName,
    I: names.ipv4,
    L: names.localDomain,
    account: names.account,
    E: OUTSIDE.recipients,
    S: OUTSIDE.senders,
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
