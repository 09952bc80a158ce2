/** What protects the password and the message on their way in, and where one message ends and the next begins. */
import { defineSuite } from './attempt.ts';
import { plaintext } from './transport/plaintext.ts';
import { sessions } from './transport/sessions.ts';
import { smuggling } from './transport/smuggling.ts';
import { startTls } from './transport/starttls.ts';

export const transport = defineSuite('transport', 'Transport: what protects passwords and messages', [
  ...plaintext,
  ...startTls,
  ...smuggling,
  ...sessions,
]);
