import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { smtpAuth } from './smtp-auth.ts';

registerSuite(smtpAuth);
