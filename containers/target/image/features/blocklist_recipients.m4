divert(-1)
# For releases that know this feature as blacklist_recipients only (sendmail 8.15). relayproof puts this file into their
# macro tree; the one of the release itself, where there is one, is left alone. No quotes and no macros in comments here:
# the macro tree has them expanded.
divert(0)dnl
VERSIONID(`relayproof: blocklist_recipients.m4')dnl
divert(-1)
errprint(`FEATURE blocklist_recipients is called blacklist_recipients in this version of sendmail, and was taken for it. On a server with this version, write the old name.
')
FEATURE(`blacklist_recipients')
