#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/words.h"
#include "formats/document.h"
#include "shell-random.h"

/* Random start-up files, read by the real shells and by the driver. */

static const struct {
    const char *format;
    RandomDialect dialect;
    /* Each $d/.zshrc is read as the shell reads its own; what the shell then has goes to $d/out,
     * behind a NUL: the script may print something itself. */
    const char *command;
} shells[] = {
    { "sh", RANDOM_SH, "ENV=$PWD/$d/.zshrc dash -i -c 'printf \"\\0\"; exec env -0'" },
    { "bash", RANDOM_BASH,
      "bash --noprofile --rcfile $d/.zshrc -i -c 'printf \"\\0\"; exec env -0'" },
    { "zsh", RANDOM_ZSH, "ZDOTDIR=$PWD/$d zsh -d -i -c 'printf \"\\0\"; env -0; :'" },
};

typedef struct {
    guint cases, compared, dynamic, plain_compared, plain_dynamic, ended, edited, refused, rejected;
    guint failures;
} Tally;

static void
write_case (const char *dir, guint index, GBytes *content)
{
    g_autofree char *folder = g_strdup_printf ("%s/%u", dir, index);
    g_autofree char *path = g_strdup_printf ("%s/.zshrc", folder);
    gsize size = 0;
    const char *data = g_bytes_get_data (content, &size);
    FILE *file = NULL;

    (void) g_mkdir_with_parents (folder, 0700);
    file = fopen (path, "wb");
    assert_non_null (file);
    assert_int_equal (fwrite (data, 1, size, file), size);
    fclose (file);
}

/* All cases in one go: a shell loop is cheaper than a process per case from here. */
static void
run_cases (const char *dir, guint n, const char *command)
{
    g_autofree char *path = g_strdup_printf ("PATH=%s", g_getenv ("PATH"));
    g_autofree char *home = g_strdup_printf ("HOME=%s", dir);
    char *envp[] = { path, home, (char *) "LC_ALL=C.UTF-8", NULL };
    g_autofree char *script = g_strdup_printf (
        "d=0; while [ $d -lt %u ]; do %s >$d/out 2>$d/err </dev/null; d=$((d+1)); done", n,
        command);
    const char *argv[] = { "dash", "-c", script, NULL };

    assert_int_equal (prc_test_run (argv, envp, dir, NULL, NULL, NULL), 0);
}

/* The environment that case @index ended with; NULL when the shell itself ended. */
static GHashTable *
read_result (const char *dir, guint index)
{
    g_autofree char *path = g_strdup_printf ("%s/%u/out", dir, index);
    g_autofree char *text = NULL;
    gsize size = 0;
    GHashTable *result = NULL;

    if (!g_file_get_contents (path, &text, &size, NULL) || size == 0)
        return NULL;
    result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    for (gsize i = strlen (text) + 1; i < size; i += strlen (text + i) + 1) {
        const char *equals = strchr (text + i, '=');

        if (equals != NULL)
            g_hash_table_replace (result, g_strndup (text + i, (gsize) (equals - text - i)),
                                  g_strdup (equals + 1));
    }
    if (!g_hash_table_contains (result, "HOME"))
        g_clear_pointer (&result, g_hash_table_unref);
    return result;
}

static void
complain (Tally *tally, const char *format, GBytes *file, const char *name, const char *ours,
          const char *theirs)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (file, &size);

    if (++tally->failures > 5)
        return;
    printf ("# %s: %s: we say %s, the shell says %s, in\n%.*s\n# --\n", format, name,
            ours != NULL ? ours : "(none)", theirs != NULL ? theirs : "(none)", (int) size, data);
}

static void
compare (Tally *tally, const char *format, PrcDocument *doc, GHashTable *result, gboolean plain)
{
    for (guint i = 0; i < G_N_ELEMENTS (random_names); i++) {
        const char *name = random_names[i];
        const char *theirs = g_hash_table_lookup (result, name);
        const PrcEntry *entry = NULL;
        PrcLookup lookup = prc_document_lookup (doc, name, &entry);

        if (theirs == NULL && entry == NULL)
            continue;
        tally->compared++;
        tally->plain_compared += plain;
        if (lookup == PRC_LOOKUP_DYNAMIC) {
            tally->dynamic++;
            tally->plain_dynamic += plain;
        } else if (lookup == PRC_LOOKUP_VALUE) {
            if (g_strcmp0 (entry->value, theirs) != 0)
                complain (tally, format, prc_document_bytes (doc), name, entry->value, theirs);
        } else if (theirs != NULL && !(strcmp (format, "zsh") == 0 && *theirs == '\0')) {
            /* zsh exports an empty value for `export a` alone. */
            complain (tally, format, prc_document_bytes (doc), name, NULL, theirs);
        }
    }
}

static gboolean
refers_to (PrcDocument *doc, const char *key)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    g_autofree char *plain = g_strdup_printf ("$%s", key), *braced = g_strdup_printf ("${%s", key);
    g_autofree char *length = g_strdup_printf ("${#%s", key);

    return memmem (data, size, plain, strlen (plain)) != NULL ||
           memmem (data, size, braced, strlen (braced)) != NULL ||
           memmem (data, size, length, strlen (length)) != NULL;
}

