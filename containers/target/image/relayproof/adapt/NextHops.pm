# Servers that mail is handed on to: the lab plays each of them, and what reaches it counts as sent.
package NextHops;
use strict;
use warnings;
use Notes;

my %hops;
my $helper = $ENV{RELAYPROOF_HELPER} // '127.0.0.1';

# What stands for a next hop in rules and maps: "mailer:host", "[host]", "[address]", with a port or a list of them.
sub played {
  my ($text, $where) = @_;
  my $hop = $text;
  my $mailer = $hop =~ s/^([\w-]+):(?=[\[\w])// ? "$1:" : '';
  return $text if $mailer =~ /^(error|local|discard|prog)/ || $hop eq '';
  my $changed = $hop =~ s/\[(?:\d+\.\d+\.\d+\.\d+|IPv6:[^\]]+|[0-9a-f]*:[0-9a-f:]+)\]/[$helper]/gri;
  $changed =~ s/(\[[^\]]+\]):\d+/$1/g;
  for my $name (split /[:,]/, $hop =~ s/[\[\]]//gr) {
    $hops{ lc($name =~ s/\.$//r) } = 1 if $name =~ /^[a-z0-9][\w.-]*$/i && $name !~ /^[\d.]+$/;
  }
  note("the lab plays the next hop $text ($where): what reaches it counts");
  return $mailer . $changed;
}

sub adapt {
  my ($rules) = @_;
  my %means = (S => 'SMART_HOST', R => 'LOCAL_RELAY', H => 'MAIL_HUB', L => 'LUSER_RELAY');
  my $hub = '';
  $rules->each_line(qr/^D([SRHLBCFUVWXYZ])(\S+)\s*$/, sub {
    my ($macro, $value) = @_;
    return if !$means{$macro} || $value =~ /^\$/;
    $_ = "D$macro" . played($value, $means{$macro});
    $hub ||= $value if $macro =~ /[HR]/;
  });
  $rules->each_line(qr/^O\s+(Fallback(?:MXhost|SmartHost))\s*=\s*(\S+)/i, sub { $_ = "O $_[0]=" . played($_[1], $_[0]) });
  $rules->each_line(qr/^(M(?:e|d|h|s)?[a-z]*smtp\d*|Mrelay|Mdsmtp)(.*\bA\w*=TCP \$h) (\S+)(.*)$/, sub {
    my ($mailer, $before, $port, $after) = @_;
    note(substr($mailer, 1), ": the next hop is asked on port 25, not $port");
    $_ = "$mailer$before$after";
  });
  $rules->each_line(qr/^(M\S*smtp\S*|Mrelay)(.*\bF\w*=)([^,\s]*)z([^,\s]*)(,.*\bA\w*=TCP.*)$/, sub {
    my ($mailer, $before, $flags, $more, $after) = @_;
    note(substr($mailer, 1, -1), ': the next hop is spoken to in SMTP, not LMTP');
    $_ = "$mailer$before$flags$more$after";
  });
  $rules->each_line(qr/^Kmailertable\s+\S+.*?\s(\/\S+)/, sub { routes($_[0] =~ s/\.db$//r) });
  open my $out, '>', '/run/relayproof/next-hops' or die "next-hops: $!\n";
  print $out map { "$_\n" } sort keys %hops;
  open my $to, '>', '/run/relayproof/hub' or die "hub: $!\n";
  print $to $hub =~ s/^[\w-]+:(?=[\[\w])//r;
  my %list;
  $rules->each_line(qr/\$\(\S*nsbl\S*\s+\$4\.\$3\.\$2\.\$1\.([\w.-]+?)\.?\s/i, sub { $list{ $_[0] } = 1 });
  note("nobody is listed at $_: the lab’s DNS has no entries there") for sort keys %list;
}

# A mailertable is a map: its text is changed, in the target.
sub routes {
  my ($file) = @_;
  open my $in, '<', $file or return;
  my @lines = map { s/\s+\z//r } <$in>;
  close $in;
  for (@lines) {
    next if /^\s*(#|$)/;
    my ($domain, $space, $hop) = /^(\S+)(\s+)(\S.*)$/ or next;
    $_ = $domain . $space . played($hop, "mailertable, $domain");
  }
  open my $out, '>', $file or die "$file: $!\n";
  print $out map { "$_\n" } @lines;
}
1;
