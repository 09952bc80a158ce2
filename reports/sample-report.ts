/** A small report with every verdict, role, level and observation in it, for the tests of the output formats. */
import { markBaseline } from './baseline.ts';
import type {
  AttemptDescription,
  AttemptResult,
  ConfigurationResult,
  Dialogue,
  Evidence,
  Gate,
  Observation,
  Phase,
  Proof,
  Report,
} from './model.ts';

function dialogueFrom(
  client: string,
  lines: readonly [at: number, from: 'client' | 'server', text: string][],
): Dialogue {
  return {
    protocol: 'smtp',
    client,
    server: '198.18.0.10:587',
    startedAt: '2026-03-01T10:00:01.000Z',
    closedBy: 'client',
    lines: lines.map(([at, from, text], index) => ({ at, from, text, tls: index > 4 })),
  };
}

function evidenceOf(client: string, token: string, reply: string): Evidence {
  return {
    clientAddress: client,
    observedAddress: client,
    identity: 'stranger',
    port: 587,
    token,
    envelope: { mailFrom: 'u@outside.example', rcptTo: ['<victim%elsewhere.example@mail.local.example>'] },
    dialogues: [
      dialogueFrom(client, [
        [0, 'server', '220 mail.local.example ESMTP Sendmail 8.18.1; Sun, 1 Mar 2026 10:00:01 GMT'],
        [3, 'client', 'EHLO client.outside.example'],
        [5, 'server', '250-mail.local.example Hello, pleased to meet you'],
        [5, 'server', '250 STARTTLS'],
        [9, 'client', 'MAIL FROM:<u@outside.example>'],
        [11.4, 'server', '250 2.1.0 <u@outside.example>... Sender ok'],
        [14, 'client', `RCPT TO:<${token}%elsewhere.example@mail.local.example>`],
        [18, 'server', reply],
      ]),
    ],
    queueIds: [],
    sink: [],
    mailbox: [],
    log: [{ at: '2026-03-01T10:00:01.018Z', text: `sm-mta[77]: ruleset=check_rcpt, relay=[${client}], ${token}` }],
    notes: ['The recipient was tried in its plain form first.'],
  };
}

function relayedEvidence(client: string, token: string): Evidence {
  return {
    ...evidenceOf(client, token, '250 2.1.5 Recipient ok'),
    queueIds: [`221A01${token}`],
    fate: `stat=Sent (ok: ${token})`,
    sink: [
      {
        at: '2026-03-01T10:00:02.000Z',
        remoteAddress: '198.18.0.10',
        ehlo: 'mail.local.example',
        mailFrom: 'u@outside.example',
        rcptTo: [`${token}@elsewhere.example`],
        received: [
          `from mail.local.example by sink.elsewhere.example (${token})`,
          `from client.outside.example ([${client}]) by mail.local.example (8.18.1) id 221A01${token}`,
        ],
        subject: `attempt ${token}`,
        bytes: 1234,
      },
    ],
  };
}

function attemptOf(
  id: string,
  expected: AttemptResult['expected'],
  observed: Observation,
  verdict: AttemptResult['verdict'],
  reason: string,
  phase?: Phase,
  evidence?: Evidence,
): AttemptResult {
  return {
    id,
    suite: id.split('/')[0] ?? id,
    expected,
    observed,
    verdict,
    reason,
    durationMs: 41.7,
    ...(phase === undefined ? {} : { phase }),
    ...(evidence === undefined ? {} : { evidence }),
  };
}

const clauses = [
  {
    id: 'RFC 5321 3.6.2',
    title: 'Mail eXchangers and relays',
    url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.6.2',
  },
  { id: 'op.me 5.1.4.2', title: 'check_rcpt', url: 'javascript:alert(2)' },
];

function describe(
  id: string,
  title: string,
  level: AttemptDescription['level'],
  effect: AttemptDescription['effect'],
  remedy: string,
): AttemptDescription {
  const suite = id.split('/')[0] ?? id;
  const requirement = `A target MUST do the right thing in the case “${title}”.`;
  return {
    id,
    suite,
    title,
    requirement,
    clauses,
    level,
    effect,
    refusedIn: ['rcpt', 'mail'],
    remedy,
    aliases: ['nmap'],
  };
}

const removePromiscuous = 'Remove FEATURE(`promiscuous_relay’) and name the networks that may relay.';

