/**
 * What the harness and the agent in the lab's helper container say to each other: one JSON object a line, over one
 * TCP connection; the agent answers in the order of the requests.
 */
import type { SinkRecord } from '../../../reports/model.ts';

/** Ports of the agent inside its container. */
export const AGENT_PORTS = { socks: 1080, control: 1081 } as const;

/** The pattern of a token: unique to one attempt, and found by it at the sink, in mailboxes and in logs. */
export const TOKEN = /rp[0-9a-f]{16}/g;

export type LabLayout = {
  /** The lab's addresses of the helper: DNS and sink listen here. */
  ipv4: string;
  ipv6: string;
  /** Client addresses: any of these can be a connection's source. */
  clients4: string;
  clients6: string;
  /** Domains of the outside world: each has the sink as its mail exchanger. */
  outsideDomains: string[];
  keepDefaultRoute: boolean;
};

export type TargetNames = {
  ipv4: string;
  ipv6: string;
  hostName: string;
  localDomains: string[];
  /** Domains of the outside that the configuration speaks of: each has the sink as its mail exchanger. */
  forwardedTo: string[];
  /** Servers that the configuration hands mail on to: the sink plays them, also where they are in a local domain. */
  nextHops: string[];
};

/** What DNS says to one target of one name, in place of everything else that it would say of it. */
export type ForgedName = {
  name: string;
  records:
    | ({ type: 'A' | 'AAAA' | 'PTR'; data: string } | { type: 'MX'; preference: number; exchange: string })[]
    | 'temporary-failure';
};

export type SinkMode = 'accept' | 'refuse' | 'stopped';

export type AgentRequest =
  | { do: 'lay-out'; layout: LabLayout }
  | { do: 'name-target'; target: TargetNames }
  | { do: 'forge-names'; target: string; names: ForgedName[] }
  | { do: 'find'; token: string }
  | { do: 'sink'; mode: SinkMode }
  | { do: 'dns'; mode: 'answer' | 'stopped' }
  | { do: 'routes' };

export type AgentAnswer<R extends AgentRequest['do']> = R extends 'find'
  ? SinkRecord[]
  : R extends 'routes'
    ? string[]
    : null;

export type AgentReply = { ok: true; value: unknown } | { ok: false; error: string };
