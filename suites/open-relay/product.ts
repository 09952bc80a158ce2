/** Every sender form with every recipient form, on both ports, and the forms once each over IPv6. */
import { ports } from '../attempt.ts';
import { blocked, type Draft, remedy } from './blocked.ts';
import { nobodyHere, oddLines } from './odd-lines.ts';
import { type RecipientForm, recipients } from './recipients.ts';
import { type SenderForm, type SenderKey, senders } from './senders.ts';
import { aliasesOf, nmapRecipients, numbered, subsets } from './subsets.ts';

type Way = { family: 'ipv4' | 'ipv6'; port: 25 | 587; suffix: string; where: string };

const overIpv4: readonly Way[] = ports.map((way) => ({ family: 'ipv4', ...way }));
const ipv6: Way = { family: 'ipv6', port: 25, suffix: '-ipv6', where: 'over IPv6, on port 25' };

/** The sender that a recipient form is written from where only one is: nmap's, or a stranger without a local name. */
const usualSender = (to: string) => (nmapRecipients.has(to) ? 'literal' : 'other-outside');

function nameOf(from: string, { key: to, needs }: RecipientForm): string {
  if (to === 'plain') {
    return `${from}-sender`;
  }
  // Apart from the rest, since only some configurations can be asked it.
  if (needs !== undefined) {
    return `${from}-via-${to}`;
  }
  return from === 'literal' && nmapRecipients.has(to) ? to : `${from}-to-${to}`;
}

/** The faults by which this form in particular gets through. */
function remedyOf({ key, to }: RecipientForm): string {
  if (to.includes('%')) {
    return (
      `${remedy} Where a percent sign alone opens the way: take out FEATURE(\`loose_relay_check’), and write ` +
      'FEATURE(`nopercenthack’, `reject’) if it is used, not `nospecial’: addresses with a percent sign are then refused, local ones too.'
    );
  }
  if (to.includes('!')) {
    return (
      `${remedy} Where a bang alone opens the way: take out FEATURE(\`loose_relay_check’), and write ` +
      'FEATURE(`nouucp’, `reject’), not `nospecial’: addresses with a bang are then refused, local ones too.'
    );
  }
  return key.includes('quoted') || key.includes('source-route')
    ? `${remedy} Rules of your own must not take an address for local before sendmail’s own have taken it apart.`
    : remedy;
}

function draft(name: string, from: SenderForm, to: RecipientForm, way: Way, more: Partial<Draft> = {}): Draft {
  const rejectedWith = [...(from.refusedAs === undefined ? [] : [from.refusedAs]), ...(to.rejectedWith ?? [])];
  return {
    ...blocked,
    id: `open-relay/${name}${way.suffix}`,
    title: `from ${from.words} to ${to.words}, ${way.where}`,
    ...(rejectedWith.length > 0 ? { rejectedWith } : {}),
    ...(to.needs === undefined ? {} : { applies: { needs: to.needs } }),
    ...(to.noControl === undefined ? {} : { noControl: to.noControl }),
    remedy: remedyOf(to),
    scene: {
      family: way.family,
      port: way.port,
      tls: false,
      mailFrom: from.from,
      rcptTo: to.to,
      destination: 'sink',
    },
    ...more,
  };
}

/** The whole product over IPv4. What stands for the rest: each form once on each port, and the published subsets. */
const product = senders.flatMap((from) =>
  recipients.flatMap((to: RecipientForm) =>
    overIpv4.map((way) => {
      const aliases = way.port === 25 ? aliasesOf(from.key, to.key) : [];
      const stands = aliases.length > 0 || to.key === 'plain' || from.key === usualSender(to.key);
      return draft(nameOf(from.key, to), from, to, way, { aliases, ...(stands ? {} : { ofProduct: true }) });
    }),
  ),
);

function sender(key: SenderKey): SenderForm {
  const found = senders.find((one) => one.key === key);
  if (found === undefined) {
    throw new Error(`no sender form is called ${key}`);
  }
  return found;
}

const [plain, ...otherForms]: readonly RecipientForm[] = recipients;
if (plain === undefined) {
  throw new Error('there are no recipient forms');
}

// Rules see the family in the client's address alone, never in an envelope: each form once shows that, on port 25. The
// plain stranger is tried on both ports, since a daemon may be bound to one family.
const overIpv6: readonly Draft[] = [
  draft('outside-sender', sender('outside'), plain, {
    ...ipv6,
    port: 587,
    suffix: '-ipv6-submission',
    where: 'over IPv6, on port 587',
  }),
  draft('outside-sender', sender('outside'), plain, ipv6),
  ...[
    ...senders.filter(({ key }) => key !== 'outside').map((from) => [from, plain] as const),
    ...otherForms.map((to) => [sender('other-outside'), to] as const),
  ].map(([from, to]) => draft(nameOf(from.key, to), from, to, ipv6, { ofProduct: true })),
];

const odd = oddLines.flatMap((to) =>
  overIpv4.map((way) => {
    const name = to.needs === undefined ? `odd-${to.key}` : `odd-via-${to.key}`;
    return draft(name, sender('other-outside'), to, way, way.port === 25 ? {} : { ofProduct: true });
  }),
);

/** No relaying, and tried all the same: who is unknown here must not be looked for elsewhere. */
const nobody = nobodyHere.flatMap((to) =>
  overIpv4.map((way) => {
    const published = to.key === 'at-own-literal';
    return draft(`nobody-${to.key}`, sender(published ? 'literal' : 'other-outside'), to, way, {
      ...(way.port === 25 ? { aliases: published ? aliasesOf('literal', to.key) : [] } : { ofProduct: true }),
      requirement: 'A server MUST NOT pass a stranger’s message to an unknown user of its own on to another host.',
      remedy:
        'Remove LUSER_RELAY, or let it name a host of the same house: it is given what nobody here is called. ' +
        'Mail to unknown users is then refused, misspelt addresses too.',
    });
  }),
);

const inNmapsOrder = new Map(subsets.nmap.map((_, index) => [numbered('nmap', index), index]));

/** A pair's place among nmap's, by its alias or by that of the same pair on port 25. */
const placeOf = new Map<string, number>(
  product.flatMap(({ id, aliases }) =>
    aliases.flatMap((alias) => {
      const place = inNmapsOrder.get(alias);
      return place === undefined ? [] : [[id, place] as const];
    }),
  ),
);
const place = ({ id }: Draft) => placeOf.get(id.replace(/-submission$/, '')) ?? placeOf.size;

/** nmap's pairs first, in nmap's order. */
export const addressForms: readonly Draft[] = [
  ...product.toSorted((one, other) => place(one) - place(other)),
  ...nobody,
  ...odd,
  ...overIpv6,
];
