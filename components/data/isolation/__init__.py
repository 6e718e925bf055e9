"""Files of strangers are read in a process of their own, whose memory, time and disk are limited."""
