divert(-1)dnl
# /etc/mail/tls/starttls.m4: STARTTLS, written by update_tlsm4
divert(0)dnl
VERSIONID(`$Id: starttls.m4,v 8.14.4-4 2013-02-11 11:12:33 cowboy Exp $')
ifdef(`sm_version', `dnl',
`include(`/usr/share/sendmail/cf/debian/autoconf.m4')dnl')
ifelse(eval(sm_version_math >= 527104), `1', `dnl
ifelse(sm_enable_tls, `yes', `dnl
define(`confDONT_BLAME_SENDMAIL',dnl
	defn(`confDONT_BLAME_SENDMAIL')`,GroupReadableKeyFile')dnl
define(`confTO_STARTTLS',     `2m')dnl   # <= EDIT
define(`confCACERT_PATH',     `/etc/ssl/certs')dnl   # <= EDIT
define(`confCACERT',           `/etc/mail/tls/sendmail-server.crt')dnl   # <= EDIT
define(`confCRL',              `')dnl   # <= EDIT
undefine(`confCRL')dnl
define(`confSERVER_CERT',     `/etc/mail/tls/sendmail-server.crt')dnl   # <= EDIT
define(`confSERVER_KEY',      `/etc/mail/tls/sendmail-common.key')dnl   # <= EDIT
define(`confCLIENT_CERT',     `/etc/mail/tls/sendmail-client.crt')dnl   # <= EDIT
define(`confCLIENT_KEY',      `/etc/mail/tls/sendmail-common.key')dnl   # <= EDIT
define(`confDH_PARAMETERS',   `/etc/mail/tls/sendmail-common.prm')dnl # <= EDIT
define(`confTLS_SRV_OPTIONS', `V')dnl   # <= EDIT
')')dnl
