dnl # Provider overrides: nothing set
