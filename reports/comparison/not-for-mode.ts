/** How the reason of an attempt begins that does not apply because of the auth mode alone; the mode follows. */
export const NOT_FOR_MODE = 'not for mode';
