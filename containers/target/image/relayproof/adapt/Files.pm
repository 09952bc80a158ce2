# Files that the configuration names and a copy of /etc/mail does not have: certificates, maps, class files, aliases.
package Files;
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use Notes;
use PopMap;

my $lab = '/etc/relayproof';
# The places that the target promises to every configuration; they are filled later, where the folder does not.
my %promised = map { ("/etc/mail/tls/$_.pem" => 1) } qw(ca cert key);
# Types of maps that this sendmail has not, with what serves them, or whose servers are not here.
my %instead = (dbm => 'hash', ndbm => 'hash', btree3 => 'btree');
my $absent = qr/^(?:nis|nisplus|netinfo|ph|hesiod|nsd|ldap\w*|socket|cdb)$/;

sub adapt {
  my ($rules) = @_;
  certificates($rules);
  maps($rules);
  classes($rules);
  aliases($rules);
  queues($rules);
  $rules->each_line(qr/^E(SASL_PATH=.*)/, sub { note("$_[0] is left out: SASL’s plug-ins are where the system has them"); $_ = '#' });
}

sub certificates {
  my ($rules) = @_;
  my %stand_in = (CACertFile => 'ca.pem', ServerCertFile => 'server-cert.pem', ServerKeyFile => 'server-key.pem',
    ClientCertFile => 'server-cert.pem', ClientKeyFile => 'server-key.pem');
  my (%path, @missing);
  for my $option (keys %stand_in) {
    my ($value) = split /,/, $rules->option($option) // '';
    $path{$option} = $value if defined $value && length $value;
  }
  # A certificate without its key is of no use, and the other way round: both are the lab's then.
  for my $side (qw(Server Client)) {
    my @pair = grep { $path{$_} } "${side}CertFile", "${side}KeyFile";
    next unless @pair;
    my @gone = grep { !-f $path{$_} && !$promised{ $path{$_} } } @pair;
    next unless @gone;
    push @missing, map { $path{$_} } @gone;
    for my $option (@pair) {
      my $place = $path{$option};
      # Where certificate and key are one file, it gets both.
      place($place, "$lab/$stand_in{$option}");
      if (@pair == 2 && $path{ $pair[0] } eq $path{ $pair[1] }) { system("cat $lab/server-cert.pem $lab/server-key.pem > '$place'") }
      chmod 0600, $place;
    }
    $rules->each_line(qr/^O\s+(${side}(?:Cert|Key)File)\s*=(.*,.*)/, sub { $_ = "O $_[0]=" . (split /,/, $_[1])[0] });
  }
  if (my $ca = $path{CACertFile}) {
    if (!-f $ca && !$promised{$ca}) {
      place($ca, "$lab/ca.pem");
note("the lab’s authority takes the place of $ca, which is not in the folder");
    }
  }
  my $folder = $rules->option('CACertPath');
  make_path($folder) if defined $folder && $folder =~ m{^/} && !-d $folder;
  for my $option (qw(CRLFile CRLPath DHParameters)) {
    my $value = $rules->option($option);
    next unless defined $value && $value =~ m{^/} && !-e $value;
    $rules->each_line(qr/^O\s+$option\s*=/, sub { $_ = '#' });
    note("$option=$value is left out: the file is not in the folder", $option eq 'CRLFile' ? ', and without it there would be no STARTTLS' : '');
  }
  if (@missing) {
    doubt('transport/certificate-*', 'the lab’s certificate and key take the place of ', join(', ', @missing), ', which are not in the folder');
  }
}

