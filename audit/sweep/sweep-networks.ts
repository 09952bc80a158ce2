/** The sweep over client addresses of one family. */
import type { Finding, Missing } from './findings.ts';
import {
  addressToNumber,
  type Family,
  type Network,
  networkText,
  numberToAddress,
  parseNetwork,
  subtract,
  widthOf,
} from './ip.ts';
import { compareNetworks } from './network-findings.ts';
import { exampleOf, NetworkFinder } from './networks.ts';
import { firstAddresses, leftOut } from './questions.ts';
import { accessEntries, linesOf, networkOfKey, relayMembers } from './sources.ts';
import { named, unnamed } from './stranger.ts';
import type { SweepContext } from './sweep-context.ts';

/** Networks that the configuration names, the ones that may grant something first. */
function namedNetworks(context: SweepContext): Network[] {
  const { files, facts, policy, target } = context;
  const entries = accessEntries(files, facts.maps).filter(({ tag }) => tag === 'connect' || tag === '');
  const granting = entries.filter(({ value }) => /^relay/i.test(value));
  const texts = ['sendmail.mc', 'sendmail.cf'].flatMap((file) =>
    linesOf(files, file).flatMap(
      ({ text }) => text.match(/(?<![\w.:-])(\d{1,3}(\.\d{1,3}){1,3}(\/\d+)?|ipv6:[0-9a-f:]+)(?![\w-])/gi) ?? [],
    ),
  );
  const keys = [...granting, ...relayMembers(files), ...entries].map(({ key }) => key);
  const networks = [...policy.trusted.networks, ...keys, ...context.members('R'), ...texts]
    .map(networkOfKey)
    .filter((network) => network !== undefined);
  const lab = [target.lab.plan.clients4, target.lab.plan.subnet6].map(parseNetwork);
  const distinct = new Map([...networks, ...lab].map((network) => [networkText(network), network]));
  return [...distinct.values()];
}

/** Addresses that hold a POP login's authorisation at this moment: theirs by right. */
async function popAuthorised(context: SweepContext): Promise<string[]> {
  // Somebody's own image has no popauth, and perhaps sendmail's own makemap.
  const { map } = context.policy.popAuthorization;
  const { output, status } = await context.target.shell.run(`popauth list 2> /dev/null || makemap -u ${map}`);
  return status === 0 ? output.split('\n').map((line) => line.split(/\s/)[0] ?? '') : [];
}

const numbers = (texts: readonly string[], family: Family): bigint[] =>
  texts.flatMap((text) => {
    try {
      return text.includes(':') === (family === 6) ? [addressToNumber(text)] : [];
    } catch {
      return [];
    }
  });

/** The server itself: sendmail relays for its own addresses (class w) and for loopback. */
function ownAddresses(context: SweepContext): string[] {
  const brackets = context.members('w').flatMap((member) => /^\[(?:ipv6:)?(.*)\]$/.exec(member)?.[1] ?? []);
  return ['127.0.0.1', '::1', context.target.ipv4, context.target.ipv6, ...brackets];
}

/** Networks in which no client of the lab can be. */
function unusable(context: SweepContext): Network[] {
  const { outerNetworks, plan } = context.target.lab;
  const texts = [
    '0.0.0.0/8',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/96',
    '::ffff:0:0/96',
    'fe80::/10',
    'ff00::/8',
  ];
  const lab = subtract([parseNetwork(plan.subnet4)], [parseNetwork(plan.clients4)]);
  return [...texts.map(parseNetwork), ...lab, ...outerNetworks.map(parseNetwork)];
}

export async function sweepNetworks(
  context: SweepContext,
  family: Family,
): Promise<{ findings: Finding[]; missing: Missing[] }> {
  const { stranger, policy, causes } = context;
  const networks = namedNetworks(context);
  const left = leftOut(family, networks);
  if (left > 0) {
    context.notes.push(`${left} of the networks that the files name were not asked for one by one`);
  }
  const { name } = stranger;
  const before = await popAuthorised(context);
  const finder = new NetworkFinder({
    family,
    first: firstAddresses(family, networks),
    exempt: new Set(numbers([...ownAddresses(context), ...before], family)),
    named: networks.filter((network) => network.family === family),
    ask: async (values) => {
      // With a verified name that helps nobody: rules may refuse clients without one before they look at the address.
      const answers = await context.ask(
        values.map((value) => {
          const address = numberToAddress(value, family);
          return name === undefined ? unnamed(address, stranger.recipient) : named(address, name, stranger.recipient);
        }),
      );
      return answers.map((answer) => (typeof answer === 'object' ? undefined : answer === 'relay'));
    },
  });
  const { relaying, relayingAddresses, brokenOff } = await finder.find();
  if (brokenOff) {
    context.notes.push(
      'the addresses that may relay are no networks with clear ends: the list of them is not complete',
    );
  }
  const single = new Set(numbers(relaying.length > 0 ? await popAuthorised(context) : [], family));
  const found = relaying.filter(({ base, length }) => length < widthOf(family) || !single.has(base));
  const { findings, missing, notes } = compareNetworks({
    relaying: found,
    declared: policy.trusted.networks.map(parseNetwork).filter((network) => network.family === family),
    granted: causes.networks(family),
    refused: causes.refusedNetworks(family),
    exampleIn: (network) => exampleOf(network, relayingAddresses, unusable(context)),
    causeOf: (example) => causes.forAddress(example, family),
  });
  context.notes.push(...notes);
  // No packet from outside comes from the loopback network, which stock access maps let relay.
  return { findings: findings.filter(({ what }) => !what.startsWith('127.')), missing };
}