/* In zsh `$#$` is how many digits the process has, which no two need to agree about. */
static gboolean
has_pid_length (PrcDocument *doc)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    return size > 0 && memmem (data, size, "$#$", 3) != NULL;
}

static char *
random_new_value (GRand *rand)
{
    static const char *const pieces[] = {
        "x",  "'",  "\"", "$a",   "`ls`",           "!",   "#", " ",     "\\",
        "\n", "\t", "%",  "\xff", "\xc3\xa9",       "*",   "~", "$(id)", "=",
        "}",  "${", ";",  "&",    "http://u:p@h:1", "\x81"
    };
    GString *value = g_string_new (NULL);

    for (gint n = g_rand_int_range (rand, 0, 6); n > 0; n--)
        g_string_append (value, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    return g_string_free (value, FALSE);
}

typedef struct {
    PrcDocument *doc, *after;
    GHashTable *before;
    const char *key;
    char *value; /* NULL: unset */
    gboolean plain;
} Case;

static void
case_clear (gpointer data)
{
    Case *c = data;

    prc_document_unref (c->doc);
    prc_document_unref (c->after);
    g_clear_pointer (&c->before, g_hash_table_unref);
    g_free (c->value);
}

/* What a command prints, evaluated: it is in @dir, and says so in a variable of its own. */
#define EVALUATED "EVALUATED"

static char *
write_program (const char *dir)
{
    g_autofree char *path = g_build_filename (dir, "the program's", NULL);
    const char *const words[] = { path, "print me", NULL };

    if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
        assert_true (g_file_set_contents_full (
            path,
            "#!/bin/sh\necho noise >&2\nprintf 'export " EVALUATED "=\"%s\"\\n' \"$1\"\nexit 1\n",
            -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
    }
    return prc_words_join (words);
}

static void
evaluate_case (Tally *tally, Case *c, const char *format, const char *dir)
{
    g_autofree char *command = write_program (dir);
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) back = NULL;
    const GPtrArray *entries = NULL;
    guint i = 0;

    c->key = EVALUATED;
    c->after = prc_document_add (c->doc, "eval", command, &error);
    if (c->after == NULL) {
        tally->refused++;
        return;
    }
    tally->edited++;
    c->value = g_strdup ("print me");
    entries = prc_document_entries (c->after);
    while (strcmp (((const PrcEntry *) g_ptr_array_index (entries, i))->key, "eval") != 0 ||
           g_strcmp0 (((const PrcEntry *) g_ptr_array_index (entries, i))->value, command) != 0)
        assert_true (++i < entries->len);
    back = prc_document_remove_entry (c->after, i, &error);
    assert_no_error (error);
    if (!g_bytes_equal (prc_document_bytes (back), prc_document_bytes (c->doc)))
        complain (tally, format, prc_document_bytes (back), c->key, "taken away again",
                  "other bytes");
}

static void
edit_case (Tally *tally, GRand *rand, Case *c, const char *format, const char *dir)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) again = NULL;

    if (g_rand_int_range (rand, 0, 6) == 0) {
        evaluate_case (tally, c, format, dir);
        return;
    }
    c->key = random_names[g_rand_int_range (rand, 0, G_N_ELEMENTS (random_names))];
    c->value = g_rand_int_range (rand, 0, 4) > 0 ? random_new_value (rand) : NULL;
    c->after = c->value != NULL ? prc_document_set (c->doc, c->key, c->value, &error)
                                : prc_document_unset (c->doc, c->key, &error);
    if (c->after == NULL) {
        if (tally->refused++ < 3 || g_getenv ("PRC_TEST_VERBOSE") != NULL) {
            gsize size = 0;
            const char *data = prc_document_data (c->doc, &size);

            printf ("# %s: refused: %s\n", format, error->message);
            if (g_getenv ("PRC_TEST_VERBOSE") != NULL)
                printf ("%s in\n%.*s\n# --\n", c->key, (int) size, data);
        }
        return;
    }
    tally->edited++;
    again = c->value != NULL ? prc_document_set (c->after, c->key, c->value, &error)
                             : prc_document_unset (c->after, c->key, &error);
    assert_no_error (error);
    if (!g_bytes_equal (prc_document_bytes (again), prc_document_bytes (c->after)))
        complain (tally, format, prc_document_bytes (c->after), c->key, "twice is not once", NULL);
}

static void
complain_edit (Tally *tally, const char *format, const Case *c, const char *name,
               const char *before, const char *now)
{
    gsize size = 0;
    const char *data = prc_document_data (c->doc, &size);

    complain (tally, format, prc_document_bytes (c->after), name, before, now);
    if (tally->failures <= 5)
        printf ("# %s is edited; which was\n%.*s\n# --\n", c->key, (int) size, data);
}

