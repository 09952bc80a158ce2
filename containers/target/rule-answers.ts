/** What `sendmail -bt` (address test mode) prints, read as answers. */

/** `relay`: the recipient would be accepted. An error is neither that nor a refusal: a 4xx reply, or no answer. */
export type Answer = 'relay' | 'refused' | { error: string };

/** Where the rules would hand a message for an address. */
export type Route = { mailer: string; host: string; user: string };

/** What a result of check_rcpt does to the recipient: everything but an error and a discard accepts it. */
export function verdictOf(result: string): Answer {
  const error = /^\$# ?error (?:\$@ ?(\S+(?: ?\. ?\d+)*) )?\$: ?(.*)$/.exec(result);
  if (error) {
    const [, status = '', text = ''] = error;
    const code = /^"?([245])\d\d\b/.exec(text)?.[1];
    const temporary = code === undefined ? /^(4\b|tempfail)/i.test(status) : code === '4';
    return temporary ? { error: text.replaceAll('"', '').trim() } : 'refused';
  }
  return /^\$# ?(discard|error)\b/.test(result) ? 'refused' : 'relay';
}

/**
 * Finds the answers in the output. A ruleset may call others, or itself: the last result before the next question counts.
 *
 * @throws Error if a question has no answer
 */
export function answersIn(output: string, count: number): Answer[] {
  if (/^(?:> )*Undefined ruleset check_rcpt/m.test(output)) {
    // No such ruleset: sendmail then takes every recipient.
    return new Array<Answer>(count).fill('relay');
  }
  const answers = new Array<Answer | undefined>(count).fill(undefined);
  let current = -1;
  for (const line of output.split('\n')) {
    const asked = /^(?:> )+check_rcpt +input: <? ?q(\d+) @/.exec(line);
    if (asked) {
      current = Number(asked[1]);
      continue;
    }
    const returned = /^check_rcpt +returns: ?(.*)$/.exec(line);
    if (returned && current >= 0 && current < count) {
      answers[current] = verdictOf((returned[1] ?? '').trim());
    }
  }
  const missing = answers.indexOf(undefined);
  if (missing >= 0) {
    const said = output.split('\n').filter((line) => !/^(> )*check_rcpt/.test(line));
    throw new Error(
      `sendmail -bt gave no answer to question ${missing + 1} of ${count}: ${said.slice(0, 5).join(' / ')}`,
    );
  }
  return answers as Answer[];
}

/** Reads the last line of each answer of `/parse`. @throws Error if one has none */
export function routesIn(output: string, count: number): Route[] {
  const routes = output
    .split('\n')
    .map((line) => /^mailer ([^,]+)(?:, host (.*?))?(?:, user (.*))?$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, mailer = '', host = '', user = '']) => ({ mailer, host, user }));
  if (routes.length !== count) {
    throw new Error(`sendmail -bt routed ${routes.length} of ${count} addresses`);
  }
  return routes;
}
