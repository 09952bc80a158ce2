/** `relayproof eject`: writes a reference out, ready to install. */
import { join } from 'node:path';
import { Failure } from '../audit/failure.ts';
import { nearest } from '../audit/nearest.ts';
import { controls } from '../containers/configurations/controls.ts';
import { ejectedFiles } from '../containers/configurations/eject/eject.ts';
import { writeFolder } from '../containers/configurations/eject/write-folder.ts';
import { type ReferenceName, referenceNames } from '../containers/configurations/references.ts';
import { visible } from '../reports/visible.ts';

/** @throws Failure USAGE for what is no reference */
function referenceOf(name: string): ReferenceName {
  const reference = referenceNames.find((one) => one === name);
  if (reference) {
    return reference;
  }
  const control = controls.find((one) => one.name === name);
  if (control) {
    throw new Failure(
      'USAGE',
      `${name} is a control: it has a fault on purpose (${control.fault}), and is not to be installed`,
      `It is made from ${control.base}, which can be ejected.`,
    );
  }
  const like = nearest(name, referenceNames);
  throw new Failure(
    'USAGE',
    `${name}: there is no such reference${like === undefined ? '' : `: did you mean ${like}?`}`,
    `The references are ${referenceNames.join(', ')}.`,
  );
}

/** Writes the folder and says what is in it. @throws Failure */
export async function eject(name: string, folder: string, options: { json?: boolean }): Promise<void> {
  const reference = referenceOf(name);
  if (folder === '') {
    throw new Failure('USAGE', 'the name of the folder is empty', 'Name a folder that is new or empty.');
  }
  const files = await ejectedFiles(reference);
  await writeFolder(folder, files);
  if (options.json) {
    const listed = files.map(({ path, executable, content }) => ({ path, executable, bytes: content.length }));
    process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
    return;
  }
  const lines = [
    `${reference} is in ${visible(folder)}:`,
    ...files.map(({ path }) => `  ${path}`),
    `${visible(join(folder, 'README.md'))} has the steps; "relayproof audit ${visible(folder)}" proves what you change.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
