/** The state of one attempt while it is performed, and the evidence that comes out of it. */
import { randomBytes } from 'node:crypto';
import { clientName } from '../containers/lab/agent/zone.ts';
import type { Target } from '../containers/target/target.ts';
import { HOME_ACCOUNT } from '../containers/target/target-container.ts';
import type { Dialogue, Evidence, MailboxRecord, SinkRecord } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { PopStep, Scene } from '../suites/scene.ts';
import { isRight } from './credentials.ts';
import { linesOf, observedAddress } from './log-search.ts';
import { fillNames, type SceneNames } from './names.ts';
import { trustedAddress } from './trusted-address.ts';

/** The addresses that one attempt uses, all its own. */
export type Places = {
  /** Where the message is sent from. */
  sender: string;
  /** Where a POP login of each kind comes from. */
  login: Record<Extract<PopStep, { do: 'login' }>['from'], string>;
};

const popStepsOf = ({ pop = [], session = [], by }: Scene): readonly PopStep[] => [
  ...pop,
  ...(by?.pop ? [{ do: 'login', with: 'right-password', from: 'same' } as const] : []),
  ...session.flatMap((step) => (step.do === 'pop' ? step.steps : [])),
];

/**
 * Whether the client needs a network of its own: it logs in from several addresses of it, or its authorisation ends, and
 * the login of a neighbour must not take its place where a fault makes authorisation spread.
 */
export const needsNetworkApart = (scene: Scene): boolean =>
  popStepsOf(scene).some(
    (step) => step.do === 'age' || (step.do === 'login' && step.from !== 'same' && step.from !== 'other-family'),
  );

/** Whether anybody logs in with success from there: others who have no right must not be his neighbours. */
const authorises = (scene: Scene, from: keyof Places['login']): boolean =>
  popStepsOf(scene).some(
    (step) => step.do === 'login' && step.from === from && step.as === undefined && isRight(step.with),
  );

const loopback = { ipv4: '127.0.0.1', ipv6: '::1' } as const;

/** Whether the connection begins inside the target. */
export const isFromInside = ({ client }: Scene): boolean => client?.startsWith('the-server-') === true;

/** Chooses the addresses: apart from all others where POP matters, since authorisation may spread over a network. */
export function choosePlaces(target: Target, scene: Scene, from?: string): Places {
  const book = target.addresses;
  const { client } = scene;
  const pop = popStepsOf(scene).length > 0;
  if (!pop) {
    let sender: string;
    if (from !== undefined) {
      sender = from;
    } else if (client === 'the-server-itself') {
      sender = scene.family === 'ipv6' ? target.ipv6 : target.ipv4;
    } else if (client === 'the-server-over-loopback') {
      sender = loopback[scene.family];
    } else if (client) {
      sender = trustedAddress(target.configuration.policy, scene.family, client);
    } else {
      sender = scene.family === 'ipv6' ? book.next6() : book.next4();
    }
    const login = { same: sender, neighbour: sender, prefix: sender, longer: sender, 'other-family': sender };
    return { sender, login };
  }
  const apart = needsNetworkApart(scene) ? book.apart4() : undefined;
  const holder = scene.family === 'ipv6' ? 'other-family' : 'same';
  const ipv4 = apart?.at(25) ?? (authorises(scene, holder) ? book.login4() : book.next4());
  const ipv6 = book.next6();
  const near = { neighbour: apart?.at(77) ?? ipv4, prefix: apart?.at(2) ?? ipv4, longer: apart?.at(250) ?? ipv4 };
  return scene.family === 'ipv6'
    ? { sender: ipv6, login: { same: ipv6, ...near, neighbour: book.next6(), 'other-family': ipv4 } }
    : { sender: ipv4, login: { same: ipv4, ...near, 'other-family': ipv6 } };
}

/** A fresh token: `rp` and 16 hexadecimal digits. */
export function newToken(): string {
  return `rp${randomBytes(8).toString('hex')}`;
}

let turn = 0;

const PADDING_LINE = 'x'.repeat(70);

/** Lines of so many octets in all, line ends included. */
const padding = (octets: number) => new Array<string>(Math.ceil(octets / (PADDING_LINE.length + 2))).fill(PADDING_LINE);

/** Addresses and domains that the configuration itself names. */
function namedByConfiguration({ facts, configuration }: Target): Partial<SceneNames> {
  const { relayTo, trusted } = configuration.policy;
  return {
    alias: facts.outsideAliases[0],
    virtual: facts.outsideVirtualUsers[0],
    relayTo: relayTo[0],
    trustedHost: trusted.hosts[0],
    refusedSender: facts.refusedSenders[0],
    refusedRecipient: facts.refusedRecipients[0],
  };
}

