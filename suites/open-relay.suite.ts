import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { openRelay } from './open-relay.ts';

registerSuite(openRelay);
