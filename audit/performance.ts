/** The state of one attempt while it is performed, and the evidence that comes out of it. */
import { randomBytes } from 'node:crypto';
import { clientName } from '../containers/lab/agent/zone.ts';
import { HOME_ACCOUNT, type Target } from '../containers/target/target.ts';
import type { Dialogue, Evidence, MailboxRecord, SinkRecord } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Scene } from '../suites/scene.ts';
import { linesOf, observedAddress } from './log-search.ts';
import { fillNames, type SceneNames } from './names.ts';
import { trustedAddress } from './trusted-address.ts';

/** The addresses that one attempt uses, all its own. */
export type Places = {
  /** Where the message is sent from. */
  sender: string;
  /** Where a POP login of each kind comes from. */
  login: Record<'same' | 'neighbour' | 'prefix' | 'other-family', string>;
};

export const usesPop = ({ pop, session }: Scene): boolean =>
  pop !== undefined || session?.some((step) => step.do === 'pop') === true;

/** Chooses the addresses: apart from all others where POP is involved, since authorisation may spread over a network. */
export function choosePlaces(target: Target, scene: Scene): Places {
  const book = target.addresses;
  const { client } = scene;
  if (!usesPop(scene)) {
    let sender: string;
    if (client === 'the-server-itself') {
      sender = scene.family === 'ipv6' ? target.ipv6 : target.ipv4;
    } else if (client) {
      sender = trustedAddress(target.configuration.policy, scene.family, client);
    } else {
      sender = scene.family === 'ipv6' ? book.next6() : book.next4();
    }
    return { sender, login: { same: sender, neighbour: sender, prefix: sender, 'other-family': sender } };
  }
  const apart = book.apart4();
  const ipv6 = book.next6();
  const sender = scene.family === 'ipv6' ? ipv6 : apart.at(57);
  return {
    sender,
    login: {
      same: sender,
      neighbour: apart.at(200),
      prefix: apart.at(5),
      'other-family': scene.family === 'ipv6' ? apart.at(57) : ipv6,
    },
  };
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
  mailbox: MailboxRecord[] = [];
  identity = 'stranger';
  fate: string | undefined;

  constructor(target: Target, scene: Scene) {
    this.target = target;
    this.scene = scene;
    this.places = choosePlaces(target, scene);
    const accounts = [...target.passwords.keys()].filter((account) => account !== HOME_ACCOUNT);
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

  /** Keeps the name that the target gave a message that it took. */
  tookMessage(queueId: string | undefined): void {
    if (queueId !== undefined) {
      this.queueIds.push(queueId);
    }
  }

  /** The target's address in the scene's family. */
  get host(): string {
    return this.scene.family === 'ipv6' ? this.target.ipv6 : this.target.ipv4;
  }

  /** The message, with the token in header and body. */
  get message(): string {
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

export type Performed = { outcome: Outcome; evidence: Evidence; notSeen: string | undefined; durationMs: number };
