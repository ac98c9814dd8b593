/* What the driver says of a file against what git itself reads from it. */
#include "rc-test.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/drivers.h"

typedef struct {
    char *git, *dir, *file;
    char **env;
    guint version;
    GRand *rand;
} World;

static const char *const keys[] = {
    "http.proxy",
    "http.https://x/.proxy",
    "http.https://X/.proxy",
    "remote.origin.proxy",
    "http.sub.proxy",
    "core.a\"b\\c.k",
    "a.b.c.d",
    "http..proxy",
    "include.path",
    "http.proxyAuthMethod",
};

static const char *const headers[] = {
    "[http]",
    "[HTTP]",
    "[http \"https://x/\"]",
    "[http \t\"https://X/\"]",
    "[http.sub]",
    "[http.Sub]",
    "[http \"sub\"]",
    "[http \"s\\ub\"]",
    "[a.b \"c\"]",
    "[include]",
    "[remote \"origin\"]",
    "[http \"\"]",
    "[core \"a\\\"b\\\\c\"]",
    "[x \"]\"]",
    "[ \"x\"]",
    "[.]",
    "[x \"\xC3\xA9\xFF\t;#\"]",
};

static const char *const bad_headers[] = {
    "[]",
    "[http",
    "[http \"x\"",
    "[http \"x\" ]",
    "[ http]",
    "[http.https://x]",
    "[http\n]",
    "[http \"a\nb\"]",
    "[http \n\"x\"]",
    "[http_x]",
    "[http \"a\\\n\"]",
    "[http\r]",
    "[\xC3]",
};

static const char *const names[] = {
    "proxy", "proxy", "Proxy", "proxyAuthMethod", "k", "path", "x-1", "d-", "K9",
};

static const char *const bad_names[] = {
    "my_proxy", "1x", "-x", "a.b", "\xC3\xA9", "a\x0B", "'a'"
};

static const char *const separators[] = { " = ", "=", "\t=\t", "  =", "= ", "\r=", " =\r " };

static const char *const pieces[] = {
    "http://u:p@h:1", "a",       " ",    "  ",     "\t",       "\"",   "\"\"", "\"x y\"",
    "\\\"",           "\\\\",    "\\n",  "\\t",    "\\b",      "#",    ";",    "\\\n",
    "\\\r\n",         "\r",      "=",    "[x]",    "\xC3\xA9", "\xFF", "\x01", "\x0B",
    "\x0C",           "\" # \"", " # c", "; c \\", "%41",      "'",
};

static const char *const bad_pieces[] = { "\\x", "\\\r", "\"", "\\'", "\\ ", "\"\n\"" };

static const char *const ends[] = { "\n", "\n", "\n", "\n", "\r\n", "\n\n", "", "\r\r\n" };

static const char *const others[] = {
    "# c\n", " ; c\r\n", "\n", "  \n", "\t", "\r", "#\\\n", "\r\n"
};

/* Each part is of the bad kind about once in so many times that half the files are good. */
static const char *
pick_one (GRand *rand, const char *const *good, gsize n_good, const char *const *bad, gsize n_bad)
{
    return g_rand_int_range (rand, 0, 40) > 0 ? pick (rand, good, n_good) : pick (rand, bad, n_bad);
}
#define PICK_ONE(rand, good, bad)                                                                  \
    pick_one ((rand), (good), G_N_ELEMENTS (good), (bad), G_N_ELEMENTS (bad))

static void
append_value (GString *text, GRand *rand)
{
    gint32 n = g_rand_int_range (rand, 0, 6);

    for (gint32 i = 0; i < n; i++)
        g_string_append (text, PICK_ONE (rand, pieces, bad_pieces));
}

