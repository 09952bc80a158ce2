divert(-1)
# ask Cyrus’s smmapd whether a mailbox is there, before its message is taken
divert(0)
MODIFY_MAILER_FLAGS(`CYRUSV2', `+5')dnl
LOCAL_CONFIG
Kcyrus socket -a<OK> -T<TMPF> local:/var/imap/socket/smmapd

LOCAL_RULESETS
SLocal_localaddr
R$+			$: $> "ckuser_cyrus" $1

Sckuser_cyrus
R$+			$: <!> $1 $| $(cyrus $1 $: $)
R<!> $* $| $* <OK>	$@ $1
R<!> $* $| $* <TMPF>	$# error $@ 4.3.0 $: "451 Mailbox cannot be looked up"
R<!> $* $| $*		$# error $@ 5.1.1 $: "550 No such mailbox"
