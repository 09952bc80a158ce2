# The lines of a sendmail.cf, to be changed in place. A line that is continued is one with its continuations.
package Rules;
use strict;
use warnings;

sub read {
  my ($class, $file) = @_;
  open my $in, '<:raw', $file or die "$file: $!\n";
  my @lines = map { s/\r?\n\z//r } <$in>;
  # What continues an option, a map or a mailer stands behind it, and leaves a comment at its place.
  my ($whole, %joined);
  my @original = @lines;
  for my $at (0 .. $#lines) {
    if ($lines[$at] =~ /^[ \t]+\S/ && defined $whole && $lines[$whole] =~ /^[OKMX]/) {
      ($lines[$whole] .= $lines[$at]) =~ s/[ \t]+/ /g;
      $lines[$at] = '#';
      $joined{$whole} = $lines[$whole];
    } elsif ($lines[$at] !~ /^[ \t]/) {
      $whole = $at;
    }
  }
  return bless { file => $file, lines => \@lines, original => \@original, joined => \%joined }, $class;
}

sub write {
  my ($self) = @_;
  my @lines = @{ $self->{lines} };
  # What was only joined stays as it was written.
  for my $at (keys %{ $self->{joined} }) {
    next if $lines[$at] ne $self->{joined}{$at};
    for (my $next = $at; $next == $at || ($lines[$next] // '') eq '#' && $self->{original}[$next] =~ /^[ \t]/; $next++) {
      $lines[$next] = $self->{original}[$next];
    }
  }
  open my $out, '>:raw', $self->{file} or die "$self->{file}: $!\n";
  print $out map { "$_\n" } @lines;
  close $out or die "$self->{file}: $!\n";
}

# Calls the code with each line that matches, and its groups, in order; the code may change $_.
sub each_line {
  my ($self, $pattern, $code) = @_;
  for (@{ $self->{lines} }) {
    if (my @groups = /$pattern/) { $code->(@groups) }
  }
}

# The last value of an option: the one that counts.
sub option {
  my ($self, $name) = @_;
  my $value;
  $self->each_line(qr/^O\s+\Q$name\E\s*=\s*(.*?)\s*$/i, sub { $value = $_[0] });
  return $value;
}
1;
