/** The state of one attempt while it is performed, and the evidence that comes out of it. */
import { randomBytes } from 'node:crypto';
import type { Target } from '../containers/target/target.ts';
import type { Dialogue, Evidence, MailboxRecord, SinkRecord } from '../reports/model.ts';
import type { Outcome } from '../reports/verdict.ts';
import type { Scene } from '../suites/attempt.ts';
import { linesOf, observedAddress } from './log-search.ts';
import { fillNames, type SceneNames } from './names.ts';

/** The addresses that one attempt uses, all its own. */
export type Places = {
  /** Where the message is sent from. */
  sender: string;
  /** Where a POP login of each kind comes from. */
  login: Record<'same' | 'neighbour' | 'prefix' | 'other-family', string>;
};

/** Chooses the addresses: apart from all others where POP is involved, since authorisation may spread over a network. */
export function choosePlaces(target: Target, scene: Scene): Places {
  const book = target.addresses;
  if (!scene.pop) {
    const sender = scene.family === 'ipv6' ? book.next6() : book.next4();
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

export class Performance {
  readonly target: Target;
  readonly scene: Scene;
  readonly token = newToken();
  readonly places: Places;
  readonly account: string;
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
    const accounts = [...target.passwords.keys()];
    this.account = accounts[turn++ % accounts.length] ?? '';
    const names: SceneNames = {
      token: this.token,
      hostName: target.hostName,
      ipv4: target.ipv4,
      localDomain: target.localDomain,
      account: this.account,
    };
    this.mailFrom = fillNames(scene.mailFrom, names);
    this.rcptTo = fillNames(scene.rcptTo, names);
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
      '',
      `This message tests whether it gets through. ${this.token}`,
      '',
    ].join('\r\n');
  }

  evidence(): Evidence {
    const addresses = [...new Set([this.places.sender, ...this.dialogues.map((dialogue) => dialogue.client)])];
    const log = linesOf(this.target.log.lines, addresses, this.queueIds);
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
