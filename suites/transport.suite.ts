import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { transport } from './transport.ts';

registerSuite(transport);