export class Performance {
  readonly target: Target;
  readonly scene: Scene;
  readonly token = newToken();
  readonly places: Places;
  readonly account: string;
  readonly other: string;
  readonly names: SceneNames;
  readonly mailFrom: string;
  readonly rcptTo: string;
  readonly dialogues: Dialogue[] = [];
  readonly queueIds: string[] = [];
  readonly notes: string[] = [];
  sink: SinkRecord[] = [];
  /** Of those, local mail that reached the hub which keeps it. */
  atHub: SinkRecord[] = [];
  mailbox: MailboxRecord[] = [];
  /** What the delivery has done to the message, in words. */
  damage: string | undefined;
  #message: string | undefined;
  identity = 'stranger';
  fate: string | undefined;
  readonly #meanwhile: Promise<Outcome | undefined>[] = [];

  constructor(target: Target, scene: Scene, from?: string) {
    this.target = target;
    this.scene = scene;
    this.places = choosePlaces(target, scene, from);
    const accounts = target.users;
    const next = turn++;
    this.account = scene.home ? HOME_ACCOUNT : (accounts[next % accounts.length] ?? '');
    this.other = accounts[(next + 1) % accounts.length] ?? '';
    const { reverse } = scene.names ?? {};
    const { sender } = this.places;
    this.names = {
      token: this.token,
      hostName: target.hostName,
      ipv4: target.ipv4,
      ipv6: target.ipv6,
      localDomain: target.localDomain,
      account: this.account,
      other: this.other,
      client: sender,
      name: clientName(sender),
      neighbour: clientName(this.places.login.neighbour),
      sink: target.lab.plan.helper4,
      sink6: target.lab.plan.helper6,
      ...namedByConfiguration(target),
    };
    if (Array.isArray(reverse) && reverse[0] !== undefined) {
      this.names.name = this.fill(reverse[0]);
    }
    this.mailFrom = this.fill(scene.mailFrom);
    this.rcptTo = this.fill(scene.rcptTo);
  }

  fill(template: string): string {
    return fillNames(template, { ...this.names, ...(template.includes('{message}') ? { message: this.message } : {}) });
  }

  /** Keeps what goes on while the attempt does, up to its end. */
  goesOnMeanwhile(what: Promise<Outcome | undefined>): void {
    // A failure is looked at in the end, and must not end the process before.
    what.catch(() => {});
    this.#meanwhile.push(what);
  }

  /** What went wrong with all that went on meanwhile, once it is over. */
  async endOfMeanwhile(): Promise<Outcome | undefined> {
    return (await Promise.all(this.#meanwhile)).find((outcome) => outcome !== undefined);
  }

  /** Keeps the name that the target gave a message that it took. */
  tookMessage(queueId: string | undefined): void {
    if (queueId !== undefined) {
      this.queueIds.push(queueId);
    }
  }

  /** The target's address in the scene's family. */
  get host(): string {
    if (this.scene.client === 'the-server-over-loopback') {
      return loopback[this.scene.family];
    }
    return this.scene.family === 'ipv6' ? this.target.ipv6 : this.target.ipv4;
  }

  /** The message, with the token in header and body: the same whenever it is asked for. */
  get message(): string {
    this.#message ??= this.#compose();
    return this.#message;
  }

  #compose(): string {
    const bare = (path: string) => path.replace(/^<|>$/g, '');
    return [
      `From: ${bare(this.mailFrom) || 'postmaster@outside.example'}`,
      `To: ${this.account}@${this.target.localDomain}`,
      `Subject: relayproof ${this.token}`,
      `Message-ID: <${this.token}@relayproof.example>`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      ...(this.scene.header === undefined ? [] : this.fill(this.scene.header).split('\n')),
      '',
      `This message tests whether it gets through. ${this.token}`,
      ...(this.scene.body === undefined ? [] : this.fill(this.scene.body).split('\n')),
      ...padding(this.scene.padding ?? 0),
      '',
    ].join('\r\n');
  }

  evidence(): Evidence {
    const addresses = [...new Set([this.places.sender, ...this.dialogues.map((dialogue) => dialogue.client)])];
    const log = linesOf(this.target.log, addresses, this.queueIds);
    const observed = observedAddress(log, this.places.sender);
    return {
      clientAddress: this.places.sender,
      ...(observed === undefined ? {} : { observedAddress: observed }),
      identity: this.identity,
      port: this.scene.port,
      token: this.token,
      envelope: { mailFrom: this.mailFrom, rcptTo: [this.rcptTo] },
      dialogues: this.dialogues,
      queueIds: this.queueIds,
      sink: this.sink,
      mailbox: this.mailbox,
      log,
      ...(this.fate === undefined ? {} : { fate: this.fate }),
      notes: this.notes,
    };
  }
}

/**
 * Whether a message is the attempt's own. A delivery report that the target makes of it quotes the token as well, but
 * comes from nobody and has a subject of its own (RFC 3464 2.1.3).
 */
export const isItself = ({ token }: Performance, { subject }: { subject: string }): boolean => subject.includes(token);

export type Performed = { outcome: Outcome; evidence: Evidence; notSeen: string | undefined; durationMs: number };
