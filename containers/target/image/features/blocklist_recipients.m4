divert(-1)
# FEATURE(`blocklist_recipients') for releases that know it as `blacklist_recipients' only (sendmail 8.15). relayproof puts
# this file into their macro tree; the one of the release itself, where there is one, is left alone.
divert(0)dnl
VERSIONID(`relayproof: blocklist_recipients.m4')dnl
divert(-1)
errprint(`FEATURE(`blocklist_recipients') is called `blacklist_recipients' in this version of sendmail, and was taken for it: on a server with this version, write the old name
')
FEATURE(`blacklist_recipients')
