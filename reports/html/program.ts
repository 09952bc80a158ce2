/** Makes one script of the page's program and what it draws with. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let made: Promise<string> | undefined;

/** The script that stands in every page; made once. */
export function pageProgram(): Promise<string> {
  made ??= build({
    entryPoints: [fileURLToPath(new URL('./browser/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  }).then((result) => result.outputFiles[0]?.text ?? '');
  return made;
}
