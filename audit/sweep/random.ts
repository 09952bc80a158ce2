/** Pseudo-random numbers that are the same in every run: a finding can be found again. */

/** The mixing function of SplitMix64 (Steele, Lea, Flood 2014), over a counter. */
export function reproducible(seed: bigint): () => bigint {
  const mask = (1n << 64n) - 1n;
  let state = seed & mask;
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let mixed = state;
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
    return mixed ^ (mixed >> 31n);
  };
}

/** A number below 2^128 for a pair of numbers, always the same one. */
export function scattered(a: bigint, b: number): bigint {
  const next = reproducible((a ^ (a >> 64n)) + BigInt(b) * 0x632be59bd9b4e019n);
  return (next() << 64n) | next();
}