const catalogue: AttemptDescription[] = [
  describe('open-relay/plain', 'An outsider writes to an outsider', 'must', 'leak', removePromiscuous),
  describe('open-relay/percent-hack-host', 'user%domain@host', 'must', 'leak', removePromiscuous),
  describe('open-relay/bang-path', 'host!user', 'must', 'leak', 'Do not use FEATURE(`relay_local_from’).'),
  describe('smtp-auth/plain', 'AUTH PLAIN with the right password', 'must', 'lock-out', 'Offer PLAIN over TLS.'),
  describe(
    'smtp-auth/after-starttls',
    'AUTH is forgotten at STARTTLS',
    'info',
    'weak',
    'Nothing: stock sendmail keeps it.',
  ),
  describe('pop-before-smtp/neighbour', 'A neighbouring address', 'must', 'leak', 'Match whole addresses in the map.'),
  describe('transport/plaintext-auth', 'AUTH PLAIN without TLS', 'should', 'weak', 'Set confAUTH_OPTIONS to `A p y’.'),
  describe('transport/smuggling', 'A second message behind a bare line feed', 'must', 'leak', 'Use srv_features O.'),
  describe('legitimate-mail/local', 'Mail from outside to a local user', 'must', 'inbound', 'Accept local recipients.'),
];

function proofsOf(ok: boolean, batch: string, client: string): Proof[] {
  return (['before', 'after'] as const).map((when) => ({
    batch,
    when,
    title: `An authenticated message ${when} the batch`,
    ok: ok || when === 'before',
    reason: ok || when === 'before' ? 'The sink received it.' : 'It is still in the queue: host unreachable.',
    observed: ok || when === 'before' ? 'relayed' : 'accepted',
    evidence: relayedEvidence(client, `proof-${when}-${batch}`),
  }));
}

const characteristics = {
  version: 'Sendmail 8.18.1',
  'host name': 'mail.local.example',
  'local domains': ['local.example', 'other.example'],
  mechanisms: [],
};

const reference: ConfigurationResult = {
  name: 'smtp-auth',
  role: 'reference',
  mode: 'smtp-auth',
  verdict: 'compliant',
  reasons: [],
  title: 'SMTP AUTH alone',
  characteristics,
  adaptations: ['The load limits were lifted, so that a busy machine makes no refusals of its own.'],
  waivers: [],
  durationMs: 61_200,
  proofs: proofsOf(true, 'open-relay', '198.19.0.1'),
  attempts: [
    attemptOf(
      'open-relay/plain',
      'block',
      'refused',
      'pass',
      '550 5.7.1 Relaying denied',
      'rcpt',
      evidenceOf('198.19.0.2', 'tok-a', '550 5.7.1 <v@elsewhere.example>... Relaying denied'),
    ),
    attemptOf(
      'open-relay/percent-hack-host',
      'block',
      'rejected',
      'pass',
      '553 5.1.8 Domain of sender does not exist',
      'mail',
      evidenceOf('198.19.0.3', 'tok-b', '553 5.1.8 Domain of sender address does not exist'),
    ),
    attemptOf('smtp-auth/plain', 'deliver', 'relayed', 'pass', 'The sink received it.', 'fate', {
      ...relayedEvidence('198.19.0.4', 'tok-c'),
      identity: 'authenticated as alice',
    }),
    attemptOf('legitimate-mail/local', 'deliver', 'delivered', 'pass', 'In the mailbox.', 'fate', {
      ...evidenceOf('198.19.0.5', 'tok-d', '250 2.1.5 Recipient ok'),
      mailbox: [
        { account: 'bob', received: ['from outside by mail.local.example'], subject: 'attempt tok-d', bytes: 900 },
      ],
    }),
    attemptOf('pop-before-smtp/neighbour', 'block', 'none', 'not-applicable', 'The mode has no POP before SMTP.'),
    attemptOf('smtp-auth/after-starttls', 'block', 'relayed', 'fail', 'Stock sendmail keeps AUTH.', 'fate'),
    attemptOf('transport/plaintext-auth', 'block', 'accepted', 'fail', 'PLAIN was accepted in the clear.', 'auth'),
    attemptOf('transport/smuggling', 'block', 'refused', 'pass', '550 5.7.1 Relaying denied', 'data'),
  ],
};

