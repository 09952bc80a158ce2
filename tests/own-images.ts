/** Images like somebody's own, made of the project's target image and a reference. */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { applyEdits, type Edit } from '../containers/configurations/edit.ts';
import { type ReferenceName, readReference } from '../containers/configurations/references.ts';
import { engineEvents } from '../containers/engine/engine-events.ts';
import type { Engine } from '../containers/engine/find-engine.ts';
import { packTar, type TarFile } from '../containers/engine/tar-archive.ts';

const file = (path: string, content: string | Buffer, executable = false): TarFile => ({
  path,
  content: Buffer.from(content),
  executable,
});

const part = (name: string) => readFile(new URL(`./own-image/${name}`, import.meta.url), 'utf8');

async function build(engine: Engine, tag: string, base: string, context: TarFile[]): Promise<string> {
  const answer = await engine.docker.buildImage(Readable.from([packTar(context)]), {
    t: tag,
    buildargs: { BASE: base },
    rm: true,
    forcerm: true,
    version: '1',
  });
  const said: string[] = [];
  for await (const event of engineEvents(answer)) {
    said.push(event.stream ?? '');
    if (event.error !== undefined) {
      throw new Error(`${tag}: ${event.error}\n${said.join('')}`);
    }
  }
  return tag;
}

/** An image with a reference's configuration in it; `more` is the end of its Dockerfile. */
export async function buildMailImage(
  engine: Engine,
  base: string,
  name: string,
  { reference, edits = [], more = '' }: { reference: ReferenceName; edits?: Edit[]; more?: string },
): Promise<string> {
  const { files } = applyEdits((await readReference(reference)).files, edits);
  const configuration = [...files].map(([path, { content }]) => file(`configuration/${path}`, content));
  return build(engine, `relayproof-test/${name}:latest`, base, [
    file('Dockerfile', `${await part('Dockerfile')}\n${more}\n`),
    file('start', await part('start'), true),
    file('accounts', await part('accounts'), true),
    ...configuration,
  ]);
}

/** What makes an image keep the whole contract. */
export const withHooks = [
  'COPY accounts /usr/local/lib/relayproof-hooks/accounts',
  'RUN chmod 0755 /usr/local/lib/relayproof-hooks/accounts',
  'LABEL org.relayproof.pop-age="popauth age"',
  'ENV POP3=yes',
].join('\n');

/** An image that runs one command of the shell, and has no mail server running. */
export function buildPlainImage(engine: Engine, base: string, name: string, command: string): Promise<string> {
  const lines = [
    'ARG BASE',
    'FROM $BASE',
    'LABEL org.relayproof.image="" org.relayproof.host-name=mail.hosting.example',
    `ENTRYPOINT ["/bin/sh", "-c", "${command}"]`,
  ];
  return build(engine, `relayproof-test/${name}:latest`, base, [file('Dockerfile', `${lines.join('\n')}\n`)]);
}

export async function removeImages(engine: Engine, tags: readonly string[]): Promise<void> {
  for (const tag of tags) {
    await engine.docker
      .getImage(tag)
      .remove({ force: true })
      .catch(() => {});
  }
}
