/** Looks for a scene's message in the account's mailbox, over POP3: the visit is a POP login as well. */
import { fetchMailbox } from '../clients/mailbox-reader.ts';
import { PopDialogue } from '../clients/pop-dialogue.ts';
import { describeMessage } from '../containers/lab/agent/message.ts';
import { damageDone } from './message-comparison.ts';
import { isItself, type Performance } from './performance.ts';

const MAILBOX_DEADLINE_MS = 30_000;

/**
 * The octets of the attempt's own message, looked for from the newest on; undefined if it is not there. The library that
 * reads mailboxes drops the eighth bit.
 */
async function copyIn({ target, account, token }: Performance): Promise<string | undefined> {
  const session = await PopDialogue.open({
    dial: target.lab.dial,
    from: target.addresses.forReading(),
    host: target.ipv4,
    port: 110,
  });
  try {
    await session.login(account, target.password(account));
    const { lines } = await session.multiline('LIST');
    for (const line of lines.reverse()) {
      const copy = (await session.multiline(`RETR ${Number.parseInt(line, 10)}`)).lines.join('\r\n');
      if (describeMessage(copy).subject.includes(token)) {
        return copy;
      }
    }
    return undefined;
  } finally {
    await session.quit();
  }
}

const recordOf = ({ account }: Performance, message: string) => ({
  account,
  bytes: message.length,
  ...describeMessage(message),
});

async function compareCopy(performance: Performance): Promise<void> {
  const copy = await copyIn(performance);
  if (copy !== undefined) {
    performance.mailbox = [recordOf(performance, copy)];
    performance.damage = damageDone(Buffer.from(performance.message).toString('latin1'), copy);
    performance.notes.push(`the mailbox of ${performance.account} was read over POP3 up to the message`);
  }
}

/** Looks for the message, from an address of the reader's own, and keeps what is there as evidence. */
export async function lookIntoMailbox(performance: Performance): Promise<void> {
  const { target, account, token, scene } = performance;
  if (scene.whole) {
    return compareCopy(performance);
  }
  const { messages, dialogue } = await fetchMailbox({
    dial: target.lab.dial,
    from: target.addresses.forReading(),
    host: target.ipv4,
    port: 110,
    user: account,
    password: target.password(account),
    deadlineMs: MAILBOX_DEADLINE_MS,
    wanted: (message) => isItself(performance, describeMessage(message)),
  });
  performance.mailbox = messages
    .filter((message) => message.includes(token))
    .map((message) => recordOf(performance, message))
    .filter((record) => isItself(performance, record));
  performance.notes.push(
    `the mailbox of ${account} was read over POP3, the newest first: ${messages.length} messages (${dialogue.lines.length} lines)`,
  );
}