const subject: ConfigurationResult = {
  name: 'our mail: Zürich/东京',
  role: 'subject',
  mode: 'both',
  verdict: 'non-compliant',
  reasons: ['2 violations', 'The batch pop-before-smtp was not proved: the message after it did not arrive.'],
  title: 'A folder of the user’s own',
  characteristics,
  adaptations: ['The smart host was removed: nothing leaves the lab.'],
  waivers: [
    {
      attempt: 'transport/plaintext-*',
      reason: 'legacy scanners',
      expires: '2026-03-20',
      state: 'in-use',
      attempts: ['transport/plaintext-auth'],
      daysLeft: 19,
    },
    {
      attempt: 'open-relay/plain',
      reason: 'until the office moves',
      expires: '2026-02-28',
      state: 'expired',
      attempts: ['open-relay/plain'],
      daysLeft: -1,
    },
    {
      attempt: 'reflection/*',
      reason: 'the old list server',
      expires: '2026-12-31',
      state: 'not-needed',
      attempts: [],
      daysLeft: 305,
    },
    {
      attempt: 'pop-before-smtp/neighbour',
      reason: 'two offices behind one router',
      expires: '2026-12-31',
      state: 'undecided',
      attempts: [],
      daysLeft: 305,
    },
  ],
  durationMs: 70_000,
  proofs: proofsOf(false, 'pop-before-smtp', '198.19.1.1'),
  attempts: [
    {
      ...attemptOf(
        'open-relay/plain',
        'block',
        'relayed',
        'fail',
        'The sink received the message of a stranger.',
        'fate',
        relayedEvidence('198.19.1.2', 'tok-e'),
      ),
      cause: {
        file: 'sendmail.mc',
        line: 31,
        text: "FEATURE(`promiscuous_relay')",
        how: 'feature',
        certainty: 'delta',
      },
    },
    attemptOf('open-relay/percent-hack-host', 'block', 'relayed', 'fail', 'The sink received the message.', 'fate', {
      ...relayedEvidence('198.19.1.3', 'tok-f'),
      observedAddress: '198.18.0.1',
    }),
    attemptOf(
      'pop-before-smtp/neighbour',
      'block',
      'deferred',
      'inconclusive',
      '450 4.7.1 Relaying temporarily denied: a deferral is not a block.',
      'rcpt',
      evidenceOf('198.19.1.4', 'tok-g', '450 4.7.1 Relaying temporarily denied. Cannot resolve PTR'),
    ),
    attemptOf('smtp-auth/plain', 'deliver', 'error', 'inconclusive', 'The connection was reset.', 'connect'),
    attemptOf('transport/plaintext-auth', 'block', 'accepted', 'waived', 'Waived until 2027-01-31: legacy scanners.'),
  ],
};

const broken: ConfigurationResult = {
  name: 'broken',
  role: 'subject',
  verdict: 'inconclusive',
  reasons: ['The configuration does not start.'],
  title: 'A folder that does not compile',
  characteristics: {},
  adaptations: [],
  error: {
    message: 'sendmail ended with status 78',
    output: ['554 5.0.0 /etc/mail/sendmail.cf: line 7: unknown line'],
  },
  waivers: [],
  durationMs: 900,
  proofs: [],
  attempts: [],
};

const detected: ConfigurationResult = {
  name: 'promiscuous',
  role: 'control',
  mode: 'smtp-auth',
  verdict: 'detected',
  reasons: [],
  title: 'Relays for everybody',
  control: {
    base: 'smtp-auth',
    fault: 'FEATURE(`promiscuous_relay’) lets everybody relay.',
    effect: 'leak',
    detectedBy: ['open-relay/plain'],
    mustPass: [],
    changes: ['+FEATURE(`promiscuous_relay’)dnl', '-dnl nothing here'],
  },
  characteristics,
  adaptations: [],
  waivers: [],
  durationMs: 5000,
  proofs: proofsOf(true, 'open-relay', '198.19.2.1'),
  attempts: [
    attemptOf(
      'open-relay/plain',
      'block',
      'relayed',
      'fail',
      'The sink received the message of a stranger.',
      'fate',
      relayedEvidence('198.19.2.2', 'tok-h'),
    ),
    attemptOf('open-relay/bang-path', 'block', 'relayed', 'fail', 'The sink received it too.', 'fate'),
    attemptOf('smtp-auth/plain', 'deliver', 'deferred', 'inconclusive', '451 4.3.0 try again'),
    attemptOf('legitimate-mail/local', 'deliver', 'delivered', 'pass', 'In the mailbox.'),
  ],
};

const missed: ConfigurationResult = {
  ...detected,
  name: 'string-prefix',
  verdict: 'missed',
  reasons: ['pop-before-smtp/neighbour did not flag it, and smtp-auth/wrong-password did not run.'],
  title: 'Matches a prefix of the address',
  control: {
    base: 'both',
    fault:
      'The map is looked up by a prefix of the address, so that a neighbour may relay as well as the user himself.',
    effect: 'leak',
    detectedBy: ['pop-before-smtp/neighbour', 'smtp-auth/wrong-password'],
    mustPass: [],
    changes: ['+R$-.$-.$-.$- $: $(drac $1.$2.$3 $)'],
  },
  proofs: [],
  attempts: [attemptOf('pop-before-smtp/neighbour', 'block', 'refused', 'pass', '550 5.7.1 Relaying denied', 'rcpt')],
};

