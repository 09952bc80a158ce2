/** Times of results: UTC in ISO 8601. */

/** @param ms since 1970 */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** @param ms since 1970, or NaN or an infinity for what never was */
export const isoOrNull = (ms: number): string | null => (Number.isFinite(ms) ? iso(ms) : null);
