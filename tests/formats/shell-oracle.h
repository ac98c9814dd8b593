/* shell-oracle.h - generated scripts, and what a real shell's environment holds after reading them
 */
#pragma once
#include <stdio.h>

#include "base/words.h"
#include "edit-check.h"

typedef struct {
    const char *format, *program;
    const char *const *argv; /* reads "script" in the working directory and prints the environment,
                                NUL-separated */
    const char *const *lines;
    gsize n_lines;
    const char *const *words; /* for each '%' in a line */
    gsize n_words;
    const char *const *values; /* to set */
    gsize n_values;
} Oracle;

static const char *const oracle_keys[] = { "A", "B", "C", "x_1" };

static GRand *oracle_rand;
static char *oracle_dir;

static inline guint
oracle_below (gsize n)
{
    return (guint) g_rand_int_range (oracle_rand, 0, (gint32) n);
}

static inline GString *
oracle_script (const Oracle *oracle)
{
    GString *text = g_string_new (NULL);

    for (guint n = oracle_below (7); n > 0; n--) {
        for (const char *p = oracle->lines[oracle_below (oracle->n_lines)]; *p != '\0'; p++)
            if (*p == '%')
                g_string_append (text, oracle->words[oracle_below (oracle->n_words)]);
            else if (*p == '@')
                g_string_append (text, oracle_keys[oracle_below (G_N_ELEMENTS (oracle_keys))]);
            else
                g_string_append_c (text, *p);
        if (n > 1 || oracle_below (8) > 0)
            g_string_append_c (text, '\n');
    }
    return text;
}

/* name -> value, of the shell that has read @text */
static inline GHashTable *
oracle_environment (const Oracle *oracle, const char *text, gsize size)
{
    char *envp[] = { (char *) "PATH=/usr/bin:/bin", (char *) "LC_ALL=C.UTF-8",
                     g_strconcat ("HOME=", oracle_dir, NULL), NULL };
    g_autofree char *path = g_build_filename (oracle_dir, "script", NULL);
    GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GBytes) out = NULL;
    const char *data;
    gsize length = 0;

    assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
    (void) prc_test_run (oracle->argv, envp, oracle_dir, NULL, &out, NULL);
    g_free (envp[2]);
    data = g_bytes_get_data (out, &length);
    for (gsize at = 0; at < length; at += strlen (data + at) + 1) {
        const char *equals = strchr (data + at, '=');

        if (memchr (data + at, '\0', length - at) == NULL)
            break; /* what the script itself printed */
        if (equals != NULL)
            g_hash_table_insert (map, g_strndup (data + at, (gsize) (equals - data) - at),
                                 g_strdup (equals + 1));
    }
    return map;
}

static inline void
oracle_compare (GHashTable *theirs, const PrcDocument *doc, const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS (oracle_keys); i++) {
        const PrcEntry *entry = NULL;
        PrcLookup lookup = prc_document_lookup (doc, oracle_keys[i], &entry);
        const char *found = g_hash_table_lookup (theirs, oracle_keys[i]);
        const char *ours = lookup == PRC_LOOKUP_VALUE ? entry->value : NULL;

        if (lookup != PRC_LOOKUP_DYNAMIC && g_strcmp0 (found, ours) != 0)
            fail_msg ("%s: the shell has '%s', we '%s' in\n%s", oracle_keys[i], found, ours, text);
    }
}

/* Returns whether the script can be parsed. */
static inline gboolean
oracle_read_case (const Oracle *oracle)
{
    g_autoptr (GString) text = oracle_script (oracle);
    g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
    g_autoptr (PrcDocument) doc =
        prc_document_parse (prc_format_by_name (oracle->format), bytes, 0, NULL);
    g_autoptr (GHashTable) theirs = NULL;

    if (doc == NULL)
        return FALSE;
    theirs = oracle_environment (oracle, text->str, text->len);
    oracle_compare (theirs, doc, text->str);
    return TRUE;
}

/* Returns whether the edit was possible. */
static inline gboolean
oracle_edit_case (const Oracle *oracle)
{
    g_autoptr (GString) text = oracle_script (oracle);
    g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
    g_autoptr (PrcDocument) doc =
        prc_document_parse (prc_format_by_name (oracle->format), bytes, 0, NULL);
    const char *key = oracle_keys[oracle_below (G_N_ELEMENTS (oracle_keys))];
    const char *value = oracle->values[oracle_below (oracle->n_values)];
    gboolean unset = oracle_below (4) == 0;
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (GHashTable) theirs = NULL;
    g_autofree char *result = NULL;
    gsize size = 0;
    const char *data;

    if (doc != NULL)
        after =
            unset ? prc_document_unset (doc, key, NULL) : prc_document_set (doc, key, value, NULL);
    if (after == NULL)
        return FALSE;
    data = prc_document_data (after, &size);
    result = g_strndup (data, size);
    theirs = oracle_environment (oracle, result, size);
    if (!unset && g_strcmp0 (g_hash_table_lookup (theirs, key), value) != 0)
        fail_msg ("%s is '%s', not '%s' in\n%s\nwhich was\n%s", key,
                  (char *) g_hash_table_lookup (theirs, key), value, result, text->str);
    oracle_compare (theirs, after, result);
    return TRUE;
}

