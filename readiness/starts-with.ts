/** Words that are looked for in lines, as bytes: those of a string are slow to come by. */
export type Words = Uint8Array;

/** A text of ASCII. */
export const words = (text: string): Words => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Whether bytes[at, end) begin with these words. */
export const startsWith = (bytes: Uint8Array, at: number, end: number, looked: Words): boolean => {
  const { length } = looked;
  if (end - at < length) return false;
  for (let index = 0; index < length; index++) if (bytes[at + index] !== looked[index]) return false;
  return true;
};
