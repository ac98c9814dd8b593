#include "test.h"

#include <libconfig.h>

#include "formats/edit-check.h"

#define VERSION PRC_TOOL_VERSION (LIBCONFIG_VER_MAJOR, LIBCONFIG_VER_MINOR, LIBCONFIG_VER_REVISION)

/* libconfig 1.5 loses the buffer of a string that is open at the end of the file. */
const char *__lsan_default_suppressions (void);
const char *
__lsan_default_suppressions (void)
{
    return "leak:libconfig.so";
}

static GRand *rand_source;
static char *include_dir;

static guint
below (guint n)
{
    return (guint) g_rand_int_range (rand_source, 0, (gint32) n);
}

static const char *
pick (const char *const *choices, guint n)
{
    return choices[below (n)];
}
#define PICK(array) pick (array, G_N_ELEMENTS (array))

/* Random files */

static const char *const blanks[] = { "",     "",       " ",        "\n",        "  \n\t",
                                      "\r\n", " # c\n", "// \"c\n", "/* \n* */", " " };
static const char *const names[] = { "a",    "b",    "c", "name", "no_proxy",
                                     "http", "*x-1", "L", "e5",   "true1" };
static const char *const scalars[] = {
    "1",
    "-7",
    "+007",
    "0x1F",
    "0XFf",
    "12L",
    "5LL",
    "1.5",
    ".5",
    "-1.",
    "1e5",
    "true",
    "FALSE",
    "\"x\"",
    "\"\"",
    "\"a,b\"",
    "\"a\" \"b\"",
    "\"p\\\"q\\\\\\n\"",
    "\"\\x41\\x7fz\\q\"",
    "\"\xc3\xbc\xff\n#\"",
    "2147483648",
    "99999999999",
    "0xFFFFFFFFFL",
};

static void
add_blank (GString *out)
{
    g_string_append (out, PICK (blanks));
}

static void add_settings (GString *out, guint depth, gboolean top);

static void
add_value (GString *out, guint depth)
{
    guint kind = depth > 4 ? 0 : below (10);

    if (kind < 5) {
        g_string_append (out, PICK (scalars));
    } else if (kind == 5) {
        const char *element = PICK (scalars);

        g_string_append_c (out, '[');
        for (guint n = below (4); n > 0; n--) {
            add_blank (out);
            g_string_append (out, below (30) > 0 ? element : PICK (scalars));
            add_blank (out);
            g_string_append (out, n > 1 ? "," : "");
        }
        add_blank (out);
        g_string_append_c (out, ']');
    } else if (kind < 8) {
        g_string_append_c (out, '(');
        for (guint n = below (4); n > 0; n--) {
            add_blank (out);
            add_value (out, depth + 1);
            add_blank (out);
            g_string_append (out, n > 1 ? "," : "");
        }
        add_blank (out);
        g_string_append_c (out, ')');
    } else {
        g_string_append_c (out, '{');
        add_settings (out, depth + 1, FALSE);
        g_string_append_c (out, '}');
    }
}

static void
add_settings (GString *out, guint depth, gboolean top)
{
    guint first = below (G_N_ELEMENTS (names));
    guint n = below (top ? 6 : 4);

    for (guint i = 0; i < n; i++) {
        add_blank (out);
        if (below (25) == 0)
            g_string_append (out, "\n@include \"empty.cfg\"\n");
        g_string_append (out, names[(first + (below (60) == 0 ? 0 : i)) % G_N_ELEMENTS (names)]);
        add_blank (out);
        g_string_append_c (out, below (4) == 0 ? ':' : '=');
        add_blank (out);
        add_value (out, depth);
        add_blank (out);
        g_string_append (out, below (5) == 0 ? "\n" : below (6) == 0 ? "," : ";");
    }
    add_blank (out);
}

static void
mutate (GString *text)
{
    static const char bytes[] = "\"\\#/*=:;,(){}[]@.+-01eExXLt \n\r\f\v\tab";

    for (guint n = below (3); n > 0 && text->len > 0; n--) {
        guint at = below ((guint) text->len);

        if (below (2) == 0)
            g_string_erase (text, (gssize) at, 1);
        else
            g_string_insert_c (text, (gssize) at, bytes[below (sizeof bytes - 1)]);
    }
}

