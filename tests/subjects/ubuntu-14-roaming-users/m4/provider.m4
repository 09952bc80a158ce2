dnl #
