/* plan-refresh.c - settings that may not simply be set: on a condition, for some URLs, computed */
#include "planner/plan-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

/* Same host and port: it stands for the profile's proxy, whatever its credentials are. */
static gboolean
names_profile_proxy (const PrcToolPlan *work, const PrcToolKey *row, const char *value)
{
    g_autoptr (PrcProxyUrl) wanted = prc_wanted_proxy (work->options->wanted, row->role);
    g_autoptr (PrcProxyUrl) there = NULL;

    if (wanted == NULL || value == NULL || *value == '\0')
        return FALSE;
    there = prc_wanted_parse (row, work->dialect, value, NULL);
    return there != NULL && prc_proxy_url_same_proxy (wanted, there);
}

static gboolean
needs_refresh (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
               gboolean conditional_file)
{
    if (entry->kind != PRC_ENTRY_SET || (entry->flags & PRC_ENTRY_INERT) != 0 ||
        row->dead != NULL || !prc_role_is_proxy (row->role))
        return FALSE;
    (void) work;
    return conditional_file || row->write == PRC_WRITE_SAME ||
           (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC)) != 0;
}

/* What becomes of an entry that may not simply be set. */
typedef enum {
    REFRESH_KEEP,   /* it is as wanted, or an exception that someone wants */
    REFRESH_REPORT, /* not ours to change */
    REFRESH_REMOVE,
    REFRESH_WRITE,
} Refresh;

typedef struct {
    const PrcToolPlan *work;
    const PrcFileEdit *edit;
    gboolean conditional_file;
    gboolean bare; /* without the credential */
} Refreshing;

