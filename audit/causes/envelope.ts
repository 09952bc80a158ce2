/** What an attempt's own session looked like to the target's rules, read from its evidence. */
import { groupsOf } from '../../containers/lab/agent/zone.ts';
import type { EnvelopeQuestion } from '../../containers/target/rule-tracer.ts';
import type { Listener } from '../../containers/target/target-facts.ts';
import type { AttemptResult, Dialogue, Evidence } from '../../reports/model.ts';
import type { Scene } from '../../suites/scene.ts';
import { listenerOn } from '../applicability.ts';

const sendmailAddress = (address: string) =>
  address.includes(':') ? groupsOf(address).join(':').toLowerCase() : address;

/** The client's name as the target logged it, and whether it believed it. */
function clientNames({ log, clientAddress }: Evidence, { names }: Pick<Scene, 'names'>) {
  const spelled = sendmailAddress(clientAddress);
  for (const { text } of log) {
    const [, name, address, forged] =
      /(?:connect from|relay=)\s*([^\s[]*) ?\[(?:IPv6:)?([^\]]+)\]( \(may be forged\))?/.exec(text) ?? [];
    if (text.startsWith('sendmail') && address?.toLowerCase() === spelled) {
      const resolve = name ? (forged ? 'FORGED' : 'OK') : names?.reverse === 'temporary-failure' ? 'TEMP' : 'FAIL';
      return { clientName: name ?? '', clientResolve: resolve } as const;
    }
  }
  return { clientName: '', clientResolve: 'FAIL' } as const;
}

/** Commands of a session with the replies that they got. */
export function exchanges({ lines }: Dialogue): { command: string; reply: string }[] {
  return lines.flatMap((line, index) => {
    if (line.from !== 'client') {
      return [];
    }
    const reply = lines.slice(index + 1).find(({ from }) => from === 'server');
    return [{ command: line.text, reply: reply?.text ?? '' }];
  });
}

const path = (command: string, verb: RegExp) => verb.exec(command)?.[1];
const MAIL = /^MAIL\s+FROM:\s*(<[^>]*>|\S+)/i;
const RCPT = /^RCPT\s+TO:\s*(<.*>|\S+)/i;
const bare = (text: string) => text.replace(/^<|>$/g, '');

/** Who authenticated in a session, if anybody did, as macros. */
function authMacros(dialogue: Dialogue, { identity }: Evidence): Record<string, string> {
  let mechanism = '';
  for (const { from, text } of dialogue.lines) {
    mechanism = (from === 'client' && /^AUTH (\S+)/i.exec(text)?.[1]) || mechanism;
    if (from === 'server' && text.startsWith('235') && mechanism !== '') {
      const user = /^authenticated as (\S+)/.exec(identity)?.[1] ?? 'somebody';
      return { '{auth_type}': mechanism.toUpperCase(), '{auth_authen}': user };
    }
  }
  return {};
}

/** Names of the lab's authorities, as sendmail has them in macros (see image/relayproof/client-certificate). */
const LAB_CA = '/O=relayproof+20lab/CN=relayproof+20lab+20CA';
const OTHER_CA = '/O=Somebody+20else/CN=An+20authority+20that+20signs+20for+20anybody';
const issuers: Record<string, string> = { 'other-authority': OTHER_CA, 'other-name': LAB_CA, partner: LAB_CA };

function tlsMacros(dialogue: Dialogue, { log, identity }: Evidence): Record<string, string> {
  if (!dialogue.lines.some(({ tls }) => tls)) {
    return {};
  }
  const said = log.map(({ text }) => text);
  const find = (pattern: RegExp) => said.map((text) => pattern.exec(text)?.[1]).find((value) => value !== undefined);
  const verify = find(/STARTTLS=server,.*\bverify=(\w+)/) ?? 'NO';
  const issuer = issuers[/certificate \(([\w-]+)\)/.exec(identity)?.[1] ?? ''];
  return {
    '{verify}': verify,
    '{tls_version}': find(/STARTTLS=server,.*\bversion=(\S+?),/) ?? 'TLSv1.3',
    ...(issuer ? { '{cert_issuer}': issuer } : {}),
  };
}

/** The session that went farthest: the last one with a recipient, else with a sender. */
function decidingDialogue({ dialogues }: Evidence): Dialogue | undefined {
  const smtp = dialogues.filter(({ protocol }) => protocol === 'smtp');
  const has = (verb: RegExp) =>
    smtp.filter(({ lines }) => lines.some(({ from, text }) => from === 'client' && verb.test(text)));
  return has(RCPT).at(-1) ?? has(MAIL).at(-1);
}

const server = (dialogue: Dialogue) => Number(/:(\d+)$/.exec(dialogue.server)?.[1] ?? 25);

/**
 * The question that an attempt's session put to the rules: its sender where that was refused, else the recipient that
 * counts. Undefined where no session came as far as an envelope.
 */
export function questionOf(
  result: Pick<AttemptResult, 'phase'>,
  evidence: Evidence,
  scene: Scene,
  listeners: readonly Listener[],
): EnvelopeQuestion | undefined {
  const dialogue = decidingDialogue(evidence);
  if (!dialogue) {
    return undefined;
  }
  const said = exchanges(dialogue);
  const senders = said.flatMap(({ command, reply }) => {
    const found = path(command, MAIL);
    return found === undefined ? [] : [{ found, reply }];
  });
  const recipients = said.flatMap(({ command, reply }) => {
    const found = path(command, RCPT);
    return found === undefined
      ? []
      : [
          {
            found,
            taken: reply.startsWith('2'),
            outside: command.includes(bare(evidence.envelope?.rcptTo[0] ?? '\n')),
          },
        ];
  });
  const chosen =
    recipients.find(({ outside, taken }) => outside && taken) ??
    recipients.find(({ outside }) => outside) ??
    recipients.filter(({ taken }) => taken).at(-1) ??
    recipients.at(-1);
  const ruleset = result.phase === 'mail' || !chosen ? 'check_mail' : 'check_rcpt';
  const sender = bare(senders.at(-1)?.found ?? '');
  const address = ruleset === 'check_mail' ? (senders.at(-1)?.found ?? '<>') : (chosen?.found ?? '');
  const greeting = said.map(({ command }) => /^(?:EHLO|HELO)\s+(\S+)/i.exec(command)?.[1]).findLast((name) => name);
  return {
    ruleset,
    address,
    listener: listenerOn({ listeners }, server(dialogue), scene.family),
    question: {
      clientAddress: sendmailAddress(evidence.clientAddress),
      ...clientNames(evidence, scene),
      mailFrom: sender,
      rcptTo: bare(chosen?.found ?? ''),
    },
    macros: {
      ...(greeting ? { s: greeting } : {}),
      '{nrcpts}': String(Math.max(0, chosen ? recipients.indexOf(chosen) : 0)),
      ...authMacros(dialogue, evidence),
      ...tlsMacros(dialogue, evidence),
      ...claimedAuthor(said),
    },
  };
}

/** The AUTH parameter of MAIL. */
function claimedAuthor(said: readonly { command: string }[]): Record<string, string> {
  const author = said.map(({ command }) => /^MAIL .*\sAUTH=(\S+)/i.exec(command)?.[1]).find((value) => value);
  return author ? { '{auth_author}': author } : {};
}
