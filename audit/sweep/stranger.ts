/**
 * A stranger to ask as: a client and a recipient's domain that the rules refuse. Without one, the answer to everything
 * else would be about the wrong thing: a rule that relays to all of `org` says yes to every client that writes there.
 */

import { OUTSIDE } from '../../containers/lab/outside-domains.ts';
import type { Answer, Question, RuleTester } from '../../containers/target/rule-tester.ts';
import type { Family } from './ip.ts';

export const SENDER = `sweep@${OUTSIDE.senders}`;

const recipients = [
  ...Object.values(OUTSIDE).filter((domain) => domain !== OUTSIDE.senders),
  'stranger.invalid',
  'stranger.test',
];
const names = [
  'client.stranger.invalid',
  'client.stranger.test',
  'client.example.com',
  'client.example.org',
  'client.example.de',
];
const addresses: Record<Family, string[]> = {
  4: ['192.0.2.77', '198.51.100.77', '203.0.113.77', '9.67.201.77', '151.5.77.3'],
  6: ['2001:db8:77:0:0:0:0:77', '2a00:77:0:0:0:0:0:77', '2620:77:0:0:0:0:0:77', '3fff:77:0:0:0:0:0:77'],
};

export type Stranger = {
  address: string;
  /** A domain that is not relayed to for this client. */
  recipient: string;
  /** A verified name that does not help this client; undefined: every name does. */
  name: string | undefined;
  /** Nobody is refused anything. */
  everything: boolean;
};

/** A client whose address has no name. */
export const unnamed = (clientAddress: string, rcptTo: string): Question => ({
  clientAddress,
  clientName: '',
  clientResolve: 'FAIL',
  mailFrom: SENDER,
  rcptTo,
});

/** A client whose address has a name, and the name leads back to the address. */
export const named = (clientAddress: string, clientName: string, rcptTo: string): Question => ({
  clientAddress,
  clientName,
  clientResolve: 'OK',
  mailFrom: SENDER,
  rcptTo,
});

/** @throws Error if the rules neither refuse nor relay: then nothing can be learnt from them */
export async function findStranger(tester: RuleTester, family: Family): Promise<Stranger> {
  const pairs = recipients.flatMap((recipient) => addresses[family].map((address) => ({ recipient, address })));
  const answers = await tester.ask(pairs.map(({ address, recipient }) => unnamed(address, recipient)));
  const refused = pairs.find((_, index) => answers[index] === 'refused');
  if (refused === undefined) {
    const trouble = answers.find((answer): answer is Exclude<Answer, string> => typeof answer !== 'string');
    if (trouble) {
      throw new Error(`the target's rules refuse nobody and answer with a temporary failure: ${trouble.error}`);
    }
    const [address = '', recipient = ''] = [addresses[family][0], recipients[0]];
    return { address, recipient, name: undefined, everything: true };
  }
  const byName = await tester.ask(names.map((name) => named(refused.address, name, refused.recipient)));
  return { ...refused, name: names.find((_, index) => byName[index] === 'refused'), everything: false };
}
