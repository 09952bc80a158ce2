import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { networkTrust } from './network-trust.ts';

registerSuite(networkTrust);
