import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { senderTrust } from './sender-trust.ts';

registerSuite(senderTrust);
