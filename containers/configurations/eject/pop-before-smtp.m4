dnl # POP before SMTP for a sendmail-cf that has no FEATURE(`drac'): it is Debian's own. In sendmail.mc, in its place:
dnl #   include(`/etc/mail/pop/pop-before-smtp.m4')dnl
dnl # Unlike the feature, it accepts every recipient from such a client, those that access refuses included.
LOCAL_CONFIG
Kpopauth MAP_OF_POPAUTH
LOCAL_RULESETS
SLocal_check_rcpt
R$*		$: $&{client_addr}
RIPv6:$*	$: $1
R$*		$: $(popauth $1 $: $)
R$+		$#OK
divert(0)dnl
