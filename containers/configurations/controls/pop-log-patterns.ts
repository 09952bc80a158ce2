/** Controls with a writer that follows the log, and takes what strangers write into it for the POP server's word. */
import { type ControlDefinition, popWriter } from './definition.ts';

const follows = (...patterns: string[]) => [popWriter('hook = log', ...patterns.map((one) => `pattern = ${one}`))];
const loginProcess = 'dovecot: pop3-login: Log(?:ged )?in: user=<\\w+>, method=\\S+, rip=([0-9a-f.:]+),';

export const popLogPatterns: readonly ControlDefinition[] = [
  {
    name: 'pop-log-pattern-without-anchor',
    base: 'both',
    fault: 'the writer’s pattern matches anywhere in a line, whichever program logged it',
    effect: 'leak',
    edits: follows('Log(?:ged )?in: user=<\\S+>, method=\\S+, rip=([0-9a-f.:]+)'),
    detectedBy: ['sender', 'recipient', 'verify', 'auth-user', 'pop-user', 'message'].map(
      (field) => `pop-before-smtp/poisoned-${field}`,
    ),
    passes: ['pop-before-smtp/unknown-user'],
  },
  {
    name: 'pop-log-pattern-of-poprelayd',
    base: 'pop-before-smtp',
    fault: 'the writer also has the pattern of CVE-2001-1075, for a server that is not there any more',
    effect: 'leak',
    edits: follows(loginProcess, 'POP login by user \\S+ at \\(\\S+\\) ([\\d.]+)'),
    detectedBy: ['pop-before-smtp/poisoned-sender', 'pop-before-smtp/poisoned-verify'],
    passes: ['pop-before-smtp/poisoned-message'],
  },
  {
    name: 'pop-log-pattern-over-user-name',
    base: 'pop-before-smtp',
    fault: 'the writer’s pattern begins with the POP server’s name, and then runs over the name of the user',
    effect: 'leak',
    edits: follows('^.{15} \\S+ dovecot: .*Log(?:ged )?in: .*rip=([0-9a-f.:]+)'),
    detectedBy: ['pop-before-smtp/poisoned-pop-user'],
    passes: ['pop-before-smtp/poisoned-sender', 'pop-before-smtp/unknown-user'],
  },
  {
    name: 'pop-log-pattern-with-gaps',
    base: 'pop-before-smtp',
    fault: 'the writer’s second pattern leaves open what stands between its words, and needs no space',
    effect: 'leak',
    edits: follows(loginProcess, 'LOGIN,.*ip=\\[([0-9a-f.:]+)\\]'),
    detectedBy: ['pop-before-smtp/poisoned-greeting'],
  },
  {
    name: 'pop-log-pattern-with-dots',
    base: 'pop-before-smtp',
    fault: 'the writer’s pattern has dots for spaces and signs, so that a host name can match it',
    effect: 'leak',
    edits: follows('(?i)(?:logged.in|\\slogin:).*\\brip.(\\d+\\.\\d+\\.\\d+\\.\\d+)'),
    detectedBy: ['pop-before-smtp/poisoned-reverse-name'],
    passes: ['pop-before-smtp/unknown-user'],
  },
];
