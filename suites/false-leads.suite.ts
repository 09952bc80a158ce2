import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { falseLeads } from './false-leads.ts';

registerSuite(falseLeads);
