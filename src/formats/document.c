#include "formats/document.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"

struct _PrcDocument {
    int refs;
    const PrcFormat *format;
    GBytes *bytes;
    guint tool_version;
    GPtrArray *entries;
};

void
prc_entry_free (PrcEntry *entry)
{
    if (entry == NULL)
        return;
    g_free (entry->key);
    prc_wipe_free (entry->value);
    g_free (entry->detail);
    g_free (entry);
}

static gboolean
refuse_nul (GBytes *bytes, GError **error)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);
    const char *nul = size > 0 ? memchr (data, '\0', size) : NULL;
    guint line = 1;

    if (nul == NULL)
        return TRUE;
    for (const char *p = data; p < nul; p++)
        line += *p == '\n';
    prc_set_error_at_line (error, line, "a NUL byte: this is not a text file");
    return FALSE;
}

PrcDocument *
prc_document_parse (const PrcFormat *format, GBytes *bytes, guint tool_version, GError **error)
{
    g_autoptr (PrcDocument) doc = g_new0 (PrcDocument, 1);

    doc->refs = 1;
    doc->format = format;
    doc->bytes = g_bytes_ref (bytes);
    doc->tool_version = tool_version;
    doc->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    /* Every tool stops reading, or reads something else, at a NUL; no one writes one on purpose. */
    if (!refuse_nul (bytes, error) || !format->parse (doc, doc->entries, error))
        return NULL;
    return g_steal_pointer (&doc);
}

PrcDocument *
prc_document_ref (PrcDocument *doc)
{
    doc->refs++;
    return doc;
}

void
prc_document_unref (PrcDocument *doc)
{
    if (doc == NULL || --doc->refs > 0)
        return;
    g_bytes_unref (doc->bytes);
    g_ptr_array_unref (doc->entries);
    g_free (doc);
}

const PrcFormat *
prc_document_format (const PrcDocument *doc)
{
    return doc->format;
}

GBytes *
prc_document_bytes (const PrcDocument *doc)
{
    return doc->bytes;
}

const char *
prc_document_data (const PrcDocument *doc, gsize *ret_size)
{
    return g_bytes_get_data (doc->bytes, ret_size);
}

guint
prc_document_tool_version (const PrcDocument *doc)
{
    return doc->tool_version;
}

const GPtrArray *
prc_document_entries (const PrcDocument *doc)
{
    return doc->entries;
}

static const PrcEntry *
entry_at (const PrcDocument *doc, guint index)
{
    return g_ptr_array_index (doc->entries, index);
}

PrcLookup
prc_document_lookup (const PrcDocument *doc, const char *key, const PrcEntry **ret_entry)
{
    const PrcEntry *found = NULL;
    PrcLookup result = PRC_LOOKUP_NONE;

    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = entry_at (doc, i);

        if (strcmp (entry->key, key) != 0 || entry->kind == PRC_ENTRY_EXPORT ||
            (entry->flags & (PRC_ENTRY_INERT | PRC_ENTRY_PRIVATE)) != 0)
            continue;
        found = entry;
        if ((entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC)) != 0)
            result = PRC_LOOKUP_DYNAMIC;
        else
            result = entry->kind == PRC_ENTRY_SET ? PRC_LOOKUP_VALUE : PRC_LOOKUP_NONE;
    }
    if (ret_entry != NULL)
        *ret_entry = found;
    return result;
}

/* Editing */

static gboolean
same_raw_value (const PrcDocument *a, const PrcEntry *x, const PrcDocument *b, const PrcEntry *y)
{
    gsize length = x->value_end - x->value_start;

    return length == y->value_end - y->value_start &&
           memcmp (prc_document_data (a, NULL) + x->value_start,
                   prc_document_data (b, NULL) + y->value_start, length) == 0;
}

/* The same text may mean something else now only because it refers to the variable that was edited
 * (`https_proxy=$http_proxy`), which is what its author wanted. */
static gboolean
same_meaning (const PrcDocument *a, const PrcEntry *x, const PrcDocument *b, const PrcEntry *y)
{
    if (x->kind != y->kind)
        return FALSE;
    if (x->flags == y->flags && g_strcmp0 (x->value, y->value) == 0)
        return TRUE;
    return ((x->flags ^ y->flags) & ~(guint) (PRC_ENTRY_DYNAMIC | PRC_ENTRY_PRIVATE)) == 0 &&
           x->value_end > x->value_start && same_raw_value (a, x, b, y);
}

