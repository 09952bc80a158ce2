import { SaslError, type SaslMechanism } from './mechanism.ts';

/** Challenges that a client answers before it takes the server for one that will never come to an end. */
const MOST_CHALLENGES = 10;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Sends one line and reads the reply to it; `challenge` is the base64 text if the server wants more. */
export type SendSaslLine<Reply> = (line: string, start: boolean) => Promise<Reply & { challenge: string | undefined }>;

/**
 * Runs an exchange in the framing that SMTP (RFC 4954 section 4) and POP3 (RFC 5034 section 4) share: `AUTH name`, base64
 * lines, `*` to cancel, `=` for an initial response of no octets.
 */
export async function runSaslExchange<Reply>(
  mechanism: SaslMechanism,
  initialResponse: boolean | undefined,
  send: SendSaslLine<Reply>,
): Promise<{ reply: Reply & { challenge: string | undefined }; fault: string | undefined }> {
  let unsent = mechanism.initial;
  let opening = `AUTH ${mechanism.name}`;
  if (unsent !== undefined && (initialResponse ?? !mechanism.waits)) {
    opening += ` ${unsent().toString('base64') || '='}`;
    unsent = undefined;
  }
  let reply = await send(opening, true);
  for (let round = 0; reply.challenge !== undefined; round += 1) {
    let answer: Buffer;
    try {
      if (round >= MOST_CHALLENGES) throw new SaslError(mechanism.name, `more than ${MOST_CHALLENGES} challenges`);
      if (!BASE64.test(reply.challenge)) throw new SaslError(mechanism.name, 'the challenge is not base64');
      answer = unsent === undefined ? mechanism.respond(Buffer.from(reply.challenge, 'base64')) : unsent();
      unsent = undefined;
    } catch (error) {
      if (!(error instanceof SaslError)) throw error;
      return { reply: await send('*', false), fault: error.message };
    }
    reply = await send(answer.toString('base64'), false);
  }
  return { reply, fault: undefined };
}
