/** The clauses that attempts cite. Each was read in its document; titles are this project's own words. */
import type { Clause } from '../reports/model.ts';

const rfc = (number: number, section: string, title: string): Clause => ({
  id: `RFC ${number} ${section}`,
  title,
  url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
});

export const clauses = {
  restrictRelay: rfc(2505, '2.1', 'An MTA must be able to restrict unauthorised use as a mail relay'),
  senderProvesNothing: rfc(5321, '7.1', 'SMTP does not authenticate the sender address'),
  refuseRelay: rfc(5321, '7.9', 'A server provides the means to refuse relaying'),
  relayRefusal: rfc(5321, '3.6.2', 'A server that declines to relay for policy answers 550'),
  sourceRoutes: rfc(5321, '4.1.1.3', 'Source routes may be refused, and are never a reason to relay'),
  noOpenRelay: rfc(5068, '3.2', 'Submission servers must not relay unauthenticated mail to other domains, on any port'),
  submissionAuth: rfc(6409, '4.3', 'A submission server refuses MAIL from clients that are not authorised'),
  popBeforeSmtp: rfc(6409, '3.3', 'Authorisation by a POP login from the same address is limited in time'),
  nullSender: rfc(2505, '2.6.1', 'MAIL FROM:<> must not be refused for being empty'),
  ownSender: rfc(2505, '2.6.2', 'A sender in one’s own domain must not be refused for coming from outside'),
  postalDuty: rfc(5321, '4.2.5', 'A 250 after the end of data takes responsibility for the message'),
  authRelay: rfc(2505, '3.1', 'Relaying for authenticated clients'),
  authFailure: rfc(2554, '4', 'After a failed AUTH the server behaves as if there had been none'),
  authAdvertised: rfc(4954, '4', 'The server answers AUTH for the mechanisms that it offers'),
  plaintextAuth: rfc(4954, '4', 'Plain-text passwords should not be permitted without protection'),
  plainEmptyPassword: rfc(4616, '2', 'PLAIN fails for an empty password'),
  anonymousOff: rfc(4505, '5', 'ANONYMOUS is off unless it is wanted'),
  popLogin: rfc(1939, '4', 'A login succeeds only with the right secret and the mailbox at hand'),
  popUser: rfc(1939, '7', 'A positive answer to USER proves nothing'),
  startTls: rfc(3207, '4', 'STARTTLS, and no duty of clients to use it for local mail'),
} as const satisfies Record<string, Clause>;

export type ClauseName = keyof typeof clauses;