static gboolean
is_mere_container (const PrcEntry *entry)
{
    return (entry->flags & PRC_ENTRY_ELEMENT) != 0 && entry->value == NULL;
}

/* The next entry that must be the same before and after an edit of @key. */
static const PrcEntry *
next_other (const PrcDocument *doc, guint *index, const char *key)
{
    while (*index < doc->entries->len) {
        const PrcEntry *entry = entry_at (doc, (*index)++);

        if ((key == NULL || strcmp (entry->key, key) != 0) && !is_mere_container (entry))
            return entry;
    }
    return NULL;
}

/* As next_other(), without what goes together with the list element @gone (nullable). */
static const PrcEntry *
next_survivor (const PrcDocument *doc, guint *index, const char *key, const PrcEntry *gone)
{
    for (;;) {
        const PrcEntry *entry = next_other (doc, index, gone != NULL ? NULL : key);

        if (entry == NULL || gone == NULL || entry->start < gone->start || entry->end > gone->end)
            return entry;
    }
}

static gboolean
others_unchanged (const PrcDocument *before, const PrcDocument *after, const char *key,
                  const PrcEntry *gone, GError **error)
{
    guint i = 0, j = 0;

    for (;;) {
        const PrcEntry *x = next_survivor (before, &i, key, gone);
        const PrcEntry *y = next_other (after, &j, gone != NULL ? NULL : key);

        if (x == NULL && y == NULL)
            return TRUE;
        if (x == NULL || y == NULL || !same_meaning (before, x, after, y) ||
            (gone == NULL && strcmp (x->key, y->key) != 0)) {
            prc_set_error_at_line (error, x != NULL ? x->line : y->line,
                                   "cannot edit %s here without changing %s as well", key,
                                   x != NULL ? x->key : y->key);
            return FALSE;
        }
    }
}

static int
compare_edits (gconstpointer a, gconstpointer b)
{
    const PrcEdit *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static GArray *
new_edits (void)
{
    GArray *edits = g_array_new (FALSE, TRUE, sizeof (PrcEdit));

    g_array_set_clear_func (edits, (GDestroyNotify) prc_edit_clear);
    return edits;
}

/* The document after @edits, in which only entries of @key may mean something else; or, when they
 * take away the list element @gone (nullable), only its contents may be missing. */
static PrcDocument *
edited (PrcDocument *doc, GArray *edits, const char *key, const PrcEntry *gone, GError **error)
{
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (PrcDocument) after = NULL;

    g_array_sort (edits, compare_edits);
    for (guint i = 1; i < edits->len; i++) {
        const PrcEdit *previous = &g_array_index (edits, PrcEdit, i - 1);
        PrcEdit *edit = &g_array_index (edits, PrcEdit, i);

        /* Two removals may both claim the newline between them. */
        if (edit->text == NULL && previous->text == NULL && edit->start < previous->end)
            edit->start = MIN (previous->end, edit->end);
    }
    bytes = prc_splice (doc->bytes, (const PrcEdit *) (void *) edits->data, edits->len, error);
    if (bytes == NULL)
        return NULL;
    after = prc_document_parse (doc->format, bytes, doc->tool_version, error);
    if (after == NULL) {
        g_prefix_error (error, "after editing %s the file could not be read: line ", key);
        return NULL;
    }
    return others_unchanged (doc, after, key, gone, error) ? g_steal_pointer (&after) : NULL;
}

static PrcDocument *
edited_once (PrcDocument *doc, PrcEdit *edit, const char *key, GError **error)
{
    g_autoptr (GArray) edits = new_edits ();

    g_array_append_val (edits, *edit);
    *edit = (PrcEdit){ 0 };
    return edited (doc, edits, key, NULL, error);
}

/* Whole lines at the end of a file without a final newline take the newline before them along. */
static PrcEdit
removal_of_range (const PrcDocument *doc, const PrcEntry *entry)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    PrcEdit edit = { entry->start, entry->end, NULL };

    if (edit.end == size && edit.end > edit.start && data[size - 1] != '\n' && edit.start > 0 &&
        data[edit.start - 1] == '\n') {
        edit.start--;
        if (edit.start > 0 && data[edit.start - 1] == '\r')
            edit.start--;
    }
    return edit;
}

