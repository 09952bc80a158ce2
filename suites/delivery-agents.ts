/** The programs that put mail into mailboxes, procmail and sendmail’s own: what they do with what strangers write. */
import { defineSuite } from './attempt.ts';
import { contents } from './delivery-agents/contents.ts';
import { details } from './delivery-agents/details.ts';
import { usersFiles } from './delivery-agents/users-files.ts';

export const deliveryAgents = defineSuite('delivery-agents', 'Delivery agents: what becomes of local mail', [
  ...details,
  ...contents,
  ...usersFiles,
]);
