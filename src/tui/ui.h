/* ui.h - the whole face without a terminal: a stack of views, what is laid over them, and the way
 * of a key
 *
 * Tests drive it with prc_ui_event() and read what prc_ui_draw() puts into a grid; main.c does the
 * same with a terminal at both ends. */
#pragma once
#include <glib.h>

#include "model/verdict.h"
#include "tui/draw.h"
#include "tui/event.h"
#include "tui/view.h"

/** PrcUiOptions: strings are borrowed. */
typedef struct {
    PrcSessionOptions session;
    PrcTheme theme;
    /* What only a terminal can do; NULL in tests. @data is passed. */
    void (*suspend) (gpointer data);
    /* FALSE with @error: the editor could not be run */
    gboolean (*edit_file) (gpointer data, const char *path, guint line, GError **error);
    /* runs it in a shell that has the terminal to itself, and waits; FALSE with @error: it could
     * not be run */
    gboolean (*run_command) (gpointer data, const char *command, GError **error);
    /* the files to watch: call prc_ui_reload() when one of them changes (element-type utf8); a
     * name that ends with "/" is all that is in a folder */
    void (*watch) (gpointer data, const GPtrArray *paths);
    /* something happened outside of prc_ui_event(): look at prc_ui_needs_draw() */
    void (*wake) (gpointer data);
    /* forget what stands on the screen, and draw it anew */
    void (*redraw) (gpointer data);
    gpointer data;
} PrcUiOptions;

/** prc_ui_new: (transfer full): opens the first view. */
PrcUi *prc_ui_new (const PrcUiOptions *options);
/** prc_ui_free: cancels what runs; waits for a transaction to end. */
void prc_ui_free (PrcUi *ui);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcUi, prc_ui_free)

/* From outside */

void prc_ui_event (PrcUi *ui, const PrcEvent *event);
/** prc_ui_resize: sizes below 1×1 count as 1×1. */
void prc_ui_resize (PrcUi *ui, int width, int height);
/** prc_ui_reload: files have changed. */
void prc_ui_reload (PrcUi *ui);
/** prc_ui_tick: every 100 ms while prc_ui_is_busy(): turns the spinner. */
void prc_ui_tick (PrcUi *ui);
gboolean prc_ui_is_busy (const PrcUi *ui);
/** prc_ui_is_asking: a job waits for a passphrase. */
gboolean prc_ui_is_asking (const PrcUi *ui);
gboolean prc_ui_needs_draw (const PrcUi *ui);
/** prc_ui_draw: resizes @grid to the ui's size; afterwards prc_ui_needs_draw() is FALSE. */
void prc_ui_draw (PrcUi *ui, PrcGrid *grid);
/** prc_ui_theme: the person may change it. */
PrcTheme prc_ui_theme (const PrcUi *ui);
/** prc_ui_is_over: the person has quit. */
gboolean prc_ui_is_over (const PrcUi *ui);

/* For views */

/** prc_ui_push: opens a view over the others; @argument is its `open`'s. (transfer none) */
PrcView *prc_ui_push (PrcUi *ui, const PrcViewClass *class, gpointer argument);
/** prc_ui_pop: closes @view and all above it; the last one stays. */
void prc_ui_pop (PrcView *view);
/** prc_ui_home: closes all but the overview, and reads it again. */
void prc_ui_home (PrcUi *ui);
PrcView *prc_ui_top (PrcUi *ui);
PrcJobs *prc_ui_jobs (PrcUi *ui);
const PrcUiOptions *prc_ui_options (const PrcUi *ui);
/** prc_ui_act: does an action as if its key had been pressed. */
void prc_ui_act (PrcUi *ui, PrcActionId action);

/** prc_ui_edit_file: opens $EDITOR there, if there is a terminal, and reads everything again. @line
 * 0: not said. */
void prc_ui_edit_file (PrcUi *ui, const char *path, guint line);

/** prc_ui_say: one line at the bottom, until the next key. @look: TEXT, OK, WARN or BAD, which adds
 * its mark. */
void prc_ui_say (PrcUi *ui, PrcLook look, const char *format, ...) G_GNUC_PRINTF (3, 4);
/** prc_ui_say_error: the error's message; nothing for #PRC_ERROR_CANCELLED. */
void prc_ui_say_error (PrcUi *ui, const GError *error);

/**
 * prc_ui_confirm: a question in a box over the view; No is selected.
 * @text: the question; it names what will happen and how much of it
 * @yes: N_(): the verb of the button: "Write 4 files"
 * @answered: called exactly once; with FALSE when the view closes before there is an answer
 */
void prc_ui_confirm (PrcView *owner, const char *text, const char *yes,
                     void (*answered) (PrcView *owner, gboolean yes, gpointer data), gpointer data);
/** prc_ui_withdraw: nobody can answer what @owner has asked in a box any more: so it is No. FALSE:
 * it has asked nothing. */
gboolean prc_ui_withdraw (const PrcView *owner);
/** prc_ui_ask: one line typed at the bottom; @answer NULL: given up. */
void prc_ui_ask (PrcView *owner, const char *label, const char *initial,
                 void (*answered) (PrcView *owner, const char *answer));

/** prc_ui_verdict, prc_ui_set_verdict: the last live check of the active profile: (nullable)
 * (transfer none), and takes @result over. */
const PrcCheckResult *prc_ui_verdict (const PrcUi *ui);
void prc_ui_set_verdict (PrcUi *ui, PrcCheckResult *result);