static gboolean
append_removal (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    PrcEdit edit;

    if (doc->format->remove != NULL)
        return doc->format->remove (doc, entry, edits, error);
    edit = removal_of_range (doc, entry);
    g_array_append_val (edits, edit);
    return TRUE;
}

static gboolean
append_removals (const PrcDocument *doc, const GPtrArray *doomed, GArray *edits, GError **error)
{
    if (doomed->len > 0 && doc->format->remove_all != NULL)
        return doc->format->remove_all (doc, doomed, edits, error);
    for (guint i = 0; i < doomed->len; i++)
        if (!append_removal (doc, g_ptr_array_index (doomed, i), edits, error))
            return FALSE;
    return TRUE;
}

static const PrcEntry *
element_or_null (const PrcEntry *entry)
{
    return (entry->flags & PRC_ENTRY_ELEMENT) != 0 ? entry : NULL;
}

static PrcDocument *
removed (PrcDocument *doc, const PrcEntry *entry, GError **error)
{
    g_autoptr (GArray) edits = new_edits ();
    g_autoptr (GPtrArray) doomed = g_ptr_array_new ();

    g_ptr_array_add (doomed, (gpointer) entry);
    if (!append_removals (doc, doomed, edits, error))
        return NULL;
    return edited (doc, edits, entry->key, element_or_null (entry), error);
}

typedef gboolean (*EntryPredicate) (const PrcEntry *entry, gconstpointer data);

static gboolean
matches (const PrcDocument *doc, guint i, const char *key, EntryPredicate pick, gconstpointer data)
{
    const PrcEntry *entry = entry_at (doc, i);

    return strcmp (entry->key, key) == 0 && pick (entry, data);
}

/* A driver with a remove() of its own may move neighbours, so its entries go one by one. */
static PrcDocument *
remove_entries (PrcDocument *doc, const char *key, EntryPredicate pick, gconstpointer data,
                GError **error)
{
    gboolean one_by_one = doc->format->remove != NULL;
    g_autoptr (PrcDocument) current = prc_document_ref (doc);

    for (;;) {
        g_autoptr (GArray) edits = new_edits ();
        PrcDocument *next = NULL;
        guint n_before = current->entries->len;
        g_autoptr (GPtrArray) doomed = g_ptr_array_new ();

        for (guint i = 0; i < current->entries->len && !(one_by_one && doomed->len > 0); i++)
            if (matches (current, i, key, pick, data))
                g_ptr_array_add (doomed, g_ptr_array_index (current->entries, i));
        if (!append_removals (current, doomed, edits, error))
            return NULL;
        if (edits->len == 0)
            return g_steal_pointer (&current);
        next = edited (current, edits, key, NULL, error);
        if (next == NULL)
            return NULL;
        prc_document_unref (current);
        current = next;
        if (current->entries->len >= n_before) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "cannot remove %s", key);
            return NULL;
        }
    }
}

static char *
canonical_key (const PrcDocument *doc, const char *key, GError **error)
{
    if (doc->format->canonical_key != NULL)
        return doc->format->canonical_key (key, error);
    if (*key == '\0' || prc_text_has_control (key)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "not a key of format %s",
                     doc->format->name);
        return NULL;
    }
    return g_strdup (key);
}

static gboolean
is_removable (const PrcEntry *entry, gconstpointer data)
{
    (void) data;
    return (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC)) == 0;
}

static gboolean
is_static (const PrcEntry *entry)
{
    return (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC | PRC_ENTRY_INERT)) == 0;
}

static gboolean
is_one_of_many (const PrcEntry *entry)
{
    return (entry->flags & PRC_ENTRY_LIST) != 0 && entry->value != NULL;
}

/* The occurrence that a new value is written into: the last that always counts. One of a list would
 * stay a list of one. */
static int
find_carrier (const PrcDocument *doc, const char *key)
{
    int found = -1;

    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = entry_at (doc, i);

        if (strcmp (entry->key, key) == 0 && entry->kind == PRC_ENTRY_SET && is_static (entry) &&
            (entry->flags & PRC_ENTRY_PRIVATE) == 0 && !is_one_of_many (entry))
            found = (int) i;
    }
    return found;
}

static gboolean
is_beaten (const PrcEntry *entry, gconstpointer carrier)
{
    if (carrier == NULL && !is_one_of_many (entry))
        return FALSE;
    return entry != carrier && entry->kind == PRC_ENTRY_SET && is_static (entry);
}

