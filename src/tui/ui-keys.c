/* ui-keys.c - the way of a key: dialog, prompt, form, then the table of actions */
#include "tui/ui-private.h"

#include "base/i18n.h"
#include "tui/rows.h"
#include "tui/views/views.h"
#include "tui/widgets/form.h"

/* What opens another view, from wherever it is asked for. */
static const struct {
    PrcActionId action;
    const PrcViewClass *class;
} ways[] = {
    { PRC_ACTION_APPLY, &prc_view_plan },        { PRC_ACTION_CHECK, &prc_view_check },
    { PRC_ACTION_PROFILES, &prc_view_profiles }, { PRC_ACTION_LOGIN, &prc_view_login },
    { PRC_ACTION_HISTORY, &prc_view_history },   { PRC_ACTION_UNDO, &prc_view_history },
    { PRC_ACTION_EXPLAIN, &prc_view_explain },   { PRC_ACTION_PASSWD, &prc_view_passwd },
    { PRC_ACTION_ROUTE, &prc_view_route },       { PRC_ACTION_DOCTOR, &prc_view_doctor },
    { PRC_ACTION_HELP, &prc_view_help },
};

static const PrcViewClass *
way_of (PrcActionId action)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
        if (ways[i].action == action)
            return ways[i].class;
    return NULL;
}

static PrcForm *
form_of (const PrcView *view)
{
    return view->class->form != NULL ? view->class->form (view) : NULL;
}

/* What the ui does itself, in any view. */
static gboolean
is_own (PrcActionId action)
{
    switch ((int) action) {
    case PRC_ACTION_QUIT:
    case PRC_ACTION_QUIT_ALL:
    case PRC_ACTION_BACK:
    case PRC_ACTION_PALETTE:
    case PRC_ACTION_REFRESH:
    case PRC_ACTION_REDRAW:
    case PRC_ACTION_SCHEME:
    case PRC_ACTION_LOCK:
    case PRC_ACTION_OVERVIEW:
    case PRC_ACTION_UP:
    case PRC_ACTION_DOWN:
    case PRC_ACTION_PAGE_UP:
    case PRC_ACTION_PAGE_DOWN:
    case PRC_ACTION_FIRST:
    case PRC_ACTION_LAST:
        return TRUE;
    default:
        return FALSE;
    }
}

gboolean
prc_ui_enabled (PrcUi *ui, PrcActionId action, const char **ret_reason)
{
    PrcView *view = prc_ui_top (ui);
    const PrcViewClass *class = view->class;
    const char *reason = NULL;
    gboolean is_good = FALSE;

    if ((prc_action_row (action)->flags & PRC_ACTION_NEEDS_ROW) != 0 && class->form == NULL &&
        prc_rows_count (view) == 0)
        reason = N_ ("there is no row to do this with");
    else if (action == PRC_ACTION_SEARCH || action == PRC_ACTION_NEXT_MATCH ||
             action == PRC_ACTION_PREVIOUS_MATCH)
        is_good = prc_rows_can_search (view);
    else if (action == PRC_ACTION_FILTER)
        is_good = prc_rows_can_filter (view);
    else if (action == PRC_ACTION_SUSPEND)
        is_good = ui->options.suspend != NULL;
    else if (action == PRC_ACTION_CANCEL)
        is_good = prc_ui_is_busy (ui), reason = N_ ("nothing runs in the background");
    else
        is_good = is_own (action) ||
                  (class->enabled != NULL && class->enabled (view, action, &reason)) ||
                  (reason == NULL && (way_of (action) != NULL || prc_rows_can_fold (view, action)));
    if (!is_good && ret_reason != NULL)
        *ret_reason = reason != NULL ? reason : N_ ("not here");
    return is_good;
}

gboolean
prc_ui_is_hinted (PrcUi *ui, PrcActionId action)
{
    const PrcView *view = prc_ui_top (ui);
    const char *reason = NULL;

    if (!prc_ui_enabled (ui, action, NULL))
        return FALSE;
    if (action == PRC_ACTION_CANCEL && ui->busy == NULL) /* over before anybody could read it */
        return FALSE;
    return (view->class->id & PRC_IN_ROOTS) != 0 || way_of (action) == NULL ||
           action == PRC_ACTION_HELP ||
           (view->class->enabled != NULL && view->class->enabled (view, action, &reason));
}