static GString *
random_file (void)
{
    GString *text = g_string_new (NULL);

    add_settings (text, 0, TRUE);
    /* libconfig ends the process when it is made to include a directory. */
    if (below (3) == 0 && strstr (text->str, "@include") == NULL)
        mutate (text);
    return text;
}

/* Both readings as "KEY=VALUE" lines; floats are compared as numbers */

static void
append_setting_value (GString *out, config_setting_t *setting)
{
    switch (config_setting_type (setting)) {
    case CONFIG_TYPE_INT:
        g_string_append_printf (out, "%d", config_setting_get_int (setting));
        break;
    case CONFIG_TYPE_INT64:
        g_string_append_printf (out, "%lld", config_setting_get_int64 (setting));
        break;
    case CONFIG_TYPE_FLOAT:
        g_string_append_printf (out, "%.12g", config_setting_get_float (setting));
        break;
    case CONFIG_TYPE_BOOL:
        g_string_append (out, config_setting_get_bool (setting) ? "true" : "false");
        break;
    case CONFIG_TYPE_STRING:
        g_string_append (out, config_setting_get_string (setting));
        break;
    default:
        fail_msg ("type %d", config_setting_type (setting));
    }
}

static void
flatten (config_setting_t *setting, const char *path, GPtrArray *out)
{
    int type = config_setting_type (setting);

    if (type == CONFIG_TYPE_GROUP || type == CONFIG_TYPE_LIST) {
        for (int i = 0; i < config_setting_length (setting); i++) {
            config_setting_t *child = config_setting_get_elem (setting, (unsigned) i);
            const char *dot = *path != '\0' ? "." : "";
            g_autofree char *below_path =
                config_setting_name (child) != NULL
                    ? g_strconcat (path, dot, config_setting_name (child), NULL)
                    : g_strdup_printf ("%s%s%d", path, dot, i);

            flatten (child, below_path, out);
        }
        return;
    }
    {
        GString *line = g_string_new (path);

        g_string_append_c (line, '=');
        for (int i = 0; type == CONFIG_TYPE_ARRAY && i < config_setting_length (setting); i++) {
            g_string_append (line, i > 0 ? "," : "");
            append_setting_value (line, config_setting_get_elem (setting, (unsigned) i));
        }
        if (type != CONFIG_TYPE_ARRAY)
            append_setting_value (line, setting);
        g_ptr_array_add (out, g_string_free (line, FALSE));
    }
}

static char *
joined_model (config_t *config)
{
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

    flatten (config_root_setting (config), "", lines);
    g_ptr_array_add (lines, NULL);
    return g_strjoinv ("\n", (char **) lines->pdata);
}

/* libconfig's values, by key. */
static GHashTable *
map_of (config_t *config)
{
    GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

    flatten (config_root_setting (config), "", lines);
    for (guint i = 0; i < lines->len; i++) {
        const char *line = lines->pdata[i], *equals = strchr (line, '=');

        g_hash_table_insert (map, g_strndup (line, (gsize) (equals - line)), g_strdup (equals + 1));
    }
    return map;
}

/* Equal, or the same number: we keep a float as it is written. */
static gboolean
same_value (const char *theirs, const char *ours)
{
    g_auto (GStrv) a = NULL, b = NULL;

    if (theirs == NULL || strcmp (theirs, ours) == 0)
        return theirs != NULL;
    a = g_strsplit (theirs, ",", -1);
    b = g_strsplit (ours, ",", -1);
    if (g_strv_length (a) != g_strv_length (b))
        return FALSE;
    for (guint i = 0; a[i] != NULL; i++) {
        g_autofree char *number = g_strdup_printf (
            "%.12g", g_ascii_strtod (b[i][0] == '.' && b[i][1] == '\0' ? "0" : b[i], NULL));

        if (strcmp (a[i], b[i]) != 0 && strcmp (a[i], number) != 0)
            return FALSE;
    }
    return TRUE;
}

