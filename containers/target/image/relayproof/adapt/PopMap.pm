# The map that the rules look POP users' addresses up in: the writer must keep that one, with its kind of keys, unless
# relayproof.yaml or popauth.conf says otherwise.
package PopMap;
use strict;
use warnings;
use Notes;

# Whether a map holds POP logins, by its name or its path.
sub is_pop_map { return "@_" =~ /drac|pop|relayers/i }

sub adapt {
  my ($rules) = @_;
  open my $out, '>', '/run/relayproof/pop-map' or die "pop-map: $!\n";
  my $found;
  $rules->each_line(qr/^K(\S+)\s+(hash|btree)(.*)/, sub {
    my ($name, $type, $rest) = @_;
    my ($path) = $rest =~ m{\s(/\S+)} or return;
    return if $found || !is_pop_map($name, $path);
    $found = { name => $name, type => $type, path => $path =~ s/\.db$//r };
  });
  return unless $found;
  print $out "map = $found->{type} $found->{path}\n";
  # The key as the rules put it together: a tag in front of the address, or the address as the macro has it. FEATURE(drac)
  # takes "IPv6:" off, rules of one's own seldom do.
  my ($tag, $direct) = (undef, 1);
  $rules->each_line(qr/\$\(\Q$found->{name}\E\s+(\S*?)\$&?\{client_addr\}/, sub { $tag = $_[0] });
# "IPv6:" may be taken off in the lookup itself, or by a rule before it.
  my $stripped = 0;
  $rules->each_line(qr/^(?:S|R)/, sub {
    $stripped = 0 if /^S/;
    $stripped = 1 if /^RIPv6:/;
    $direct = 0 if $stripped && /\$\(\Q$found->{name}\E\s/;
  });
  if (length($tag // '')) { print $out "tag = $tag\n" }
  print $out "keys = prefixed\n" if $direct;
  # What it keeps of itself needs no word.
  return if "$found->{type} $found->{path}" eq 'hash /etc/mail/drac' && !length($tag // '');
  note("the POP server’s writer keeps $found->{type} $found->{path}, which the rules look clients up in", length($tag // '') ? " (keys begin with $tag)" : '');
}
1;
