/** Controls with a fault in what the server sends or tells by itself. */
import { beforeMailers, type ControlDefinition } from './definition.ts';

const without = (flag: string): ControlDefinition['edits'][number] => ({
  file: 'sendmail.mc',
  replace: `,${flag},`,
  by: ',',
});

export const reflection: readonly ControlDefinition[] = [
  {
    name: 'unknown-users-accepted',
    base: 'both',
    fault:
      'the local mailer lacks the flag w: mail to unknown users is accepted and returned to whoever it claims to be from',
    effect: 'weak',
    edits: [{ ...beforeMailers, insert: "MODIFY_MAILER_FLAGS(`LOCAL', `-w')dnl" }],
    detectedBy: ['reflection/unknown-user', 'reflection/unknown-user-*'],
    passes: ['reflection/automatic-answer', 'reflection/outside-recipient'],
  },
  {
    name: 'unknown-users-sent-outside',
    base: 'smtp-auth',
    fault: 'LUSER_RELAY: mail to unknown users is sent on to another host',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "define(`LUSER_RELAY', `relay:elsewhere.example')dnl" }],
    detectedBy: ['reflection/unknown-user', 'reflection/unknown-user-of-host'],
  },
  {
    name: 'relaying-decided-at-delivery',
    base: 'smtp-auth',
    fault:
      'check_rcpt takes every recipient, and check_compat refuses what is not local: too late for anything but a report',
    effect: 'weak',
    edits: [
      {
        file: 'sendmail.mc',
        insert: [
          'LOCAL_RULESETS',
          'SLocal_check_rcpt',
          'R$*\t$#OK',
          'Scheck_compat',
          'R$*\t$: $&{auth_type} $| $1',
          'R$| $* $| $* @ elsewhere.example $*\t$#error $@ 5.7.1 $: "550 We do not relay"',
        ].join('\n'),
      },
    ],
    detectedBy: ['reflection/outside-recipient'],
  },
  {
    name: 'size-limit-in-the-mailer',
    base: 'smtp-auth',
    fault: 'LOCAL_MAILER_MAX limits the size of local mail: what is larger is accepted and returned',
    effect: 'weak',
    edits: [{ ...beforeMailers, insert: "define(`LOCAL_MAILER_MAX', `100000')dnl" }],
    detectedBy: ['reflection/large-message'],
    passes: ['reflection/automatic-answer'],
  },
  {
    name: 'automatic-answers',
    base: 'both-procmail',
    fault: 'a recipe for all users answers every message, whoever it claims to be from',
    effect: 'weak',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "FEATURE(`local_procmail', `/usr/bin/procmail')dnl",
        by: "FEATURE(`local_procmail', `/usr/bin/procmail', `procmail -m /etc/mail/common.rc $u')dnl",
      },
      {
        file: 'common.rc',
        create: [
          ':0 c',
          '| (formail -rt -I "Subject: Thank you"; echo "We have got your message.") | /usr/sbin/sendmail -oi -t',
          ':0',
          '| /usr/bin/procmail -d $1',
          '',
        ].join('\n'),
      },
    ],
    detectedBy: ['reflection/automatic-answer'],
  },
  {
    name: 'vrfy-answered',
    base: 'both',
    fault: 'confPRIVACY_FLAGS without novrfy: strangers may ask which users there are',
    effect: 'weak',
    edits: [without('novrfy')],
    detectedBy: ['reflection/vrfy', 'reflection/vrfy-submission'],
    passes: ['reflection/expn'],
  },
  {
    name: 'expn-answered',
    base: 'smtp-auth-procmail',
    fault: 'confPRIVACY_FLAGS without noexpn: strangers may ask who is behind an alias',
    effect: 'weak',
    edits: [without('noexpn')],
    detectedBy: ['reflection/expn', 'reflection/expn-submission', 'reflection/verb', 'reflection/verb-submission'],
    passes: ['reflection/vrfy'],
  },
  {
    name: 'etrn-answered',
    base: 'pop-before-smtp',
    fault: 'neither noetrn nor M=E: strangers may have the queue run',
    effect: 'weak',
    edits: [without('noetrn'), { file: 'sendmail.mc', replace: 'M=EA', by: 'M=A' }],
    detectedBy: ['reflection/etrn', 'reflection/etrn-submission'],
  },
];
