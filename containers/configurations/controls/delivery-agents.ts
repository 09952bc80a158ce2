/** Controls with a fault in what delivers local mail. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

const procmail = "FEATURE(`local_procmail', `/usr/bin/procmail')dnl";

/** Every local message passes through one file of recipes. */
const commonFile = {
  file: 'sendmail.mc',
  replace: procmail,
  by: "FEATURE(`local_procmail', `/usr/bin/procmail', `procmail -m /etc/mail/common.rc $u $h')dnl",
} as const;

/** It does something there, and is then delivered as usual. */
const throughCommonFile = (...recipes: string[]): ControlDefinition['edits'] => [
  commonFile,
  { file: 'common.rc', create: [...recipes, ':0', '| /usr/bin/procmail -d $1', ''].join('\n') },
];

export const deliveryAgents: readonly ControlDefinition[] = [
  {
    name: 'local-mailer-limit',
    base: 'both-procmail',
    fault: 'LOCAL_MAILER_MAX is 100 octets, where kilobytes were meant: mail to local users is accepted and bounces',
    effect: 'inbound',
    edits: [{ ...beforeMailers, insert: "define(`LOCAL_MAILER_MAX', `100')dnl" }],
    detectedBy: ['legitimate-mail/local', 'legitimate-mail/authenticated-local', 'transport/starttls'],
    passes: ['false-leads/bounce'],
  },
  {
    name: 'procmail-is-formail',
    base: 'both-procmail',
    fault: 'FEATURE(local_procmail) names formail, which delivers nothing: local mail is accepted and bounces',
    effect: 'inbound',
    edits: [{ file: 'sendmail.mc', replace: '`/usr/bin/procmail', by: '`/usr/bin/formail' }],
    detectedBy: ['legitimate-mail/local', 'delivery-agents/detail-empty'],
    passes: ['delivery-agents/forward-file'],
  },
  {
    name: 'seven-bit-lines',
    base: 'both',
    fault: 'the local mailer has the flags 7 and L: the eighth bit is dropped and long lines are cut',
    effect: 'inbound',
    edits: [{ ...beforeMailers, insert: "MODIFY_MAILER_FLAGS(`LOCAL', `+7L')dnl" }],
    detectedBy: ['delivery-agents/whole-eighth-bit', 'delivery-agents/whole-longest-lines'],
    passes: ['delivery-agents/whole-from-lines'],
  },
  {
    name: 'users-files-not-read',
    base: 'pop-before-smtp-procmail',
    fault: 'procmail delivers by a file for all users, which hands everything to mail.local: no .procmailrc is read',
    effect: 'inbound',
    edits: [commonFile, { file: 'common.rc', create: ':0\n| /usr/libexec/sendmail/mail.local $1\n' }],
    detectedBy: ['delivery-agents/procmailrc'],
    passes: ['delivery-agents/forward-file'],
  },
  {
    name: 'disclaimer-appended',
    base: 'smtp-auth-procmail',
    fault: 'a recipe for all users appends a disclaimer to every message',
    effect: 'inbound',
    edits: [
      ...throughCommonFile(':0 fbw', '| cat - /etc/mail/disclaimer'),
      { file: 'disclaimer', create: 'This message is confidential.\n' },
    ],
    detectedBy: ['delivery-agents/whole-*'],
  },
  {
    name: 'forward-files-by-host',
    base: 'pop-before-smtp',
    fault: 'confFORWARD_PATH names .forward.HOST alone: users’ .forward files are not looked at',
    effect: 'inbound',
    edits: [{ ...beforeMailers, insert: "define(`confFORWARD_PATH', `$z/.forward.$w')dnl" }],
    detectedBy: ['delivery-agents/forward-file', 'delivery-agents/forward-file-*'],
  },
  {
    name: 'detail-names-a-folder',
    base: 'both-procmail',
    fault: 'mail with a +detail goes to a folder of that name, which users of POP never see',
    effect: 'inbound',
    edits: throughCommonFile('DETAIL=$2', ':0', '* DETAIL ?? .', '/tmp/folder-$1'),
    detectedBy: ['delivery-agents/detail-!(empty)', 'legitimate-mail/local-detail'],
    passes: ['delivery-agents/detail-empty'],
  },
  {
    name: 'forwarding-by-header',
    base: 'smtp-auth-procmail',
    fault: 'a recipe for all users sends a message on to whoever a field of its header names',
    effect: 'leak',
    edits: throughCommonFile(
      ':0',
      '* ^(Reply|Errors|Return-Receipt|Disposition-Notification|X-Forward|Apparently)-To: *\\/.*',
      '! $MATCH',
    ),
    detectedBy: ['reflection/header-*'],
  },
  {
    name: 'forwarding-by-detail',
    base: 'pop-before-smtp-procmail',
    fault: 'a recipe for all users sends a message on to the address behind the +',
    effect: 'leak',
    edits: throughCommonFile('DETAIL=$2', 'ADDRESS=`echo "$DETAIL" | tr = @`', ':0', '* ADDRESS ?? @', '! $ADDRESS'),
    detectedBy: ['delivery-agents/forward-to-detail'],
    passes: ['delivery-agents/detail-several'],
  },
  {
    name: 'delivery-through-a-shell',
    base: 'smtp-auth-procmail',
    fault: 'the local mailer is a script that hands the address to a shell',
    effect: 'leak',
    edits: [
      {
        file: 'sendmail.mc',
        replace: procmail,
        by: "FEATURE(`local_procmail', `/bin/sh', `sh /etc/mail/deliver $u $h', `SPhn9')dnl",
      },
      { file: 'deliver', create: 'eval "DETAIL=$2 procmail -d $1"\n' },
    ],
    detectedBy: ['delivery-agents/shell-*'],
  },
];