const sample: Report = {
  schemaVersion: 1,
  verdict: 'inconclusive',
  reasons: ['The control string-prefix was missed.', 'The configuration broken does not start.'],
  exitStatus: 2,
  provenance: {
    tool: 'relayproof',
    version: '0.1.0',
    commit: '932a277d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d+',
    command: ['relayproof', 'audit', './our mail'],
    startedAt: '2026-03-01T10:00:00.000Z',
    finishedAt: '2026-03-01T10:03:00.000Z',
    host: 'linux x64',
    node: 'v20.19.0',
    engine: 'Docker 27.0',
    sendmail: '8.18.1 (Debian trixie)',
    images: { target: 'sha256:0123456789abcdef' },
    timings: { setup: 4000, audit: 120_500 },
    peakMemoryBytes: 123_456_789,
  },
  lab: {
    ipv4: '198.18.0.0/15',
    ipv6: '2001:2::/48',
    sink: ['198.18.0.3'],
    dns: ['198.18.0.2'],
    isolation: 'No default route in any container; a connection to 192.0.2.1 failed with ENETUNREACH.',
  },
  suites: [
    { name: 'open-relay', title: 'An unauthenticated stranger' },
    { name: 'sender-trust', title: 'What the client says of itself' },
    { name: 'smtp-auth', title: 'SMTP AUTH' },
    { name: 'pop-before-smtp', title: 'POP before SMTP' },
    { name: 'legitimate-mail', title: 'Mail that must work' },
    { name: 'transport', title: 'Transport' },
  ],
  catalogue,
  configurations: [reference, subject, broken, detected, missed],
};

/** A fresh copy of the sample. */
export function sampleReport(): Report {
  return structuredClone(sample);
}

/** A copy of the sample with nothing wrong in it. */
export function compliantReport(): Report {
  const copy = sampleReport();
  const configurations = copy.configurations.filter(({ name }) => name === 'smtp-auth' || name === 'promiscuous');
  return { ...copy, verdict: 'compliant', reasons: [], exitStatus: 0, configurations };
}

/** The sample, compared with an earlier one of itself in which other attempts failed. */
export function baselineReport(gate: Gate = 'all'): Report {
  const earlier = sampleReport();
  const [, ours] = earlier.configurations;
  for (const attempt of ours?.attempts ?? []) {
    if (attempt.id === 'open-relay/percent-hack-host') attempt.verdict = 'pass';
    if (attempt.id === 'pop-before-smtp/neighbour') attempt.verdict = 'fail';
  }
  const [reference] = earlier.configurations;
  const plain = reference?.attempts[0];
  if (plain) plain.verdict = 'fail';
  const run = { troubles: [], interrupted: false };
  return markBaseline(sampleReport(), { file: 'before/report.json', report: earlier, gate }, run);
}

// Fields that the model takes from a fixed list; everything else is text that a peer may have had a hand in.
const fixed = new Set(
  'schemaVersion state baselineState before now gate verdict role mode level effect expected observed phase protocol from closedBy when refusedIn how certainty'.split(
    ' ',
  ),
);

function mapText(value: unknown, change: (text: string) => string, key = ''): unknown {
  if (fixed.has(key)) return value;
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const record = ['characteristics', 'images', 'timings'].includes(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      record ? change(name) : name,
      mapText(item, change, record ? '' : name),
    ]),
  );
}

/** The report with every free text in it changed, names of records included. */
export function withEveryText(report: Report, change: (text: string) => string): Report {
  return mapText(report, change) as Report;
}

/** What a hostile mail server might put into any text that it has a hand in. */
export const hostileTexts: Record<string, string> = {
  script: '<script>alert(1)</script>',
  'end of script': '</script ><img src=x onerror=alert(1)>',
  'end of style': '</style><svg onload=alert(1)>',
  'attribute breakout': '" onmouseover="alert(1)" x=\'',
  'end of CDATA': ']]><evil/>',
  'end of comment': '--><b>evil</b><!--',
  entity: '&lt;b&gt;&#60;b&#62;&evil;',
  markdown: '`` ` ![x](http://evil.example) [a](javascript:alert(1)) | **b** | # h\n\n# heading\n- item\n```\n',
  'links and mentions': 'www.evil.example evil.com u@evil.com mailto:u@evil.com @someone #12 :smile: $x$ ~~s~~ ==',
  'bidirectional override': 'abc\u202Egnp.exe\u2066\u2069',
  'ANSI escape': '\u001b[2J\u001b[31mred\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007\u009b31m',
  NUL: 'a\0b',
  'line breaks': 'a\r\nb\nc\u2028d\u2029e\u0085f\vg\fh',
  'lone surrogates': '\ud800 and \udfff',
  noncharacters: '\ufffe\uffff\u{1ffff}\ufeff',
  invisible: '\u200b\u00ad\u{e0041}\u3164x\u0301\u0301\u0301\u0301\u0301\u0301',
  'endless line': 'A'.repeat(1_000_000),
};