/* Leaving, and what it would lose */

static void
leave_answered (PrcView *view, gboolean yes, gpointer data)
{
    PrcUi *ui = view->ui;

    if (!yes)
        return;
    if (GPOINTER_TO_INT (data) == PRC_ACTION_QUIT_ALL)
        ui->is_over = TRUE;
    else if (GPOINTER_TO_INT (data) == PRC_ACTION_OVERVIEW)
        prc_ui_home (ui);
    else
        prc_ui_pop (view);
}

static void
leave (PrcUi *ui, PrcActionId action)
{
    PrcView *view = prc_ui_top (ui);
    g_autofree char *question = view->class->unsaved != NULL ? view->class->unsaved (view) : NULL;

    if (action == PRC_ACTION_QUIT)
        ui->is_over = TRUE;
    else if (question != NULL)
        prc_ui_confirm (view, question, N_ ("Leave it"), leave_answered, GINT_TO_POINTER (action));
    else
        leave_answered (view, TRUE, GINT_TO_POINTER (action));
}

static void
cancel_jobs (PrcUi *ui)
{
    if (prc_jobs_stop (ui->jobs))
        prc_ui_say (ui, PRC_LOOK_TEXT, "%s", _ ("stopped"));
    else
        prc_ui_say (ui, PRC_LOOK_TEXT, "%s", _ ("it ends as soon as nothing is left half done"));
    ui->is_stopping = !prc_jobs_are_idle (ui->jobs);
}

static void
find_again (PrcUi *ui, PrcView *view, int step)
{
    if (view->found == NULL)
        prc_ui_prompt_open (ui, PRC_PROMPT_SEARCH, "/", "");
    else
        prc_ui_find_next (ui, view, view->list.selected, step, FALSE);
}

static gboolean
move (PrcView *view, PrcActionId action)
{
    gint64 page = MAX ((gint64) view->list.page - 1, 1);
    gint64 delta = 0;

    switch ((int) action) {
    case PRC_ACTION_UP:
        delta = -1;
        break;
    case PRC_ACTION_DOWN:
        delta = 1;
        break;
    case PRC_ACTION_PAGE_UP:
        delta = -page;
        break;
    case PRC_ACTION_PAGE_DOWN:
        delta = page;
        break;
    case PRC_ACTION_FIRST:
        delta = -(gint64) G_MAXUINT;
        break;
    case PRC_ACTION_LAST:
        delta = G_MAXUINT;
        break;
    default:
        return FALSE;
    }
    if (prc_list_move (&view->list, delta))
        prc_view_dirty (view);
    return TRUE;
}

static void
act_own (PrcUi *ui, PrcView *view, PrcActionId action)
{
    const PrcViewClass *class = way_of (action);

    switch ((int) action) {
    case PRC_ACTION_QUIT:
    case PRC_ACTION_QUIT_ALL:
    case PRC_ACTION_BACK:
    case PRC_ACTION_OVERVIEW:
        leave (ui, action);
        break;
    case PRC_ACTION_OPEN:
    case PRC_ACTION_FOLD:
    case PRC_ACTION_FOLD_ALL:
        prc_rows_fold (view, action);
        break;
    case PRC_ACTION_PALETTE:
        prc_ui_prompt_open (ui, PRC_PROMPT_PALETTE, ":", "");
        break;
    case PRC_ACTION_SEARCH:
        prc_ui_prompt_open (ui, PRC_PROMPT_SEARCH, "/", "");
        break;
    case PRC_ACTION_FILTER:
        prc_ui_prompt_open (ui, PRC_PROMPT_FILTER, _ ("Filter: "),
                            view->filter != NULL ? prc_needle_text (view->filter) : "");
        break;
    case PRC_ACTION_NEXT_MATCH:
    case PRC_ACTION_PREVIOUS_MATCH:
        find_again (ui, view, action == PRC_ACTION_NEXT_MATCH ? 1 : -1);
        break;
    case PRC_ACTION_REFRESH:
        prc_ui_reload (ui);
        break;
    case PRC_ACTION_REDRAW:
        if (ui->options.redraw != NULL)
            ui->options.redraw (ui->options.data);
        break;
    case PRC_ACTION_SUSPEND:
        ui->options.suspend (ui->options.data);
        break;
    case PRC_ACTION_CANCEL:
        cancel_jobs (ui);
        break;
    case PRC_ACTION_SCHEME:
        ui->theme.scheme = (PrcScheme) ((ui->theme.scheme + 1) % PRC_N_SCHEMES);
        prc_ui_say (ui, PRC_LOOK_TEXT, _ ("colours: %s"), prc_scheme_name (ui->theme.scheme));
        break;
    case PRC_ACTION_LOCK:
        prc_jobs_forget_passphrase (ui->jobs);
        prc_ui_say (ui, PRC_LOOK_OK, "%s", _ ("the passphrase is forgotten"));
        break;
    default:
        if (class != NULL)
            (void) prc_ui_push (ui, class,
                                action == PRC_ACTION_HELP ? GINT_TO_POINTER ((int) view->class->id)
                                                          : NULL);
        break;
    }
    prc_ui_dirty (ui);
}

