/* The one editor for all formats: prc_document_set() and its like. Whatever a driver answers, the
 * result is parsed again and compared with what was there and what was asked for. */
#include "formats/document-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/text.h"

static int
compare_edits (gconstpointer a, gconstpointer b)
{
    const PrcEdit *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

GArray *
prc_edits_new (void)
{
    GArray *edits = g_array_new (FALSE, TRUE, sizeof (PrcEdit));

    g_array_set_clear_func (edits, (GDestroyNotify) prc_edit_clear);
    return edits;
}

PrcDocument *
prc_document_edited (PrcDocument *doc, GArray *edits, const PrcPermission *permission,
                     GError **error)
{
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (GError) wrong = NULL;

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
    after = prc_document_parse (doc->format, bytes, doc->tool_version, &wrong);
    if (after == NULL) {
        g_set_error (error, wrong->domain, wrong->code,
                     /* Translators: a key; and "LINE: what is wrong there" */
                     _ ("after editing %s the file could not be read: line %s"), permission->key,
                     wrong->message);
        return NULL;
    }
    return prc_document_others_unchanged (doc, after, permission, error) ? g_steal_pointer (&after)
                                                                         : NULL;
}

static PrcDocument *
edited_once (PrcDocument *doc, PrcEdit *edit, const char *key, GError **error)
{
    g_autoptr (GArray) edits = prc_edits_new ();

    g_array_append_val (edits, *edit);
    *edit = (PrcEdit){ 0 };
    return prc_document_edited (doc, edits, &(PrcPermission){ .key = key }, error);
}

static char *
canonical_key (const PrcDocument *doc, const char *key, GError **error)
{
    if (doc->format->canonical_key != NULL)
        return doc->format->canonical_key (key, error);
    if (*key == '\0' || prc_text_has_control (key)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a key of format %s"),
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

typedef struct {
    const char *key;
    EntryPredicate is_meant;
} Choice;

static void
pick_entries (const PrcDocument *doc, gpointer data, GPtrArray *picked)
{
    const Choice *choice = data;
    int index = find_carrier (doc, choice->key);
    const PrcEntry *carrier = index >= 0 ? prc_document_entry_at (doc, (guint) index) : NULL;

    for (guint i = 0; i < doc->entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (doc->entries, i);

        if (strcmp (entry->key, choice->key) == 0 && choice->is_meant (entry, carrier))
            g_ptr_array_add (picked, entry);
    }
}

static PrcDocument *
remove_entries (PrcDocument *doc, const char *key, EntryPredicate is_meant, gboolean lenient,
                GError **error)
{
    Choice choice = { key, is_meant };

    return prc_document_remove_picked (doc, pick_entries, &choice, lenient, NULL, NULL, error);
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
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 _ ("format %s can't hold this value of %s"), doc->format->name, key);
}

/* What stands in the way when a value was written and yet is not what the tool reads. */
static void
set_error_not_last_word (const PrcDocument *doc, const char *key, GError **error)
{
    const PrcEntry *entry = NULL;

    if (prc_document_lookup (doc, key, &entry) == PRC_LOOKUP_DYNAMIC) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
            _ ("what stands here decides %s when the file is read; change or remove it there"),
            key);
        g_prefix_error (error, "%u: ", entry->line);
    } else {
        set_error_misread (doc, key, error);
    }
}

/* What stands at the indexes of @values has those, and the others of the same keys are what they
 * were. */
static gboolean
are_replaced (const PrcDocument *before, const PrcDocument *after, GHashTable *values,
              const PrcPermission *permission)
{
    g_autoptr (GPtrArray) changed = prc_permission_changed (permission);

    if (after->entries->len != before->entries->len)
        return FALSE;
    for (guint i = 0; i < after->entries->len; i++) {
        const PrcEntry *was = prc_document_entry_at (before, i),
                       *now = prc_document_entry_at (after, i);
        gpointer value = NULL;

        if (!g_hash_table_contains (permission->keys, was->key))
            continue;
        if (strcmp (now->key, was->key) != 0)
            return FALSE;
        if (g_hash_table_lookup_extended (values, GUINT_TO_POINTER (i), NULL, &value)
                ? now->kind != PRC_ENTRY_SET || g_strcmp0 (now->value, value) != 0
                : !prc_entry_same_meaning (before, was, after, now, changed))
            return FALSE;
    }
    return TRUE;
}

