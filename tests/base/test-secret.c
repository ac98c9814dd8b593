#include "test.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"

static void
new__any_bytes__copied_and_terminated (void **state)
{
    static const struct {
        const char *bytes;
        gsize length;
    } rows[] = { { "", 0 }, { NULL, 0 }, { "secret", 6 }, { "a\0b\0", 4 }, { "\xFF\n", 2 } };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcSecret) secret = prc_secret_new (rows[i].bytes, rows[i].length);

        assert_int_equal (prc_secret_length (secret), rows[i].length);
        if (rows[i].length > 0)
            assert_memory_equal (prc_secret_text (secret), rows[i].bytes, rows[i].length);
        assert_int_equal (prc_secret_text (secret)[rows[i].length], '\0');
    }
}

static void
new__no_memory_may_be_locked__works (void **state)
{
    int status = 0;
    pid_t child;

    (void) state;
    fflush (NULL);
    child = fork ();
    if (child == 0) {
        const struct rlimit none = { 0, 0 };
        PrcSecret *secret = NULL;

        (void) setrlimit (RLIMIT_MEMLOCK, &none);
        secret = prc_secret_new ("secret", 6);
        _exit (strcmp (prc_secret_text (secret), "secret") == 0 ? 0 : 1);
    }
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_int_equal (status, 0);
}

static void
take__string__same_text (void **state)
{
    g_autoptr (PrcSecret) secret = prc_secret_take (g_strdup ("secret"));

    (void) state;
    assert_string_equal (prc_secret_text (secret), "secret");
    assert_int_equal (prc_secret_length (secret), 6);
}

static void
ref__unref__counted (void **state)
{
    PrcSecret *secret = prc_secret_new ("secret", 6);

    (void) state;
    assert_ptr_equal (prc_secret_ref (secret), secret);
    prc_secret_unref (secret);
    assert_string_equal (prc_secret_text (secret), "secret");
    prc_secret_unref (secret);
    prc_secret_unref (NULL);
}

static void
equal__pairs__by_length_and_bytes (void **state)
{
    static const struct {
        const char *a, *b;
        gsize a_length, b_length;
        gboolean equal;
    } rows[] = {
        { "", "", 0, 0, TRUE },         { "a", "a", 1, 1, TRUE },
        { "a", "b", 1, 1, FALSE },      { "a", "aa", 1, 2, FALSE },
        { "", "\0", 0, 1, FALSE },      { "a\0b", "a\0c", 3, 3, FALSE },
        { "a\0b", "a\0b", 3, 3, TRUE }, { "ba", "bb", 2, 2, FALSE },
        { "ab", "bb", 2, 2, FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcSecret) a = prc_secret_new (rows[i].a, rows[i].a_length);
        g_autoptr (PrcSecret) b = prc_secret_new (rows[i].b, rows[i].b_length);

        assert_int_equal (prc_secret_equal (a, b), rows[i].equal);
        assert_int_equal (prc_secret_equal (b, a), rows[i].equal);
    }
}

/* What the kernel says about the page that @address lies on: its flags, and the locked kB. */
static gboolean
mapping_has (const void *address, const char *flag, guint *ret_locked_kb)
{
    g_autofree char *maps = NULL;
    g_auto (GStrv) lines = NULL;
    gboolean inside = FALSE, found = FALSE;

    assert_true (g_file_get_contents ("/proc/self/smaps", &maps, NULL, NULL));
    lines = g_strsplit (maps, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        unsigned long start = 0, end = 0;

        if (sscanf (lines[i], "%lx-%lx ", &start, &end) == 2)
            inside = (unsigned long) address >= start && (unsigned long) address < end;
        else if (inside && g_str_has_prefix (lines[i], "Locked:"))
            *ret_locked_kb =
                (guint) g_ascii_strtoull (lines[i] + 7 + strspn (lines[i] + 7, " "), NULL, 10);
        else if (inside && g_str_has_prefix (lines[i], "VmFlags:"))
            found = strstr (lines[i], flag) != NULL;
    }
    return found;
}

/* Around the page size, where the terminating NUL needs a page more. */
static void
new__lengths_around_a_page__terminated_on_pages_of_its_own (void **state)
{
    gsize page = (gsize) sysconf (_SC_PAGESIZE);

    (void) state;
    for (gsize length = page - 2; length <= page + 2; length++) {
        g_autofree char *text = g_strnfill (length, 'x');
        g_autoptr (PrcSecret) secret = prc_secret_new (text, length);
        guint locked_kb = 0;

        assert_string_equal (prc_secret_text (secret), text);
        assert_true (mapping_has (prc_secret_text (secret) + length, " dd", &locked_kb));
    }
}

static void
new__memory__locked_and_not_dumped (void **state)
{
    g_autoptr (PrcSecret) secret = prc_secret_new ("secret", 6);
    struct rlimit limit;
    guint locked_kb = 0;

    (void) state;
    assert_true (mapping_has (prc_secret_text (secret), " dd", &locked_kb));
    assert_int_equal (getrlimit (RLIMIT_MEMLOCK, &limit), 0);
#ifndef __SANITIZE_ADDRESS__ /* which turns mlock() into nothing */
    if (limit.rlim_cur >= 65536)
        assert_true (locked_kb > 0);
#endif
}

