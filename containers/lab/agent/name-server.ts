/** DNS over UDP and TCP for the lab: authoritative for everything, NXDOMAIN for what is not there. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, isIPv6, type Server } from 'node:net';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet, streamDecode, streamEncode } from 'dns-packet';
import type { ForgedName, LabLayout, TargetNames } from './protocol.ts';
import { lookUp, sameAddress, type ZoneAnswer, type ZoneRecord } from './zone.ts';

const TTL = 60;

function toAnswer(name: string, record: ZoneRecord): Answer {
  return record.type === 'MX'
    ? { name, type: 'MX', ttl: TTL, data: { preference: record.preference, exchange: record.exchange } }
    : ({ name, type: record.type, ttl: TTL, data: record.data } as Answer);
}

const same = (one: ZoneRecord, other: ZoneRecord) => JSON.stringify(one) === JSON.stringify(other);

/** Answers queries from the lab's zone; each target (by its address) sees its own host name and domains. */
export class NameServer {
  readonly #layout: LabLayout;
  readonly #targets: Map<string, TargetNames>;
  /** Target and name to what that target alone is told. */
  readonly #forged = new Map<string, ZoneAnswer>();
  #udp: UdpSocket[] = [];
  #tcp: Server[] = [];

  constructor(layout: LabLayout, targets: Map<string, TargetNames>) {
    this.#layout = layout;
    this.#targets = targets;
  }

  /**
   * From now on tells a target (by its IPv4 address) these records of these names. They stand in place of the zone's of
   * their type; no records at all stand in place of all. Attempts run side by side: addresses that several of them give
   * one name add up, so that none takes another's away.
   */
  forge(target: string, names: readonly ForgedName[]): void {
    for (const { name, records } of names) {
      const key = `${target} ${name.toLowerCase()}`;
      const known = this.#forged.get(key)?.records ?? [];
      this.#forged.set(
        key,
        records === 'temporary-failure'
          ? { exists: true, records: [], failure: true }
          : {
              exists: true,
              records: [...known.filter((one) => !records.some((other) => same(one, other))), ...records],
            },
      );
    }
  }

  /** Tells a target (by its IPv4 address) of its names what the zone says, and nothing else. */
  forget(target: string): void {
    for (const key of this.#forged.keys()) {
      if (key.startsWith(`${target} `)) {
        this.#forged.delete(key);
      }
    }
  }

  #answerTo(name: string, target: TargetNames | undefined): ZoneAnswer {
    const forged = this.#forged.get(`${target?.ipv4} ${name.toLowerCase().replace(/\.$/, '')}`);
    const zone = lookUp(name, this.#layout, target);
    if (forged === undefined || forged.records.length === 0) {
      return forged ?? zone;
    }
    const types = new Set(forged.records.map(({ type }) => type));
    return { exists: true, records: [...forged.records, ...zone.records.filter(({ type }) => !types.has(type))] };
  }

  answer(query: Packet, from: string): Packet {
    const question = query.questions?.[0];
    const reply: Packet = {
      type: 'response',
      flags: AUTHORITATIVE_ANSWER,
      questions: query.questions ?? [],
      answers: [],
      ...(query.id === undefined ? {} : { id: query.id }),
    };
    if (question === undefined) {
      return reply;
    }
    // Nearly all ask over IPv4, which names them; comparing addresses with each target's is work for each question.
    const target =
      this.#targets.get(from) ??
      [...this.#targets.values()].find((one) => sameAddress(one.ipv4, from) || sameAddress(one.ipv6, from));
    const { exists, records, failure } = this.#answerTo(question.name, target);
    reply.answers = records
      .filter((record) => record.type === question.type)
      .map((record) => toAnswer(question.name, record));
    // RFC 1035 4.1.1: RCODE 2, server failure, or 3, name error, in the low bits of the flags.
    reply.flags = AUTHORITATIVE_ANSWER | (failure ? 2 : exists ? 0 : 3);
    return reply;
  }

  async start(): Promise<void> {
    for (const address of [this.#layout.ipv4, this.#layout.ipv6]) {
      const udp = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
      udp.on('message', (message, peer) => {
        try {
          udp.send(encode(this.answer(decode(message), peer.address)), peer.port, peer.address);
        } catch (error) {
          console.error(`dns: ${String(error)}`);
        }
      });
      await new Promise<void>((resolve, reject) => {
        udp.once('error', reject);
        udp.bind(53, address, resolve);
      });
      this.#udp.push(udp);
      const tcp = createServer((socket) => {
        socket.on('error', () => socket.destroy());
        let received = Buffer.alloc(0);
        socket.on('data', (chunk) => {
          received = Buffer.concat([received, chunk]);
          if (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
            socket.end(streamEncode(this.answer(streamDecode(received), socket.remoteAddress ?? '')));
          }
        });
      });
      await new Promise<void>((resolve, reject) => {
        tcp.once('error', reject);
        tcp.listen(53, address, resolve);
      });
      this.#tcp.push(tcp);
    }
  }

  async stop(): Promise<void> {
    for (const udp of this.#udp) {
      udp.close();
    }
    for (const tcp of this.#tcp) {
      tcp.close();
    }
    this.#udp = [];
    this.#tcp = [];
  }
}
