# Who listens where: addresses of the real server do not exist here, and nobody outside would reach the loopback's.
package Daemons;
use strict;
use warnings;
use Notes;

my %number = (smtp => 25, mta => 25, submission => 587, smtps => 465, submissions => 465);

# As sendmail reads it: the first letter of a key counts, in capitals or not, and the last one of a kind.
sub settings { return map { /^\s*(\w)\w*\s*=\s*(.*?)\s*$/ ? (uc $1, $2) : () } split /,/, $_[0] }

# The same settings with another address, or none.
sub with_address {
  my ($options, $address) = @_;
  return join ', ', grep({ !/^\s*A\w*\s*=/i } map { s/^\s+|\s+$//gr } split /,/, $options), defined $address ? "Addr=$address" : ();
}

sub kind_of {
  my ($address) = @_;
  return 'any' if !defined $address || $address =~ /^(|0\.0\.0\.0|::|IPv6:::|0::0|\*)$/i;
  return $address =~ /^(127\.|::1$|IPv6:::1$|localhost)/i ? 'loopback' : 'own';
}

sub adapt {
  my ($rules) = @_;
  my %place;
  my @order;
  $rules->each_line(qr/^O\s+DaemonPortOptions=(.*)/, sub {
    my %daemon = settings($_[0]);
    my $port = $daemon{P} // 'smtp';
    my $family = lc($daemon{F} // 'inet');
    my $place = ($number{ lc $port } // $port) . " $family";
    push @order, $place unless $place{$place};
    push @{ $place{$place} }, { settings => \%daemon, options => $_[0], line => \$_, kind => kind_of($daemon{A}) };
  });
  for my $place (@order) {
    my ($port, $family) = split ' ', $place;
    my %rank = (any => 0, own => 1, loopback => 2);
    my ($kept, @others) = sort { $rank{ $a->{kind} } <=> $rank{ $b->{kind} } } @{ $place{$place} };
    my %daemon = %{ $kept->{settings} };
    my $name = $daemon{N} // 'the daemon';
    for my $other (@others) {
      note("port $port: $name also answers for ", $other->{settings}{N} // 'the daemon', ' at ', $other->{settings}{A} // 'every address',
        ': here they would be at the same address', ($other->{settings}{M} // '') ne ($daemon{M} // '')
          ? ' (its modifiers M=' . ($other->{settings}{M} // '') . ' are not tried)' : '');
      ${ $other->{line} } = '#';
    }
    if ($kept->{kind} eq 'loopback') {
      note("port $port: $name listens at $daemon{A} alone, where nobody outside reaches it; here it listens at the container’s address, ",
        'and what is shown holds if it ever does so on the real server');
    } elsif ($kept->{kind} eq 'own') {
      note("port $port: $name listens at $daemon{A}, which is not here; it listens at the container’s address");
    }
    my $address = $kept->{kind} eq 'any' ? $daemon{A} : undef;
    note("port $port: $name speaks TLS from the first byte (M=s); no attempt does, and those of this port do not apply") if ($daemon{M} // '') =~ /s/;
    # A wildcard socket of inet6 takes IPv4 as well, and then the other family's cannot be bound.
    if ($family eq 'inet6' && $place{"$port inet"}) {
      my ($own) = map { /inet6 ([0-9a-f:]+)\// ? $1 : () } qx(ip -6 -o addr show scope global);
      $address = $own // $address;
    }
    next if ($address // '') eq ($daemon{A} // '');
    ${ $kept->{line} } = 'O DaemonPortOptions=' . with_address($kept->{options}, $address);
  }
  $rules->each_line(qr/^O\s+ClientPortOptions=(.*)/, sub {
    my %client = settings($_[0]);
    return if kind_of($client{A}) eq 'any';
    note("mail goes out from the container’s address, not from $client{A} (ClientPortOptions)");
    $_ = '#';
  });
  my @filters;
  $rules->each_line(qr/^X([^,\s]+)\s*,?\s*(.*)/, sub { push @filters, "$_[0] ($_[1])"; $_ = '#' });
  $rules->each_line(qr/^O\s+InputMailFilters=/, sub { $_ = '#' });
  note("the mail filter $_ is left out: its program is not here, and what it refuses is not tried") for @filters;
  $rules->each_line(qr/^O\s+RunAsUser=(.*)/, sub {
    note("RunAsUser=$_[0] is left out: mailboxes and queue belong to root’s mail system here");
    $_ = '#';
  });
  if (defined $rules->option('DeliveryMode') && $rules->option('DeliveryMode') =~ /^q/) {
    $rules->each_line(qr/^O\s+DeliveryMode=(.*)/, sub {
      note("DeliveryMode=$_[0]: mail is delivered at once, because the program that would empty the queue is not here (queueonly)");
      $_ = 'O DeliveryMode=background';
    });
  }
  pauses($rules);
}

# A pause before the greeting is for clients that do not wait; all of ours do, so often that it would be hours.
sub pauses {
  my ($rules) = @_;
  my $within = 0;
  for (@{ $rules->{lines} }) {
    if (/^S\s*(\S+)/) { $within = $1 =~ /^(?:Local_)?greet_pause/i }
    elsif ($within && /^R.*\$#\s*(\d+)/ && $1 > 200) {
      note("greet_pause of $1 ms is shortened to 100 ms: every client here waits for the greeting");
      s/(\$#\s*)\d+/${1}100/;
    }
  }
}
1;
