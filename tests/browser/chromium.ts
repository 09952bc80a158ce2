/** A real browser for the tests of the page: the machine's Chromium, installed where there is none. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { installPackages } from '../../containers/engine/apt.ts';
import { isDebianFamily } from '../../containers/engine/install-advice.ts';
import { thisSystem } from '../../containers/engine/provide-engine.ts';

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const installed = () => places.find((place): place is string => place !== undefined && existsSync(place));

/** @throws Error with what to do, where there is no Chromium and none can be installed */
async function provideChromium(): Promise<string> {
  const found = installed();
  if (found) return found;
  const system = thisSystem();
  if (system.root && isDebianFamily(system)) {
    process.stderr.write('… chromium: installing it with apt-get, for the tests of the page\n');
    const { output } = await installPackages(['chromium'], () => {});
    const now = installed();
    if (now) return now;
    throw new Error(`Chromium cannot be installed:\n${output.join('\n')}`);
  }
  throw new Error('There is no Chromium here: install it, or name it in the environment variable CHROMIUM.');
}

export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await provideChromium(),
    // Its sandbox needs privileges of its own, which root in a container does not have; the pages are our own.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