/* A command whose output is evaluated: the shell has what it prints, and the rest as before; taken
 * away again, all bytes are as they were. @program: a script that prints EVALUATED=yes for this
 * shell. Returns whether the edit was possible. */
static inline gboolean
oracle_eval_case (const Oracle *oracle, const char *program)
{
    g_autofree char *path = g_build_filename (oracle_dir, "the program's", NULL);
    const char *const command_words[] = { path, "--shell", "this one", NULL };
    g_autofree char *command = prc_words_join (command_words);
    g_autoptr (GString) text = oracle_script (oracle);
    g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
    g_autoptr (PrcDocument) doc =
        prc_document_parse (prc_format_by_name (oracle->format), bytes, 0, NULL);
    g_autoptr (PrcDocument) after =
        doc != NULL ? prc_document_add (doc, "eval", command, NULL) : NULL;
    g_autoptr (PrcDocument) back = NULL;
    g_autoptr (GHashTable) before = NULL, now = NULL;
    const GPtrArray *entries = NULL;
    gsize size = 0;
    const char *data = NULL;
    guint i = 0;

    if (after == NULL)
        return FALSE;
    assert_true (
        g_file_set_contents_full (path, program, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
    before = oracle_environment (oracle, text->str, text->len);
    data = prc_document_data (after, &size);
    now = oracle_environment (oracle, data, size);
    if (g_strcmp0 (g_hash_table_lookup (now, "EVALUATED"), "yes") != 0)
        fail_msg ("not evaluated in\n%.*s\nwhich was\n%s", (int) size, data, text->str);
    for (gsize k = 0; k < G_N_ELEMENTS (oracle_keys); k++)
        if (g_strcmp0 (g_hash_table_lookup (before, oracle_keys[k]),
                       g_hash_table_lookup (now, oracle_keys[k])) != 0)
            fail_msg ("%s is another in\n%.*s\nwhich was\n%s", oracle_keys[k], (int) size, data,
                      text->str);
    entries = prc_document_entries (after);
    while (strcmp (((const PrcEntry *) g_ptr_array_index (entries, i))->key, "eval") != 0)
        assert_true (++i < entries->len);
    back = prc_document_remove_entry (after, i, NULL);
    assert_non_null (back);
    /* a carriage return at the very end looks like half a line end, once a line follows */
    if (!g_bytes_equal (prc_document_bytes (back), bytes) && !g_str_has_suffix (text->str, "\r"))
        fail_msg ("taken away again, not as before:\n%s\n-- but\n%.*s\n--", text->str,
                  (int) g_bytes_get_size (prc_document_bytes (back)),
                  prc_document_data (back, NULL));
    return TRUE;
}

/* Any bytes: no crash, and nothing is lost. */
static inline void
oracle_random_bytes (const Oracle *oracle, guint n)
{
    static const char bytes[] = "\"'\\`$(){}[];&|<>#!=~*? \t\n\rabx1_-\xff";

    for (; n > 0; n--) {
        g_autoptr (GString) text = oracle_script (oracle);
        g_autoptr (GBytes) input = NULL;
        g_autoptr (PrcDocument) doc = NULL;
        g_autoptr (PrcDocument) after = NULL;

        for (guint k = oracle_below (6); k > 0; k--)
            g_string_insert_c (text, (gssize) oracle_below (text->len + 1),
                               bytes[oracle_below (sizeof bytes - 1)]);
        input = g_bytes_new (text->str, text->len);
        doc = prc_document_parse (prc_format_by_name (oracle->format), input, 0, NULL);
        after = doc != NULL ? prc_document_set (doc, "A", "x y", NULL) : NULL;
        if (after != NULL)
            assert_int_equal (prc_document_lookup (after, "A", NULL), PRC_LOOKUP_VALUE);
    }
}

static int
oracle_set_up (void **state)
{
    (void) state;
    oracle_rand = g_rand_new_with_seed (prc_test_seed ());
    oracle_dir = prc_test_dir_new ();
    return 0;
}

static int
oracle_tear_down (void **state)
{
    (void) state;
    g_rand_free (oracle_rand);
    prc_test_dir_remove (oracle_dir);
    return 0;
}
