import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { legitimateMail } from './legitimate-mail.ts';

registerSuite(legitimateMail);
