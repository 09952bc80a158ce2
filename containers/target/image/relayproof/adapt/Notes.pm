# What adaptations have in common: telling the harness about them, and putting files where the configuration wants them.
package Notes;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(basename dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
our @EXPORT = qw(note doubt bring place made);

# Adapted, and no attempt's verdict can depend on it.
sub note { print 'note ', join('', @_) =~ s/\s+/ /gr, "\n" }

# Adapted, and these attempts (patterns, separated by commas) may have passed because of it: they prove nothing.
sub doubt { my ($attempts, @text) = @_; print "doubt $attempts ", join('', @text) =~ s/\s+/ /gr, "\n" }

# The folder's own file that stands for one that lies elsewhere on the real server: it has the same name. A database's
# name may have the ending that its text has not.
sub bring {
  my ($path) = @_;
  my $name = basename($path) =~ s/\.db$//r;
  my ($own) = grep { -f } "/etc/mail/$name", glob("/etc/mail/*/$name");
  return unless defined $own && $own ne $path;
  place($path, $own);
  return $own =~ s{^/etc/mail/}{}r;
}

sub place {
  my ($path, $from) = @_;
  make_path(dirname $path);
  copy($from, $path) or die "$path: $!\n";
  made("$path\n");
}

# What was made outside of /etc/mail must go with the configuration.
sub made { open my $list, '>>', '/run/relayproof/placed' or die "placed: $!\n"; print $list @_; close $list }
1;
