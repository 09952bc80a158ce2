divert(-1)
# POP before SMTP: an address that is in the map may relay. Keys carry a tag, as access keys do.
divert(0)
VERSIONID(`popauth.m4, local')
LOCAL_CONFIG
Kpopauth hash -a<OK> /etc/mail/popauth
define(`POP_B4_SMTP_TAG', `POP:')dnl

LOCAL_RULESETS
SIs_popauth_ok
R$*		$: $(popauth POP_B4_SMTP_TAG`'$&{client_addr} $: <?> $)
R<?>		$@ NO
R$*		$@ YES

SLocal_check_rcpt
R$*		$: $1 $| $>Is_popauth_ok
R$* $| YES	$# OK
R$* $| NO	$: $1

SLocal_check_relay
R$*		$: $1 $| $>Is_popauth_ok
R$* $| YES	$# OK
R$* $| NO	$: $1
