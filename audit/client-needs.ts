/** What a mail program that could not send would have needed, from what was said in its session. Pure. */
import type { Dialogue } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Attempt, MailClient } from '../suites/attempt.ts';
import { isSweep, type Scene } from '../suites/scene.ts';

const list = (names: readonly string[]) => names.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** What the server said to the whole session, and what of it was under TLS. */
const serverLines = (dialogues: readonly Dialogue[]) =>
  dialogues
    .filter(({ protocol }) => protocol === 'smtp')
    .flatMap(({ lines }) => lines.filter(({ from }) => from === 'server'));

/** The mechanisms that the last reply to EHLO lists. */
function listedIn(lines: readonly { text: string }[], oldKeyword: boolean): string[] {
  const pattern = oldKeyword ? /^250[ -]AUTH=(.+)$/i : /^250[ -]AUTH (.+)$/i;
  const found = lines.findLast(({ text }) => pattern.test(text));
  return (
    pattern
      .exec(found?.text ?? '')?.[1]
      ?.toUpperCase()
      .split(' ') ?? []
  );
}

const tlsName = (version: string) => version.replace(/^TLSv1$/, 'TLS 1.0').replace(/^TLSv/, 'TLS ');

/** What a session needed that ended while TLS was to begin. */
function tlsNeed({ port, implicitTls, session = [] }: Scene, { reason }: Outcome): string {
  if (/not offered/.test(reason)) {
    return `STARTTLS on port ${port}`;
  }
  if (/the client leaves/.test(reason)) {
    return 'a certificate that bears the server’s name';
  }
  const step = session.find((one) => one.do === 'starttls');
  const ability = implicitTls?.ability ?? (step?.do === 'starttls' ? step.ability : undefined);
  return ability === undefined
    ? `a TLS handshake on port ${port} that succeeds`
    : `a server that still speaks ${tlsName(ability)} (it knows nothing newer)`;
}

/** In words that are the same wherever the same is missing: tables number them. */
export function needsOf(
  { pop, mechanisms, oldKeyword }: MailClient,
  scene: Attempt['scene'],
  outcome: Outcome,
  dialogues: readonly Dialogue[],
): string {
  if (isSweep(scene)) {
    return '';
  }
  const { port } = scene;
  const lines = serverLines(dialogues);
  if (outcome.phase === 'connect') {
    return scene.implicitTls ? `port ${port}, with TLS from the first octet on` : `a server on port ${port}`;
  }
  if (outcome.phase === 'starttls') {
    return tlsNeed(scene, outcome);
  }
  if (lines.some(({ text }) => /^235\b/.test(text))) {
    return 'trust in its mechanism: it authenticates, and may not relay all the same';
  }
  if (mechanisms.length === 0) {
    return pop ? 'POP before SMTP, or AUTH switched on in it' : 'AUTH switched on in it';
  }
  const listed = listedIn(lines, oldKeyword === true);
  const usable = mechanisms.filter((mechanism) => listed.includes(mechanism));
  const where = `on port ${port}${lines.some(({ tls }) => tls) ? ' over TLS' : ' without TLS'}`;
  const tried = dialogues.some(({ lines: all }) =>
    all.some(({ from, text }) => from === 'client' && /^AUTH /i.test(text)),
  );
  if (usable.length > 0 && !tried) {
    return `another mechanism: it gives up on ${usable[0]} ${where} by itself`;
  }
  if (usable.length > 0) {
    return `a server that takes its password: AUTH ${usable[0]} ${where} was refused`;
  }
  return oldKeyword
    ? `AUTH=${list(mechanisms)} in the reply to EHLO, a form that sendmail never uses`
    : `AUTH with ${list([...mechanisms].sort())} ${where}`;
}
