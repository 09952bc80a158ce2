/**
 * The core set: the main question of every mode, in about a dozen attempts. Every control is asked them, to see that it
 * has its own fault and no other; `--attempt core` asks them of a subject, for a first look.
 */
export const coreSet: readonly string[] = [
  'legitimate-mail/local',
  'open-relay/outside-sender',
  'open-relay/outside-sender-submission',
  'open-relay/outside-sender-ipv6',
  'sender-trust/local-account',
  'smtp-auth/plain-starttls',
  'smtp-auth/plain-starttls-wrong-password',
  'smtp-auth/login-outside-the-mode',
  'pop-before-smtp/login',
  'pop-before-smtp/no-login',
  'pop-before-smtp/wrong-password',
  'pop-before-smtp/login-outside-the-mode',
];

/** The alias by which the core set is selected. */
export const CORE = 'core';
