#include "planner/plan-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "model/mask.h"

struct _PrcPlan {
    const PrcPlanOptions *options;
    GPtrArray *edits;
    GPtrArray *notes;
    GPtrArray *new_files;
    GPtrArray *inheriting; /* of PrcTool, not owned */
};

static void
file_edit_free (gpointer data)
{
    PrcFileEdit *edit = data;

    prc_document_unref (edit->doc);
    g_free (edit);
}

static void
note_free (gpointer data)
{
    PrcNote *note = data;

    g_free (note->where);
    g_free (note->text);
    g_free (note);
}

gboolean
prc_plan_may_change (const PrcPlanOptions *options, const PrcFoundFile *file)
{
    return file->doc != NULL && (file->scope != PRC_SCOPE_SYSTEM || options->with_system);
}

PrcPlan *
prc_plan_new (const PrcPlanOptions *options)
{
    PrcPlan *plan = g_new0 (PrcPlan, 1);

    plan->options = options;
    plan->edits = g_ptr_array_new_with_free_func (file_edit_free);
    plan->notes = g_ptr_array_new_with_free_func (note_free);
    plan->new_files = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_file_free);
    plan->inheriting = g_ptr_array_new ();
    return plan;
}

void
prc_plan_free (PrcPlan *plan)
{
    if (plan == NULL)
        return;
    g_ptr_array_unref (plan->edits);
    g_ptr_array_unref (plan->notes);
    g_ptr_array_unref (plan->new_files);
    g_ptr_array_unref (plan->inheriting);
    g_free (plan);
}

const GPtrArray *
prc_plan_edits (const PrcPlan *plan)
{
    return plan->edits;
}

const GPtrArray *
prc_plan_notes (const PrcPlan *plan)
{
    return plan->notes;
}

gboolean
prc_plan_tool_inherits (const PrcPlan *plan, const PrcTool *tool)
{
    return g_ptr_array_find (plan->inheriting, tool, NULL);
}

gboolean
prc_file_edit_changes (const PrcFileEdit *edit)
{
    if (edit->remove)
        return edit->file->exists;
    if (edit->file->doc == NULL) /* a new file appears only with something in it */
        return g_bytes_get_size (prc_document_bytes (edit->doc)) > 0;
    return !g_bytes_equal (prc_document_bytes (edit->doc), prc_document_bytes (edit->file->doc));
}

gboolean
prc_file_edit_tightens (const PrcFileEdit *edit)
{
    return edit->file->exists && !edit->remove && edit->has_secret && !edit->file->row->for_all &&
           !prc_found_file_is_private (edit->file);
}

/* Building blocks */

static PrcFileEdit *
find_edit (const GPtrArray *edits, const PrcFoundFile *file)
{
    for (guint i = 0; i < edits->len; i++) {
        PrcFileEdit *edit = g_ptr_array_index (edits, i);

        if (edit->file == file)
            return edit;
    }
    return NULL;
}

static PrcFileEdit *
find_or_add_edit (GPtrArray *edits, const PrcFound *found, const PrcFoundFile *file)
{
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    PrcFileEdit *edit = find_edit (edits, file);

    if (edit != NULL)
        return edit;
    edit = g_new0 (PrcFileEdit, 1);
    edit->tool = found->tool;
    edit->file = file;
    edit->is_generated = file->row->generated;
    edit->doc = file->doc != NULL ? prc_document_ref (file->doc)
                                  : prc_document_parse (file->format, empty, found->version, NULL);
    g_ptr_array_add (edits, edit);
    return edit;
}

PrcFileEdit *
prc_tool_plan_edit (PrcToolPlan *work, const PrcFoundFile *file)
{
    return find_or_add_edit (work->edits, work->found, file);
}

const PrcPlanOptions *
prc_plan_options (const PrcPlan *plan)
{
    return plan->options;
}

PrcFileEdit *
prc_plan_edit (PrcPlan *plan, const PrcFound *found, const PrcFoundFile *file)
{
    return find_or_add_edit (plan->edits, found, file);
}

const PrcDocument *
prc_plan_document (const PrcPlan *plan, const PrcFoundFile *file)
{
    const PrcFileEdit *edit = find_edit (plan->edits, file);

    return edit != NULL ? edit->doc : file->doc;
}

