/** Controls with a fault in: trust in certificates, and where mail for local users goes. */
import { beforeMailers, type ControlDefinition, localCheckRcpt, offered, trusted } from './definition.ts';

const authority = { file: 'sendmail.mc', replace: '/etc/mail/tls/ca.pem', by: '/etc/relayproof/many-cas.pem' };
const withExternal = (line: string) => ({
  file: 'sendmail.mc',
  replace: line,
  by: line.replace("PLAIN'", "PLAIN EXTERNAL'"),
});

const certificates: ControlDefinition[] = [
  {
    name: 'any-verified-certificate',
    base: 'smtp-auth',
    fault: 'a rule relays for every certificate that checks out, with a bundle of public authorities in confCACERT',
    effect: 'leak',
    edits: [authority, localCheckRcpt('R$*\t\t$: $&{verify}', 'ROK\t\t$#OK')],
    detectedBy: ['name-trust/certificate-other-authority', 'name-trust/certificate-other-name'],
    passes: ['name-trust/certificate-self-signed', 'name-trust/certificate-none'],
  },
  {
    name: 'unverified-certificate',
    base: 'both',
    fault: 'a rule takes FAIL, a certificate that does not check out, for good: it is one, after all',
    effect: 'leak',
    edits: [withExternal(offered), localCheckRcpt('R$*\t\t$: $&{verify}', 'RFAIL\t\t$#OK')],
    detectedBy: ['name-trust/certificate-self-signed', 'name-trust/external-self-signed'],
    passes: ['name-trust/certificate-none', 'name-trust/certificate-other-name'],
  },
  {
    name: 'encryption-is-enough',
    base: 'pop-before-smtp',
    fault: 'a rule relays for whoever speaks TLS',
    effect: 'leak',
    edits: [localCheckRcpt('R$*\t\t$: $&{tls_version}', 'R$+\t\t$#OK')],
    detectedBy: ['name-trust/certificate-none', 'smtp-auth/login-outside-the-mode'],
  },
  {
    name: 'encryption-is-enough-for-external',
    base: 'both',
    fault: 'EXTERNAL is offered, and a rule relays for whoever speaks TLS, whether EXTERNAL succeeded or not',
    effect: 'leak',
    edits: [withExternal(offered), localCheckRcpt('R$*\t\t$: $&{tls_version}', 'R$+\t\t$#OK')],
    detectedBy: ['name-trust/external-none', 'smtp-auth/plain-starttls-wrong-password'],
  },
  {
    name: 'certificate-issuer-relays',
    base: 'smtp-auth',
    fault: 'CertIssuer: says RELAY instead of SUBJECT: everybody who has a certificate of the authority may relay',
    effect: 'leak',
    edits: [{ file: 'access', insert: 'CertIssuer:/O=relayproof+20lab/CN=relayproof+20lab+20CA\tRELAY' }],
    detectedBy: ['name-trust/certificate-other-name'],
    passes: ['name-trust/certificate-other-authority', 'name-trust/certificate-self-signed'],
  },
  {
    name: 'external-trusted',
    base: 'smtp-auth',
    fault: 'EXTERNAL is offered and trusted, with a bundle of public authorities in confCACERT',
    effect: 'leak',
    edits: [authority, withExternal(offered), withExternal(trusted)],
    detectedBy: ['name-trust/external-other-authority', 'name-trust/external-other-name'],
    passes: ['name-trust/external-none', 'name-trust/external-self-signed', 'name-trust/certificate-other-authority'],
  },
];

const forwarding: ControlDefinition[] = [
  {
    name: 'postmaster-unread',
    base: 'pop-before-smtp',
    fault: 'postmaster’s alias leads to a user who is gone: complaints come back',
    effect: 'inbound',
    edits: [{ file: 'aliases', replace: 'postmaster:\troot', by: 'postmaster:\thostmaster' }],
    detectedBy: ['legitimate-mail/postmaster*', 'legitimate-mail/abuse'],
    passes: ['legitimate-mail/alias-that-leads-outside'],
  },
  {
    name: 'relay-check-at-delivery',
    base: 'smtp-auth',
    fault: 'check_compat refuses outside recipients at delivery, where what an alias leads to is one as well',
    effect: 'inbound',
    edits: [
      {
        file: 'sendmail.mc',
        insert: [
          'LOCAL_RULESETS',
          'Scheck_compat',
          'R$*\t\t$: auth : $&{auth_type} : $1',
          'Rauth : : $* $| $* @ $=w $*\t$@ local',
          'Rauth : : $* $| $-\t\t$@ local',
          'Rauth : : $*\t\t$#error $@ 5.7.1 $: "550 Relaying denied"',
        ].join('\n'),
      },
    ],
    detectedBy: ['legitimate-mail/alias-that-leads-outside', 'false-leads/forwarding-alias'],
  },
  {
    name: 'virtual-domain-not-local',
    base: 'both',
    fault: 'a virtual user’s domain is neither in local-host-names nor in VIRTUSER_DOMAIN',
    effect: 'inbound',
    edits: [{ file: 'virtusertable', replace: 'sales@hosting.example', by: 'sales@shop.example' }],
    detectedBy: ['legitimate-mail/virtual-user-that-leads-outside', 'false-leads/forwarding-virtual-user'],
    passes: ['legitimate-mail/alias-that-leads-outside'],
  },
  {
    name: 'unconfirmed-names-refused',
    base: 'both',
    fault: 'Local_check_relay refuses clients without a name that leads back: many servers have none',
    effect: 'inbound',
    edits: [
      {
        file: 'sendmail.mc',
        insert: [
          'LOCAL_RULESETS',
          'SLocal_check_relay',
          'R$*\t\t$: $&{client_resolve}',
          'RFORGED\t\t$#error $@ 5.7.1 $: "550 Your address and its name do not agree"',
          'RFAIL\t\t$#error $@ 5.7.1 $: "550 Your address has no name"',
        ].join('\n'),
      },
    ],
    detectedBy: ['legitimate-mail/no-reverse-name', 'legitimate-mail/unconfirmed-reverse-name'],
    passes: ['name-trust/unconfirmed-local', 'name-trust/no-name'],
  },
  {
    name: 'message-size-limit',
    base: 'both-procmail',
    fault: 'confMAX_MESSAGE_SIZE is 100000 octets: a picture is too large',
    effect: 'inbound',
    edits: [{ ...beforeMailers, insert: "define(`confMAX_MESSAGE_SIZE', `100000')dnl" }],
    detectedBy: ['legitimate-mail/large'],
  },
  {
    name: 'mail-hub-outside',
    base: 'both',
    fault: 'MAIL_HUB sends the mail of local users to a host outside',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "define(`MAIL_HUB', `esmtp:mx.elsewhere.example.')dnl" }],
    detectedBy: [
      'legitimate-mail/local',
      'false-leads/*-that-leads-home',
      'false-leads/bounce',
      'false-leads/success-report',
    ],
  },
];

export const certificatesAndForwarding: readonly ControlDefinition[] = [...certificates, ...forwarding];