static gboolean
is_later_unset (const PrcEntry *entry, gconstpointer carrier)
{
    const PrcEntry *kept = carrier;

    return entry->kind == PRC_ENTRY_UNSET && is_static (entry) && kept != NULL &&
           entry->start > kept->start;
}

/* remove_entries() moves the carrier, so "all others" is said by what the carrier is: the last. */
static PrcDocument *
remove_beaten (PrcDocument *doc, const char *key, GError **error)
{
    g_autoptr (PrcDocument) current = prc_document_ref (doc);

    for (;;) {
        int carrier = find_carrier (current, key);
        const PrcEntry *kept = carrier >= 0 ? entry_at (current, (guint) carrier) : NULL;
        g_autoptr (GArray) edits = new_edits ();
        g_autoptr (GPtrArray) doomed = g_ptr_array_new ();
        PrcDocument *next = NULL;

        for (guint i = 0; i < current->entries->len; i++) {
            if (!matches (current, i, key, is_beaten, kept) &&
                !matches (current, i, key, is_later_unset, kept))
                continue;
            g_ptr_array_add (doomed, g_ptr_array_index (current->entries, i));
            if (current->format->remove != NULL)
                break;
        }
        if (!append_removals (current, doomed, edits, error))
            return NULL;
        if (edits->len == 0)
            return g_steal_pointer (&current);
        next = edited (current, edits, key, NULL, error);
        if (next == NULL)
            return NULL;
        if (next->entries->len >= current->entries->len) {
            prc_document_unref (next);
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "cannot remove an earlier %s", key);
            return NULL;
        }
        prc_document_unref (current);
        current = next;
    }
}

static gboolean
is_only_active (const PrcDocument *doc, const PrcEntry *only)
{
    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = entry_at (doc, i);

        if (entry != only && strcmp (entry->key, only->key) == 0 &&
            (entry->flags & PRC_ENTRY_INERT) == 0)
            return FALSE;
    }
    return TRUE;
}

/* One of a list is not the value while others count as well. */
static gboolean
has_value (const PrcDocument *doc, const char *key, const char *value)
{
    const PrcEntry *entry = NULL;

    return prc_document_lookup (doc, key, &entry) == PRC_LOOKUP_VALUE &&
           g_strcmp0 (entry->value, value) == 0 &&
           ((entry->flags & PRC_ENTRY_LIST) == 0 || is_only_active (doc, entry));
}

/* @key is canonical, @any_key the caller's. */
static PrcDocument *
inserted (PrcDocument *doc, const char *key, const char *any_key, const char *value, GError **error)
{
    g_auto (PrcEdit) edit = { 0 };
    const char *spelled = doc->format->insert_as_spelled ? any_key : key;

    if (!doc->format->insert (doc, spelled, value, &edit, error))
        return NULL;
    return edited_once (doc, &edit, key, error);
}

static PrcDocument *
replaced (PrcDocument *doc, const PrcEntry *entry, const char *value, GError **error)
{
    g_auto (PrcEdit) edit = { 0 };

    if (entry->value != NULL && strcmp (entry->value, value) == 0)
        return prc_document_ref (doc);
    if (!doc->format->replace (doc, entry, value, &edit, error))
        return NULL;
    return edited_once (doc, &edit, entry->key, error);
}

/* What stands in the way when a value was written and yet is not what the tool reads. */
static void
set_error_not_last_word (const PrcDocument *doc, const char *key, GError **error)
{
    const PrcEntry *entry = NULL;

    if (prc_document_lookup (doc, key, &entry) == PRC_LOOKUP_DYNAMIC)
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
            "%u: what stands here decides %s when the file is read; change or remove it there",
            entry->line, key);
    else
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     "format %s can't hold this value of %s", doc->format->name, key);
}

/* The new value is written before others are removed, for the old one may build upon them:
 * `x=1; x=$x,2`. */