static GString *
random_file (GRand *rand)
{
    GString *text = g_string_new (g_rand_int_range (rand, 0, 12) == 0 ? "\xEF\xBB\xBF" : NULL);
    gint32 n = g_rand_int_range (rand, 0, 9);

    if (g_rand_int_range (rand, 0, 150) == 0)
        g_string_append (text, "\xEF\xBB");
    for (gint32 i = 0; i < n; i++) {
        switch (g_rand_int_range (rand, 0, 8)) {
        case 0:
        case 1:
            g_string_append (text, PICK_ONE (rand, headers, bad_headers));
            if (g_rand_boolean (rand))
                g_string_append_c (text, g_rand_boolean (rand) ? '\n' : ' ');
            break;
        case 2:
            g_string_append (text, PICK (rand, others));
            break;
        case 3:
            g_string_append (text, PICK_ONE (rand, names, bad_names));
            g_string_append (text, PICK (rand, ends));
            break;
        default:
            g_string_append (text, g_rand_boolean (rand) ? "\t" : "");
            g_string_append (text, PICK_ONE (rand, names, bad_names));
            g_string_append (text, PICK (rand, separators));
            append_value (text, rand);
            g_string_append (text, PICK (rand, ends));
            break;
        }
    }
    return text;
}

/* Without the fsync() of g_file_set_contents(). */
static void
write_file (const char *path, const char *data, gsize size)
{
    FILE *file = fopen (path, "w");

    assert_non_null (file);
    if (size > 0)
        assert_int_equal (fwrite (data, 1, size, file), size);
    assert_int_equal (fclose (file), 0);
}

/* What git lists: "key\nvalue\0…"; returns NULL, and its line, when it rejects the file. */
static char *
git_listing (const World *world, GBytes *bytes, gsize *ret_size, guint *ret_line)
{
    const char *argv[] = { world->git, "config", "--file", world->file, "--list", "-z", NULL };
    g_autoptr (GBytes) out = NULL, err = NULL;
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);
    int status;

    write_file (world->file, data, size);
    status = prc_test_run (argv, world->env, world->dir, NULL, &out, &err);
    if (status != 0) {
        g_autofree char *message = g_strndup (g_bytes_get_data (err, NULL), g_bytes_get_size (err));
        const char *number = strstr (message, "config line ");

        assert_int_equal (status, 128);
        assert_non_null (number);
        *ret_line = (guint) atoi (number + 12);
        return NULL;
    }
    *ret_size = g_bytes_get_size (out);
    return *ret_size > 0 ? g_memdup2 (g_bytes_get_data (out, NULL), *ret_size) : g_strdup ("");
}

/* The same of our entries; those of @without are left out. */
static GString *
our_listing (const PrcDocument *doc, const char *without)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);

        if (g_strcmp0 (entry->key, without) == 0)
            continue;
        g_string_append (text, entry->key);
        if (entry->value != NULL)
            g_string_append_printf (text, "\n%s", entry->value);
        g_string_append_c (text, '\0');
    }
    return text;
}

static void
fail_differs (GBytes *file, const char *ours, const char *theirs)
{
    g_autofree char *text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
    g_autofree char *shown = g_strescape (text, NULL);
    g_autofree char *a = g_strescape (ours, NULL);
    g_autofree char *b = g_strescape (theirs, NULL);

    fail_msg ("\"%s\"\nours: %s\ngit:  %s", shown, a, b);
}

/* NUL bytes as '|', for messages. */
static char *
flat (const char *text, gsize size)
{
    char *result = g_strndup (text, size);

    for (gsize i = 0; i < size; i++) {
        if (text[i] == '\0')
            result[i] = '|';
        else
            result[i] = text[i];
    }
    return result;
}

static void
assert_same_reading (const World *world, GBytes *bytes, const PrcDocument *doc, const GError *error)
{
    gsize size = 0;
    guint line = 0;
    g_autofree char *theirs = git_listing (world, bytes, &size, &line);
    g_autoptr (GString) ours = doc != NULL ? our_listing (doc, NULL) : NULL;
    g_autofree char *a = doc != NULL ? flat (ours->str, ours->len) : NULL;
    g_autofree char *b = theirs != NULL ? flat (theirs, size) : NULL;

    if (doc == NULL && theirs == NULL) {
        guint our_line = (guint) atoi (error->message);

        /* At the end of the file git counts a line that is not there. */
        if (our_line != line && our_line + 1 != line)
            fail_differs (bytes, error->message, "another line");
        return;
    }
    if (doc == NULL || theirs == NULL)
        fail_differs (bytes, doc != NULL ? a : error->message, b != NULL ? b : "rejected");
    if (ours->len != size || memcmp (ours->str, theirs, size) != 0)
        fail_differs (bytes, a, b);
}

