/** What can be told of ci/Jenkinsfile without Jenkins: whether its brackets close, and what its shell scripts are. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { project } from './command-line.ts';

export const readJenkinsfile = () => readFile(join(project, 'ci/Jenkinsfile'), 'utf8');

/** Strings of Groovy in their four forms, and comments. https://groovy-lang.org/syntax.html */
const inert = /'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\/.*|\/\*[\s\S]*?\*\//g;

/** The brackets that do not close, or close what is not open; empty for a good file. */
export function openBrackets(text: string): string[] {
  const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  const open: string[] = [];
  for (const sign of text.replaceAll(inert, '').replaceAll(/[^()[\]{}'"]/g, '')) {
    const begun = pairs[sign];
    if (begun === undefined) open.push(sign);
    else if (open.at(-1) === begun) open.pop();
    else return [...open, sign];
  }
  return open;
}

/** The text of each `sh` step. Only strings in which Groovy replaces nothing are taken. */
export function shellScripts(text: string): string[] {
  const steps = [...text.matchAll(/\bsh\b(?![\w-])\s*(?:\(\s*)?('''([\s\S]*?)'''|\S+)/g)];
  return steps.map(([step, , script]) => {
    if (script === undefined || script.includes('\\')) throw new Error(`Groovy may change this script: ${step}`);
    return script;
  });
}
