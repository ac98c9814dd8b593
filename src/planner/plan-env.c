/* plan-env.c - the environment: settings are edited where they stand; where the user's shell has
 * none, one generated file holds them and a line in its start-up files reads it */
#include "planner/plan-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "catalogue/reference.h"

gboolean
prc_shell_reads (const char *shell, const char *owner)
{
    if (owner == NULL)
        return FALSE;
    if (strcmp (shell, owner) == 0)
        return TRUE;
    if (strcmp (shell, "tcsh") == 0)
        return strcmp (owner, "csh") == 0;
    if (strcmp (shell, "fish") == 0 || strcmp (shell, "csh") == 0 || strcmp (shell, "zsh") == 0)
        return FALSE;
    return strcmp (owner, "sh") == 0; /* bash, dash, ksh … */
}

const char *
prc_shell_grammar (const char *shell)
{
    if (strcmp (shell, "fish") == 0)
        return "fish";
    return strcmp (shell, "csh") == 0 || strcmp (shell, "tcsh") == 0 ? "csh" : "sh";
}

/* A setting that the shell runs, whatever happens. */
static gboolean
is_active (const PrcEntry *entry)
{
    return entry->kind == PRC_ENTRY_SET && entry->value != NULL &&
           (entry->flags &
            (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC | PRC_ENTRY_INERT | PRC_ENTRY_PRIVATE)) == 0;
}

/* @without: flags of entries that don't count */
static gboolean
has_active_proxy (const PrcToolPlan *work, const PrcDocument *doc, PrcEntryFlags without)
{
    const GPtrArray *entries = prc_document_entries (doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        const PrcToolKey *row = prc_tool_find_key (work->tool, entry->key);

        if (row != NULL && prc_role_is_proxy (row->role) && row->write == PRC_WRITE_ALWAYS &&
            is_active (entry) && *entry->value != '\0' && (entry->flags & without) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
prc_env_has_active_proxy (const PrcToolPlan *work, const PrcDocument *doc)
{
    return has_active_proxy (work, doc, 0);
}

static gboolean
stands_in (const PrcDocument *doc, const char *key)
{
    const GPtrArray *entries = prc_document_entries (doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0 && entry->kind == PRC_ENTRY_SET &&
            (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC)) == 0)
            return TRUE;
    }
    return FALSE;
}

/* @complete: keys that are missing are added beside those that are there. One that can't be set now
 * may be when the others are: `a=1; b=$a; a=2` holds a until b says for itself what it is. */
static gboolean
bring_all (PrcToolPlan *work, PrcFileEdit *edit, gboolean complete, gboolean without_secret,
           GError **error)
{
    g_autoptr (GPtrArray) again = g_ptr_array_new ();

    for (guint i = 0; i < work->tool->keys->len; i++) {
        PrcToolKey *row = g_ptr_array_index (work->tool->keys, i);
        gboolean wanted =
            stands_in (edit->doc, row->key) || (complete && row->write == PRC_WRITE_ALWAYS);

        if (wanted && row->write <= PRC_WRITE_PRESENT &&
            !prc_tool_plan_bring (work, edit, row, without_secret, NULL))
            g_ptr_array_add (again, row);
    }
    for (guint i = 0; i < again->len; i++)
        if (!prc_tool_plan_bring (work, edit, g_ptr_array_index (again, i), without_secret, error))
            return FALSE;
    return TRUE;
}

static gboolean
pick_static (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
             gconstpointer data)
{
    const PrcProfile *profile = work->options->wanted->profile;

    (void) data;
    if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0 || row->write == PRC_WRITE_NEVER ||
        (!profile->is_direct && (entry->flags & PRC_ENTRY_CONDITIONAL) != 0))
        return FALSE;
    return row->role != PRC_ROLE_NO_PROXY || profile->is_direct || profile->no_proxy != NULL;
}

/* Whether the file's settings reach the user's shell, so that no generated file is needed: those of
 * ~/.profile don't where bash reads a ~/.bash_profile. */
static gboolean
serves_shell (const PrcToolPlan *work, const PrcFileEdit *edit)
{
    return edit->file->scope == PRC_SCOPE_USER && !edit->file->row->generated &&
           (edit->file->in_login || g_strcmp0 (edit->file->row->when, "interactive") == 0) &&
           prc_shell_reads (work->options->place->shell, edit->file->row->shell) &&
           prc_env_has_active_proxy (work, edit->doc);
}