static PrcNote *
note_new (PrcNoteKind kind, const PrcTool *tool, const PrcFoundFile *file, guint line, char *text)
{
    PrcNote *note = g_new0 (PrcNote, 1);

    note->kind = kind;
    note->tool = tool;
    note->text = prc_mask_urls (text); /* git's keys may hold a URL */
    g_free (text);
    if (file != NULL)
        note->where =
            line > 0 ? g_strdup_printf ("%s:%u", file->path, line) : g_strdup (file->path);
    return note;
}

void
prc_tool_plan_note (PrcToolPlan *work, PrcNoteKind kind, const PrcFoundFile *file, guint line,
                    const char *format, ...)
{
    va_list args;

    va_start (args, format);
    g_ptr_array_add (work->notes,
                     note_new (kind, work->tool, file, line, g_strdup_vprintf (format, args)));
    va_end (args);
}

void
prc_plan_note (PrcPlan *plan, PrcNoteKind kind, const PrcTool *tool, const PrcFoundFile *file,
               guint line, const char *text)
{
    g_ptr_array_add (plan->notes, note_new (kind, tool, file, line, g_strdup (text)));
}

gboolean
prc_tool_plan_covers (const PrcToolPlan *work, const PrcFoundFile *file)
{
    return file->is_read && (file->scope == PRC_SCOPE_USER ||
                             (file->scope == PRC_SCOPE_SYSTEM && work->options->with_system));
}

gboolean
prc_tool_plan_take (PrcFileEdit *edit, PrcDocument *after, GError **error)
{
    if (after == NULL) {
        prc_prefix_file (error, edit->file->path);
        return FALSE;
    }
    if (!g_bytes_equal (prc_document_bytes (edit->doc), prc_document_bytes (after)))
        edit->n_settings++;
    prc_document_unref (edit->doc);
    edit->doc = after;
    return TRUE;
}

gboolean
prc_tool_plan_set (PrcToolPlan *work, PrcFileEdit *edit, const char *key, const char *value,
                   GError **error)
{
    (void) work;
    return prc_tool_plan_take (edit, prc_document_set (edit->doc, key, value, error), error);
}

gboolean
prc_tool_plan_unset (PrcToolPlan *work, PrcFileEdit *edit, const char *key, GError **error)
{
    (void) work;
    return prc_tool_plan_take (edit, prc_document_unset (edit->doc, key, error), error);
}

gboolean
prc_tool_plan_add (PrcToolPlan *work, PrcFileEdit *edit, const char *key, const char *value,
                   GError **error)
{
    (void) work;
    return prc_tool_plan_take (edit, prc_document_add (edit->doc, key, value, error), error);
}

typedef struct {
    const PrcToolPlan *work;
    PrcPick pick;
    gconstpointer data;
} PickedRole;

static gboolean
is_picked (const PrcEntry *entry, gpointer data)
{
    const PickedRole *picked = data;
    const PrcToolKey *row = prc_tool_find_key (picked->work->tool, entry->key);

    return row != NULL && picked->pick (picked->work, entry, row, picked->data);
}

static gboolean
remove_entries (PrcFileEdit *edit, PrcEntryFunc is_meant, gpointer data, GPtrArray *left,
                GError **error)
{
    guint n_removed = 0;
    PrcDocument *after =
        prc_document_remove_if (edit->doc, is_meant, data, &n_removed, left, error);

    if (after == NULL) {
        prc_prefix_file (error, edit->file->path);
        return FALSE;
    }
    prc_document_unref (edit->doc);
    edit->doc = after;
    edit->n_settings += n_removed;
    return TRUE;
}

gboolean
prc_tool_plan_remove (PrcFileEdit *edit, PrcEntryFunc is_meant, gpointer data, GError **error)
{
    return remove_entries (edit, is_meant, data, NULL, error);
}

static gboolean
is_noted (const PrcToolPlan *work, const PrcFoundFile *file, guint line)
{
    g_autofree char *where = g_strdup_printf ("%s:%u", file->path, line);

    for (guint i = 0; i < work->notes->len; i++) {
        const PrcNote *note = g_ptr_array_index (work->notes, i);

        if (note->kind == PRC_NOTE_LEFT && g_strcmp0 (note->where, where) == 0)
            return TRUE;
    }
    return FALSE;
}

/* @wrong: "LINE: why" */
static void
note_stays (PrcToolPlan *work, const PrcFileEdit *edit, const GError *wrong)
{
    const char *message = wrong->message;
    char *rest = NULL;
    guint64 line = g_ascii_strtoull (message, &rest, 10);

    if (rest > message && g_str_has_prefix (rest, ": "))
        message = rest + 2;
    else
        line = 0;
    if (!is_noted (work, edit->file, (guint) line))
        prc_tool_plan_note (work, PRC_NOTE_LEFT, edit->file, (guint) line, _ ("it stays: %s"),
                            message);
}

