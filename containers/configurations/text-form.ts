/** Text files as sendmail reads them: what an editor or another system has made of them is taken back. */
import { Failure } from '../../audit/failure.ts';

/** Files that sendmail or its tools read, by their usual names. */
const usual =
  /^(?:.*\/)?(?:access|aliases|virtusertable|mailertable|domaintable|genericstable|generics-domains|genericsdomains|local-host-names|sendmail\.cw|sendmail\.ct|relay-domains|trusted-users|virtuserdomains|virt-domains|userdb|uudomain|bitdomain|authinfo|default-auth-info|helpfile|popauth\.conf|Sendmail\.conf|[^/]+\.(?:mc|m4|cf))$/;

/** Names below /etc/mail that texts speak of. */
export function mentionedIn(texts: readonly string[]): Set<string> {
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/\/etc\/mail\/([\w][\w./-]*)/g)].map(([, path = '']) => path)),
  );
}

/** Whether a file is a text that sendmail or one of its tools reads: by its name, or because the configuration names it. */
export function whyText(path: string, mentioned: ReadonlySet<string>): 'name' | 'mention' | undefined {
  if (/\.(?:db|pag|dir|cdb|pem|der|crt|key)$/.test(path)) {
    return undefined;
  }
  return usual.test(path) ? 'name' : mentioned.has(path) ? 'mention' : undefined;
}

const LF = 0x0a;
const CR = 0x0d;

/** The content with CR LF, or CR alone where that is all there is, as LF. */
function withLineFeeds(content: Buffer): { content: Buffer; lines: number } {
  if (!content.includes(CR)) {
    return { content, lines: 0 };
  }
  const alone = !content.includes(LF);
  const result = Buffer.allocUnsafe(content.length);
  let length = 0;
  let lines = 0;
  for (let at = 0; at < content.length; at++) {
    const octet = content[at] as number;
    if (octet === CR && (alone || content[at + 1] === LF)) {
      lines += 1;
      if (alone) {
        result[length++] = LF;
      }
    } else {
      result[length++] = octet;
    }
  }
  return lines === 0 ? { content, lines } : { content: result.subarray(0, length), lines };
}

function fromUtf16(content: Buffer): { content: Buffer; name: string } | undefined {
  const mark = content.length >= 2 ? content.readUInt16BE(0) : 0;
  if (mark !== 0xfffe && mark !== 0xfeff) {
    return undefined;
  }
  const little = mark === 0xfffe;
  const even = Buffer.from(content.subarray(2, content.length - (content.length % 2)));
  return {
    content: Buffer.from((little ? even : even.swap16()).toString('utf16le'), 'utf8'),
    name: little ? 'UTF-16, low octet first' : 'UTF-16, high octet first',
  };
}

const signatures: [RegExp, string][] = [
  [/^\x7fELF/, 'a program (ELF)'],
  [/^\x1f\x8b/, 'compressed by gzip'],
  [/^BZh/, 'compressed by bzip2'],
  [/^\xfd7zXZ/, 'compressed by xz'],
  [/^PK\x03\x04/, 'a ZIP archive'],
  [
    /^(?:\x00\x06\x15\x61|\x61\x15\x06\x00)|^.{12}(?:\x61\x15\x06\x00|\x00\x06\x15\x61|\x62\x31\x05\x00|\x00\x05\x31\x62)/s,
    'a database',
  ],
];

/** Why a content is no text; undefined if it may be one. */
function whyNoText(content: Buffer): string | undefined {
  const head = content.subarray(0, 64).toString('latin1');
  const kind = signatures.find(([signature]) => signature.test(head))?.[1];
  if (kind !== undefined) {
    return `it is ${kind}`;
  }
  const at = content.indexOf(0);
  if (at < 0) {
    return undefined;
  }
  const some = content.subarray(0, 1024);
  const zeros = some.filter((octet) => octet === 0).length;
  return zeros > some.length / 3
    ? 'every other octet of it is NUL: it may be UTF-16 without its mark'
    : `octet ${at + 1} of it is NUL`;
}

export type TextForm = { content: Buffer; notes: string[] };

/** `file`: how it is called to the user. `by`: what is only mentioned may be something else, such as statistics. */
type Known = { path: string; file: string; by: 'name' | 'mention' };

/**
 * A known text in the form that sendmail and m4 read. Octets that are no ASCII stay as they are.
 *
 * @throws Failure BAD_CONFIGURATION if its name says that it must be a text, and it is none
 */
export function asText(original: Buffer, { path, file, by }: Known): TextForm {
  const notes: string[] = [];
  let content = original;
  const decoded = fromUtf16(content);
  if (decoded) {
    content = decoded.content;
    notes.push(`${path}: is ${decoded.name}: read as UTF-8`);
  }
  if (content.length >= 3 && content.readUIntBE(0, 3) === 0xefbbbf) {
    content = content.subarray(3);
    notes.push(`${path}: begins with a byte order mark: taken away`);
  }
  const why = whyNoText(content);
  if (why !== undefined && by === 'mention') {
    return { content: original, notes: [] };
  }
  if (why !== undefined) {
    throw new Failure(
      'BAD_CONFIGURATION',
      `${file}: this must be a text, and is none: ${why}`,
      'Put the text there that is meant; a database belongs into a file that ends in .db.',
    );
  }
  const { content: text, lines } = withLineFeeds(content);
  if (lines > 0) {
    notes.push(
      `${path}: ${lines.toLocaleString('en-US')} line${lines === 1 ? '' : 's'} ended in CR: ended in LF alone`,
    );
  }
  return { content: text, notes };
}
