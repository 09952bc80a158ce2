import type { Docker } from './find-engine.ts';

/** The image's id (`sha256:…`) if the engine has it, without any network access; throws if the engine does not answer. */
export async function localImageId(docker: Docker, name: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether an engine's error says that what was named is not there. */
export function isGone(error: unknown): boolean {
  return statusCodeOf(error) === 404;
}

/** The HTTP status of an engine's error; undefined for other errors. */
export function statusCodeOf(error: unknown): number | undefined {
  const code = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof code === 'number' ? code : undefined;
}

/** What an engine's error says, without the client's own words around it. */
export function engineMessage(error: unknown): string {
  const said = (error as { json?: { message?: unknown } } | null)?.json?.message;
  if (typeof said === 'string') return said;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [a-z ]*- /, '');
}