gboolean
prc_env_edit_file (PrcToolPlan *work, const PrcFoundFile *file, gboolean clear, GError **error)
{
    PrcFileEdit *edit = prc_tool_plan_edit (work, file);
    gboolean direct = work->options->wanted->profile->is_direct;
    gboolean secret = prc_wanted_has_secret (work->options->wanted) && !direct;
    gboolean may_hold = !secret || prc_tool_plan_may_hold_secret (work, file);
    gboolean carries = prc_env_has_active_proxy (work, edit->doc);

    if (direct || clear)
        return prc_tool_plan_remove_if (work, edit, pick_static, NULL, error) &&
               prc_tool_plan_refresh (work, edit, FALSE, error);
    if (!may_hold && carries && file->scope == PRC_SCOPE_USER) {
        prc_tool_plan_note (
            work, PRC_NOTE_INFO, file, 0,
            /* Translators: the first %s is a whole sentence: why the file gets no secret */
            _ ("%s, so its proxy settings move to a file of their own, which it reads"),
            prc_found_file_why_no_secret (file));
        return prc_tool_plan_remove_if (work, edit, pick_static, NULL, error) &&
               prc_tool_plan_refresh (work, edit, FALSE, error);
    }
    if (!may_hold && carries)
        prc_tool_plan_note (
            work, PRC_NOTE_INFO, file, 0,
            /* Translators: the first %s is a whole sentence: why the file gets no secret */
            _ ("%s: it gets the proxy without the credential"),
            prc_found_file_why_no_secret (file));
    if (!bring_all (work, edit, carries, !may_hold, error))
        return FALSE;
    /* A variable that was the shell's own has become one of the environment. */
    if (!carries && prc_env_has_active_proxy (work, edit->doc) &&
        !bring_all (work, edit, TRUE, !may_hold, error))
        return FALSE;
    return prc_tool_plan_refresh (work, edit, FALSE, error);
}

/* The generated file */

const PrcToolFile *
prc_env_generated_row (const PrcToolPlan *work, const char *shell)
{
    const char *format = prc_shell_grammar (shell);

    for (guint i = 0; i < work->tool->files->len; i++) {
        const PrcToolFile *row = g_ptr_array_index (work->tool->files, i);

        if (row->generated && strcmp (row->format->name, format) == 0)
            return row;
    }
    return NULL;
}

const PrcFoundFile *
prc_env_find_by_row (const PrcToolPlan *work, const PrcToolFile *row)
{
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (file->row == row && !file->is_include)
            return file;
    }
    return NULL;
}

/* Start-up files that must read the generated file. Of the login files the shell reads the first
 * that exists, in falling precedence of the catalogue; interactive ones are not read by a login
 * shell, nor the other way round, so both get the line; but a missing interactive one is not made.
 */
GPtrArray *
prc_env_start_files (const PrcToolPlan *work, const char *shell)
{
    GPtrArray *files = g_ptr_array_new ();
    const PrcFoundFile *login = NULL, *login_new = NULL;

    for (guint i = work->found->files->len; i-- > 0;) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);
        const PrcToolFile *row = file->row;

        if (!row->start || file->is_include || file->scope != PRC_SCOPE_USER ||
            !prc_shell_reads (shell, row->shell))
            continue;
        if (g_strcmp0 (row->when, "interactive") == 0) {
            if (file->exists)
                g_ptr_array_add (files, (gpointer) file);
        } else if (file->exists) {
            if (login == NULL)
                login = file;
        } else if (row->create) {
            login_new = file;
        }
    }
    if (login == NULL)
        login = login_new;
    if (login != NULL)
        g_ptr_array_add (files, (gpointer) login);
    return files;
}

/* The first line of a start-up file that we make (untranslated, for it is looked for again): what
 * holds nothing else any more was made for our line and goes with it. An empty one is its owner's:
 * an empty ~/.bash_profile keeps bash from reading ~/.profile. */
static const char made_by_us[] = "# made by proxyrc, and removed again with its last line\n";

gboolean
prc_env_add_start_line (PrcToolPlan *work, const PrcFoundFile *file, const char *key,
                        const char *value, GError **error)
{
    PrcFileEdit *edit = prc_tool_plan_edit (work, file);

    if (file->row->start && !file->exists &&
        g_bytes_get_size (prc_document_bytes (edit->doc)) == 0) {
        g_autoptr (GBytes) bytes = g_bytes_new_static (made_by_us, strlen (made_by_us));
        PrcDocument *started =
            prc_document_parse (prc_document_format (edit->doc), bytes, 0, error);

        if (started == NULL)
            return FALSE;
        prc_document_unref (edit->doc);
        edit->doc = started;
    }
    return prc_tool_plan_add (work, edit, key, value, error);
}