gboolean
prc_tool_plan_remove_or_report (PrcToolPlan *work, PrcFileEdit *edit, PrcEntryFunc is_meant,
                                gpointer data, GError **error)
{
    g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

    if (!remove_entries (edit, is_meant, data, left, error))
        return FALSE;
    for (guint i = 0; i < left->len; i++)
        note_stays (work, edit, g_ptr_array_index (left, i));
    return TRUE;
}

gboolean
prc_tool_plan_remove_if (PrcToolPlan *work, PrcFileEdit *edit, PrcPick pick, gconstpointer data,
                         GError **error)
{
    PickedRole picked = { work, pick, data };

    return prc_tool_plan_remove_or_report (work, edit, is_picked, &picked, error);
}

gboolean
prc_tool_plan_may_hold_secret (const PrcToolPlan *work, const PrcFoundFile *file)
{
    return work->options->allow_exposed || prc_found_file_why_no_secret (file) == NULL;
}

static gboolean
has_any (const PrcDocument *doc, const char *key)
{
    const GPtrArray *entries = prc_document_entries (doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0)
            return TRUE;
    }
    return FALSE;
}

/* What holds where the condition of a later setting doesn't. */
static gboolean
bring_beneath (PrcToolPlan *work, PrcFileEdit *edit, const PrcToolKey *row, gboolean without_secret,
               const char *value)
{
    const GPtrArray *entries = prc_document_entries (edit->doc);

    for (guint i = entries->len; i-- > 0;) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        g_autoptr (GError) wrong = NULL;
        PrcDocument *after = NULL;

        if (strcmp (entry->key, row->key) != 0 || entry->kind != PRC_ENTRY_SET ||
            entry->value == NULL || (entry->flags & ~(guint) PRC_ENTRY_INTERACTIVE) != 0)
            continue;
        if (prc_wanted_compare (work->options->wanted, row, work->dialect, without_secret,
                                entry->value) <= PRC_AGREES_UNKNOWN)
            return TRUE;
        after = prc_document_replace_entry (edit->doc, i, value, &wrong);
        if (after == NULL)
            note_stays (work, edit, wrong);
        return after == NULL || prc_tool_plan_take (edit, after, NULL);
    }
    return TRUE;
}

gboolean
prc_tool_plan_bring (PrcToolPlan *work, PrcFileEdit *edit, const PrcToolKey *row,
                     gboolean without_secret, GError **error)
{
    const PrcWanted *wanted = work->options->wanted;
    g_autoptr (PrcWipedString) value = NULL;
    const PrcEntry *there = NULL;
    PrcWantedKind kind;
    PrcLookup lookup;

    if (!prc_wanted_value (wanted, row, work->dialect, without_secret, &kind, &value, error)) {
        prc_prefix_file (error, edit->file->path);
        return FALSE;
    }
    if (kind == PRC_WANTED_UNMANAGED)
        return TRUE;
    if (kind == PRC_WANTED_NOTHING)
        return !has_any (edit->doc, row->key) || prc_tool_plan_unset (work, edit, row->key, error);
    if (prc_role_is_proxy (row->role) && !without_secret && prc_wanted_has_secret (wanted))
        edit->has_secret = TRUE;
    lookup = prc_document_lookup (edit->doc, row->key, &there);
    if (lookup == PRC_LOOKUP_VALUE &&
        prc_wanted_compare (wanted, row, work->dialect, without_secret, there->value) <=
            PRC_AGREES_UNKNOWN) {
        /* It means the same: keep the spelling, but drop what it beats. */
        g_autoptr (PrcWipedString) kept = g_strdup (there->value);

        return prc_tool_plan_set (work, edit, row->key, kept, error);
    }
    if (lookup == PRC_LOOKUP_DYNAMIC) /* code decides: prc_tool_plan_refresh() says so */
        return bring_beneath (work, edit, row, without_secret, value);
    return prc_tool_plan_set (work, edit, row->key, value, error);
}

PrcFoundFile *
prc_tool_plan_new_file (PrcToolPlan *work, const PrcToolFile *row, const char *path)
{
    PrcFoundFile *file = g_new0 (PrcFoundFile, 1);

    file->tool = work->tool;
    file->row = row;
    file->scope = row->scope;
    file->format = prc_found_format (row, work->options->place);
    file->path = g_strdup (path);
    file->is_read = TRUE;
    g_ptr_array_add (work->new_files, file);
    return file;
}

