divert(-1)dnl
# provider.m4: who takes our mail, from /etc/mail/peers/provider
divert(0)dnl
VERSIONID(`$Id: provider.m4, v 8.15.2-18 2020-03-08 00:39:49 cowboy Exp $')
define(`confDEF_CHAR_SET', `UTF-8')dnl
