/** POP before SMTP: what authorises an address, which address, and for how long. */
import { defineSuite } from './attempt.ts';
import { otherAddresses } from './pop-before-smtp/addresses.ts';
import { ended, lasting } from './pop-before-smtp/lifetime.ts';
import { logPoisoning } from './pop-before-smtp/log-poisoning.ts';
import { rightLogins, wrongLogins } from './pop-before-smtp/logins.ts';
import { openSessions, senders, withAuthentication } from './pop-before-smtp/sessions.ts';

export const popBeforeSmtp = defineSuite('pop-before-smtp', 'POP before SMTP: what authorises, whom, and how long', [
  ...rightLogins,
  ...lasting,
  ...senders,
  ...withAuthentication,
  ...openSessions,
  ...wrongLogins,
  ...otherAddresses,
  ...ended,
  ...logPoisoning,
]);
