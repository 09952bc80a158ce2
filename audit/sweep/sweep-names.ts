/** The sweeps over names: recipients' domains that are relayed to for anybody, and client names that may relay. */
import { OUTSIDE } from '../../containers/lab/outside-domains.ts';
import type { Answer, Question, Route } from '../../containers/target/rule-tester.ts';
import {
  ANY,
  domainFinding,
  type Finding,
  forgedFinding,
  hostFinding,
  type Missing,
  missingDomain,
  missingHost,
  type Reach,
} from './findings.ts';
import { below, candidates, importantNames, mentionedNames, undeclared } from './names.ts';
import { named, unnamed } from './stranger.ts';
import type { SweepContext } from './sweep-context.ts';

export type NamesSwept = { findings: Finding[]; missing: Missing[] };

/** Asks about each name and about one below it. */
async function reachesOf(
  context: SweepContext,
  names: readonly string[],
  question: (name: string) => Question,
): Promise<Map<string, Reach>> {
  const answers = await context.ask(names.flatMap((name) => [question(name), question(below(name))]));
  return new Map(
    names.map((name, index) => [
      name,
      { self: answers[2 * index] === 'relay', below: answers[2 * index + 1] === 'relay' },
    ]),
  );
}

/** Mailers that deliver on the server itself, or not at all. */
const STAYS = /^(local|prog|discard|\*(error|file|include)\*|cyrus\w*|lmtp)$/i;

/** Whether mail for a domain would leave as it is: forwarded to somebody else's address, it is no relaying to the domain. */
const leaves = ({ mailer, user }: Route, domain: string) =>
  !STAYS.test(mailer) && user.toLowerCase().replace(/\.$/, '').endsWith(`@${domain}`);

/** Takes out what the rules accept and do not send out: local domains, virtual users, domains that a map refuses. */
async function thatLeave(context: SweepContext, reaches: Map<string, Reach>): Promise<Map<string, Reach>> {
  const relaying = [...reaches].flatMap(([name, reach]) => [
    ...(reach.self ? [name] : []),
    ...(reach.below ? [below(name)] : []),
  ]);
  const routes = await context.tester.routes(relaying.map((domain) => `rp-nobody@${domain}`));
  const out = new Set(relaying.filter((domain, index) => leaves(routes[index] as Route, domain)));
  return new Map(
    [...reaches].map(([name, reach]) => [
      name,
      { self: reach.self && out.has(name), below: reach.below && out.has(below(name)) },
    ]),
  );
}

/** A domain to send a real message to: one of the lab's if there is one. */
function exampleDomain(name: string, { self, below: all }: Reach): string {
  const lab = Object.values(OUTSIDE).find(
    (domain) => (self && domain === name) || (all && domain.endsWith(`.${name}`)),
  );
  return lab ?? (self && name.includes('.') ? name : below(name));
}

export async function sweepDomains(context: SweepContext): Promise<NamesSwept> {
  const { stranger, causes, policy, files, facts } = context;
  if (stranger.everything) {
    return {
      findings: [domainFinding(ANY, { self: true, below: true }, stranger.recipient, causes.forDomain(''))],
      missing: [],
    };
  }
  const important = importantNames(files, facts.maps, [...policy.relayTo, ...context.members('R', 'm', '{VirtHost}')]);
  const names = candidates(important, [...context.members('w'), ...mentionedNames(files)]);
  const question = (domain: string) => unnamed(stranger.address, domain);
  const accepted = await reachesOf(context, names, question);
  const reaches = await thatLeave(context, accepted);
  const own = [...context.members('w'), ...facts.localDomains.map((domain) => domain.toLowerCase())];
  const findings = [...undeclared(reaches, policy.relayTo, own)]
    .filter(([name]) => !isNobodys(name))
    .map(([name, reach]) =>
      domainFinding(name, reach, exampleDomain(name, reach), causes.forDomain(reach.self ? name : below(name))),
    );
  const missing = policy.relayTo
    .filter((domain) => !accepted.get(domain.toLowerCase().replace(/\.$/, ''))?.self)
    .map(missingDomain);
  return { findings, missing };
}

/** Whether a reverse name that does not lead back to its address is enough. */
async function forged(context: SweepContext, names: readonly string[]): Promise<Finding[]> {
  const { stranger, causes } = context;
  const questions = names.map(
    (name): Question => ({
      ...named(stranger.address, name, stranger.recipient),
      clientResolve: 'FORGED',
    }),
  );
  const answers: Answer[] = await context.ask(questions);
  return names
    .filter((_, index) => answers[index] === 'relay')
    .map((name) => forgedFinding(name, causes.forHost(name)));
}

/**
 * Names below which public DNS has nothing, so that no address of the outside leads back to one and no mail goes there (RFC 6761 6.3 for
 * localhost; localdomain is Red Hat's). Stock access maps let them relay.
 */
const isNobodys = (name: string): boolean => /(^|\.)(localhost|localdomain)\.?$/i.test(name);

export async function sweepHosts(context: SweepContext): Promise<NamesSwept> {
  const { stranger, causes, policy, files, facts } = context;
  if (stranger.name === undefined) {
    return {
      findings: [hostFinding(ANY, { self: true, below: true }, 'client.stranger.invalid', causes.forHost(''))],
      missing: [],
    };
  }
  const own = [...context.members('w'), ...facts.localDomains.map((domain) => domain.toLowerCase())];
  const important = importantNames(files, facts.maps, [
    ...policy.trusted.hosts,
    ...context.members('R', 'm', '{VirtHost}'),
    ...own,
  ]);
  const names = candidates(important, []);
  const reaches = await reachesOf(context, names, (name) => named(stranger.address, name, stranger.recipient));
  const open = [...undeclared(reaches, policy.trusted.hosts, own)];
  const nobodys = open.map(([name]) => name).filter(isNobodys);
  if (nobodys.length > 0) {
    context.notes.push(`nobody outside can have a verified name in ${nobodys.join(', ')}, which may relay`);
  }
  const findings = open
    .filter(([name]) => !isNobodys(name))
    .map(([name, reach]) => {
      const example = reach.self && name.includes('.') ? name : below(name);
      return hostFinding(name, reach, example, causes.forHost(example));
    });
  const relaying = [...reaches].filter(([, reach]) => reach.self).map(([name]) => name);
  const missing = policy.trusted.hosts
    .filter((host) => !reaches.get(host.toLowerCase().replace(/\.$/, ''))?.self)
    .map(missingHost);
  return { findings: [...findings, ...(await forged(context, relaying))], missing };
}