static PrcDocument *
set_in_place (PrcDocument *doc, const char *key, const char *any_key, const char *value,
              GError **error)
{
    int carrier = find_carrier (doc, key);
    g_autoptr (PrcDocument) cleared = NULL;
    g_autoptr (PrcDocument) written = NULL;

    if (carrier >= 0) {
        written = replaced (doc, entry_at (doc, (guint) carrier), value, error);
    } else {
        cleared = remove_beaten (doc, key, error);
        written = cleared != NULL ? inserted (cleared, key, any_key, value, error) : NULL;
    }
    /* Values that did not count may be beaten now: shell variables that nobody exported. One of a
     * list beats nothing. */
    if (written == NULL || find_carrier (written, key) < 0)
        return g_steal_pointer (&written);
    return remove_beaten (written, key, error);
}

PrcDocument *
prc_document_set (PrcDocument *doc, const char *any_key, const char *value, GError **error)
{
    g_autofree char *key = canonical_key (doc, any_key, error);
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (PrcDocument) behind = NULL;

    if (key == NULL)
        return NULL;
    after = set_in_place (doc, key, any_key, value, error);
    if (after == NULL || has_value (after, key, value))
        return g_steal_pointer (&after);

    /* Something conditional stands behind it, or what made it count is gone with a beaten one
     * (`export x=1; x=2`): put it behind them instead, if the format can. */
    behind = inserted (after, key, any_key, value, NULL);
    if (behind != NULL && has_value (behind, key, value)) {
        g_autoptr (PrcDocument) last = remove_beaten (behind, key, error);

        if (last == NULL || has_value (last, key, value))
            return g_steal_pointer (&last);
    }
    set_error_not_last_word (after, key, error);
    return NULL;
}

PrcDocument *
prc_document_unset (PrcDocument *doc, const char *any_key, GError **error)
{
    g_autofree char *key = canonical_key (doc, any_key, error);

    const PrcEntry *entry = NULL;

    if (key == NULL)
        return NULL;
    /* The next element then has this key. */
    if (prc_document_lookup (doc, key, &entry) != PRC_LOOKUP_NONE &&
        (entry->flags & PRC_ENTRY_ELEMENT) != 0)
        return removed (doc, entry, error);
    return remove_entries (doc, key, is_removable, NULL, error);
}

PrcDocument *
prc_document_add (PrcDocument *doc, const char *any_key, const char *value, GError **error)
{
    g_autofree char *key = canonical_key (doc, any_key, error);

    if (key == NULL)
        return NULL;
    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = entry_at (doc, i);

        if (strcmp (entry->key, key) == 0 && entry->kind == PRC_ENTRY_SET && is_static (entry) &&
            g_strcmp0 (entry->value, value) == 0)
            return prc_document_ref (doc);
    }
    return inserted (doc, key, any_key, value, error);
}

PrcDocument *
prc_document_remove_entry (PrcDocument *doc, guint index, GError **error)
{
    g_return_val_if_fail (index < doc->entries->len, NULL);
    return removed (doc, entry_at (doc, index), error);
}

PrcDocument *
prc_document_replace_entry (PrcDocument *doc, guint index, const char *value, GError **error)
{
    g_return_val_if_fail (index < doc->entries->len, NULL);
    return replaced (doc, entry_at (doc, index), value, error);
}

/* For the drivers */

const char *
prc_document_eol (const PrcDocument *doc)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    const char *newline = size > 0 ? memchr (data, '\n', size) : NULL;

    return newline != NULL && newline > data && newline[-1] == '\r' ? "\r\n" : "\n";
}

void
prc_document_insert_lines (const PrcDocument *doc, gsize offset, const char *lines,
                           PrcEdit *ret_edit)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    const char *eol = prc_document_eol (doc);
    gboolean unfinished = offset == size && size > 0 && data[size - 1] != '\n';
    GString *text = g_string_new (unfinished ? eol : NULL);

    for (const char *p = lines; *p != '\0'; p++) {
        if (*p == '\n')
            g_string_append (text, eol);
        else
            g_string_append_c (text, *p);
    }
    if (!unfinished)
        g_string_append (text, eol);
    *ret_edit = (PrcEdit){ offset, offset, g_string_free (text, FALSE) };
}

gsize
prc_document_line_start (const PrcDocument *doc, gsize offset)
{
    const char *data = prc_document_data (doc, NULL);

    while (offset > 0 && data[offset - 1] != '\n')
        offset--;
    return offset;
}

gsize
prc_document_line_end (const PrcDocument *doc, gsize offset)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    const char *newline = offset < size ? memchr (data + offset, '\n', size - offset) : NULL;

    return newline != NULL ? (gsize) (newline - data) + 1 : size;
}