static void
remove_what_we_made (PrcToolPlan *work)
{
    for (guint i = 0; i < work->edits->len; i++) {
        PrcFileEdit *edit = g_ptr_array_index (work->edits, i);
        GBytes *bytes = edit->doc != NULL ? prc_document_bytes (edit->doc) : NULL;

        if (bytes != NULL && edit->file->exists && edit->file->row->start &&
            g_bytes_get_size (bytes) == strlen (made_by_us) &&
            memcmp (g_bytes_get_data (bytes, NULL), made_by_us, strlen (made_by_us)) == 0 &&
            g_strcmp0 (edit->file->path, edit->file->real_path) == 0)
            edit->remove = TRUE;
    }
}

static gboolean
add_start_lines (PrcToolPlan *work, const PrcFoundFile *generated, gboolean only_login,
                 GError **error)
{
    g_autoptr (GPtrArray) files = prc_env_start_files (work, work->options->place->shell);

    for (guint i = 0; i < files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (files, i);

        if (only_login && g_strcmp0 (file->row->when, "interactive") == 0)
            continue;
        if (!prc_env_add_start_line (work, file, "source",
                                     prc_place_path_inside (work->options->place, generated->path),
                                     error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_generated (PrcToolPlan *work, gboolean only_login, GError **error)
{
    const PrcToolFile *row = prc_env_generated_row (work, work->options->place->shell);
    const PrcFoundFile *file = row != NULL ? prc_env_find_by_row (work, row) : NULL;

    if (file == NULL) {
        prc_tool_plan_note (work, PRC_NOTE_UNSERVED, NULL, 0,
                            _ ("no file is known that the shell %s would read"),
                            work->options->place->shell);
        return TRUE;
    }
    if (!bring_all (work, prc_tool_plan_edit (work, file), TRUE, FALSE, error))
        return FALSE;
    /* fish reads its conf.d by itself. */
    return strcmp (row->format->name, "fish") == 0 ||
           add_start_lines (work, file, only_login, error);
}

static gboolean
reads_file (const PrcEntry *entry, gpointer path)
{
    return strcmp (entry->key, "source") == 0 && g_strcmp0 (entry->value, path) == 0;
}

static gboolean
remove_start_lines (PrcToolPlan *work, const PrcFoundFile *generated, GError **error)
{
    char *path = (char *) prc_place_path_inside (work->options->place, generated->path);

    for (guint f = 0; f < work->found->files->len; f++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, f);

        if (file->doc != NULL && prc_tool_plan_covers (work, file) &&
            !prc_tool_plan_remove (prc_tool_plan_edit (work, file), reads_file, path, error))
            return FALSE;
    }
    return TRUE;
}

static void
remove_file (PrcFileEdit *edit)
{
    edit->remove = TRUE;
    if (edit->doc != NULL)
        edit->n_settings += prc_document_entries (edit->doc)->len;
}

/* Generated files that this plan does not fill go, with the lines that read them. */
gboolean
prc_env_drop_generated (PrcToolPlan *work, const PrcToolFile *kept, GError **error)
{
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (!file->row->generated || file->is_include || file->row == kept)
            continue;
        if (file->exists)
            remove_file (prc_tool_plan_edit (work, file));
        if (!remove_start_lines (work, file, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
refuse_unwritable (const PrcToolPlan *work, GError **error)
{
    for (guint i = 0; i < work->tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (work->tool->keys, i);
        g_autoptr (PrcWipedString) value = NULL;
        PrcWantedKind kind;

        if (row->write == PRC_WRITE_ALWAYS &&
            !prc_wanted_value (work->placement == PRC_PLACEMENT_NONE ? work->options->wanted
                                                                     : work->credential,
                               row, work->dialect, FALSE, &kind, &value, error)) {
            g_prefix_error (error, "%s: ", work->tool->name);
            return FALSE;
        }
    }
    return TRUE;
}

/* What has the last word */

static gboolean
sets_environment (const PrcToolPlan *work, const PrcEntry *entry)
{
    if (prc_reference_plays (work->tool, entry->key))
        return prc_reference_is_ours (work->tool, entry->value);
    if (strcmp (entry->key, "source") != 0 || entry->value == NULL)
        return FALSE;
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (file->row->generated && strcmp (file->path, entry->value) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The `unset` of @key in @file behind which nothing sets it again; @last: that of the files before.
 */
static const PrcEntry *
last_unset (PrcToolPlan *work, const PrcFoundFile *file, const char *key, const PrcEntry *last)
{
    const GPtrArray *entries = prc_document_entries (prc_tool_plan_edit (work, file)->doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (sets_environment (work, entry))
            last = NULL;
        else if (strcmp (entry->key, key) != 0 || (entry->flags & PRC_ENTRY_CONDITIONAL) != 0)
            continue;
        else if (entry->kind == PRC_ENTRY_SET || entry->kind == PRC_ENTRY_UNSET)
            last = entry->kind == PRC_ENTRY_UNSET ? entry : NULL;
    }
    return last;
}

static const PrcEntry *
find_unset (PrcToolPlan *work, const char *key, gboolean login, const PrcFoundFile **ret_file)
{
    const PrcEntry *last = NULL;

    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);
        const PrcEntry *before = last;

        if (file->doc == NULL || file->is_include || file->row->generated ||
            !prc_tool_plan_covers (work, file) ||
            !prc_shell_reads (work->options->place->shell, file->row->shell) ||
            !(file->in_login || (!login && g_strcmp0 (file->row->when, "interactive") == 0)))
            continue;
        last = last_unset (work, file, key, last);
        if (last != before)
            *ret_file = file;
    }
    return last;
}

/* Somebody who writes `unset https_proxy` means it: it stays, and is said. */
static void
note_unset (PrcToolPlan *work)
{
    for (guint i = 0; i < work->tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (work->tool->keys, i);
        g_autoptr (PrcWipedString) value = NULL;
        const PrcEntry *noted = NULL;
        PrcWantedKind kind;

        if (row->write != PRC_WRITE_ALWAYS ||
            !prc_wanted_value (work->options->wanted, row, work->dialect, TRUE, &kind, &value,
                               NULL) ||
            kind != PRC_WANTED_VALUE)
            continue;
        for (int login = 1; login >= 0; login--) {
            const PrcFoundFile *file = NULL;
            const PrcEntry *entry = find_unset (work, row->key, login, &file);

            if (entry != NULL && entry != noted)
                prc_tool_plan_note (
                    work, PRC_NOTE_LEFT, file, entry->line,
                    _ ("%s is unset here again: remove this line, or %s has no effect"), row->key,
                    row->key);
            noted = entry;
        }
    }
}

static void
note_unfit_auth (PrcToolPlan *work)
{
    const PrcProfile *profile = work->options->wanted->profile;

    if (!profile->is_direct && prc_wanted_has_secret (work->credential) &&
        work->placement != prc_profile_placement_for (profile, work->tool->name))
        prc_tool_plan_note (
            work, PRC_NOTE_INFO, NULL, 0,
            _ ("the environment gets the proxy without the credential: programs that "
               "take it from there would send it as Basic, in clear, to a proxy that "
               "wants %s"),
            profile->auth);
}

gboolean
prc_plan_environment (PrcToolPlan *work, GError **error)
{
    gboolean direct = work->options->wanted->profile->is_direct;
    gboolean served = FALSE, at_login = FALSE;
    const PrcToolFile *kept = NULL;

    if (!refuse_unwritable (work, error))
        return FALSE;
    note_unfit_auth (work);
    if (!direct && work->placement == PRC_PLACEMENT_REFERENCE) {
        if (!prc_tool_plan_evaluate (work, error))
            return FALSE;
        remove_what_we_made (work);
        note_unset (work);
        prc_tool_plan_explain_no_proxy (work);
        return TRUE;
    }
    if (!prc_tool_plan_drop_evaluation (work, error))
        return FALSE;
    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (file->doc == NULL || !prc_tool_plan_covers (work, file) ||
            (file->row->generated && !file->is_include))
            continue;
        if (!prc_env_edit_file (work, file, FALSE, error))
            return FALSE;
        if (!serves_shell (work, prc_tool_plan_edit (work, file)))
            continue;
        served = TRUE;
        at_login = at_login ||
                   (file->in_login && has_active_proxy (work, prc_tool_plan_edit (work, file)->doc,
                                                        PRC_ENTRY_INTERACTIVE));
    }
    /* What stands in a .bashrc alone does not reach a login shell that runs a script, though
     * ~/.profile reads it: most leave it at once where nobody types. */
    if (!direct && served && !at_login)
        prc_tool_plan_note (work, PRC_NOTE_INFO, NULL, 0,
                            _ ("the settings stand where only interactive shells read them; login "
                               "shells get them from a file of their own"));
    kept = !direct && !at_login ? prc_env_generated_row (work, work->options->place->shell) : NULL;
    if (!prc_env_drop_generated (work, kept, error))
        return FALSE;
    if (!direct && !at_login && !write_generated (work, served, error))
        return FALSE;
    remove_what_we_made (work);
    if (!direct)
        note_unset (work);
    prc_tool_plan_explain_no_proxy (work);
    return TRUE;
}
