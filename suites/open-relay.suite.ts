import { registerSuite } from '../audit/vitest/suite-tests.ts';

registerSuite('open-relay');
