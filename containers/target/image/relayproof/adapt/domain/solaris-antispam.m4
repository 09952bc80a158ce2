divert(-1)
# Stands for Solaris's domain file of the same name, which leaves out what solaris-generic opens (usr/src/cmd/sendmail/cf/domain).
divert(0)
FEATURE(`redirect')dnl
FEATURE(`use_cw_file')dnl
FEATURE(`use_ct_file')dnl
EXPOSED_USER(`root')dnl
