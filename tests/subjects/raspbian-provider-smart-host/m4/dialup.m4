divert(0)dnl
VERSIONID(`$Id: dialup.m4, v 8.15.2-18 2020-03-08 00:39:49 cowboy Exp $')
define(`confCON_EXPENSIVE', `True')dnl
define(`confTO_QUEUEWARN', `1d')dnl
