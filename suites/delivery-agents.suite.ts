import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { deliveryAgents } from './delivery-agents.ts';

registerSuite(deliveryAgents);
