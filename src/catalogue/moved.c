#include "catalogue/moved.h"

#include <string.h>

/* What people build such paths from. */
static const char *const known_names[] = { "HOME",          "USER",
                                           "LOGNAME",       "XDG_CONFIG_HOME",
                                           "XDG_DATA_HOME", "XDG_STATE_HOME",
                                           "XDG_CACHE_HOME" };

/* As the shell sees it, from inside the root. */
static const char *
home_inside (const PrcPlace *place)
{
    const char *home = place->home;

    if (*place->root != '\0' && g_str_has_prefix (home, place->root))
        home += strlen (place->root);
    return *home != '\0' ? home : "/";
}

static PrcDocument *
with_value (PrcDocument *doc, const char *name, const char *value)
{
    PrcDocument *after = value != NULL ? prc_document_set (doc, name, value, NULL) : NULL;

    if (after == NULL)
        return doc;
    prc_document_unref (doc);
    return after;
}

/* The file behind lines that say what the shell starts with. (nullable) */
static PrcDocument *
with_start (const PrcDocument *doc, const PrcPlace *place, const char *name)
{
    const PrcFormat *format = prc_document_format (doc);
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    g_autoptr (PrcDocument) start = prc_document_parse (format, empty, 0, NULL);
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (GString) unset = g_string_new (NULL);
    g_autoptr (GBytes) all = NULL;
    gsize size = 0;
    const char *data = NULL;

    g_string_append_printf (unset, "unset %s\n", name);
    for (gsize i = 0; i < G_N_ELEMENTS (known_names); i++) {
        const char *value = i == 0 ? home_inside (place) : prc_place_getenv (place, known_names[i]);

        start = with_value (g_steal_pointer (&start), known_names[i], value);
        if (value == NULL)
            g_string_append_printf (unset, "unset %s\n", known_names[i]);
    }
    data = prc_document_data (start, &size);
    g_byte_array_append (bytes, (const guint8 *) data, (guint) size);
    g_byte_array_append (bytes, (const guint8 *) unset->str, (guint) unset->len);
    data = prc_document_data (doc, &size);
    g_byte_array_append (bytes, (const guint8 *) data, (guint) size);
    all = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
    return prc_document_parse (format, all, prc_document_tool_version (doc), NULL);
}

/* `~` and `~/…` without anything that the shell would expand further. (nullable) (transfer full) */
static char *
home_path (const PrcDocument *doc, const PrcEntry *entry, const PrcPlace *place)
{
    const char *text = prc_document_data (doc, NULL) + entry->value_start;
    gsize length = entry->value_end - entry->value_start;

    if (length == 0 || text[0] != '~' || (length > 1 && text[1] != '/'))
        return NULL;
    for (gsize i = 1; i < length; i++)
        if (!g_ascii_isalnum (text[i]) && strchr ("/._-+@,:%", text[i]) == NULL)
            return NULL;
    return g_strdup_printf ("%s%.*s", home_inside (place), (int) length - 1, text + 1);
}

static gboolean
is_folder (const PrcPlace *place, const char *path)
{
    g_autofree char *inside = g_strconcat (place->root, path, NULL);

    return g_file_test (inside, G_FILE_TEST_IS_DIR);
}

char *
prc_moved_to (const PrcDocument *doc, const PrcPlace *place, const char *name)
{
    g_autoptr (PrcDocument) whole = NULL;
    g_autofree char *moved = NULL;
    const GPtrArray *entries = NULL;
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    if (size == 0 || memmem (data, size, name, strlen (name)) == NULL)
        return NULL;
    whole = with_start (doc, place, name);
    entries = whole != NULL ? prc_document_entries (whole) : NULL;
    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        g_autofree char *value = NULL;
        gboolean on_condition = (entry->flags & PRC_ENTRY_CONDITIONAL) != 0;

        if (strcmp (entry->key, name) != 0 || (entry->flags & PRC_ENTRY_INERT) != 0 ||
            entry->kind == PRC_ENTRY_EXPORT)
            continue;
        if (entry->kind == PRC_ENTRY_SET)
            value =
                entry->value != NULL ? g_strdup (entry->value) : home_path (whole, entry, place);
        if (on_condition && (value == NULL || *value != '/' || !is_folder (place, value)))
            continue;
        g_free (moved);
        moved = value != NULL && *value == '/' ? g_steal_pointer (&value) : NULL;
    }
    return g_steal_pointer (&moved);
}