static void
read_config (config_t *config, const char *text, gboolean *ret_ok)
{
    config_init (config);
    config_set_include_dir (config, include_dir);
    *ret_ok = config_read_string (config, text) == CONFIG_TRUE;
}

static PrcDocument *
read_document (const char *text, gsize length)
{
    g_autoptr (GBytes) bytes = g_bytes_new (text, length);

    return prc_document_parse (prc_format_by_name ("libconfig"), bytes, VERSION, NULL);
}

static void
assert_agree (config_t *model, const PrcDocument *doc, const char *before)
{
    g_autoptr (GHashTable) wanted = map_of (model);
    const GPtrArray *entries = prc_document_entries (doc);
    guint n = 0;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        const char *theirs = g_hash_table_lookup (wanted, entry->key);

        if (entry->value == NULL || entry->key[0] == '@')
            continue;
        n++;
        if (!same_value (theirs, entry->value))
            fail_msg ("%s: libconfig reads '%s', we '%s' in\n%s", entry->key, theirs, entry->value,
                      before);
    }
    if (n != g_hash_table_size (wanted))
        fail_msg ("%u settings, libconfig has %u in\n%s", n, g_hash_table_size (wanted), before);
}

/* The bytes of @doc, as libconfig itself reads them, are what @model is. */
static void
assert_reads_as (config_t *model, const PrcDocument *doc, const char *before)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    g_autofree char *text = g_strndup (data, size);
    g_autofree char *wanted = joined_model (model), *found = NULL;
    config_t config;
    gboolean ok = FALSE;

    read_config (&config, text, &ok);
    if (!ok)
        fail_msg ("libconfig rejects, line %d: %s\nbefore\n%s\nafter\n%s",
                  config_error_line (&config), config_error_text (&config), before, text);
    found = joined_model (&config);
    if (strcmp (wanted, found) != 0)
        fail_msg ("before\n%s\nafter\n%s\nwanted:\n%s\nlibconfig:\n%s", before, text, wanted,
                  found);
    config_destroy (&config);
    assert_agree (model, doc, before);
}

static void
libconfig__random_files__read_alike (void **state)
{
    guint n = prc_test_cases (20000), accepted = 0;

    (void) state;
    for (guint i = 0; i < n; i++) {
        g_autoptr (GString) text = random_file ();
        g_autoptr (PrcDocument) doc = read_document (text->str, text->len);
        config_t config;
        gboolean ok = FALSE;

        read_config (&config, text->str, &ok);
        if (ok != (doc != NULL))
            fail_msg ("libconfig %s (line %d: %s)\n%s", ok ? "accepts" : "rejects",
                      ok ? 0 : config_error_line (&config), ok ? "" : config_error_text (&config),
                      text->str);
        if (ok && doc != NULL) {
            assert_agree (&config, doc, text->str);
            accepted++;
        }
        config_destroy (&config);
    }
    assert_true (accepted > n / 4);
}

/* Edits: the same one is made in libconfig's tree, and both must come out the same */

static config_setting_t *
find_setting (config_t *config, const char *key)
{
    g_auto (GStrv) parts = g_strsplit (key, ".", -1);
    config_setting_t *setting = config_root_setting (config);

    for (guint i = 0; parts[i] != NULL && setting != NULL; i++)
        setting = config_setting_type (setting) == CONFIG_TYPE_LIST
                      ? config_setting_get_elem (setting,
                                                 (unsigned) g_ascii_strtoull (parts[i], NULL, 10))
                      : config_setting_get_member (setting, parts[i]);
    return setting;
}

static void
model_remove (config_t *config, const char *key)
{
    config_setting_t *setting = find_setting (config, key);
    config_setting_t *parent = config_setting_parent (setting);

    if (config_setting_name (setting) != NULL)
        assert_int_equal (config_setting_remove (parent, config_setting_name (setting)),
                          CONFIG_TRUE);
    else
        assert_int_equal (
            config_setting_remove_elem (parent, (unsigned) config_setting_index (setting)),
            CONFIG_TRUE);
}

