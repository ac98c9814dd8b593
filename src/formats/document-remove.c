/* Removing entries: as many at a time as can go without touching each other's surroundings, so that
 * a file in which one setting stands ten thousand times costs a few readings and not ten thousand.
 */
#include "formats/document-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

/* Whole lines at the end of a file without a final newline take the newline before them along. */
static void
take_newline_before_last (const PrcDocument *doc, GArray *edits)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    PrcEdit *first = &g_array_index (edits, PrcEdit, edits->len - 1);

    if (first->end != size || first->end == first->start || data[size - 1] == '\n')
        return;
    while (first > (PrcEdit *) (void *) edits->data && first[-1].end == first->start)
        first--;
    if (first->start > 0 && data[first->start - 1] == '\n') {
        first->start--;
        if (first->start > 0 && data[first->start - 1] == '\r')
            first->start--;
    }
}

/* Whether @own can be made together with what comes before @last_end: neither may have a part in
 * what the other decided by, and that is what stands next to it, unless both take whole lines.
 * Grows @last_end. */
static gboolean
is_apart (const PrcDocument *doc, const GArray *own, gsize *last_end)
{
    const char *data = prc_document_data (doc, NULL);
    gsize start = G_MAXSIZE, end = 0;

    for (guint i = 0; i < own->len; i++) {
        const PrcEdit *edit = &g_array_index (own, PrcEdit, i);

        start = MIN (start, edit->start);
        end = MAX (end, edit->end);
    }
    if (*last_end > 0 && (start < *last_end || (start == *last_end && data[*last_end - 1] != '\n')))
        return FALSE;
    *last_end = end;
    return TRUE;
}

/* @doomed: in file order. At most @limit of them; @ret_n: how many. */
static gboolean
append_independent (const PrcDocument *doc, const GPtrArray *doomed, guint limit, GArray *edits,
                    guint *ret_n, GError **error)
{
    gsize last_end = 0;
    guint n = 0;

    for (guint i = 0; i < doomed->len && n < limit; i++) {
        g_autoptr (GArray) own = prc_edits_new ();
        GError *reason = NULL;

        if (!doc->format->remove (doc, g_ptr_array_index (doomed, i), own, &reason)) {
            if (n == 0) {
                g_propagate_error (error, reason);
                return FALSE;
            }
            g_error_free (reason);
            break;
        }
        if (!is_apart (doc, own, &last_end))
            continue;
        g_array_append_vals (edits, own->data, own->len);
        g_array_set_clear_func (own, NULL); /* the texts are in @edits now */
        n++;
    }
    *ret_n = n;
    return TRUE;
}

static gboolean
append_removals (const PrcDocument *doc, GPtrArray *doomed, guint limit, GArray *edits,
                 guint *ret_n, GError **error)
{
    const PrcFormat *format = doc->format;

    if (format->remove_all == NULL && format->remove != NULL)
        return append_independent (doc, doomed, limit, edits, ret_n, error);
    g_ptr_array_set_size (doomed, (int) MIN (limit, doomed->len));
    *ret_n = doomed->len;
    if (format->remove_all != NULL)
        return format->remove_all (doc, doomed, edits, error);
    for (guint i = 0; i < doomed->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (doomed, i);
        const PrcEdit edit = { entry->start, entry->end, NULL };

        g_array_append_val (edits, edit);
    }
    take_newline_before_last (doc, edits);
    return TRUE;
}

/* The document without the first @limit of @doomed (in file order, at least one) that can go
 * together; *@ret_n: how many these are, also when it fails. */
static PrcDocument *
without (PrcDocument *doc, GPtrArray *doomed, guint limit, const PrcPermission *permission,
         guint *ret_n, GError **error)
{
    const PrcEntry *first = g_ptr_array_index (doomed, 0);
    g_autoptr (GArray) edits = prc_edits_new ();
    g_autoptr (PrcDocument) after = NULL;

    *ret_n = 0;
    if (!append_removals (doc, doomed, limit, edits, ret_n, error))
        return NULL;
    after = prc_document_edited (doc, edits, permission, error);
    if (after != NULL && after->entries->len + *ret_n > doc->entries->len) {
        prc_set_error_at_line (error, first->line, _ ("cannot remove %s here; do it by hand"),
                               first->key);
        return NULL;
    }
    return g_steal_pointer (&after);
}

