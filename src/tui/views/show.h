/* show.h - how the views say the same things alike: states, verdicts, paths */
#pragma once
#include "app/inspect.h"
#include "model/verdict.h"
#include "tui/draw.h"

/** PrcMark: a glyph and its look, for a word. */
typedef struct {
    PrcGlyph glyph;
    PrcLook look;
} PrcMark;

/** prc_mark_of_state: of a word of the design: "ok", "stale", … */
PrcMark prc_mark_of_state (const char *state);
/** prc_state_agrees: as the exit code of `status` sees it. */
gboolean prc_state_agrees (const char *state);
/** prc_state_words: what the state means, a sentence: (transfer none), translated. */
const char *prc_state_words (const char *state);
PrcMark prc_mark_of_verdict (const PrcCheckResult *result);
/** prc_verdict_words: (transfer none), translated: "The proxy works and takes the password" */
const char *prc_verdict_words (const PrcCheckResult *result);
/** prc_draw_mark: the glyph and a word behind it, @width columns. Returns the column behind it. */
int prc_draw_mark (const PrcArea *area, int x, int y, int width, PrcMark mark, const char *word);

/** prc_file_of_message: the file that a message "FILE:LINE: …" or "FILE: …" is about; *@ret_line 0:
 * not said. (transfer full) (nullable) */
char *prc_file_of_message (const char *message, guint *ret_line);

/** prc_show_path: @path as people write it, ~ for @home (nullable); printable. (transfer full) */
char *prc_show_path (const char *home, const char *path);
/** prc_show_text: a sentence in which paths below @home (nullable) are written with ~; printable.
 * (transfer full) */
char *prc_show_text (const char *home, const char *text);

/** prc_action_words: what is done with a file ("edit", "create", "remove"), for people. */
const char *prc_action_words (const char *action);
/** prc_action_words_width: of the longest one, with a blank. */
int prc_action_words_width (void);
