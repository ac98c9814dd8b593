/* term.h - the terminal: curses for what goes out, a decoder for what comes in; the only place that
 * knows either */
#pragma once
#include <glib.h>

#include "tui/event.h"
#include "tui/grid.h"
#include "tui/theme.h"

typedef struct _PrcTerm PrcTerm;

/** prc_term_new: takes the terminal on stdin and stdout over. #PRC_ERROR_UNSUPPORTED: it can't show
 * a full screen. (transfer full) (nullable) */
PrcTerm *prc_term_new (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_term_free: gives it back as it was. */
void prc_term_free (PrcTerm *term);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcTerm, prc_term_free)

int prc_term_colors (const PrcTerm *term);
/** prc_term_size: as the terminal says now. */
void prc_term_size (PrcTerm *term, int *ret_width, int *ret_height);

/** prc_term_show: sends what differs from what was shown before: nothing, if nothing does. */
void prc_term_show (PrcTerm *term, const PrcGrid *grid, const PrcTheme *theme);
/** prc_term_forget: whatever is on the screen now, the next prc_term_show() draws all of it. */
void prc_term_forget (PrcTerm *term);

/** prc_term_fill: reads what has come; FALSE: the terminal is gone. */
gboolean prc_term_fill (PrcTerm *term);
/** prc_term_next: as prc_decoder_next(); a second click soon after the first at the same place is a
 * double one. */
gboolean prc_term_next (PrcTerm *term, gboolean is_late, PrcEvent *ret);
gboolean prc_term_is_waiting (const PrcTerm *term);

/** prc_term_leave, prc_term_enter: gives the terminal to something else, and takes it back. */
void prc_term_leave (PrcTerm *term);
void prc_term_enter (PrcTerm *term);
/** prc_term_suspend: stops this process, and all of its job, as the terminal's own Ctrl-Z does;
 * returns after fg. */
void prc_term_suspend (PrcTerm *term);
/** prc_term_run_editor: $VISUAL, $EDITOR or vi on @path at @line; waits for its end. */
gboolean prc_term_run_editor (PrcTerm *term, const char *path, guint line, GError **error);
/** prc_term_run_command: a command in a shell; what it says stays until Enter is pressed. */
gboolean prc_term_run_command (PrcTerm *term, const char *command, GError **error);
