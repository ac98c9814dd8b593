/* ui-private.h - what the parts of the ui share: ui.c the stack, ui-keys.c events, ui-draw.c the
 * screen */
#pragma once
#include "tui/ui.h"
#include "tui/widgets/line-edit.h"

/** What is typed in the line at the bottom. */
typedef enum {
    PRC_PROMPT_NONE,
    PRC_PROMPT_SEARCH,
    PRC_PROMPT_FILTER,
    PRC_PROMPT_PALETTE,
    PRC_PROMPT_ASK,
} PrcPromptKind;

typedef struct {
    PrcPromptKind kind;
    PrcLineEdit *edit;
    char *label;
    guint origin;   /* SEARCH: the row where it began */
    guint selected; /* PALETTE: of what fits */
    PrcView *owner; /* ASK */
    void (*answered) (PrcView *owner, const char *answer);
} PrcPrompt;

/** A box over the view. */
typedef struct {
    char *text;
    const char *yes; /* (nullable): untranslated; NULL: a passphrase is asked for */
    gboolean is_yes; /* the button that is selected */
    int top;         /* the first line of the text that is shown, where it has more than fit */
    PrcView *owner;
    void (*answered) (PrcView *owner, gboolean yes, gpointer data);
    gpointer data;
    /* of a passphrase */
    PrcJob *job;
    PrcLineEdit *edits[2];
    guint n_edits, active;
    const char *problem; /* (nullable) */
} PrcDialog;

typedef struct {
    int x, y, width, height;
} PrcRect;

/** What stands where; a rectangle without height is not there. */
typedef struct {
    gboolean is_too_small;
    PrcRect title, head, body, rule, detail, message, hints;
    gboolean detail_beside;
} PrcLayout;

/** One clickable key of the hint line. */
typedef struct {
    PrcActionId action;
    int x, y, width;
    gboolean is_key_only; /* there is no room for words */
} PrcHint;

struct _PrcUi {
    PrcUiOptions options;
    PrcTheme theme;
    PrcJobs *jobs;
    GPtrArray *views;   /* of PrcView, the top one last */
    GPtrArray *dialogs; /* of PrcDialog, the one on top first */
    PrcPrompt prompt;
    int width, height;
    gboolean is_dirty, is_over;
    PrcLook message_look;
    char *message;        /* (nullable) */
    gboolean is_stopping; /* that is what the message says */
    const char *busy;     /* (nullable): what the spinner says */
    guint frame;
    PrcCheckResult *verdict;
};

#define PRC_UI_WIDTH_MIN 20
#define PRC_UI_HEIGHT_MIN 5
#define PRC_PALETTE_ROWS 8

void prc_ui_dirty (PrcUi *ui);

/** prc_ui_recalc: what goes where, and what of it is in sight; changes scrolling only. */
void prc_ui_recalc (PrcUi *ui, PrcLayout *ret);
/** prc_ui_hints: (element-type PrcHint) (transfer full): what @lines lines of hints show; they
 * stand from the bottom up. */
GArray *prc_ui_hints (PrcUi *ui, int width, int lines);
/** prc_ui_enabled: @ret_reason (optional): untranslated. */
gboolean prc_ui_enabled (PrcUi *ui, PrcActionId action, const char **ret_reason);
/** prc_ui_is_hinted: worth a place in the hint line: possible, and what this view is for. The ways
 * to all the other views are in the overview's; they work everywhere. */
gboolean prc_ui_is_hinted (PrcUi *ui, PrcActionId action);
const char *prc_ui_action_label (PrcUi *ui, PrcActionId action);

/* ui-prompt.c */
void prc_ui_prompt_open (PrcUi *ui, PrcPromptKind kind, const char *label, const char *initial);
void prc_ui_prompt_close (PrcUi *ui, gboolean is_answered);
void prc_ui_prompt_key (PrcUi *ui, PrcKey key);
void prc_ui_prompt_paste (PrcUi *ui, const char *text);
void prc_ui_prompt_draw (PrcUi *ui, const PrcArea *screen);
void prc_ui_find_next (PrcUi *ui, PrcView *view, guint from, int step, gboolean is_first);

/* ui-dialog.c */
void prc_dialog_free (PrcDialog *dialog);
void prc_ui_dialog_key (PrcUi *ui, PrcKey key);
void prc_ui_dialog_paste (PrcUi *ui, const char *text);
void prc_ui_dialog_click (PrcUi *ui, int x, int y);
/** prc_ui_dialog_scroll: its text, by @lines; if there is more of it than can be seen. */
void prc_ui_dialog_scroll (PrcUi *ui, int lines);
void prc_ui_dialog_draw (PrcUi *ui, const PrcArea *screen);
void prc_ui_job_cancelled (gpointer data, PrcJob *job);
void prc_ui_ask_passphrase (gpointer data, PrcJob *job, const char *why, gboolean confirm_new);
