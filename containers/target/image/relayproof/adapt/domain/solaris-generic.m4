divert(-1)
# Stands for Solaris's domain file of the same name, with the features that illumos's has (usr/src/cmd/sendmail/cf/domain).
divert(0)
FEATURE(`redirect')dnl
FEATURE(`use_cw_file')dnl
FEATURE(`use_ct_file')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`relay_entire_domain')dnl
EXPOSED_USER(`root')dnl
