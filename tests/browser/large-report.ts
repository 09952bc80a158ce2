/** A report as large as they come: many configurations, each attempt with a session and log lines of its own. */
import type { AttemptResult, Evidence, Report } from '../../reports/model.ts';
import { sampleReport } from '../../reports/sample-report.ts';

/** Numbers that look random and are the same every time (xorshift32). */
function numbers(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const capabilities = [
  'ENHANCEDSTATUSCODES',
  'PIPELINING',
  '8BITMIME',
  'SIZE',
  'DSN',
  'AUTH SCRAM-SHA-256 DIGEST-MD5 CRAM-MD5',
  'STARTTLS',
  'DELIVERBY',
  'HELP',
];

function evidenceOf(next: () => number, id: string): Evidence {
  const token = `rp${next().toString(16).padStart(8, '0')}${next().toString(16).padStart(8, '0')}`;
  const client = `198.18.${64 + (next() % 64)}.${1 + (next() % 250)}`;
  const at = new Date(1_790_000_000_000 + (next() % 100_000_000)).toISOString();
  const pid = String(1000 + (next() % 90_000));
  const name = `host-${client.replaceAll('.', '-')}.clients.example`;
  let passed = 0;
  const line = (from: 'client' | 'server', text: string) => {
    passed += next() % 9;
    return { at: passed, from, text, tls: false };
  };
  return {
    clientAddress: client,
    observedAddress: client,
    identity: 'stranger',
    port: 25,
    token,
    envelope: { mailFrom: `<${token}@outside.example>`, rcptTo: [`<${token}%elsewhere.example@mail.hosting.example>`] },
    dialogues: [
      {
        protocol: 'smtp',
        client,
        server: '198.18.0.16:25',
        startedAt: at,
        closedBy: 'client',
        lines: [
          line('server', `220 mail.hosting.example ESMTP Sendmail 8.18.1/8.18.1/Debian-6; ${at}; (No UCE/UBE)`),
          line('client', `EHLO ${name}`),
          line('server', `250-mail.hosting.example Hello ${name} [${client}], pleased to meet you`),
          ...capabilities.map((capability, index) =>
            line('server', `250${index === capabilities.length - 1 ? ' ' : '-'}${capability}`),
          ),
          line('client', `MAIL FROM:<${token}@outside.example>`),
          line('server', `250 2.1.0 <${token}@outside.example>... Sender ok`),
          line('client', `RCPT TO:<${token}%elsewhere.example@mail.hosting.example>`),
          line('server', `550 5.7.1 <${token}%elsewhere.example@mail.hosting.example>... Relaying denied (${id})`),
          line('client', 'QUIT'),
          line('server', '221 2.0.0 mail.hosting.example closing connection'),
        ],
      },
    ],
    queueIds: [],
    sink: [],
    mailbox: [],
    log: [
      { at, text: `sendmail[${pid}]: NOQUEUE: connect from ${name} [${client}]` },
      { at, text: `sendmail[${pid}]: 6AN${pid}00${pid}: Milter: no active filter` },
      {
        at,
        text: `sendmail[${pid}]: 6AN${pid}00${pid}: ruleset=check_rcpt, arg1=<${token}%elsewhere.example@mail.hosting.example>, relay=${name} [${client}], reject=550 5.7.1 Relaying denied`,
      },
      {
        at,
        text: `sendmail[${pid}]: 6AN${pid}00${pid}: from=<${token}@outside.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA, relay=${name} [${client}]`,
      },
    ],
    notes: [],
  };
}

/** So many configurations, and so many attempts on each; every fortieth is a violation. */
export function largeReport(configurations: number, attempts: number): Report {
  const sample = sampleReport();
  const next = numbers();
  const catalogue = Array.from({ length: attempts }, (_, index) => ({
    ...(sample.catalogue[0] as Report['catalogue'][number]),
    id: `open-relay/form-${index}-to-recipient-${(index * 7) % 36}`,
    suite: index % 3 === 0 ? 'sender-trust' : 'open-relay',
    title: `from a sender of form ${index % 12} to a recipient of form ${(index * 7) % 36}, on port ${index % 2 === 0 ? 25 : 587}`,
    level: index % 50 === 1 ? ('should' as const) : ('must' as const),
  }));
  const [first] = sample.configurations;
  if (first === undefined) throw new Error('the sample has no configuration');
  return {
    ...sample,
    verdict: 'non-compliant',
    exitStatus: 1,
    catalogue,
    configurations: Array.from({ length: configurations }, (_, number) => ({
      ...first,
      name: `subject-${number + 1}`,
      role: 'subject' as const,
      verdict: 'non-compliant' as const,
      attempts: catalogue.map(({ id, suite }, index): AttemptResult => {
        const evidence = evidenceOf(next, id);
        const failed = index % 40 === 0;
        return {
          id,
          suite,
          expected: 'block',
          observed: failed ? 'relayed' : 'refused',
          verdict: failed ? 'fail' : 'pass',
          reason: failed
            ? `the sink received it for ${evidence.token}@elsewhere.example`
            : `550 5.7.1 <${evidence.token}%elsewhere.example@mail.hosting.example>... Relaying denied`,
          phase: failed ? 'fate' : 'rcpt',
          durationMs: 40 + (next() % 300),
          evidence,
        };
      }),
    })),
  };
}