sub maps {
  my ($rules) = @_;
  $rules->each_line(qr/^K(\S+)\s+(\S+)(.*)/, sub {
    my ($name, $type, $rest) = @_;
    if (my $other = $instead{ lc $type }) {
      note("map $name: databases of type $type do not exist here, $other serves");
      $_ = "K$name $other$rest";
      $type = $other;
    }
    if (lc $name eq 'authinfo') {
      # What a client would log in with at the next hop; the lab's wants nothing of it.
      note("map authinfo ($1) is left empty: the lab’s next hops ask nobody to log in") if $rest =~ m{\s(/\S+)};
      $_ = "K$name null";
      return;
    }
    if ($type =~ $absent || $type eq 'program' && $rest =~ m{\s(/\S+)} && !-x $1) {
      my $what = "map $name ($type$rest) is empty here: the service that it asks is not in the lab";
      $_ = "K$name null";
      return doubt($name eq 'access' ? 'network-trust/undeclared-*' : 'legitimate-mail/*', $what) unless $type =~ /^(nis|netinfo)/;
      return note($what);
    }
    return unless $type =~ /^(hash|btree|text)$/;
    my ($path) = $rest =~ m{(?:^|\s)(/\S+)} or return;
    my $text = $path =~ s/\.db$//r;
    return if -f $text;
    if (defined(my $own = bring($text))) { note("$text is the folder’s $own"); return }
    return if -f "$text.db";
    make_path(dirname $text);
    if (-e "$text.pag" || -e "$text.dir") {
      doubt($name eq 'access' ? 'network-trust/undeclared-*' : 'legitimate-mail/*', "map $name: $text has no text in the folder, and its database (dbm) cannot be read here: it is empty");
    } elsif ($rest =~ /(?:^|\s)-\S*o/) {
      return;
    } elsif (PopMap::is_pop_map($path)) {
      # The POP server's side writes it.
      return;
    } else {
      my $what = "map $name: neither $text nor its database is in the folder: it is empty here";
      $name eq 'access' ? doubt('network-trust/undeclared-*', $what) : note($what);
    }
    open my $empty, '>', $text or die "$text: $!\n";
    made("$text\n");
  });
}

sub classes {
  my ($rules) = @_;
  $rules->each_line(qr/^F(\{\w+\}|\w)(.*)/, sub {
    my ($class, $rest) = @_;
    if ($rest =~ /^\s*\@/ || $rest =~ /^\s*\w+:/) {
      note("class $class from $rest is empty here: the service is not in the lab");
      $_ = '#';
      return;
    }
    my ($optional, $path) = $rest =~ m{^\s*(-o)?\s*(/\S+)} or return;
    return if -f $path;
    if (defined(my $own = bring($path))) { note("$path is the folder’s $own"); return }
    return if $optional;
    make_path(dirname $path);
    open my $empty, '>', $path or die "$path: $!\n";
    made("$path\n");
    note("$path (class $class) is not in the folder: it is empty here");
  });
}

sub aliases {
  my ($rules) = @_;
  $rules->each_line(qr/^O\s+AliasFile\s*=\s*(.*)/, sub {
    my @kept;
    for my $part (map { s/^\s+|\s+$//gr } split /,/, $_[0]) {
      my ($type, $path) = $part =~ /^(?:(\w+)(?:\s[^:]*)?:)?(.*)$/;
      $type //= '';
      if ($type =~ /^(nis|nisplus|netinfo|nsd|ldap|hesiod|ph|userdb|sequence|switch)$/ || $path !~ m{^/}) {
        note("aliases from $part are left out: the service is not in the lab");
        next;
      }
      $path =~ s/\.db$//;
      if (!-f $path) {
        if (defined(my $own = bring($path))) {
          note("the alias file $path is the folder’s $own");
        } elsif (!@kept) {
          note("no alias file at $path: one with postmaster and MAILER-DAEMON was made");
          place($path, '/run/relayproof/default-aliases');
        } else {
          note("no alias file at $path: an empty one was made");
          make_path(dirname $path);
          open my $empty, '>', $path or die "$path: $!\n";
          made("$path\n");
        }
      }
      push @kept, ($instead{$type} ? "$instead{$type}:" : $type ? "$type:" : '') . $path;
    }
    my $files = join ',', @kept;
    $_ = @kept ? "O AliasFile=$files" : '#' if $files ne $_[0] =~ s/,\s+/,/gr;
  });
}

sub queues {
  my ($rules) = @_;
  my $queue = $rules->option('QueueDirectory') // '/var/spool/mqueue';
  my @queues = ($queue);
  $rules->each_line(qr/^Q[^,\s]+\s*,.*\bP\w*\s*=\s*(\/[^,\s]+)/, sub { push @queues, $_[0] });
  for my $path (@queues) {
    make_path(my $made = $path =~ s/\*$/1/r);
    made("$made/\n") if $path ne '/var/spool/mqueue';
    note("the queue $made was made for $path") if $made ne $path;
  }
  # Not HostStatusDirectory: with it one message's trouble with a host would be the next one's.
  for my $option (qw(ControlSocketName PidFile StatusFile)) {
    my $value = $rules->option($option) // next;
    make_path(dirname $value) if $value =~ m{^/};
  }
}
1;
