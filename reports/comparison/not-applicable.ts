/** How reasons begin of attempts that do not apply, where a comparison asks which it is. */

/** Because of the auth mode alone; the mode follows. */
export const NOT_FOR_MODE = 'not for mode';

/** The number of the port follows. */
export const NOTHING_LISTENS = 'nothing listens on port';
