import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { popBeforeSmtp } from './pop-before-smtp.ts';

registerSuite(popBeforeSmtp);