/* `${https_proxy}`, and nothing else: by reference, the tool's file may say so itself. */
static gboolean
is_shared_variable (const Refreshing *self, const PrcEntry *entry, const PrcToolKey *row)
{
    const PrcToolPlan *work = self->work;
    const char *text = prc_document_data (self->edit->doc, NULL) + entry->value_start;
    gsize length = entry->value_end - entry->value_start;
    gboolean quoted = length > 1 && (*text == '"' || *text == '\'') && text[length - 1] == *text;

    if (work->placement != PRC_PLACEMENT_REFERENCE || work->options->env == NULL ||
        work->tool->reference_kind != PRC_REFERENCE_ENVIRONMENT)
        return FALSE;
    text += quoted;
    length -= quoted ? 2 : 0;
    for (guint i = 0; i < work->options->env->keys->len; i++) {
        const PrcToolKey *shared = g_ptr_array_index (work->options->env->keys, i);
        g_autofree char *reference = g_strdup_printf ("${%s}", shared->key);

        if (shared->write == PRC_WRITE_ALWAYS &&
            prc_role_is_proxy (shared->role) == prc_role_is_proxy (row->role) &&
            strlen (reference) == length && memcmp (reference, text, length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The row of the variable whose value the entry takes as it is: `https_proxy=$http_proxy`, perhaps
 * from another file. (nullable) */
static const PrcToolKey *
row_referred_to (const Refreshing *self, const PrcEntry *entry)
{
    const char *text = prc_document_data (self->edit->doc, NULL) + entry->value_start;
    g_autofree char *word = g_strndup (text, entry->value_end - entry->value_start);
    char *name = word;
    gsize length = strlen (word);

    if (length > 2 && *name == '"' && name[length - 1] == '"') {
        name[--length] = '\0';
        name++, length--;
    }
    if (length < 2 || *name != '$')
        return NULL;
    name++, length--;
    if (*name == '{' && name[length - 1] == '}') {
        name[length - 1] = '\0';
        name++;
    }
    return strcmp (name, entry->key) != 0 ? prc_tool_find_key (self->work->tool, name) : NULL;
}

/* `HTTP_PROXY=$http_proxy; http_proxy=x`: what the file gives @key comes too late for @entry. */
static gboolean
is_set_behind (const Refreshing *self, const PrcEntry *entry, const char *key)
{
    const GPtrArray *entries = prc_document_entries (self->edit->doc);
    gboolean behind = FALSE;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *other = g_ptr_array_index (entries, i);

        if (strcmp (other->key, key) != 0 || other->kind != PRC_ENTRY_SET ||
            (other->flags & PRC_ENTRY_INERT) != 0)
            continue;
        if (other->start < entry->start)
            return FALSE;
        behind = TRUE;
    }
    return behind;
}

/* Where that variable is right, so is the one that takes its value. */
static Refresh
choose_for_dynamic (const Refreshing *self, const PrcEntry *entry, const PrcToolKey *row)
{
    const PrcWanted *wanted = self->work->options->wanted;
    const PrcToolKey *other = row_referred_to (self, entry);
    g_autoptr (PrcWipedString) own_value = NULL;
    g_autoptr (PrcWipedString) other_value = NULL;
    PrcWantedKind kind, other_kind;

    if (is_shared_variable (self, entry, row))
        return REFRESH_KEEP;
    if (other == NULL || !prc_role_is_proxy (other->role) || other->write != PRC_WRITE_ALWAYS)
        return REFRESH_REPORT;
    if (wanted->profile->is_direct)
        return REFRESH_REMOVE;
    if (is_set_behind (self, entry, other->key))
        return REFRESH_REPORT;
    if (!prc_wanted_value (wanted, row, self->work->dialect, self->bare, &kind, &own_value, NULL) ||
        !prc_wanted_value (wanted, other, self->work->dialect, self->bare, &other_kind,
                           &other_value, NULL))
        return REFRESH_REPORT;
    return kind == PRC_WANTED_VALUE && other_kind == kind && strcmp (own_value, other_value) == 0
               ? REFRESH_KEEP
               : REFRESH_REPORT;
}

static Refresh
choose_refresh (const Refreshing *self, const PrcEntry *entry, const PrcToolKey *row)
{
    const PrcWanted *wanted = self->work->options->wanted;

    if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0)
        return choose_for_dynamic (self, entry, row);
    if (entry->value != NULL && *entry->value == '\0') /* "no proxy here" */
        return REFRESH_KEEP;
    if (prc_wanted_compare (wanted, row, self->work->dialect, self->bare, entry->value) <=
        PRC_AGREES_UNKNOWN)
        return REFRESH_KEEP;
    if (wanted->profile->is_direct)
        return REFRESH_REMOVE;
    return names_profile_proxy (self->work, row, entry->value) ? REFRESH_WRITE : REFRESH_REPORT;
}

/* The row of an entry that is to be refreshed; NULL: it isn't. */
static const PrcToolKey *
row_to_refresh (const Refreshing *self, const PrcEntry *entry)
{
    const PrcToolKey *row = prc_tool_find_key (self->work->tool, entry->key);

    return row != NULL && needs_refresh (self->work, entry, row, self->conditional_file) ? row
                                                                                         : NULL;
}

static gboolean
is_to_be_removed (const PrcEntry *entry, gpointer data)
{
    const PrcToolKey *row = row_to_refresh (data, entry);

    return row != NULL && choose_refresh (data, entry, row) == REFRESH_REMOVE;
}

static void
report_entry (PrcToolPlan *work, const PrcFileEdit *edit, const PrcEntry *entry)
{
    if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0 && entry->detail != NULL)
        prc_tool_plan_note (
            work, PRC_NOTE_LEFT, edit->file, entry->line,
            /* Translators: a setting's key, and a sentence that says more */
            _ ("%s is computed when it is read: %s; it is left as it is: change it by hand"),
            entry->key, entry->detail);
    else if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0)
        prc_tool_plan_note (
            work, PRC_NOTE_LEFT, edit->file, entry->line,
            _ ("%s is computed when it is read; it is left as it is: change it by hand"),
            entry->key);
    else
        prc_tool_plan_note (
            work, PRC_NOTE_LEFT, edit->file, entry->line,
            (entry->flags & PRC_ENTRY_CONDITIONAL) != 0
                ? _ ("%s is set on a condition; it is left as it is: change it by hand")
                : _ ("%s names another proxy; it is left as it is: remove it by hand "
                     "if it is not wanted"),
            entry->key);
}

static gboolean
may_refer (const PrcDocument *doc, const PrcEntry *entry)
{
    return memchr (prc_document_data (doc, NULL) + entry->value_start, '$',
                   entry->value_end - entry->value_start) != NULL;
}

/* The values of the entries that are to be written now: all that are written out, and when there
 * are none left, the first that refers to others, which may have become right with them. (transfer
 * full): index to value */
