#include "tui/ui-private.h"

#include <stdarg.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "tui/rows.h"
#include "tui/views/views.h"
#include "tui/widgets/tree.h"

#define SPINNER_AFTER_MS 300

void
prc_ui_dirty (PrcUi *ui)
{
    ui->is_dirty = TRUE;
    if (ui->options.wake != NULL)
        ui->options.wake (ui->options.data);
}

void
prc_view_dirty (PrcView *view)
{
    prc_ui_dirty (view->ui);
}

void
prc_view_rebuilt (PrcView *view, PrcTreeMemory *memory)
{
    PrcTree *tree = view->class->tree (view);

    prc_tree_recall (tree, memory);
    if (view->filter != NULL)
        prc_rows_filter (view, view->filter);
    prc_list_fit (&view->list, prc_tree_rows (tree), view->list.page);
    (void) prc_list_select (&view->list, prc_tree_recall_row (tree, memory));
    prc_tree_memory_free (memory);
}

PrcJob *
prc_view_start (PrcView *view, const PrcJobSpec *spec)
{
    return prc_job_start (view->ui->jobs, view, spec);
}

static void
jobs_changed (gpointer data)
{
    PrcUi *ui = data;

    if (ui->busy != NULL && prc_jobs_running (ui->jobs, SPINNER_AFTER_MS) == NULL) {
        ui->busy = NULL;
        ui->is_dirty = TRUE;
    }
    if (ui->is_stopping && prc_jobs_are_idle (ui->jobs)) {
        ui->is_stopping = FALSE;
        g_clear_pointer (&ui->message, g_free);
        ui->is_dirty = TRUE;
    }
    if (ui->options.wake != NULL)
        ui->options.wake (ui->options.data);
}

static void
jobs_notice (gpointer data, const char *text)
{
    prc_ui_say (data, PRC_LOOK_WARN, "%s", text);
}

PrcUi *
prc_ui_new (const PrcUiOptions *options)
{
    PrcUi *ui = g_new0 (PrcUi, 1);
    PrcJobsHooks hooks = { prc_ui_ask_passphrase, prc_ui_job_cancelled, jobs_changed, jobs_notice,
                           ui };

    ui->options = *options;
    ui->theme = options->theme;
    ui->width = 80;
    ui->height = 24;
    ui->views = g_ptr_array_new ();
    ui->dialogs = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_dialog_free);
    ui->jobs = prc_jobs_new (&options->session, &hooks);
    (void) prc_ui_push (ui, &prc_view_overview, NULL);
    return ui;
}

static void
view_free (PrcView *view)
{
    (void) prc_ui_withdraw (view);
    if (view->ui->prompt.owner == view)
        prc_ui_prompt_close (view->ui, FALSE);
    prc_jobs_cancel_owner (view->ui->jobs, view);
    if (view->class->close != NULL)
        view->class->close (view);
    prc_needle_free (view->found);
    prc_needle_free (view->filter);
    g_free (view->state);
    g_free (view);
}

void
prc_ui_free (PrcUi *ui)
{
    if (ui == NULL)
        return;
    ui->options.wake = NULL;
    while (ui->views->len > 0)
        view_free (g_ptr_array_steal_index (ui->views, ui->views->len - 1));
    prc_jobs_free (ui->jobs);
    g_ptr_array_unref (ui->views);
    g_ptr_array_unref (ui->dialogs);
    g_clear_pointer (&ui->prompt.edit, prc_line_edit_free);
    g_free (ui->prompt.label);
    g_free (ui->message);
    prc_check_result_free (ui->verdict);
    g_free (ui);
}

/* The stack */

PrcView *
prc_ui_push (PrcUi *ui, const PrcViewClass *class, gpointer argument)
{
    PrcView *view = g_new0 (PrcView, 1);

    view->class = class;
    view->ui = ui;
    view->state = g_malloc0 (MAX (class->state_size, 1));
    if (ui->prompt.kind != PRC_PROMPT_NONE)
        prc_ui_prompt_close (ui, FALSE);
    g_ptr_array_add (ui->views, view);
    if (class->open != NULL)
        class->open (view, argument);
    prc_ui_dirty (ui);
    return view;
}

