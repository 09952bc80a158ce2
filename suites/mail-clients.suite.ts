import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { mailClients } from './mail-clients.ts';

registerSuite(mailClients);