const PrcFoundFile *
prc_tool_plan_find_file (const PrcToolPlan *work, const char *path)
{
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (strcmp (file->path, path) == 0)
            return file;
    }
    return NULL;
}

void
prc_tool_plan_explain_no_proxy (PrcToolPlan *work)
{
    const PrcProfile *profile = work->options->wanted->profile;
    g_autoptr (GPtrArray) sentences = g_ptr_array_new_with_free_func (g_free);

    if (profile->no_proxy == NULL || profile->is_direct)
        return;
    prc_no_proxy_explain (profile->no_proxy, work->tool->name, &work->tool->no_proxy, sentences);
    for (guint i = 0; i < sentences->len; i++)
        prc_tool_plan_note (work, PRC_NOTE_INFO, NULL, 0, "%s",
                            (const char *) g_ptr_array_index (sentences, i));
}

/* The whole */

static gboolean
refuse_rejected_files (const PrcToolPlan *work, GError **error)
{
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        gboolean is_rejected = file->bytes != NULL && file->is_read; /* by the tool, for good */

        if (file->error == NULL || (!prc_tool_plan_covers (work, file) && !is_rejected))
            continue;
        if (error != NULL && *error == NULL) {
            *error = g_error_copy (file->error);
            if ((*error)->domain == PRC_ERROR)
                (*error)->code = PRC_ERROR_INPUT;
        }
        return FALSE;
    }
    return TRUE;
}

static void
move_all (GPtrArray *from, GPtrArray *to)
{
    g_ptr_array_extend_and_steal (to, from);
}

static gboolean
tells_secret (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
              gconstpointer data)
{
    (void) work;
    (void) data;
    if (row->role == PRC_ROLE_USER || row->role == PRC_ROLE_PASSWORD)
        return TRUE;
    return prc_role_is_proxy (row->role) && entry->value != NULL &&
           strchr (entry->value, '@') != NULL;
}

/* What the tool does not read can't do any harm to it; but no file is to hold the password. */
static gboolean
clear_unread_files (PrcToolPlan *work, GError **error)
{
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (file->doc != NULL && !file->is_read && file->scope == PRC_SCOPE_USER &&
            !prc_tool_plan_remove_if (work, prc_tool_plan_edit (work, file), tells_secret, NULL,
                                      error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
plan_settings (PrcToolPlan *work, GError **error)
{
    gboolean is_environment =
        prc_tool_find_key (work->tool, "http_proxy") != NULL && !work->tool->inherits;
    gboolean is_kept =
        work->placement == PRC_PLACEMENT_INLINE || work->credential->profile->is_direct;

    return (is_environment ? prc_plan_environment (work, error)
                           : prc_plan_ordinary_tool (work, error)) &&
           (is_kept || clear_unread_files (work, error));
}

gboolean
prc_plan_tool (PrcPlan *plan, const PrcFound *found, const PrcUrlDialect *dialect, GError **error)
{
    PrcPlanOptions options = *plan->options;
    PrcWanted wanted = prc_wanted_for_tool (plan->options->wanted, found->tool);
    PrcToolPlan work = {
        plan,
        &options,
        plan->options->wanted,
        prc_wanted_placement (plan->options->wanted->profile, found->tool),
        found,
        found->tool,
        dialect,
        g_ptr_array_new_with_free_func (file_edit_free),
        g_ptr_array_new_with_free_func (note_free),
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_file_free),
        FALSE,
    };
    gboolean good = FALSE;

    if (options.passwords == NULL)
        options.wanted = &wanted;
    good = options.passwords != NULL
               ? prc_plan_passwords (&work, error)
               : refuse_rejected_files (&work, error) && plan_settings (&work, error);

    if (!good) {
        g_ptr_array_unref (work.edits);
        g_ptr_array_unref (work.notes);
        g_ptr_array_unref (work.new_files);
        return FALSE;
    }
    for (guint i = work.edits->len; i-- > 0;) {
        const PrcFileEdit *edit = g_ptr_array_index (work.edits, i);

        if (!prc_file_edit_changes (edit) && !prc_file_edit_tightens (edit))
            g_ptr_array_remove_index (work.edits, i);
    }
    if (work.inherits)
        g_ptr_array_add (plan->inheriting, (gpointer) found->tool);
    move_all (work.edits, plan->edits);
    move_all (work.notes, plan->notes);
    move_all (work.new_files, plan->new_files);
    return TRUE;
}