void
prc_ui_pop (PrcView *view)
{
    PrcUi *ui = view->ui;
    guint index = 0;

    if (!g_ptr_array_find (ui->views, view, &index) || index == 0)
        return;
    if (ui->prompt.kind != PRC_PROMPT_NONE)
        prc_ui_prompt_close (ui, FALSE);
    while (ui->views->len > index)
        view_free (g_ptr_array_steal_index (ui->views, ui->views->len - 1));
    prc_ui_dirty (ui);
}

PrcView *
prc_ui_top (PrcUi *ui)
{
    return g_ptr_array_index (ui->views, ui->views->len - 1);
}

void
prc_ui_home (PrcUi *ui)
{
    if (ui->views->len > 1)
        prc_ui_pop (g_ptr_array_index (ui->views, 1));
    prc_ui_reload (ui);
}

void
prc_ui_reload (PrcUi *ui)
{
    for (guint i = 0; i < ui->views->len; i++) {
        PrcView *view = g_ptr_array_index (ui->views, i);

        if (view->class->reload != NULL)
            view->class->reload (view);
    }
}

PrcJobs *
prc_ui_jobs (PrcUi *ui)
{
    return ui->jobs;
}

const PrcUiOptions *
prc_ui_options (const PrcUi *ui)
{
    return &ui->options;
}

/* What is said, and asked */

void
prc_ui_edit_file (PrcUi *ui, const char *path, guint line)
{
    g_autoptr (GError) error = NULL;

    if (ui->options.edit_file != NULL &&
        !ui->options.edit_file (ui->options.data, path, line, &error))
        prc_ui_say_error (ui, error);
    prc_ui_reload (ui);
}

void
prc_ui_say (PrcUi *ui, PrcLook look, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    g_free (ui->message);
    ui->is_stopping = FALSE;
    ui->message = prc_text_printable (text);
    ui->message_look = look;
    prc_ui_dirty (ui);
}

void
prc_ui_say_error (PrcUi *ui, const GError *error)
{
    if (error != NULL && !g_error_matches (error, PRC_ERROR, PRC_ERROR_CANCELLED))
        prc_ui_say (ui, PRC_LOOK_BAD, "%s", error->message);
}

const PrcCheckResult *
prc_ui_verdict (const PrcUi *ui)
{
    return ui->verdict;
}

void
prc_ui_set_verdict (PrcUi *ui, PrcCheckResult *result)
{
    prc_check_result_free (ui->verdict);
    ui->verdict = result;
    prc_ui_dirty (ui);
}

/* From outside */

void
prc_ui_resize (PrcUi *ui, int width, int height)
{
    ui->width = MAX (width, 1);
    ui->height = MAX (height, 1);
    prc_ui_dirty (ui);
}

void
prc_ui_tick (PrcUi *ui)
{
    const char *busy = prc_jobs_running (ui->jobs, SPINNER_AFTER_MS);

    if (busy != NULL || ui->busy != NULL)
        ui->is_dirty = TRUE;
    ui->busy = busy;
    ui->frame++;
}

gboolean
prc_ui_is_busy (const PrcUi *ui)
{
    return !prc_jobs_are_idle (ui->jobs);
}

gboolean
prc_ui_is_asking (const PrcUi *ui)
{
    for (guint i = 0; i < ui->dialogs->len; i++)
        if (((const PrcDialog *) g_ptr_array_index (ui->dialogs, i))->job != NULL)
            return TRUE;
    return FALSE;
}

gboolean
prc_ui_needs_draw (const PrcUi *ui)
{
    return ui->is_dirty;
}

PrcTheme
prc_ui_theme (const PrcUi *ui)
{
    return ui->theme;
}

gboolean
prc_ui_is_over (const PrcUi *ui)
{
    return ui->is_over;
}
