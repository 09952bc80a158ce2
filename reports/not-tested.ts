/** What an audit says nothing of: an auditor must not take silence for a pass. */
export const notTested: readonly { title: string; words: string }[] = [
  {
    title: 'The way to the server',
    words:
      'Firewalls, address translation and load balancers in front of it. The audit looks at what sendmail does with a client’s address, not at which addresses can reach it; whoever comes through a translator shares its address.',
  },
  {
    title: 'Other doors',
    words:
      'Webmail, CGI and PHP scripts, local users, and other mail servers on the same machine. Only SMTP and submission over the network are tried, and POP3 logins where they authorise.',
  },
  {
    title: 'Mail filters, DNS lists and rate limits',
    words:
      'Milters and lists in the outside DNS are left out, limits on all clients together are switched off; what they would refuse besides is not tried. An adaptation names each.',
  },
  {
    title: 'The accounts themselves',
    words:
      'Weak or stolen passwords, and who may have one. The audit makes accounts of its own, in place of those of PAM, LDAP or a database.',
  },
  {
    title: 'Contents',
    words: 'Spam, viruses, SPF, DKIM and DMARC. Whether a message may leave is decided here, not what is in it.',
  },
  {
    title: 'The live machine',
    words:
      'What runs there today: its own build of sendmail, its libraries, permissions of its files, and databases that are not in the folder. The lab runs the version that the provenance names.',
  },
  {
    title: 'Time',
    words: 'Changes after this run, and waits of hours. The end of a POP authorisation is shown by ageing its entry.',
  },
];
