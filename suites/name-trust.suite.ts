import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { nameTrust } from './name-trust.ts';

registerSuite(nameTrust);