static GHashTable *
list_refreshed (const Refreshing *self, GError **error)
{
    const PrcWanted *wanted = self->work->options->wanted;
    const GPtrArray *entries = prc_document_entries (self->edit->doc);
    g_autoptr (GHashTable) values =
        g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) prc_wipe_free);

    for (int refer = 0; refer < 2 && g_hash_table_size (values) == 0; refer++)
        for (guint i = 0; i < entries->len && (refer == 0 || g_hash_table_size (values) == 0);
             i++) {
            const PrcEntry *entry = g_ptr_array_index (entries, i);
            const PrcToolKey *row = row_to_refresh (self, entry);
            g_autoptr (PrcWipedString) value = NULL;
            PrcWantedKind kind;

            if (row == NULL || choose_refresh (self, entry, row) != REFRESH_WRITE ||
                may_refer (self->edit->doc, entry) != refer)
                continue;
            if (!prc_wanted_value (wanted, row, self->work->dialect, self->bare, &kind, &value,
                                   error))
                return NULL;
            if (kind == PRC_WANTED_VALUE)
                (void) g_hash_table_insert (values, GUINT_TO_POINTER (i), g_steal_pointer (&value));
        }
    return g_steal_pointer (&values);
}

static gboolean
write_refreshed (PrcFileEdit *edit, const Refreshing *self, GError **error)
{
    for (;;) {
        g_autoptr (GHashTable) values = list_refreshed (self, error);
        PrcDocument *after = NULL;

        if (values != NULL && g_hash_table_size (values) == 0)
            return TRUE;
        if (values != NULL)
            after = prc_document_replace_entries (edit->doc, values, error);
        if (after == NULL) {
            prc_prefix_file (error, edit->file->path);
            return FALSE;
        }
        if (g_bytes_equal (prc_document_bytes (after), prc_document_bytes (edit->doc))) {
            prc_document_unref (after);
            return TRUE;
        }
        prc_document_unref (edit->doc);
        edit->doc = after;
        edit->n_settings += g_hash_table_size (values);
    }
}

/* A list that code decides, and that need not be the wanted one. */
static gboolean
is_unknown_list (const Refreshing *self, const PrcEntry *entry)
{
    const PrcToolPlan *work = self->work;
    const PrcToolKey *row = prc_tool_find_key (work->tool, entry->key), *other = NULL;
    g_autoptr (PrcWipedString) value = NULL;
    const PrcEntry *deciding = NULL;
    PrcWantedKind kind;

    if (row == NULL || row->role != PRC_ROLE_NO_PROXY || row->write != PRC_WRITE_ALWAYS ||
        prc_document_lookup (self->edit->doc, row->key, &deciding) != PRC_LOOKUP_DYNAMIC ||
        deciding != entry || entry->kind != PRC_ENTRY_SET ||
        !prc_wanted_value (work->options->wanted, row, work->dialect, TRUE, &kind, &value, NULL) ||
        kind != PRC_WANTED_VALUE || is_shared_variable (self, entry, row))
        return FALSE;
    other = row_referred_to (self, entry);
    if (other != NULL && other->role == row->role && other->write == PRC_WRITE_ALWAYS)
        return is_set_behind (self, entry, other->key);
    return entry->value == NULL || prc_wanted_compare (work->options->wanted, row, work->dialect,
                                                       TRUE, entry->value) > PRC_AGREES_UNKNOWN;
}

gboolean
prc_tool_plan_refresh (PrcToolPlan *work, PrcFileEdit *edit, gboolean conditional_file,
                       GError **error)
{
    Refreshing self = { work, edit, conditional_file,
                        !prc_tool_plan_may_hold_secret (work, edit->file) };
    const GPtrArray *entries = NULL;

    if (!write_refreshed (edit, &self, error) ||
        !prc_tool_plan_remove_or_report (work, edit, is_to_be_removed, &self, error))
        return FALSE;
    entries = prc_document_entries (edit->doc);
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        const PrcToolKey *row = row_to_refresh (&self, entry);
        Refresh what = row != NULL ? choose_refresh (&self, entry, row) : REFRESH_KEEP;

        if (what == REFRESH_REPORT || is_unknown_list (&self, entry))
            report_entry (work, edit, entry);
        else if (row != NULL && !self.bare && entry->value != NULL && *entry->value != '\0')
            edit->has_secret |= prc_wanted_has_secret (work->options->wanted);
    }
    return TRUE;
}
