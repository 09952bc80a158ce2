import net from 'node:net';
import tls from 'node:tls';
import type { DialogueErrorCode } from './dialogue-error.ts';

/** How to shake hands. Certificates are judged but never refused: what a target shows is evidence. */
export type TlsRequest = {
  /** Sent as SNI, and the name that the certificate must carry. Default: the host that was dialled. */
  servername?: string;
  /** PEM of the only authority to trust. Default: the ones that come with Node. */
  ca?: string;
  /** The client's own certificate and its key (PEM), for a server that asks for one. Default: none. */
  certificate?: { cert: string; key: string };
  /** The only version to speak. Default: what Node does, TLS 1.2 and later. */
  version?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** The ciphers to offer up to TLS 1.2, in OpenSSL’s words. */
  ciphers?: string;
};

/** What came out of a handshake. */
export type TlsFacts = {
  /** For example `TLSv1.3`. */
  protocol: string;
  cipher: string;
  /** Whether the certificate leads to the authority and carries the name. */
  authorized: boolean;
  /** Why not; empty if authorized. */
  authorizationError: string;
  /** The subject of the server's certificate, for example `CN=mail.example.net`. */
  subject: string;
  /** Whoever signed it: what is wrong with its name, and with its dates; empty if nothing is. */
  nameFault: string;
  datesFault: string;
};

type Outcome =
  | { socket: tls.TLSSocket; facts: TlsFacts }
  | { failed: Extract<DialogueErrorCode, 'TLS_FAILED' | 'REPLY_TIMEOUT' | 'ABORTED'>; detail: string };

/** Shakes hands over a connected socket, within `deadlineMs`. Never throws: a failure is part of the outcome. */
export function upgradeToTls(
  plain: net.Socket,
  host: string,
  request: TlsRequest,
  limits: { deadlineMs: number; signal?: AbortSignal },
): Promise<Outcome> {
  const { servername, ca, certificate, version, ciphers } = request;
  return new Promise((resolve) => {
    // Options must not name `servername` or `ca` at all where they are unset; an IP address is not allowed as SNI.
    const socket = tls.connect({
      socket: plain,
      host,
      rejectUnauthorized: false,
      ...(servername === undefined || net.isIP(servername) !== 0 ? {} : { servername }),
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : certificate),
      ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
      ...(ciphers === undefined ? {} : { ciphers }),
    });
    const failed = (code: 'TLS_FAILED' | 'REPLY_TIMEOUT' | 'ABORTED', detail: string) => {
      socket.destroy();
      plain.destroy();
      settle({ failed: code, detail });
    };
    const timer = setTimeout(
      () => failed('REPLY_TIMEOUT', `no handshake in ${limits.deadlineMs} ms`),
      limits.deadlineMs,
    );
    const onAbort = () => failed('ABORTED', '');
    const onClose = () => failed('TLS_FAILED', 'the server closed the connection');
    limits.signal?.addEventListener('abort', onAbort, { once: true });
    // Stays for good: a late error must not end the process; 'close' follows every error.
    socket.on('error', (error) => failed('TLS_FAILED', error.message));
    socket.once('close', onClose);
    socket.once('secureConnect', () => {
      socket.removeListener('close', onClose);
      settle({ socket, facts: factsOf(socket, servername ?? host) });
    });

    function settle(outcome: Outcome): void {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    }
  });
}

/** What is wrong with the dates of a certificate, at this moment. */
export function datesFaultOf(certificate: { valid_from: string; valid_to: string }, now = new Date()): string {
  const from = new Date(certificate.valid_from);
  const to = new Date(certificate.valid_to);
  if (!(from <= now)) return `it is not valid before ${certificate.valid_from}`;
  return now <= to ? '' : `it has expired on ${certificate.valid_to}`;
}

function factsOf(socket: tls.TLSSocket, name: string): TlsFacts {
  const certificate = socket.getPeerCertificate();
  const subject = certificate.subject ?? {};
  // With a cipher that authenticates nobody there is none.
  const none = certificate.subject === undefined ? 'the server shows no certificate' : undefined;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    authorized: socket.authorized,
    authorizationError: socket.authorized ? '' : String(socket.authorizationError ?? 'unknown'),
    subject: Object.entries(subject)
      .map(([part, value]) => `${part}=${String(value)}`)
      .join(', '),
    nameFault: none ?? tls.checkServerIdentity(name, certificate)?.message ?? '',
    datesFault: none ?? datesFaultOf(certificate),
  };
}
