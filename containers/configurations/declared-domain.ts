/** Domains and host names as somebody declares them in `relayproof.yaml`. */
import { isIP } from 'node:net';
import { parse } from 'tldts';

const label = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i;

/** The same name however it is written. */
export const sameDomain = (text: string): string => text.toLowerCase().replace(/\.$/, '');

/**
 * Why a name must not be declared; undefined if it may be. What is declared covers all that is below it: a suffix under
 * which anybody can have a name, in either section of the Public Suffix List, would be everybody.
 */
export function whyNoDomain(text: string): string | undefined {
  const name = sameDomain(text);
  if (isIP(name.replace(/^\[|\]$/g, ''))) {
    return 'expected a domain: addresses belong into trusted.networks';
  }
  if (/[^\p{ASCII}]/u.test(name)) {
    return 'expected a domain in the form that DNS has it in, which for such letters begins with xn--';
  }
  if (/[@*]|^\./.test(name)) {
    return 'expected a domain alone, like partner.example: it covers what is below it, and all users in it';
  }
  const labels = name.split('.');
  if (name.length > 253 || labels.some((one) => one.length > 63 || !label.test(one))) {
    return 'expected a domain, like partner.example';
  }
  if (labels.length < 2) {
    return 'expected a domain with at least two labels, like partner.example: a top-level domain is everybody below it';
  }
  const { publicSuffix, isPrivate } = parse(name, { allowPrivateDomains: true });
  if (publicSuffix === name) {
    return isPrivate
      ? `${name} is a public suffix (private section of the list): its owner lets strangers have names below it; name theirs that are meant`
      : `${name} is a public suffix: anybody can register a domain below it`;
  }
  return undefined;
}
