# Delivery agents: where another system has them, or programs that are not here.
package Mailers;
use strict;
use warnings;
use File::Basename qw(basename dirname);
use File::Path qw(make_path);
use Notes;

my $mail_local = '/usr/libexec/sendmail/mail.local';
# With root's rights of its own, as it is called on other systems.
my %same = ('mail.local' => '/usr/libexec/mail.local', procmail => '/usr/bin/procmail', smrsh => '/usr/libexec/sendmail/smrsh', sh => '/bin/sh');

# Local mail is delivered all the same, by mail.local. Called with the mailer's line as $_.
sub replace {
  my ($name, $rest, $missing) = @_;
  my ($sender) = $rest =~ /\b(S\w*=[^,]+)/;
  my ($recipient) = $rest =~ /\b(R\w*=[^,]+)/;
  $_ = join ', ', "M$name", "P=$mail_local", 'F=lsDFMAw5:/|@qSXmnz9', grep({ defined } $sender, $recipient), 'T=DNS/RFC822/SMTP', 'A=mail.local -l';
  doubt('delivery-agents/*', "mailer $name: mail.local delivers in place of $missing, which is not here");
}

sub adapt {
  my ($rules) = @_;
  my %local = (local => 1);
  # confLOCAL_MAILER: rules end with $#cyrusv2 where they usually end with $#local.
  $rules->each_line(qr/\$#\s*(cyrus\w*|dovecot\w*|lmtp\w*)\b/, sub { $local{ $_[0] } = 1 });
  $rules->each_line(qr/^M(\S+?)\s*,\s*(.*)/, sub {
    my ($name, $rest) = @_;
    my ($program) = $rest =~ /\bP\w*=([^,\s]+)/ or return;
    my ($arguments) = $rest =~ /\bA\w*=(.*)$/;
    if ($program eq '[IPC]' && ($arguments // '') =~ /^FILE\s+(\S+)/ && !-S $1) {
      replace($name, $rest, "the socket $1");
    } elsif ($program =~ m{^/} && !-x $program) {
      if (my $here = $same{ basename $program }) {
        make_path(dirname $program);
        symlink $here, $program or die "$program: $!\n";
        made("$program\n");
      note("mailer $name: $program is $here here");
      } elsif ($local{$name} || ($arguments // '') =~ /\$u\b/ && $name =~ /local|cyrus|dovecot/) {
        replace($name, $rest, $program);
      } else {
        note("mailer $name: $program is not here; what is handed to it comes back");
      }
    }
  });
}
1;
