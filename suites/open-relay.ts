/**
 * An unauthenticated stranger asks for a message from outside to outside: every sender form with every recipient form,
 * and plain addresses with whatever may be done around an envelope.
 */
import { defineSuite } from './attempt.ts';
import { aroundTheEnvelope } from './open-relay/around-the-envelope.ts';
import { addressForms } from './open-relay/product.ts';
import { topLevel } from './open-relay/top-level.ts';

export const openRelay = defineSuite('open-relay', 'Open relay: a stranger, from outside to outside', [
  ...addressForms,
  ...topLevel,
  ...aroundTheEnvelope,
]);