static void
gitconfig__generated_files__read_as_git_does (void **state)
{
    const World *world = *state;
    guint n = prc_test_cases (2000), n_good = 0;

    if (world->git == NULL)
        skip ();
    for (guint i = 0; i < n; i++) {
        g_autoptr (GBytes) bytes = g_string_free_to_bytes (random_file (world->rand));
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) doc =
            prc_document_parse (&prc_format_gitconfig, bytes, world->version, &error);

        n_good += doc != NULL;
        assert_same_reading (world, bytes, doc, error);
    }
    printf ("# %u of %u files are good\n", n_good, n);
    assert_true (n_good > n / 4 && n_good < n);
}

static char *
random_value (GRand *rand)
{
    static const char *const atoms[] = {
        "a",        "http://u:p@h:1",
        " ",        "\t",
        "\"",       "\\",
        ";",        "#",
        "\r",       "\n",
        "\b",       "=",
        "[x]",      "$",
        "'",        "\\n",
        "\xFF",     "\x01",
        "\xC3\xA9", "\x0B",
    };
    g_autoptr (GString) text = g_string_new (NULL);
    gint32 n = g_rand_int_range (rand, 0, 6);

    for (gint32 i = 0; i < n; i++)
        g_string_append (text, PICK (rand, atoms));
    return g_strdup (text->str);
}

static const char *
random_key (GRand *rand, const PrcDocument *doc)
{
    const GPtrArray *entries = prc_document_entries (doc);
    const PrcEntry *entry = NULL;
    g_autofree char *canonical = NULL;

    if (entries->len == 0 || g_rand_boolean (rand))
        return PICK (rand, keys);
    entry = g_ptr_array_index (entries, (guint) g_rand_int_range (rand, 0, (gint32) entries->len));
    canonical = prc_format_gitconfig.canonical_key (entry->key, NULL);
    return canonical != NULL ? entry->key : "http.proxy";
}

/* The lines of @doc, blank ones left out, that no entry of @key and no header lies in. */
static GPtrArray *
untouched_lines (PrcDocument *doc, const char *key)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    for (gsize start = 0; start < size;) {
        gsize end = prc_document_line_end (doc, start);
        gboolean touched = memchr (data + start, '[', end - start) != NULL;
        g_autofree char *line = NULL;

        for (guint i = 0; i < prc_document_entries (doc)->len && !touched; i++) {
            const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);

            touched = strcmp (entry->key, key) == 0 && entry->start < end && entry->end > start;
        }
        line = g_strchomp (g_strndup (data + start, end - start));
        if (!touched && *line != '\0')
            g_ptr_array_add (lines, g_steal_pointer (&line));
        start = end;
    }
    return lines;
}

static void
assert_lines_kept (PrcDocument *before, PrcDocument *after, const char *key)
{
    g_autoptr (GPtrArray) lines = untouched_lines (before, key);
    gsize size = 0, at = 0;
    const char *data = prc_document_data (after, &size);

    for (guint i = 0; i < lines->len; i++) {
        gboolean found = FALSE;

        while (!found && at < size) {
            gsize end = prc_document_line_end (after, at);
            g_autofree char *line = g_strchomp (g_strndup (data + at, end - at));

            found = strcmp (line, g_ptr_array_index (lines, i)) == 0;
            at = end;
        }
        if (!found)
            fail_differs (prc_document_bytes (before), g_ptr_array_index (lines, i), data);
    }
}

static void
assert_edit (const World *world, PrcDocument *doc, const char *key, const char *value)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) after = value != NULL ? prc_document_set (doc, key, value, &error)
                                                  : prc_document_unset (doc, key, &error);
    g_autofree char *canonical = prc_format_gitconfig.canonical_key (key, NULL);
    g_autoptr (GString) before_others = our_listing (doc, canonical);
    g_autoptr (GString) after_others = NULL;
    const PrcEntry *entry = NULL;

    if (after == NULL)
        fail_differs (prc_document_bytes (doc), error->message, key);
    assert_same_reading (world, prc_document_bytes (after), after, NULL);
    after_others = our_listing (after, canonical);
    if (!g_string_equal (before_others, after_others))
        fail_differs (prc_document_bytes (doc), "others changed by the edit of", key);
    if (value == NULL) {
        assert_int_equal (prc_document_lookup (after, canonical, NULL), PRC_LOOKUP_NONE);
    } else {
        assert_int_equal (prc_document_lookup (after, canonical, &entry), PRC_LOOKUP_VALUE);
        assert_string_equal (entry->value, value);
    }
    assert_lines_kept (doc, after, canonical);
}