/* Of all lengths, kept and let go in an order of their own: none touches another, and what goes
 * leaves nothing. */
static void
new__many__each_its_own_and_wiped_when_it_goes (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    PrcSecret *secrets[300] = { NULL };
    char letters[300];

    (void) state;
    for (guint n = 0; n < prc_test_cases (20000); n++) {
        guint i = (guint) g_rand_int_range (rand, 0, (gint) G_N_ELEMENTS (secrets));
        gsize length = secrets[i] != NULL ? prc_secret_length (secrets[i]) : 0;

        if (secrets[i] == NULL) {
            gboolean is_long = g_rand_int_range (rand, 0, 20) == 0;
            g_autofree char *text = NULL;

            letters[i] = (char) g_rand_int_range (rand, 'a', 'z' + 1);
            text =
                g_strnfill ((gsize) g_rand_int_range (rand, 0, is_long ? 9000 : 130), letters[i]);
            secrets[i] = prc_secret_new (text, strlen (text));
            continue;
        }
        for (gsize k = 0; k < length; k++)
            assert_int_equal (prc_secret_text (secrets[i])[k], letters[i]);
        assert_int_equal (prc_secret_text (secrets[i])[length], '\0');
        g_clear_pointer (&secrets[i], prc_secret_unref);
    }
    for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
        prc_secret_unref (secrets[i]);
}

static void
new__many__few_mappings_all_of_them_locked (void **state)
{
    PrcSecret *secrets[128] = { NULL };
    const char *first = NULL;
    struct rlimit limit;
    guint n_near = 0;

    (void) state;
    assert_int_equal (getrlimit (RLIMIT_MEMLOCK, &limit), 0);
    for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
        secrets[i] = prc_secret_new ("S", 1);
    first = prc_secret_text (secrets[0]);
    for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
        const char *text = prc_secret_text (secrets[i]);
        guint locked_kb = 0;

        n_near += text >= first - 4096 && text < first + 4096;
        if (i % 16 == 0)
            assert_true (mapping_has (text, " dd", &locked_kb));
#ifndef __SANITIZE_ADDRESS__
        if (i % 16 == 0 && limit.rlim_cur >= 65536)
            assert_true (locked_kb > 0);
#endif
    }
    assert_true (n_near >= 16);
    prc_secret_unref (secrets[0]); /* the page is still there: its neighbours are */
    assert_int_equal (*first, '\0');
    for (guint i = 1; i < G_N_ELEMENTS (secrets); i++)
        prc_secret_unref (secrets[i]);
}

#ifndef __SANITIZE_ADDRESS__
/* Freed memory still holds what was in it, but for what the allocator itself has written there: so
 * the end of a long text is looked at. The sanitizer would rightly object. */
static void
wipe_free__string__gone_from_the_heap (void **state)
{
    char *string = g_strnfill (200, 'S');
    const volatile char *freed = string;

    (void) state;
    prc_wipe_free (string);
    for (guint i = 64; i < 200; i++)
        assert_int_not_equal (freed[i], 'S');
    prc_wipe_free (NULL);
}

static void
bytes_new_wiped__last_reference__gone_from_the_heap (void **state)
{
    char *data = g_strnfill (200, 'S');
    const volatile char *freed = data;
    GBytes *bytes = prc_bytes_new_wiped (data, 200);

    (void) state;
    assert_int_equal (g_bytes_get_size (bytes), 200);
    g_bytes_unref (g_bytes_ref (bytes));
    assert_int_equal (freed[199], 'S');
    g_bytes_unref (bytes);
    for (guint i = 64; i < 200; i++)
        assert_int_not_equal (freed[i], 'S');
}
#endif

static void
harden_process__child__no_core_and_not_attachable (void **state)
{
    int status = 0;
    pid_t child;

    (void) state;
    fflush (NULL);
    child = fork ();
    if (child == 0) {
        struct rlimit limit = { 1, 1 };

        prc_secrets_harden_process ();
        (void) getrlimit (RLIMIT_CORE, &limit);
        if (limit.rlim_cur != 0 || limit.rlim_max != 0 || prctl (PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
            _exit (1);
        abort ();
    }
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFSIGNALED (status));
    assert_false (WCOREDUMP (status));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (new__any_bytes__copied_and_terminated),
    cmocka_unit_test (new__lengths_around_a_page__terminated_on_pages_of_its_own),
    cmocka_unit_test (new__no_memory_may_be_locked__works),
    cmocka_unit_test (take__string__same_text),
    cmocka_unit_test (ref__unref__counted),
    cmocka_unit_test (equal__pairs__by_length_and_bytes),
    cmocka_unit_test (new__memory__locked_and_not_dumped),
    cmocka_unit_test (new__many__each_its_own_and_wiped_when_it_goes),
    cmocka_unit_test (new__many__few_mappings_all_of_them_locked),
#ifndef __SANITIZE_ADDRESS__
    cmocka_unit_test (wipe_free__string__gone_from_the_heap),
    cmocka_unit_test (bytes_new_wiped__last_reference__gone_from_the_heap),
#endif
    cmocka_unit_test (harden_process__child__no_core_and_not_attachable),
};

int
main (void)
{
    /* meson sets MALLOC_PERTURB_, and then free() itself overwrites. */
    (void) mallopt (M_PERTURB, 0);
    return cmocka_run_group_tests (tests, NULL, NULL);
}
