# What sendmail refuses to read although its own server's sendmail did: it is asked, and what it names is mended, as long
# as something can be.
package Refused;
use strict;
use warnings;
use Notes;

my $rounds = 8;

sub complaints {
  my ($file) = @_;
  open my $out, '-|', "/usr/libexec/sendmail/sendmail -C $file -bt 2>&1 < /dev/null" or die "sendmail: $!\n";
  return <$out>;
}

sub adapt {
  my ($rules) = @_;
  $rules->each_line(qr{^V(\d+)/(?!Berkeley)(\w+)}, sub { note("V$_[0]/$_[1]: read as Berkeley’s, whose sendmail runs here"); $_ = "V$_[0]/Berkeley" });
  $rules->write;
  my %known;
  for (1 .. $rounds) {
    my $mended = 0;
    for my $line (complaints($rules->{file})) {
      next if $known{$line}++;
      if ($line =~ /unknown option name (\w+)/) {
        my $option = $1;
        $rules->each_line(qr/^O\s+\Q$option\E\b/, sub { $_ = '#'; $mended = 1 });
        note("the option $option is left out: this sendmail does not know it");
      } elsif ($line =~ /unknown (?:user|group)(?: name)? "?([\w.-]+)"?/i) {
        my $user = $1;
        next if system('useradd', '-r', '-M', '-U', '-s', '/usr/sbin/nologin', $user) != 0;
        note("the user $user was made: the configuration names him");
        $mended = 1;
      }
    }
    last unless $mended;
    $rules->write;
  }
}
1;
