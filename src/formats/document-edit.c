/* The one editor for all formats: prc_document_set() and its like. Whatever a driver answers, the
 * result is parsed again and compared with what was there and what was asked for. */
#include "formats/document-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"

static gboolean
same_raw_value (const PrcDocument *a, const PrcEntry *x, const PrcDocument *b, const PrcEntry *y)
{
    gsize length = x->value_end - x->value_start;

    return length == y->value_end - y->value_start &&
           memcmp (prc_document_data (a, NULL) + x->value_start,
                   prc_document_data (b, NULL) + y->value_start, length) == 0;
}

/* More variables than that in one chain of references are not looked after. */
#define CHANGED_MAX 64u

static GPtrArray *
new_changed (const char *key)
{
    GPtrArray *changed = g_ptr_array_new ();

    g_ptr_array_add (changed, (gpointer) key);
    return changed;
}

static gboolean
names_one_of (const PrcDocument *doc, const PrcEntry *entry, const GPtrArray *keys)
{
    const char *raw = prc_document_data (doc, NULL) + entry->value_start;
    gsize length = entry->value_end - entry->value_start;

    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index (keys, i);

        if (memmem (raw, length, key, strlen (key)) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* The same text may mean something else now only because it refers to the variable that was edited
 * (`https_proxy=$http_proxy`), which is what its author wanted, or to one that refers to it.
 * @changed: the keys of these; grows */
static gboolean
same_meaning (const PrcDocument *a, const PrcEntry *x, const PrcDocument *b, const PrcEntry *y,
              GPtrArray *changed)
{
    if (x->kind != y->kind)
        return FALSE;
    if (x->flags == y->flags && g_strcmp0 (x->value, y->value) == 0)
        return TRUE;
    if (((x->flags ^ y->flags) & ~(guint) PRC_ENTRY_DYNAMIC) != 0 || !same_raw_value (a, x, b, y) ||
        !names_one_of (a, x, changed))
        return FALSE;
    if (changed->len < CHANGED_MAX &&
        !g_ptr_array_find_with_equal_func (changed, x->key, g_str_equal, NULL))
        g_ptr_array_add (changed, x->key);
    return TRUE;
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
        const PrcEntry *entry = prc_document_entry_at (doc, (*index)++);

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

/* For each key its last entry that counts, as prc_document_lookup() finds it. */
static GHashTable *
deciding_entries (const PrcDocument *doc)
{
    GHashTable *deciding = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < doc->entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (doc->entries, i);

        if (prc_entry_counts (entry))
            (void) g_hash_table_replace (deciding, entry->key, entry);
    }
    return deciding;
}

/* @now has lost what it referred to, and no other entry of its key has the last word anyway. */
static gboolean
lost_its_value (const PrcDocument *after, const PrcEntry *was, const PrcEntry *now,
                GHashTable **deciding)
{
    const PrcEntry *last = NULL;

    if (((was->flags ^ now->flags) & now->flags & PRC_ENTRY_DYNAMIC) == 0)
        return FALSE;
    if (*deciding == NULL)
        *deciding = deciding_entries (after);
    last = g_hash_table_lookup (*deciding, now->key);
    return last == now || (last != NULL && !prc_entry_is_known (last));
}

/* What an edit may do to entries of other keys. */
typedef struct {
    const char *key;      /* of the entries that may change in any way */
    const PrcEntry *gone; /* (nullable): a list element that goes, with all that is in it */
    gboolean lenient;     /* others may lose the value that they refer to */
} Permission;

static gboolean
others_unchanged (const PrcDocument *before, const PrcDocument *after, const Permission *permission,
                  GError **error)
{
    g_autoptr (GHashTable) deciding = NULL;
    g_autoptr (GPtrArray) changed = new_changed (permission->key);
    const PrcEntry *gone = permission->gone;
    guint i = 0, j = 0;

    for (;;) {
        const PrcEntry *x = next_survivor (before, &i, permission->key, gone);
        const PrcEntry *y = next_other (after, &j, gone != NULL ? NULL : permission->key);

        if (x == NULL && y == NULL)
            return TRUE;
        if (x == NULL || y == NULL || !same_meaning (before, x, after, y, changed) ||
            (gone == NULL && strcmp (x->key, y->key) != 0) ||
            (!permission->lenient && lost_its_value (after, x, y, &deciding))) {
            prc_set_error_at_line (error, x != NULL ? x->line : y->line,
                                   "cannot edit %s here without changing %s as well",
                                   permission->key, x != NULL ? x->key : y->key);
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

/* The document after @edits, in which others have changed as far as @permission goes. */
static PrcDocument *
edited (PrcDocument *doc, GArray *edits, const Permission *permission, GError **error)
{
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (PrcDocument) after = NULL;

    g_array_sort (edits, compare_edits);
    for (guint i = 1; i < edits->len; i++) {
        const PrcEdit *previous = &g_array_index (edits, PrcEdit, i - 1);
        PrcEdit *edit = &g_array_index (edits, PrcEdit, i);

        /* Two removals may both claim the newline between them. */
        if (edit->text == NULL && previous->text == NULL && edit->start < previous->end) {
            edit->start = previous->end;
            edit->end = MAX (edit->end, edit->start);
        }
    }
    bytes = prc_splice (doc->bytes, (const PrcEdit *) (void *) edits->data, edits->len, error);
    if (bytes == NULL)
        return NULL;
    after = prc_document_parse (doc->format, bytes, doc->tool_version, error);
    if (after == NULL) {
        g_prefix_error (error, "after editing %s the file could not be read: line ",
                        permission->key);
        return NULL;
    }
    return others_unchanged (doc, after, permission, error) ? g_steal_pointer (&after) : NULL;
}

static PrcDocument *
edited_once (PrcDocument *doc, PrcEdit *edit, const char *key, GError **error)
{
    g_autoptr (GArray) edits = new_edits ();

    g_array_append_val (edits, *edit);
    *edit = (PrcEdit){ 0 };
    return edited (doc, edits, &(Permission){ .key = key }, error);
}

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

/* @doomed: in file order */
static gboolean
append_removals (const PrcDocument *doc, const GPtrArray *doomed, GArray *edits, GError **error)
{
    const PrcFormat *format = doc->format;

    if (doomed->len > 0 && format->remove_all != NULL)
        return format->remove_all (doc, doomed, edits, error);
    for (guint i = 0; i < doomed->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (doomed, i);
        const PrcEdit edit = { entry->start, entry->end, NULL };

        if (format->remove == NULL)
            g_array_append_val (edits, edit);
        else if (!format->remove (doc, entry, edits, error))
            return FALSE;
    }
    if (doomed->len > 0 && format->remove == NULL)
        take_newline_before_last (doc, edits);
    return TRUE;
}

static const PrcEntry *
element_or_null (const PrcEntry *entry)
{
    return (entry->flags & PRC_ENTRY_ELEMENT) != 0 ? entry : NULL;
}

static void
set_error_not_removed (const PrcEntry *entry, GError **error)
{
    prc_set_error_at_line (error, entry->line, "cannot remove %s here; do it by hand", entry->key);
}

/* The document in which the entries @doomed (of one key, in file order, at least one) are gone. */
static PrcDocument *
without (PrcDocument *doc, const GPtrArray *doomed, const PrcEntry *gone, gboolean lenient,
         GError **error)
{
    const PrcEntry *first = g_ptr_array_index (doomed, 0);
    const Permission permission = { first->key, gone, lenient };
    g_autoptr (GArray) edits = new_edits ();
    g_autoptr (PrcDocument) after = NULL;

    if (!append_removals (doc, doomed, edits, error))
        return NULL;
    after = edited (doc, edits, &permission, error);
    if (after != NULL && after->entries->len >= doc->entries->len) {
        set_error_not_removed (first, error);
        return NULL;
    }
    return g_steal_pointer (&after);
}

static PrcDocument *
removed (PrcDocument *doc, const PrcEntry *entry, GError **error)
{
    g_autoptr (GPtrArray) doomed = g_ptr_array_new ();

    g_ptr_array_add (doomed, (gpointer) entry);
    return without (doc, doomed, element_or_null (entry), TRUE, error);
}

/* The work, in bytes parsed, that removing one by one may take: what a file written by people needs
 * is far from it, and a hostile one is refused in a second. */
#define REMOVAL_WORK_MAX (32u * 1024u * 1024u)

static gboolean
spend (gsize *spent, const PrcDocument *doc, const PrcEntry *next, GError **error)
{
    *spent += g_bytes_get_size (doc->bytes);
    if (*spent <= MAX (REMOVAL_WORK_MAX, 8 * g_bytes_get_size (doc->bytes)))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 "%u: %s stands here far too often; remove the needless ones by hand", next->line,
                 next->key);
    return FALSE;
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
is_removable (const PrcEntry *entry, const PrcEntry *carrier)
{
    (void) carrier;
    return prc_entry_is_known (entry);
}

static gboolean
is_static (const PrcEntry *entry)
{
    return prc_entry_is_known (entry) && (entry->flags & PRC_ENTRY_INERT) == 0;
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
        const PrcEntry *entry = prc_document_entry_at (doc, i);

        if (strcmp (entry->key, key) == 0 && entry->kind == PRC_ENTRY_SET && is_static (entry) &&
            (entry->flags & PRC_ENTRY_PRIVATE) == 0 && !is_one_of_many (entry))
            found = (int) i;
    }
    return found;
}

/* @carrier: (nullable): what find_carrier() finds in the same document */
typedef gboolean (*EntryPredicate) (const PrcEntry *entry, const PrcEntry *carrier);

/* What is to be removed next; empty: nothing more. */
static GPtrArray *
pick_entries (const PrcDocument *doc, const char *key, EntryPredicate pick)
{
    GPtrArray *picked = g_ptr_array_new ();
    int index = find_carrier (doc, key);
    const PrcEntry *carrier = index >= 0 ? prc_document_entry_at (doc, (guint) index) : NULL;

    /* A driver with a remove() of its own may move neighbours, so its entries go one by one. */
    for (guint i = 0; i < doc->entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (doc->entries, i);

        if (strcmp (entry->key, key) != 0 || !pick (entry, carrier))
            continue;
        g_ptr_array_add (picked, entry);
        if (doc->format->remove != NULL)
            break;
    }
    return picked;
}

static PrcDocument *
remove_entries (PrcDocument *doc, const char *key, EntryPredicate pick, gboolean lenient,
                GError **error)
{
    g_autoptr (PrcDocument) current = prc_document_ref (doc);
    gsize spent = 0;

    for (;;) {
        g_autoptr (GPtrArray) doomed = pick_entries (current, key, pick);
        PrcDocument *next = NULL;

        if (doomed->len == 0)
            return g_steal_pointer (&current);
        if (!spend (&spent, current, g_ptr_array_index (doomed, 0), error))
            return NULL;
        next = without (current, doomed, NULL, lenient, error);
        if (next == NULL)
            return NULL;
        prc_document_unref (current);
        current = next;
    }
}

static gboolean
is_beaten (const PrcEntry *entry, const PrcEntry *carrier)
{
    if (carrier == NULL && !is_one_of_many (entry))
        return FALSE;
    return entry != carrier && entry->kind == PRC_ENTRY_SET && is_static (entry);
}

static gboolean
is_later_unset (const PrcEntry *entry, const PrcEntry *carrier)
{
    return entry->kind == PRC_ENTRY_UNSET && is_static (entry) && carrier != NULL &&
           entry->start > carrier->start;
}

static gboolean
is_needless (const PrcEntry *entry, const PrcEntry *carrier)
{
    return is_beaten (entry, carrier) || is_later_unset (entry, carrier);
}

static PrcDocument *
remove_beaten (PrcDocument *doc, const char *key, GError **error)
{
    return remove_entries (doc, key, is_needless, FALSE, error);
}

static gboolean
is_only_active (const PrcDocument *doc, const PrcEntry *only)
{
    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = prc_document_entry_at (doc, i);

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

static void
set_error_misread (const PrcDocument *doc, const char *key, GError **error)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, "format %s can't hold this value of %s",
                 doc->format->name, key);
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
        set_error_misread (doc, key, error);
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
        written = replaced (doc, prc_document_entry_at (doc, (guint) carrier), value, error);
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
    return remove_entries (doc, key, is_removable, TRUE, error);
}

static gboolean
has_active (const PrcDocument *doc, const char *key, const char *value)
{
    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = prc_document_entry_at (doc, i);

        if (strcmp (entry->key, key) == 0 && entry->kind == PRC_ENTRY_SET &&
            prc_entry_counts (entry) && prc_entry_is_known (entry) &&
            g_strcmp0 (entry->value, value) == 0)
            return TRUE;
    }
    return FALSE;
}

PrcDocument *
prc_document_add (PrcDocument *doc, const char *any_key, const char *value, GError **error)
{
    g_autofree char *key = canonical_key (doc, any_key, error);
    g_autoptr (PrcDocument) after = NULL;

    if (key == NULL)
        return NULL;
    if (has_active (doc, key, value))
        return prc_document_ref (doc);
    after = inserted (doc, key, any_key, value, error);
    if (after != NULL && !has_active (after, key, value)) {
        set_error_misread (doc, key, error);
        return NULL;
    }
    return g_steal_pointer (&after);
}

PrcDocument *
prc_document_remove_entry (PrcDocument *doc, guint index, GError **error)
{
    g_return_val_if_fail (index < doc->entries->len, NULL);
    return removed (doc, prc_document_entry_at (doc, index), error);
}

/* The entry at @index has @value, and those of the same key are what they were. */
static gboolean
is_replaced (const PrcDocument *before, const PrcDocument *after, guint index, const char *value)
{
    const char *key = prc_document_entry_at (before, index)->key;
    g_autoptr (GPtrArray) changed = new_changed (key);

    if (after->entries->len != before->entries->len)
        return FALSE;
    for (guint i = 0; i < after->entries->len; i++) {
        const PrcEntry *was = prc_document_entry_at (before, i),
                       *now = prc_document_entry_at (after, i);

        if (strcmp (was->key, key) != 0)
            continue;
        if (strcmp (now->key, key) != 0 ||
            (i == index ? now->kind != PRC_ENTRY_SET || g_strcmp0 (now->value, value) != 0
                        : !same_meaning (before, was, after, now, changed)))
            return FALSE;
    }
    return TRUE;
}

PrcDocument *
prc_document_replace_entry (PrcDocument *doc, guint index, const char *value, GError **error)
{
    const PrcEntry *entry = NULL;
    g_autoptr (PrcDocument) after = NULL;

    g_return_val_if_fail (index < doc->entries->len, NULL);
    entry = prc_document_entry_at (doc, index);
    if (entry->kind != PRC_ENTRY_SET) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, "%u: %s is given no value here",
                     entry->line, entry->key);
        return NULL;
    }
    after = replaced (doc, entry, value, error);
    if (after != NULL && !is_replaced (doc, after, index, value)) {
        set_error_misread (doc, entry->key, error);
        return NULL;
    }
    return g_steal_pointer (&after);
}