PrcDocument *
prc_document_replace_entries (PrcDocument *doc, GHashTable *values, GError **error)
{
    g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GArray) edits = prc_edits_new ();
    g_autoptr (PrcDocument) after = NULL;
    PrcPermission permission = { .keys = keys };

    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = prc_document_entry_at (doc, i);
        gpointer value = NULL;
        PrcEdit edit = { 0 };

        if (!g_hash_table_lookup_extended (values, GUINT_TO_POINTER (i), NULL, &value))
            continue;
        if (entry->kind != PRC_ENTRY_SET) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("%s is given no value here"),
                         entry->key);
            g_prefix_error (error, "%u: ", entry->line);
            return NULL;
        }
        permission.key = entry->key;
        (void) g_hash_table_add (keys, entry->key);
        if (entry->value != NULL && strcmp (entry->value, value) == 0)
            continue;
        if (!doc->format->replace (doc, entry, value, &edit, error))
            return NULL;
        g_array_append_val (edits, edit);
    }
    if (edits->len == 0)
        return prc_document_ref (doc);
    after = prc_document_edited (doc, edits, &permission, error);
    if (after != NULL && !are_replaced (doc, after, values, &permission)) {
        set_error_misread (doc, permission.key, error);
        return NULL;
    }
    return g_steal_pointer (&after);
}

/* `a=1; b=$a; a=1`: without the first one b would be another. They are one setting, written twice,
 * so both get the value.
 * @former: what the carrier had before */
static PrcDocument *
write_beaten (PrcDocument *doc, const char *key, const char *former, const char *value)
{
    int index = find_carrier (doc, key);
    const PrcEntry *carrier = index >= 0 ? prc_document_entry_at (doc, (guint) index) : NULL;
    g_autoptr (GHashTable) values = g_hash_table_new (NULL, NULL);
    g_autoptr (PrcDocument) written = NULL;

    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = prc_document_entry_at (doc, i);

        if (strcmp (entry->key, key) != 0 || !is_beaten (entry, carrier))
            continue;
        if (g_strcmp0 (entry->value, former) != 0 && g_strcmp0 (entry->value, value) != 0)
            return NULL;
        (void) g_hash_table_insert (values, GUINT_TO_POINTER (i), (gpointer) value);
    }
    written = prc_document_replace_entries (doc, values, NULL);
    return written != NULL ? remove_entries (written, key, is_later_unset, FALSE, NULL) : NULL;
}

static PrcDocument *
beat_others (PrcDocument *doc, const char *key, const char *former, const char *value,
             GError **error)
{
    GError *reason = NULL;
    PrcDocument *after = remove_beaten (doc, key, &reason);

    if (after == NULL)
        after = write_beaten (doc, key, former, value);
    if (after == NULL)
        g_propagate_error (error, reason);
    else
        g_clear_error (&reason);
    return after;
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
    const char *former = NULL;

    if (carrier >= 0) {
        former = prc_document_entry_at (doc, (guint) carrier)->value;
        written = replaced (doc, prc_document_entry_at (doc, (guint) carrier), value, error);
    } else {
        cleared = remove_beaten (doc, key, error);
        written = cleared != NULL ? inserted (cleared, key, any_key, value, error) : NULL;
    }
    /* Values that did not count may be beaten now: shell variables that nobody exported. One of a
     * list beats nothing. */
    if (written == NULL || find_carrier (written, key) < 0)
        return g_steal_pointer (&written);
    return beat_others (written, key, former, value, error);
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
        g_autoptr (PrcDocument) last = beat_others (behind, key, NULL, value, error);

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
        return prc_document_without_entry (doc, entry, error);
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
prc_document_replace_entry (PrcDocument *doc, guint index, const char *value, GError **error)
{
    g_autoptr (GHashTable) values = g_hash_table_new (NULL, NULL);

    g_return_val_if_fail (index < doc->entries->len, NULL);
    (void) g_hash_table_insert (values, GUINT_TO_POINTER (index), (gpointer) value);
    return prc_document_replace_entries (doc, values, error);
}