/* What a view has not said it can do is not asked of it. */
static gboolean
is_for_view (const PrcView *view, PrcActionId action)
{
    const char *reason = NULL;

    if (view->class->act == NULL)
        return FALSE;
    return is_own (action) || action == PRC_ACTION_CANCEL ||
           (view->class->enabled != NULL && view->class->enabled (view, action, &reason));
}

void
prc_ui_act (PrcUi *ui, PrcActionId action)
{
    PrcView *view = prc_ui_top (ui);
    const char *reason = NULL;

    if (!prc_ui_enabled (ui, action, &reason)) {
        prc_ui_say (ui, PRC_LOOK_TEXT, "%s: %s", prc_ui_action_label (ui, action), _ (reason));
        return;
    }
    if (move (view, action))
        return;
    if (is_for_view (view, action) && view->class->act (view, action))
        prc_ui_dirty (ui);
    else
        act_own (ui, view, action);
}

/* Esc where there is nothing to go back to */

static void
forget_search (PrcUi *ui, PrcView *view)
{
    g_clear_pointer (&view->found, prc_needle_free);
    prc_ui_dirty (ui);
}

static void
show_all_again (PrcUi *ui)
{
    prc_ui_prompt_open (ui, PRC_PROMPT_FILTER, "", "");
    prc_ui_prompt_close (ui, FALSE);
}

/* Keys */

static void
key_pressed (PrcUi *ui, PrcKey key)
{
    PrcView *view = prc_ui_top (ui);
    PrcForm *form = form_of (view);
    PrcActionId action = PRC_ACTION_NONE;

    if (form != NULL && prc_form_key (form, key)) {
        prc_ui_dirty (ui);
        return;
    }
    action = prc_action_for_key (key, view->class->id);
    if (key == PRC_KEY_ESCAPE && view->filter != NULL)
        show_all_again (ui);
    else if (action == PRC_ACTION_NONE && key == PRC_KEY_ESCAPE)
        forget_search (ui, view);
    else if (action != PRC_ACTION_NONE)
        prc_ui_act (ui, action);
}

static void
any_key (PrcUi *ui, const PrcLayout *layout, PrcKey key)
{
    if (ui->message != NULL) {
        g_clear_pointer (&ui->message, g_free);
        prc_ui_dirty (ui);
    }
    if (layout->is_too_small &&
        ui->dialogs->len == 0) { /* nothing can be seen, so nothing may happen */
        if (key == 'q' || key == (PRC_KEY_CTRL | 'c') || key == (PRC_KEY_CTRL | 'q'))
            ui->is_over = TRUE;
        else if (key == (PRC_KEY_CTRL | 'z') && ui->options.suspend != NULL)
            ui->options.suspend (ui->options.data);
    } else if (key == (PRC_KEY_CTRL | 'z') && ui->options.suspend != NULL) {
        ui->options.suspend (ui->options.data);
    } else if (ui->dialogs->len > 0) {
        prc_ui_dialog_key (ui, key);
    } else if (ui->prompt.kind != PRC_PROMPT_NONE) {
        prc_ui_prompt_key (ui, key);
    } else if (key == (PRC_KEY_CTRL | 'c') && ui->busy != NULL) {
        prc_ui_act (ui, PRC_ACTION_CANCEL); /* what can be seen to run; the next one leaves */
    } else {
        key_pressed (ui, key);
    }
}

