/* plan-evaluate.c - the environment by reference: a line in a start-up file evaluates what this
 * program prints, and no file holds the settings */
#include "planner/plan-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "catalogue/reference.h"

typedef struct {
    const PrcTool *tool;
    const char *kept; /* (nullable): the command that may stay */
} Lines;

static gboolean
is_our_line (const PrcEntry *entry, gpointer data)
{
    const Lines *lines = data;

    return entry->kind == PRC_ENTRY_SET && prc_reference_plays (lines->tool, entry->key) &&
           g_strcmp0 (entry->value, lines->kept) != 0 &&
           prc_reference_is_ours (lines->tool, entry->value);
}

static gboolean
drop_lines (PrcToolPlan *work, const PrcFoundFile *file, const char *kept, GError **error)
{
    Lines lines = { work->tool, kept };

    return file->doc == NULL || !prc_tool_plan_covers (work, file) ||
           prc_tool_plan_remove (prc_tool_plan_edit (work, file), is_our_line, &lines, error);
}

gboolean
prc_tool_plan_drop_evaluation (PrcToolPlan *work, GError **error)
{
    for (guint i = 0; i < work->found->files->len; i++)
        if (!drop_lines (work, g_ptr_array_index (work->found->files, i), NULL, error))
            return FALSE;
    return TRUE;
}

static gboolean
is_start_up_file (const PrcFoundFile *file)
{
    return file->scope == PRC_SCOPE_USER && file->row->shell != NULL;
}

static gboolean
is_served (const GPtrArray *shells, const char *owner)
{
    for (guint i = 0; i < shells->len; i++)
        if (prc_shell_reads (g_ptr_array_index (shells, i), owner))
            return TRUE;
    return FALSE;
}

/* The file gives its shell a proxy now, by settings or by our line. */
static gboolean
has_environment (const PrcToolPlan *work, const PrcDocument *doc)
{
    const GPtrArray *entries = prc_document_entries (doc);
    Lines lines = { work->tool, NULL };

    for (guint i = 0; i < entries->len; i++)
        if (is_our_line (g_ptr_array_index (entries, i), &lines))
            return TRUE;
    return prc_env_has_active_proxy (work, doc);
}

/* The user's own shell, and each other one that has a proxy now. */
static GPtrArray *
list_shells (const PrcToolPlan *work)
{
    GPtrArray *shells = g_ptr_array_new ();

    g_ptr_array_add (shells, work->options->place->shell);
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (file->doc != NULL && is_start_up_file (file) && !is_served (shells, file->row->shell) &&
            has_environment (work, file->doc))
            g_ptr_array_add (shells, file->row->shell);
    }
    return shells;
}

/* fish reads our own file by itself. */
static gboolean
reads_own_file (const PrcToolFile *row)
{
    return row != NULL && row->when != NULL;
}

static gboolean
evaluate_in (PrcToolPlan *work, const PrcFoundFile *file, const char *command, GError **error)
{
    return drop_lines (work, file, command, error) &&
           prc_env_add_start_line (work, file, work->tool->reference_key, command, error);
}

/* @targets: files that have got the line */
static gboolean
serve_shell (PrcToolPlan *work, const char *shell, GPtrArray *targets, GError **error)
{
    const PrcToolFile *row = prc_env_generated_row (work, shell);
    const PrcFoundFile *own = reads_own_file (row) ? prc_env_find_by_row (work, row) : NULL;
    g_autoptr (GPtrArray) files = NULL;
    g_autofree char *command =
        prc_reference_command (work->tool, work->options->program, prc_shell_grammar (shell));

    if (own != NULL) {
        if (own->doc != NULL && !prc_env_edit_file (work, own, TRUE, error))
            return FALSE;
        g_ptr_array_add (targets, (gpointer) own);
        return evaluate_in (work, own, command, error);
    }
    files = prc_env_start_files (work, shell);
    if (files->len == 0)
        prc_tool_plan_note (work, PRC_NOTE_UNSERVED, NULL, 0,
                            _ ("no file is known that the shell %s would read"), shell);
    for (guint i = 0; i < files->len; i++) {
        if (g_ptr_array_find (targets, g_ptr_array_index (files, i), NULL))
            continue;
        if (!evaluate_in (work, g_ptr_array_index (files, i), command, error))
            return FALSE;
        g_ptr_array_add (targets, g_ptr_array_index (files, i));
    }
    return TRUE;
}

gboolean
prc_tool_plan_evaluate (PrcToolPlan *work, GError **error)
{
    g_autoptr (GPtrArray) shells = list_shells (work);
    g_autoptr (GPtrArray) targets = g_ptr_array_new ();
    const PrcToolFile *kept = NULL;

    if (work->options->evaluation_obstacle != NULL)
        prc_tool_plan_note (work, PRC_NOTE_UNSERVED, NULL, 0, "%s",
                            work->options->evaluation_obstacle);
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (file->doc != NULL && prc_tool_plan_covers (work, file) &&
            (!file->row->generated || file->is_include) &&
            !prc_env_edit_file (work, file, is_start_up_file (file), error))
            return FALSE;
    }
    for (guint i = 0; i < shells->len; i++) {
        const PrcToolFile *row = prc_env_generated_row (work, g_ptr_array_index (shells, i));

        if (reads_own_file (row))
            kept = row;
    }
    if (!prc_env_drop_generated (work, kept, error))
        return FALSE;
    for (guint i = 0; i < shells->len; i++)
        if (!serve_shell (work, g_ptr_array_index (shells, i), targets, error))
            return FALSE;
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (!g_ptr_array_find (targets, file, NULL) && !drop_lines (work, file, NULL, error))
            return FALSE;
    }
    return TRUE;
}
