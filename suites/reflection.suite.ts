import { registerSuite } from '../audit/vitest/suite-tests.ts';
import { reflection } from './reflection.ts';

registerSuite(reflection);
