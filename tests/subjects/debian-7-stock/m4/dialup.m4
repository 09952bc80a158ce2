dnl # Dialup/LAN connection overrides: nothing set