static char *
random_value (void)
{
    static const char *const values[] = { "x",   "",    "http://u:p@h:1",    "12",           "true",
                                          "1.5", "a,b", "q\"\\\n\t\x01\x7f", "\xc3\xbc\xff", "{;",
                                          "0x1", "-0" };

    return g_strdup (PICK (values));
}

/* libconfig reads @value for @key, and all else as before. */
static void
assert_only_changed (config_t *before, const PrcDocument *after, const char *key, const char *value,
                     const char *text_before)
{
    gsize size = 0;
    const char *data = prc_document_data (after, &size);
    g_autofree char *text = g_strndup (data, size);
    g_autoptr (GHashTable) old = map_of (before), new = NULL;
    const char *found;
    config_t config;
    gboolean ok = FALSE;

    read_config (&config, text, &ok);
    if (!ok)
        fail_msg ("libconfig rejects, line %d: %s\n%s = '%s' in\n%s\nafter\n%s",
                  config_error_line (&config), config_error_text (&config), key, value, text_before,
                  text);
    new = map_of (&config);
    found = g_hash_table_lookup (new, key);
    if (g_strcmp0 (found, value) != 0)
        fail_msg ("%s is '%s', not '%s' in\n%s", key, found, value, text);
    g_hash_table_insert (old, g_strdup (key), g_strdup (value));
    if (g_hash_table_size (old) != g_hash_table_size (new))
        fail_msg ("%s = '%s' in\n%s\nafter\n%s", key, value, text_before, text);
    {
        GHashTableIter iter;
        gpointer k, v;

        g_hash_table_iter_init (&iter, old);
        while (g_hash_table_iter_next (&iter, &k, &v))
            if (g_strcmp0 (v, g_hash_table_lookup (new, k)) != 0)
                fail_msg ("%s changed by %s = '%s' in\n%s\nafter\n%s", (char *) k, key, value,
                          text_before, text);
    }
    config_destroy (&config);
}

static char *
key_for_insert (const PrcDocument *doc)
{
    static const char *const keys[] = { "zz",     "z1.z2", "profiles.0.name", "a.zz",  "b.0", "a.1",
                                        "a.0.zz", "c.2",   "name.zz",         "b.1.zz" };
    const GPtrArray *entries = prc_document_entries (doc);

    if (entries->len > 0 && below (2) == 0) {
        const PrcEntry *entry = g_ptr_array_index (entries, below (entries->len));
        const char *dot = strrchr (entry->key, '.');

        if (entry->key[0] != '@' && dot != NULL)
            return g_strdup_printf ("%.*s.zz", (int) (dot - entry->key), entry->key);
    }
    return g_strdup (PICK (keys));
}

static void
try_set (PrcDocument *doc, config_t *config, const char *text, const char *key, guint *done)
{
    g_autofree char *value = random_value ();
    g_autoptr (PrcDocument) after = prc_document_set (doc, key, value, NULL);
    g_autoptr (PrcDocument) again = NULL;

    if (after == NULL && find_setting (config, key) != NULL)
        fail_msg ("%s can't be set to '%s' in\n%s", key, value, text);
    if (after == NULL)
        return;
    assert_only_changed (config, after, key, value, text);
    again = prc_document_set (after, key, value, NULL);
    assert_non_null (again);
    assert_true (g_bytes_equal (prc_document_bytes (after), prc_document_bytes (again)));
    (*done)++;
}

static void
try_insert (PrcDocument *doc, config_t *config, const char *text, guint *done)
{
    g_autofree char *key = key_for_insert (doc);
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (PrcDocument) back = NULL;

    if (find_setting (config, key) != NULL)
        return;
    try_set (doc, config, text, key, done);
    if (strchr (key, '.') != NULL)
        return;
    after = prc_document_set (doc, key, "x", NULL);
    back = after != NULL ? prc_document_unset (after, key, NULL) : NULL;
    if (after != NULL && back == NULL)
        fail_msg ("%s can't be unset again in\n%.*s", key,
                  (int) g_bytes_get_size (prc_document_bytes (after)),
                  prc_document_data (after, NULL));
}

