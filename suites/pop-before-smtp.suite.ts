import { registerSuite } from '../audit/vitest/suite-tests.ts';

registerSuite('pop-before-smtp');
