/** Looks for secrets in what a run writes, in the forms in which protocols, logs and dumps would carry them. */

import { gunzipSync } from 'node:zlib';

/** A secret by the name that it goes by in messages: that of the account, not the text itself. */
export type NamedSecret = { name: string; text: string };

/** Where one was found. It does not say what it is. */
export type Leak = { name: string; form: string; at: number };

/** What a page holds in packed form, where a search of its text would not find it. */
export function unpackedFrom(html: string): string {
  const packed = html.matchAll(/<script type="application\/gzip"[^>]*>([^<]*)<\/script>/g);
  return [...packed].map(([, base64 = '']) => gunzipSync(Buffer.from(base64, 'base64')).toString()).join('\n');
}

/** Characters of a form that tell: a cut in the middle of a secret leaves one end of it. */
const END = 12;

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

/**
 * What base64 makes of the octets behind `offset` (0 to 2) others, without the characters that depend on the neighbours:
 * as in `\0account\0password` of AUTH PLAIN.
 */
function base64At(octets: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), octets])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + octets.length) * 8) / 6);
  return encoded.slice(first, last);
}

/** The forms of a text, each once, by what they are called. */
export function formsOf(text: string): Map<string, string> {
  const octets = Buffer.from(text, 'utf8');
  const hex = octets.toString('hex');
  const percent = [...octets].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
  const reversed = Buffer.from([...octets].reverse());
  const forms: [string, string][] = [
    ['plain', text],
    ['latin1', octets.toString('latin1')],
    ['reversed', [...text].reverse().join('')],
    ['hexadecimal', hex],
    ['upper-case hexadecimal', hex.toUpperCase()],
    ['reversed hexadecimal', reversed.toString('hex')],
    ['percent-encoded', encodeURIComponent(Buffer.from(text).toString())],
    ['percent-encoded, every octet', percent],
    ['percent-encoded, upper case', percent.toUpperCase()],
    ...[0, 1, 2].flatMap((offset): [string, string][] => {
      const base64 = base64At(octets, offset);
      return [
        [`base64 behind ${offset}`, base64],
        [`base64url behind ${offset}`, urlSafe(base64)],
      ];
    }),
  ];
  const seen = new Set<string>();
  return new Map(forms.filter(([, form]) => !seen.has(form) && Boolean(seen.add(form))));
}

/** Both ends of a form that is long enough for an end to tell; else all of it. */
const endsOf = (form: string): string[] => (form.length >= 2 * END ? [form.slice(0, END), form.slice(-END)] : [form]);

/** Looks for any form of any secret. Secrets shorter than eight characters would be found by chance, and are refused. */
export function searchSecrets(content: string, secrets: Iterable<NamedSecret>): Leak[] {
  const leaks: Leak[] = [];
  for (const { name, text } of secrets) {
    if (text.length < 8) throw new Error(`the secret of ${name} is too short to look for`);
    for (const [form, written] of formsOf(text)) {
      const at = endsOf(written)
        .map((end) => content.indexOf(end))
        .find((place) => place >= 0);
      if (at !== undefined) leaks.push({ name, form, at });
    }
  }
  return leaks;
}

/**
 * How the answers to AUTH begin that give an account away: PLAIN and LOGIN (RFC 4616), CRAM-MD5 (RFC 2195), DIGEST-MD5
 * (RFC 2831), SCRAM (RFC 5802). As base64, which is how they are sent.
 */
export function payloadsOf(account: string): NamedSecret[] {
  const starts = {
    PLAIN: `\0${account}\0`,
    'PLAIN for oneself': `${account}\0${account}\0`,
    'DIGEST-MD5': `username="${account}"`,
    'DIGEST-MD5 in UTF-8': `charset=utf-8,username="${account}"`,
    SCRAM: `n,,n=${account},r=`,
    'SCRAM proof': 'c=biws,r=',
  };
  return Object.entries(starts).map(([mechanism, start]) => ({
    name: `${mechanism} of ${account}`,
    text: base64At(Buffer.from(start), 0),
  }));
}

/** Looks for such beginnings, as they are. */
export function searchPayloads(content: string, accounts: Iterable<string>): Leak[] {
  return [...accounts]
    .flatMap(payloadsOf)
    .map(({ name, text }) => ({ name, form: 'base64', at: content.indexOf(text) }))
    .filter(({ at }) => at >= 0);
}