static void
try_remove (PrcDocument *doc, config_t *config, const char *text, guint *done)
{
    const GPtrArray *entries = prc_document_entries (doc);
    guint i = entries->len > 0 ? below (entries->len) : 0;
    const PrcEntry *entry = entries->len > 0 ? g_ptr_array_index (entries, i) : NULL;
    g_autoptr (PrcDocument) after = NULL;

    if (entry == NULL || entry->key[0] == '@')
        return;
    after = below (2) == 0 ? prc_document_remove_entry (doc, i, NULL)
                           : prc_document_unset (doc, entry->key, NULL);
    if (after == NULL)
        fail_msg ("%s can't be removed from\n%s", entry->key, text);
    model_remove (config, entry->key);
    assert_reads_as (config, after, text);
    (*done)++;
}

static void
libconfig__random_edits__libconfig_reads_what_was_meant (void **state)
{
    guint n = prc_test_cases (20000), set = 0, inserted = 0, removed = 0, tried = 0;

    (void) state;
    for (guint i = 0; i < n; i++) {
        g_autoptr (GString) text = random_file ();
        g_autoptr (PrcDocument) doc = read_document (text->str, text->len);
        const GPtrArray *entries = doc != NULL ? prc_document_entries (doc) : NULL;
        config_t config;
        gboolean ok = FALSE;

        read_config (&config, text->str, &ok);
        if (ok && doc != NULL) {
            const PrcEntry *entry =
                entries->len > 0 ? g_ptr_array_index (entries, below (entries->len)) : NULL;

            tried++;
            if (entry != NULL && entry->value != NULL && entry->key[0] != '@')
                try_set (doc, &config, text->str, entry->key, &set);
            try_insert (doc, &config, text->str, &inserted);
            try_remove (doc, &config, text->str, &removed);
        }
        config_destroy (&config);
    }
    g_print ("# %u files: %u set, %u inserted, %u removed\n", tried, set, inserted, removed);
    assert_true (set > tried / 3 && inserted > tried / 4 && removed > tried / 3);
}

static void
libconfig__random_bytes__no_crash_and_same_verdict (void **state)
{
    static const char *const pieces[] = {
        "a", "=",  "1",  "\"", "{",  "}",  "(",  ")",  "[",  "]", ";",     ",", "\n",  " ",
        "#", "//", "/*", "*/", "\\", "b:", "0x", "1e", ".5", "L", "true ", "-", "\xff"
    };
    guint n = prc_test_cases (20000);

    (void) state;
    for (guint i = 0; i < n; i++) {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (PrcDocument) doc = NULL;
        config_t config;
        gboolean ok = FALSE;

        for (guint k = below (20); k > 0; k--)
            g_string_append (text, PICK (pieces));
        doc = read_document (text->str, text->len);
        read_config (&config, text->str, &ok);
        if (ok != (doc != NULL))
            fail_msg ("libconfig %s\n%s", ok ? "accepts" : "rejects", text->str);
        if (ok)
            assert_agree (&config, doc, text->str);
        config_destroy (&config);
    }
}

static int
set_up (void **state)
{
    g_autofree char *path = NULL;

    (void) state;
    rand_source = g_rand_new_with_seed (prc_test_seed ());
    include_dir = prc_test_dir_new ();
    path = g_build_filename (include_dir, "empty.cfg", NULL);
    return g_file_set_contents (path, "", 0, NULL) ? 0 : -1;
}

static int
tear_down (void **state)
{
    (void) state;
    g_rand_free (rand_source);
    prc_test_dir_remove (include_dir);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (libconfig__random_files__read_alike),
        cmocka_unit_test (libconfig__random_edits__libconfig_reads_what_was_meant),
        cmocka_unit_test (libconfig__random_bytes__no_crash_and_same_verdict),
    };

    return cmocka_run_group_tests (tests, set_up, tear_down);
}
