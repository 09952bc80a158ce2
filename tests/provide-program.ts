/** Programs of other people's that tests need: those of the machine, installed on the Debian family where there are none. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from '../containers/engine/apt.ts';
import { isDebianFamily } from '../containers/engine/install-advice.ts';
import { thisSystem } from '../containers/engine/provide-engine.ts';

/** Where a program is, by its name or path; undefined where it is not. */
function find(program: string): string | undefined {
  const places = program.includes('/')
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return places.find((place) => existsSync(place));
}

/**
 * The path of the first of these programs that is there; where none is, Debian's package is installed, which needs root.
 * Undefined where that is not possible.
 */
export async function provideProgram(programs: readonly string[], debianPackage: string): Promise<string | undefined> {
  const found = () => programs.map(find).find((path) => path !== undefined);
  const system = thisSystem();
  if (found() === undefined && system.root && isDebianFamily(system)) {
    process.stderr.write(`… ${debianPackage}: installing it with apt-get, for the tests\n`);
    const { installed, output } = await installPackages([debianPackage], () => {});
    if (!installed) process.stderr.write(`${output.join('\n')}\n`);
  }
  return found();
}
