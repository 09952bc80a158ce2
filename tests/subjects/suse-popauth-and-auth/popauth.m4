divert(-1)
#  POP before SMTP: whoever is in the map may send. The daemon in
#  /usr/local/sbin/pop-before-smtp watches the mail log and keeps the map.
divert(0)
LOCAL_CONFIG
Kpopauth hash -o -a<OK> /etc/mail/popauth

LOCAL_RULESETS
SLocal_check_rcpt
R$*			$: $1 $| $(popauth $&{client_addr} $: ? $)
R$* $| ?		$@ $1
R$* $| $*<OK>		$# OK
