/** Controls with a fault in POP before SMTP: what the writer takes for a login, and what it authorises. */
import { type ControlDefinition, popWriter } from './definition.ts';

export const popAuthorisation: readonly ControlDefinition[] = [
  {
    name: 'pop-authorises-failed-login',
    base: 'pop-before-smtp',
    fault: 'the writer follows the log, and its pattern matches failed logins as well',
    effect: 'leak',
    edits: [popWriter('hook = log', 'pattern = pop3-login: .*\\brip=([0-9a-f.:]+),')],
    detectedBy: [
      'pop-before-smtp/wrong-password*',
      'pop-before-smtp/unknown-user',
      'pop-before-smtp/blank-password*',
      'pop-before-smtp/another-users-password',
    ],
  },
  {
    name: 'pop-authorises-user-command',
    base: 'pop-before-smtp',
    fault: 'the writer takes USER, and a connection that ends there, for a login',
    effect: 'leak',
    edits: [
      popWriter('hook = log', 'pattern = pop3-login: (?:Log(?:ged )?in:|.*no.auth.attempts).*\\brip=([0-9a-f.:]+),'),
    ],
    detectedBy: ['pop-before-smtp/user-only', 'pop-before-smtp/dropped'],
    passes: ['pop-before-smtp/unknown-user'],
  },
  {
    name: 'pop-authorises-network',
    base: 'pop-before-smtp',
    fault: 'the writer authorises the whole /24 of an address, because dial-up users change theirs',
    effect: 'leak',
    edits: [popWriter('authorise = network')],
    detectedBy: [
      'pop-before-smtp/neighbour',
      'pop-before-smtp/prefix',
      'pop-before-smtp/substring',
      'pop-before-smtp/neighbour-does-not-renew',
    ],
    passes: ['pop-before-smtp/ipv6-login-ipv4-message'],
  },
  {
    name: 'pop-authorises-whoever-authenticates',
    base: 'both',
    fault: 'the writer’s second pattern takes a success of SMTP-AUTH for a POP login',
    effect: 'leak',
    edits: [
      popWriter(
        'hook = log',
        'pattern = pop3-login: Log(?:ged )?in: user=<\\w+>, method=\\S+, rip=([0-9a-f.:]+),',
        'pattern = AUTH=server, relay=\\S+ \\[([0-9a-f.:]+)\\]',
      ),
    ],
    detectedBy: ['pop-before-smtp/auth-is-for-its-session'],
    passes: ['pop-before-smtp/failed-auth-adds-nothing'],
  },
  {
    name: 'pop-authorises-failed-auth',
    base: 'both',
    fault: 'the writer’s second pattern takes a failure of SMTP-AUTH with CRAM-MD5 for a login',
    effect: 'leak',
    edits: [
      popWriter(
        'hook = log',
        'pattern = pop3-login: Log(?:ged )?in: user=<\\w+>, method=\\S+, rip=([0-9a-f.:]+),',
        'pattern = AUTH failure \\(CRAM-MD5\\).* relay=\\S+ \\[([0-9a-f.:]+)\\]',
      ),
    ],
    detectedBy: ['pop-before-smtp/failed-auth-adds-nothing'],
  },
  {
    name: 'pop-hook-knows-plain-only',
    base: 'pop-before-smtp',
    fault: 'the writer’s pattern knows logins with USER and PASS, and no other method',
    effect: 'lock-out',
    edits: [
      popWriter('hook = log', 'pattern = pop3-login: Log(?:ged )?in: user=<\\w+>, method=PLAIN, rip=([0-9a-f.:]+),'),
    ],
    detectedBy: [
      'pop-before-smtp/login-apop',
      'pop-before-smtp/login-auth-login',
      'pop-before-smtp/login-auth-cram-md5',
    ],
    passes: ['pop-before-smtp/login-auth-plain'],
  },
  {
    name: 'pop-hook-misses-tls',
    base: 'pop-before-smtp',
    fault: 'the writer’s pattern does not know the word TLS in the line of a login',
    effect: 'lock-out',
    edits: [
      popWriter(
        'hook = log',
        'pattern = pop3-login: Log(?:ged )?in: user=<\\w+>, method=\\S+, rip=([0-9a-f.:]+), lip=\\S+, mpid=\\d+, session=',
      ),
    ],
    detectedBy: ['pop-before-smtp/login-stls', 'pop-before-smtp/login-implicit-tls'],
    passes: ['pop-before-smtp/login-apop'],
  },
  {
    name: 'pop-authorises-at-logout',
    base: 'pop-before-smtp',
    fault: 'the writer records the address when a session ends with QUIT, and not when it begins',
    effect: 'lock-out',
    edits: [popWriter('hook = log', 'pattern = pop3\\(.* rip=([0-9a-f.:]+), Disconnected: Logged out')],
    detectedBy: ['pop-before-smtp/unfinished-quit'],
  },
  {
    name: 'pop-logout-removes',
    base: 'both',
    fault: 'the writer removes the address when its user logs out',
    effect: 'lock-out',
    edits: [popWriter('logout = pop3\\(.* rip=([0-9a-f.:]+), Disconnected: Logged out')],
    detectedBy: ['pop-before-smtp/login', 'pop-before-smtp/login-apop'],
    passes: ['pop-before-smtp/unfinished-quit'],
  },
];
