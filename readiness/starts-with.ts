/** Whether bytes[at, end) begin with a text of ASCII. */
export const startsWith = (bytes: Uint8Array, at: number, end: number, text: string): boolean => {
  if (end - at < text.length) return false;
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
};