static void
gitconfig__random_edits__git_reads_them (void **state)
{
    const World *world = *state;
    guint n = prc_test_cases (900);

    if (world->git == NULL)
        skip ();
    for (guint i = 0; i < n;) {
        g_autoptr (GBytes) bytes = g_string_free_to_bytes (random_file (world->rand));
        g_autoptr (PrcDocument) doc =
            prc_document_parse (&prc_format_gitconfig, bytes, world->version, NULL);
        g_autofree char *value = random_value (world->rand);

        if (doc == NULL)
            continue;
        i++;
        assert_edit (world, doc, random_key (world->rand, doc),
                     g_rand_int_range (world->rand, 0, 3) > 0 ? value : NULL);
    }
}

/* git's own writer and ours: what git wrote is read, and what we wrote git can edit. */
static void
gitconfig__git_edits_ours__both_agree (void **state)
{
    const World *world = *state;

    if (world->git == NULL)
        skip ();
    for (guint i = 0; i < 60; i++) {
        g_autofree char *value = random_value (world->rand);
        const char *key = PICK (world->rand, keys);
        const char *argv[] = { world->git, "config", "--file", world->file, key, value, NULL };
        g_autoptr (PrcDocument) empty = parse_text (&prc_format_gitconfig, "", world->version);
        g_autoptr (PrcDocument) ours = prc_document_set (empty, "http.proxy", "x", NULL);
        g_autofree char *canonical = prc_format_gitconfig.canonical_key (key, NULL);
        g_autofree char *text = text_of (ours);
        g_autofree char *written = NULL;
        g_autoptr (PrcDocument) read = NULL;
        const PrcEntry *entry = NULL;

        write_file (world->file, text, strlen (text));
        assert_int_equal (prc_test_run (argv, world->env, world->dir, NULL, NULL, NULL), 0);
        assert_true (g_file_get_contents (world->file, &written, NULL, NULL));
        read = parse_text (&prc_format_gitconfig, written, world->version);
        assert_int_equal (prc_document_lookup (read, canonical, &entry), PRC_LOOKUP_VALUE);
        /* Old versions write a CR bare and read it back as a blank. */
        if (strchr (value, '\r') == NULL)
            assert_string_equal (entry->value, value);
    }
}

static guint
version_of (const World *world)
{
    const char *argv[] = { world->git, "version", NULL };
    g_autoptr (GBytes) out = NULL;
    g_autofree char *text = NULL;
    guint major = 0, minor = 0;

    assert_int_equal (prc_test_run (argv, world->env, NULL, NULL, &out, NULL), 0);
    text = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
    assert_int_equal (sscanf (text, "git version %u.%u", &major, &minor), 2);
    return PRC_TOOL_VERSION (major, minor, 0);
}

static int
set_up (void **state)
{
    World *world = g_new0 (World, 1);

    *state = world;
    world->rand = g_rand_new_with_seed (prc_test_seed ());
    world->dir = prc_test_dir_new ();
    world->file = g_build_filename (world->dir, "config", NULL);
    world->env = g_environ_setenv (NULL, "PATH", g_getenv ("PATH"), TRUE);
    world->env = g_environ_setenv (world->env, "HOME", world->dir, TRUE);
    world->env = g_environ_setenv (world->env, "GIT_CONFIG_NOSYSTEM", "1", TRUE);
    world->env = g_environ_setenv (world->env, "LC_ALL", "C", TRUE);
    world->git = prc_test_tool ("git");
    if (world->git != NULL)
        world->version = version_of (world);
    return 0;
}

static int
tear_down (void **state)
{
    World *world = *state;

    prc_test_dir_remove (world->dir);
    g_free (world->file);
    g_free (world->git);
    g_strfreev (world->env);
    g_rand_free (world->rand);
    g_free (world);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (gitconfig__generated_files__read_as_git_does),
        cmocka_unit_test (gitconfig__random_edits__git_reads_them),
        cmocka_unit_test (gitconfig__git_edits_ours__both_agree),
    };

    return cmocka_run_group_tests (tests, set_up, tear_down);
}
