/** Attempts of the core set that fail wherever anybody may send anything to outside. */
const anybody = [
  'open-relay/outside-sender',
  'open-relay/outside-sender-ipv6',
  'sender-trust/local-account',
  'smtp-auth/plain-starttls-wrong-password',
  'pop-before-smtp/no-login',
  'pop-before-smtp/wrong-password',
];
/** The same in the mode that has both; SMTP-AUTH alone guards the submission port with M=a. */
export const anybodyInBoth = [...anybody, 'open-relay/outside-sender-submission'];
export const anybodyInAuth = [...anybody, 'pop-before-smtp/login-outside-the-mode'];
