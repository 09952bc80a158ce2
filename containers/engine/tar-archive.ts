/** One regular file of an archive. */
export type TarFile = { path: string; content: Buffer; executable: boolean };

const blockSize = 512;

/**
 * Packs files into a tar archive (ustar), all owned by root and of the same age, so that the same files make the same archive.
 * Throws for a path that is absolute, leaves the archive, or does not fit the format.
 */
export function packTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ path, content, executable }) => [
    header(path, content.length, executable ? 0o755 : 0o644),
    content,
    Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockSize)]);
}

function header(path: string, size: number, mode: number): Buffer {
  const { name, prefix } = splitPath(path);
  const block = Buffer.alloc(blockSize);
  block.write(name, 0, 100, 'utf8');
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  // The checksum counts its own field as blanks.
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  block.write(prefix, 345, 155, 'utf8');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  const text = value.toString(8).padStart(digits, '0');
  if (text.length > digits) throw new RangeError(`too large for a tar archive: ${value}`);
  return `${text}\0`;
}

/** A long path goes into two fields, cut at a slash. */
function splitPath(path: string): { name: string; prefix: string } {
  if (path === '' || path.startsWith('/') || path.split('/').some((part) => part === '..' || part === '')) {
    throw new RangeError(`not a path inside an archive: ${JSON.stringify(path)}`);
  }
  const length = (text: string) => Buffer.byteLength(text);
  if (length(path) <= 100) return { name: path, prefix: '' };
  for (let cut = path.indexOf('/'); cut !== -1; cut = path.indexOf('/', cut + 1)) {
    const prefix = path.slice(0, cut);
    const name = path.slice(cut + 1);
    if (length(prefix) <= 155 && length(name) <= 100) return { name, prefix };
  }
  throw new RangeError(`path too long for a tar archive: ${path}`);
}
