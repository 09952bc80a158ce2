/** The rules of a SARIF run: the attempts of the catalogue that have results. */
import type { ReportingDescriptor, Result } from 'sarif';
import { prose } from '../markdown.ts';
import type { AttemptDescription, Level } from '../model.ts';
import { visible } from '../visible.ts';
import { describedAs, withoutPlaceholders } from './message.ts';

export const levelOf: Record<Level, Result.level> = { must: 'error', should: 'warning', info: 'note' };

/**
 * How bad a leak is, as GitHub’s code scanning ranks it: critical from 9.0, high from 7.0, medium from 4.0, low below.
 * Who finds an open relay uses it within hours, and for anything.
 */
const leakSeverity: Record<Level, string> = { must: '9.1', should: '6.0', info: '3.0' };

// Without what ends a link in Markdown, and in ASCII: a URI has nothing else (RFC 3986, 2).
const webAddress = /^https?:\/\/[\w.~:/?#@!$&'*+,;=%-]+$/i;
/** GitHub’s code scanning takes twenty tags. */
const MOST_CLAUSES = 15;

function clausesAsMarkdown({ clauses }: AttemptDescription): string[] {
  if (clauses.length === 0) return [];
  const lines = clauses.map(({ id, title, url }) => {
    const words = prose(`${id}: ${title}`);
    return webAddress.test(url) && url.length < 1000 ? `- [${words}](<${url}>)` : `- ${words}`;
  });
  return ['', 'Clauses:', '', ...lines];
}

/** The rule of an attempt; one that the catalogue does not know is a rule by its id alone. */
export function ruleOf(id: string, description: AttemptDescription | undefined): ReportingDescriptor {
  const named = visible(id, 300);
  if (description === undefined) {
    const unknown = describedAs('The catalogue of this report does not describe this attempt: it counts as a must.');
    return {
      id: named,
      shortDescription: describedAs(id),
      fullDescription: unknown,
      help: unknown,
      defaultConfiguration: { level: 'error' },
    };
  }
  const { title, requirement, remedy, clauses, level, effect, suite, aliases } = description;
  const remedies = remedy === '' ? 'The catalogue names no remedy.' : remedy;
  const markdown = [prose(requirement), '', `Remedy: ${prose(remedies)}`, ...clausesAsMarkdown(description)];
  const words = [
    `Remedy: ${remedies}`,
    ...clauses.map((clause) => `${clause.id}: ${clause.title}${webAddress.test(clause.url) ? ` <${clause.url}>` : ''}`),
  ];
  return {
    id: named,
    shortDescription: describedAs(title),
    fullDescription: describedAs(requirement),
    help: {
      text: words.map((line) => describedAs(line).text).join('\n'),
      markdown: withoutPlaceholders(markdown.join('\n')),
    },
    defaultConfiguration: { level: levelOf[level] },
    properties: {
      tags: [
        'security',
        'sendmail',
        visible(suite, 100),
        effect,
        ...aliases.slice(0, 5).map((one) => visible(one, 100)),
      ],
      effect,
      level,
      clauses: clauses.slice(0, MOST_CLAUSES).map((clause) => visible(clause.id, 200)),
      precision: 'very-high',
      ...(effect === 'leak' ? { 'security-severity': leakSeverity[level] } : {}),
    },
  };
}
