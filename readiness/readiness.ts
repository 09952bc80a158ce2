/** Who still depends on POP before SMTP: reads logs, and says. */
import type { Readable } from 'node:stream';
import { Failure } from '../audit/failure.ts';
import { visible } from '../reports/visible.ts';
import { type Network, readNetwork } from './address.ts';
import { assess } from './assess.ts';
import { Correlator } from './correlate.ts';
import type { ReadinessResult } from './model.ts';
import { type Progress, readLogs } from './read-logs.ts';
import { zoneClock } from './time-zone.ts';

export const DEFAULT_LIFETIME = 1800;
const MOST_DAYS = 30;

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

export type ReadinessRequest = {
  logs: readonly string[];
  /** How long a POP login authorises its address, in seconds. */
  lifetime: number;
  /** Of logs that do not say it: an IANA name or an offset. */
  timezone: string;
  /** Of the oldest line that does not say it. */
  year?: number | undefined;
  trusted: readonly string[];
  relayTo: readonly string[];
  realms: readonly string[];
  imap: boolean;
  now?: number;
  stdin?: Readable;
  progress?: (progress: Progress) => void;
};

const usage = (message: string, advice: string) => new Failure('USAGE', message, advice);

/** `30m` in seconds. @throws Failure */
export function parseLifetime(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const seconds = Number(number) * (units[unit] ?? 1);
  if (number === undefined || seconds <= 0 || seconds > MOST_DAYS * 86_400) {
    throw usage(
      `--lifetime ${visible(text, 60)}: no duration of more than nothing and at most ${MOST_DAYS} days`,
      'Give a number and s, m, h or d, such as 30m: how long a POP login counts on this server.',
    );
  }
  return seconds;
}

function networks(texts: readonly string[]): Network[] {
  return texts.map((text) => {
    const network = readNetwork(text);
    if (network === undefined) {
      throw usage(
        `--trusted ${visible(text, 60)}: no network in CIDR form`,
        'Write it as 192.0.2.0/24 or 2001:db8::/32.',
      );
    }
    return network;
  });
}

/** Domains without a dot at their end. @throws Failure for what is none */
function domains(texts: readonly string[], option: string): string[] {
  return texts.map((text) => {
    const domain = text.replace(/^@/, '').replace(/\.$/, '');
    if (!/^(?!\.)[^\s@*,;:/]{1,253}$/.test(domain)) {
      throw usage(
        `--${option} ${visible(text, 60)}: no domain`,
        'Write it as example.org, and each in an option of its own.',
      );
    }
    return domain;
  });
}

/** The zone of this machine. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Reads the logs. @throws Failure for what cannot be read, and for options that mean nothing */
export async function readiness(request: ReadinessRequest): Promise<ReadinessResult> {
  if (request.logs.length === 0) {
    throw usage('no log is named', 'Name log files, such as /var/log/maillog*, or - for standard input.');
  }
  const zone = zoneClock(request.timezone);
  if (zone === undefined) {
    throw usage(
      `--timezone ${visible(request.timezone, 60)}: no such time zone`,
      'Name one as Europe/Vienna, UTC or +02:00.',
    );
  }
  const correlator = new Correlator({
    lifetime: request.lifetime * 1000,
    trusted: networks(request.trusted),
    relayTo: domains(request.relayTo, 'relay-to'),
    realms: domains(request.realms, 'realm'),
    imap: request.imap,
  });
  const read = await readLogs(request.logs, correlator, {
    zone,
    year: request.year,
    now: request.now ?? Date.now(),
    stdin: request.stdin ?? process.stdin,
    ...(request.progress && { progress: request.progress }),
  });
  return assess(correlator, read, {
    lifetimeSeconds: request.lifetime,
    timezone: request.timezone,
    year: request.year ?? null,
    trusted: [...request.trusted],
    relayTo: [...request.relayTo],
    realms: [...request.realms],
    imap: request.imap,
  });
}