static void
pasted (PrcUi *ui, const PrcLayout *layout, const char *text)
{
    PrcForm *form = form_of (prc_ui_top (ui));

    if (layout->is_too_small)
        return;
    if (ui->dialogs->len > 0)
        prc_ui_dialog_paste (ui, text);
    else if (ui->prompt.kind != PRC_PROMPT_NONE)
        prc_ui_prompt_paste (ui, text);
    else if (form != NULL)
        prc_form_paste (form, text);
    else
        prc_ui_say (ui, PRC_LOOK_TEXT, "%s",
                    _ ("pasted text is never taken for keys; here is nothing to paste it into"));
    prc_ui_dirty (ui);
}

/* Mouse */

static gboolean
is_in (const PrcRect *rect, int x, int y)
{
    return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

static void
hint_clicked (PrcUi *ui, const PrcLayout *layout, int x, int y)
{
    g_autoptr (GArray) hints = prc_ui_hints (ui, layout->hints.width, layout->hints.height);

    for (guint i = 0; i < hints->len; i++) {
        const PrcHint *hint = &g_array_index (hints, PrcHint, i);

        if (x >= hint->x && x < hint->x + hint->width && y - layout->hints.y == hint->y) {
            prc_ui_act (ui, hint->action);
            return;
        }
    }
}

static void
clicked (PrcUi *ui, const PrcLayout *layout, const PrcEvent *event)
{
    PrcView *view = prc_ui_top (ui);
    PrcForm *form = form_of (view);
    gboolean in_body = is_in (&layout->body, event->x, event->y);

    if (ui->dialogs->len > 0) {
        prc_ui_dialog_click (ui, event->x, event->y);
    } else if (ui->prompt.kind != PRC_PROMPT_NONE) {
        prc_ui_prompt_close (ui, FALSE);
    } else if (is_in (&layout->hints, event->x, event->y)) {
        hint_clicked (ui, layout, event->x, event->y);
    } else if (in_body && form != NULL) {
        (void) prc_form_click (form, event->x - layout->body.x - 1, event->y - layout->body.y);
    } else if (in_body && view->list.top + (guint) (event->y - layout->body.y) < view->list.rows) {
        (void) prc_list_select (&view->list, view->list.top + (guint) (event->y - layout->body.y));
        if (event->type == PRC_EVENT_DOUBLE_CLICK)
            prc_ui_act (ui, PRC_ACTION_OPEN);
    }
    prc_ui_dirty (ui);
}

static void
wheeled (PrcUi *ui, int amount)
{
    PrcView *view = prc_ui_top (ui);

    if (ui->dialogs->len > 0)
        prc_ui_dialog_scroll (ui, amount < 0 ? -1 : 1);
    else if (form_of (view) != NULL)
        (void) prc_form_key (form_of (view), amount < 0 ? PRC_KEY_UP : PRC_KEY_DOWN);
    else
        (void) prc_list_move (&view->list, amount);
    prc_ui_dirty (ui);
}

void
prc_ui_event (PrcUi *ui, const PrcEvent *event)
{
    PrcLayout layout;

    prc_ui_recalc (ui, &layout);
    switch (event->type) {
    case PRC_EVENT_KEY:
        any_key (ui, &layout, event->key);
        break;
    case PRC_EVENT_PASTE:
        pasted (ui, &layout, event->text);
        break;
    case PRC_EVENT_CLICK:
    case PRC_EVENT_DOUBLE_CLICK:
        if (!layout.is_too_small)
            clicked (ui, &layout, event);
        break;
    case PRC_EVENT_WHEEL:
        if (!layout.is_too_small)
            wheeled (ui, event->amount);
        break;
    case PRC_EVENT_FOCUS:
    default:
        break;
    }
}
