# domains of this host
villagehost.example
bakery.example
