/** A real browser for the tests of the page: the machine's Chromium, installed where there is none. */
import { type Browser, chromium } from 'playwright-core';
import { provideProgram } from '../provide-program.ts';

const programs = [
  ...(process.env.CHROMIUM ? [process.env.CHROMIUM] : []),
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** @throws Error with what to do, where there is no Chromium and none can be installed */
export async function startChromium(): Promise<Browser> {
  const executablePath = await provideProgram(programs, 'chromium');
  if (executablePath === undefined) {
    throw new Error('There is no Chromium here: install it, or name it in the environment variable CHROMIUM.');
  }
  return chromium.launch({
    executablePath,
    // Its sandbox needs privileges of its own, which root in a container does not have; the pages are our own.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
