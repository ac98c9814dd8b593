/* signals.h - signals as numbers in the main loop; and what happens when the program crashes
 *
 * Handlers, not a mask: programs that are started from here must get all signals as usual. */
#pragma once
#include <glib.h>

/** prc_signals_open: from now on SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH are numbers to
 * read; a second SIGTERM or SIGHUP ends the program at once when the first was not read. Returns
 * the descriptor, or -1. To be called after curses has installed its own handlers. */
int prc_signals_open (void);
/** prc_signals_read: the next one; 0: none. */
int prc_signals_read (void);
void prc_signals_close (void);

/**
 * prc_crash_prepare: when the program crashes (SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL), @restore
 * is written to @fd and the terminal gets the modes back that it has now. Only that: then the
 * signal has its effect.
 */
void prc_crash_prepare (int fd, const char *restore);
/** prc_crash_arm: FALSE while the terminal is as the shell wants it anyway. */
void prc_crash_arm (gboolean is_armed);
