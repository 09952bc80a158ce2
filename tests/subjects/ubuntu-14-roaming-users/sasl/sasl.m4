divert(-1)dnl
# /etc/mail/sasl/sasl.m4: AUTH, written by update_authm4 and edited
divert(0)dnl
VERSIONID(`$Id: sasl.m4,v 8.14.4-4.1ubuntu1 2014-02-02 19:48:11 cowboy Exp $')
ifdef(`sm_version', `dnl',
`include(`/usr/share/sendmail/cf/debian/autoconf.m4')dnl')
ifelse(eval(sm_version_math >= 526848), `1', `dnl
ifelse(sm_enable_auth, `yes', `dnl
define(`confTO_AUTH',     `2m')dnl   # <= EDIT
ifelse(eval(sm_version_math >= 527616), `1', `dnl
define(`confAUTH_REALM', `')dnl   # <= EDIT
')dnl
define(`confAUTH_MECHANISMS',dnl
`LOGIN PLAIN')dnl   # <= EDIT
TRUST_AUTH_MECH(`LOGIN PLAIN')dnl   # <= EDIT
ifelse(eval(sm_version_math >= 527360), `1', `dnl
define(`confAUTH_MECHANISMS',dnl
`EXTERNAL 'defn(`confAUTH_MECHANISMS'))dnl
TRUST_AUTH_MECH(`EXTERNAL')
define(`confDONT_BLAME_SENDMAIL',dnl
defn(`confDONT_BLAME_SENDMAIL')`,GroupReadableSASLDBFile,GroupWritableSASLDBFile')dnl
')dnl
')')dnl