PrcDocument *
prc_document_without_entry (PrcDocument *doc, const PrcEntry *entry, GError **error)
{
    g_autoptr (GPtrArray) doomed = g_ptr_array_new ();
    gboolean is_element = (entry->flags & PRC_ENTRY_ELEMENT) != 0;
    const PrcPermission permission = { .key = entry->key,
                                       .gone = is_element ? entry : NULL,
                                       .lenient = TRUE };
    guint n = 0;

    g_ptr_array_add (doomed, (gpointer) entry);
    return without (doc, doomed, 1, &permission, &n, error);
}

/* The work, in bytes parsed, that removing may take: what a file written by people needs is far
 * from it, and a hostile one is refused in a second. */
#define REMOVAL_WORK_MAX (32u * 1024u * 1024u)

static gboolean
spend (gsize *spent, const PrcDocument *doc, const PrcEntry *next, GError **error)
{
    *spent += g_bytes_get_size (doc->bytes);
    if (*spent <= MAX (REMOVAL_WORK_MAX, 64 * g_bytes_get_size (doc->bytes)))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 _ ("%s stands here far too often; remove the needless ones by hand"), next->key);
    g_prefix_error (error, "%u: ", next->line);
    return FALSE;
}

static gboolean
mentions (const PrcDocument *doc, const PrcEntry *entry, const char *key)
{
    return memmem (prc_document_data (doc, NULL) + entry->value_start,
                   entry->value_end - entry->value_start, key, strlen (key)) != NULL;
}

static gboolean
is_referred_to (const PrcDocument *doc, const GPtrArray *picked, const char *key)
{
    for (guint i = 0; i < picked->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (picked, i);

        if (strcmp (entry->key, key) != 0 && mentions (doc, entry, key))
            return TRUE;
    }
    return FALSE;
}

/* More keys than that are not looked at: what is left refers to little. */
enum { KEYS_MAX = 64 };

/* What others refer to goes after them: `b=$a` is no setting that can be judged once a is gone. */
static void
lead_with_unreferred (const PrcDocument *doc, GPtrArray *picked)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < picked->len && g_hash_table_size (seen) < KEYS_MAX; i++) {
        const PrcEntry *entry = g_ptr_array_index (picked, i);

        if (g_hash_table_add (seen, entry->key) && !is_referred_to (doc, picked, entry->key)) {
            /* The others keep their order: they are filtered by its key. */
            g_ptr_array_insert (picked, 0, (gpointer) entry);
            g_ptr_array_remove_index (picked, i + 1);
            return;
        }
    }
}

/* Keeps of @picked what goes together: a list element alone, for its neighbours are renumbered;
 * else those that are none, of the first one's key unless @any_key. (transfer full): the keys of
 * them */
static GHashTable *
keep_together (GPtrArray *picked, gboolean any_key)
{
    GHashTable *keys = g_hash_table_new (g_str_hash, g_str_equal);
    const PrcEntry *first = g_ptr_array_index (picked, 0);
    guint n = 1;

    (void) g_hash_table_add (keys, first->key);
    for (guint i = 1; i < picked->len && (first->flags & PRC_ENTRY_ELEMENT) == 0; i++) {
        PrcEntry *entry = g_ptr_array_index (picked, i);

        if ((entry->flags & PRC_ENTRY_ELEMENT) != 0 ||
            (!any_key && strcmp (entry->key, first->key) != 0))
            continue;
        (void) g_hash_table_add (keys, entry->key);
        picked->pdata[n++] = entry;
    }
    g_ptr_array_set_size (picked, (int) n);
    return keys;
}

/* How far the removal of entries has come. */
typedef struct {
    PrcDocument *current;
    GPtrArray *left;    /* (nullable): of GError */
    GHashTable *passed; /* key -> how many of the picked ones at its start are known to stay */
    gboolean lenient;
    gboolean any_key; /* several keys may go together */
    guint limit;      /* so many may go together */
    guint n_removed;
} Removal;

/* Drops what is known to stay. */
static void
pass_over (Removal *self, GPtrArray *picked)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    guint n = 0;

    if (g_hash_table_size (self->passed) == 0)
        return;
    for (guint i = 0; i < picked->len; i++) {
        PrcEntry *entry = g_ptr_array_index (picked, i);
        guint before = GPOINTER_TO_UINT (g_hash_table_lookup (seen, entry->key));

        (void) g_hash_table_insert (seen, entry->key, GUINT_TO_POINTER (before + 1));
        if (before >= GPOINTER_TO_UINT (g_hash_table_lookup (self->passed, entry->key)))
            picked->pdata[n++] = entry;
    }
    g_ptr_array_set_size (picked, (int) n);
}

