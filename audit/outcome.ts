/** From replies of the target to outcomes. */
import type { SmtpReply } from '../clients/smtp-dialogue.ts';
import type { Phase } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';

/** The text without the addresses that it repeats: a host called relay.example says nothing about relaying. */
const withoutAddresses = (text: string) => text.replace(/<[^>]*>/g, '').replace(/\S*@\S*/g, '');

/**
 * 5xx that denies relaying or asks for authentication: 5.7.x of RFC 3463, 530 of RFC 4954 section 6, or, where there
 * is no enhanced status, its words.
 */
export function deniesRelaying(reply: SmtpReply): boolean {
  if (reply.code === 530 || reply.code === 535) {
    return true;
  }
  return reply.enhanced === undefined
    ? /\brelay(?:ing|ed)?\b(?![.\w@-])/i.test(withoutAddresses(reply.text))
    : reply.enhanced.startsWith('5.7.');
}

/** What a reply that is not the wanted one means. */
export function outcomeOfReply(reply: SmtpReply, phase: Phase): Outcome {
  const enhanced = reply.enhanced === undefined ? {} : { enhanced: reply.enhanced };
  const { code } = reply;
  const reason = reply.text;
  if (reply.code >= 500) {
    return { observed: deniesRelaying(reply) ? 'refused' : 'rejected', phase, reason, code, ...enhanced };
  }
  if (reply.code >= 400) {
    return { observed: 'deferred', phase, reason, code, ...enhanced };
  }
  return { observed: 'error', phase, reason: `unexpected reply: ${reason}`, code };
}