static void
compare_edit (Tally *tally, const char *format, const Case *c, GHashTable *now)
{
    const char *theirs = g_hash_table_lookup (now, c->key);
    gboolean gone =
        c->value == NULL && prc_document_lookup (c->after, c->key, NULL) == PRC_LOOKUP_NONE;

    if (c->value != NULL && g_strcmp0 (theirs, c->value) != 0)
        complain_edit (tally, format, c, c->key, c->value, theirs);
    if (gone && theirs != NULL && *theirs != '\0')
        complain_edit (tally, format, c, c->key, NULL, theirs);
    if (refers_to (c->doc, c->key) || has_pid_length (c->doc))
        return;
    for (guint i = 0; i < G_N_ELEMENTS (random_names); i++) {
        const char *name = random_names[i];

        if (strcmp (name, c->key) != 0 &&
            g_strcmp0 (g_hash_table_lookup (c->before, name), g_hash_table_lookup (now, name)) != 0)
            complain_edit (tally, format, c, name, g_hash_table_lookup (c->before, name),
                           g_hash_table_lookup (now, name));
    }
}

static void
make_cases (GArray *cases, GRand *rand, guint shell, guint n, const char *dir, Tally *tally)
{
    for (guint i = 0; i < n; i++) {
        g_autoptr (GError) error = NULL;
        gboolean plain = g_rand_int_range (rand, 0, 2) == 0;
        g_autoptr (GBytes) file = random_file (rand, shells[shell].dialect, plain);
        Case c = { .plain = plain };

        c.doc = prc_document_parse (prc_format_by_name (shells[shell].format), file, 0, &error);
        if (c.doc == NULL) {
            complain (tally, shells[shell].format, file, "parse", error->message, "?");
            continue;
        }
        write_case (dir, cases->len, file);
        g_array_append_val (cases, c);
    }
}

static void
check_shell (guint shell, guint32 seed, guint n)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    char *dir = prc_test_dir_new ();
    const char *format = shells[shell].format;
    g_autoptr (GArray) cases = g_array_new (FALSE, TRUE, sizeof (Case));
    Tally tally = { 0 };

    g_array_set_clear_func (cases, case_clear);
    make_cases (cases, rand, shell, n, dir, &tally);
    run_cases (dir, cases->len, shells[shell].command);
    for (guint i = 0; i < cases->len; i++) {
        Case *c = &g_array_index (cases, Case, i);

        c->before = read_result (dir, i);
        if (c->before == NULL) {
            tally.ended++;
            continue;
        }
        compare (&tally, format, c->doc, c->before, c->plain);
        edit_case (&tally, rand, c, format, dir);
        write_case (dir, i, prc_document_bytes (c->after != NULL ? c->after : c->doc));
    }
    run_cases (dir, cases->len, shells[shell].command);
    for (guint i = 0; i < cases->len; i++) {
        const Case *c = &g_array_index (cases, Case, i);
        g_autoptr (GHashTable) now = read_result (dir, i);

        if (c->before != NULL && c->after != NULL && now != NULL)
            compare_edit (&tally, format, c, now);
        else if (c->before != NULL && c->after != NULL &&
                 !(c->value == NULL && refers_to (c->doc, c->key))) /* ${a?} */
            complain (&tally, format, prc_document_bytes (c->after), c->key, "edited", "the end");
    }
    prc_test_dir_remove (dir);
    printf ("# %s: %u files (%u end the shell), %u values compared, dynamic %.1f%%, in plain files "
            "%.1f%%; %u edits, %u refused\n",
            format, cases->len, tally.ended, tally.compared,
            100.0 * tally.dynamic / MAX (tally.compared, 1),
            100.0 * tally.plain_dynamic / MAX (tally.plain_compared, 1), tally.edited,
            tally.refused);
    /* It must not pass by saying that it can't know. */
    if (tally.compared > 400) {
        assert_in_range (100 * tally.dynamic / tally.compared, 0, 25);
        assert_in_range (100 * tally.plain_dynamic / MAX (tally.plain_compared, 1), 0, 8);
        assert_in_range (100 * tally.refused / MAX (tally.edited, 1), 0, 12);
        assert_in_range (100 * tally.ended / MAX (cases->len, 1), 0, 10);
    }
    if (tally.failures > 0)
        fail_msg ("%s: %u disagreements", format, tally.failures);
}

static void
check_if_there (guint shell, const char *program)
{
    g_autofree char *path = prc_test_tool (program);

    if (path == NULL)
        skip ();
    check_shell (shell, prc_test_seed (), prc_test_cases (200));
}

static void
shell__random_files_in_dash__agree (void **state)
{
    (void) state;
    check_if_there (0, "dash");
}

static void
shell__random_files_in_bash__agree (void **state)
{
    (void) state;
    check_if_there (1, "bash");
}

static void
shell__random_files_in_zsh__agree (void **state)
{
    (void) state;
    check_if_there (2, "zsh");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (shell__random_files_in_dash__agree),
        cmocka_unit_test (shell__random_files_in_bash__agree),
        cmocka_unit_test (shell__random_files_in_zsh__agree),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