/* Takes @reason. FALSE: it can't be left. */
static gboolean
leave (Removal *self, const PrcEntry *entry, GError *reason, GError **error)
{
    guint before = GPOINTER_TO_UINT (g_hash_table_lookup (self->passed, entry->key));

    if (self->left == NULL) {
        g_propagate_error (error, reason);
        return FALSE;
    }
    g_ptr_array_add (self->left, reason);
    (void) g_hash_table_insert (self->passed, g_strdup (entry->key), GUINT_TO_POINTER (before + 1));
    return TRUE;
}

/* One reading of the file further with @doomed, the picked ones, at least one. */
static gboolean
remove_some (Removal *self, GPtrArray *doomed, GError **error)
{
    g_autoptr (GHashTable) keys = NULL;
    const PrcEntry *first = NULL;
    PrcPermission permission = { .lenient = self->lenient };
    PrcDocument *next = NULL;
    GError *reason = NULL;
    guint n = 0;

    if (!self->any_key)
        lead_with_unreferred (self->current, doomed);
    first = g_ptr_array_index (doomed, 0);
    keys = keep_together (doomed, self->any_key);
    permission.key = first->key;
    permission.keys = keys;
    permission.gone = (first->flags & PRC_ENTRY_ELEMENT) != 0 ? first : NULL;
    next = without (self->current, doomed, self->limit, &permission, &n, &reason);
    if (next != NULL) {
        prc_document_unref (self->current);
        self->current = next;
        self->n_removed += n;
        self->limit = MIN (self->limit, G_MAXUINT / 4) * 2;
        return TRUE;
    }
    if (n < 2 && (!self->any_key || g_hash_table_size (keys) < 2))
        return leave (self, first, reason, error);
    if (self->any_key && g_hash_table_size (keys) > 1)
        self->any_key = FALSE;
    else
        self->limit = n / 2; /* some of them can't go together */
    g_error_free (reason);
    return TRUE;
}

PrcDocument *
prc_document_remove_picked (PrcDocument *doc, PrcPickFunc pick, gpointer data, gboolean lenient,
                            guint *ret_removed, GPtrArray *ret_left, GError **error)
{
    g_autoptr (GHashTable) passed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    /* Where values may refer to other keys, what one key's removal does to the others is looked at.
     */
    Removal self = { prc_document_ref (doc),      ret_left,      passed, lenient,
                     doc->format->remove == NULL, G_MAXUINT / 2, 0 };
    gsize spent = 0;

    for (;;) {
        g_autoptr (GPtrArray) doomed = g_ptr_array_new ();

        pick (self.current, data, doomed);
        pass_over (&self, doomed);
        if (doomed->len == 0)
            break;
        if (!spend (&spent, self.current, g_ptr_array_index (doomed, 0), error) ||
            !remove_some (&self, doomed, error)) {
            prc_document_unref (self.current);
            return NULL;
        }
    }
    if (ret_removed != NULL)
        *ret_removed = self.n_removed;
    return self.current;
}

PrcDocument *
prc_document_remove_entry (PrcDocument *doc, guint index, GError **error)
{
    g_return_val_if_fail (index < doc->entries->len, NULL);
    return prc_document_without_entry (doc, prc_document_entry_at (doc, index), error);
}

typedef struct {
    PrcEntryFunc is_meant;
    gpointer data;
} Predicate;

static void
pick_if (const PrcDocument *doc, gpointer data, GPtrArray *picked)
{
    const Predicate *predicate = data;

    for (guint i = 0; i < doc->entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (doc->entries, i);

        if (predicate->is_meant (entry, predicate->data))
            g_ptr_array_add (picked, entry);
    }
}

PrcDocument *
prc_document_remove_if (PrcDocument *doc, PrcEntryFunc is_meant, gpointer data, guint *ret_removed,
                        GPtrArray *ret_left, GError **error)
{
    Predicate predicate = { is_meant, data };

    return prc_document_remove_picked (doc, pick_if, &predicate, TRUE, ret_removed, ret_left,
                                       error);
}
