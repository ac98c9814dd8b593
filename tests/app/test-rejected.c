#include "test.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/rejected.h"
#include "home.h"

#define FILE_PATH ".local/state/proxyrc/rejected"

static PrcRejected *
look (PrcSession *session, const char *user, const char *password)
{
    g_autoptr (PrcCredentialRef) ref = prc_credential_ref_new ("http", "p.test", 3128, user);
    g_autoptr (PrcSecret) secret = prc_secret_new (password, strlen (password));
    g_autoptr (GError) error = NULL;
    PrcRejected *rejected = prc_rejected_new (session, ref, secret, &error);

    assert_no_error (error);
    return rejected;
}

static gboolean
is_known (PrcSession *session, const char *user, const char *password)
{
    g_autoptr (PrcRejected) rejected = look (session, user, password);
    guint seconds = 0;

    return prc_rejected_find (rejected, &seconds);
}

static void
remember (PrcSession *session, const char *user, const char *password)
{
    g_autoptr (PrcRejected) rejected = look (session, user, password);

    assert_true (prc_rejected_remember (rejected));
}

static void
rejected__remembered__is_found_by_a_later_run_until_forgotten (void **state)
{
    g_autofree char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autoptr (PrcSession) later = test_session_again (dir, FALSE);

    (void) state;
    assert_false (is_known (session, "joe", "old"));
    remember (session, "joe", "old");
    assert_true (is_known (later, "joe", "old"));
    assert_false (is_known (later, "joe", "new"));
    assert_false (is_known (later, "jim", "old"));
    {
        g_autoptr (PrcRejected) rejected = look (later, "joe", "old");

        assert_true (prc_rejected_forget (rejected));
    }
    assert_false (is_known (session, "joe", "old"));
    prc_test_dir_remove (g_steal_pointer (&dir));
}

static void
rejected__file__is_private_and_tells_nothing (void **state)
{
    g_autofree char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autofree char *path = g_build_filename (dir, FILE_PATH, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    struct stat st;

    (void) state;
    remember (session, "joe", "hunter22");
    assert_int_equal (stat (path, &st), 0);
    assert_int_equal (st.st_mode & 07777, 0600);
    assert_true (g_file_get_contents (path, &bytes, &length, NULL));
    assert_null (g_strstr_len (bytes, (gssize) length, "hunter22"));
    assert_null (g_strstr_len (bytes, (gssize) length, "joe"));
    assert_null (g_strstr_len (bytes, (gssize) length, "p.test"));
    prc_test_dir_remove (g_steal_pointer (&dir));
}

/* Moves the times of all records in the file; a record: 8 bytes of time, 8 more, from byte 40 on.
 */
static void
age_records (const char *path, gint64 seconds)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    assert_true (g_file_get_contents (path, &bytes, &length, NULL));
    for (gsize at = 40; at + 16 <= length; at += 16) {
        guint64 when = 0;

        memcpy (&when, bytes + at, sizeof when);
        when = (guint64) ((gint64) when - seconds);
        memcpy (bytes + at, &when, sizeof when);
    }
    assert_true (g_file_set_contents_full (path, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
}

static void
rejected__old_ones__are_forgotten_and_the_key_with_them (void **state)
{
    g_autofree char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autofree char *path = g_build_filename (dir, FILE_PATH, NULL);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    gsize length = 0;

    (void) state;
    remember (session, "joe", "old");
    age_records (path, PRC_REJECTED_SECONDS - 60);
    assert_true (is_known (session, "joe", "old"));
    assert_true (g_file_get_contents (path, &before, &length, NULL));
    age_records (path, 120);
    assert_false (is_known (session, "joe", "old"));
    assert_true (g_file_get_contents (path, &after, &length, NULL));
    assert_int_equal (length, 40);
    assert_true (memcmp (before + 8, after + 8, 32) != 0);
    /* a clock that was set back keeps nothing for ever either */
    remember (session, "joe", "old");
    age_records (path, -2 * PRC_REJECTED_SECONDS);
    assert_false (is_known (session, "joe", "old"));
    prc_test_dir_remove (g_steal_pointer (&dir));
}

static void
rejected__very_many__are_bounded_and_the_newest_stay (void **state)
{
    g_autofree char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autofree char *path = g_build_filename (dir, FILE_PATH, NULL);
    struct stat st;

    (void) state;
    for (guint i = 0; i < PRC_REJECTED_MAX + 10; i++) {
        g_autofree char *password = g_strdup_printf ("wrong %u", i);

        remember (session, "joe", password);
    }
    assert_int_equal (stat (path, &st), 0);
    assert_int_equal (st.st_size, 40 + 16 * PRC_REJECTED_MAX);
    assert_true (is_known (session, "joe", "wrong 265"));
    assert_false (is_known (session, "joe", "wrong 0"));
    prc_test_dir_remove (g_steal_pointer (&dir));
}

static void
rejected__damaged_file__is_begun_anew (void **state)
{
    static const char *const contents[] = { "", "x", "PRCREJ1\n",
                                            "something else altogether, and longer than its head" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (contents); i++) {
        g_autofree char *dir = NULL;
        g_autoptr (PrcSession) session = test_session_new (&dir);

        test_put (dir, FILE_PATH, contents[i]);
        assert_false (is_known (session, "joe", "old"));
        remember (session, "joe", "old");
        assert_true (is_known (session, "joe", "old"));
        prc_test_dir_remove (g_steal_pointer (&dir));
    }
}

/* In one run in many homes each has a memory of its own, and one of the accounts for all. */
static PrcSession *
session_of_run (char **ret_dir, int shared)
{
    PrcSessionOptions options = { .shared_rejected = shared };
    g_autoptr (GError) error = NULL;
    PrcSession *session = NULL;

    *ret_dir = prc_test_dir_new ();
    options.home = *ret_dir;
    session = prc_session_new (&options, &error);
    assert_no_error (error);
    return session;
}

static gboolean
is_account_known (PrcSession *session, const char *user)
{
    g_autoptr (PrcRejected) rejected = look (session, user, "whichever");

    return prc_rejected_find_account (rejected);
}

static void
rejected__in_one_of_many_homes__holds_for_the_account_in_all (void **state)
{
    int shared = prc_rejected_shared_new ();
    g_autofree char *here = NULL, *there = NULL, *apart = NULL;
    g_autoptr (PrcSession) first = session_of_run (&here, shared);
    g_autoptr (PrcSession) second = session_of_run (&there, shared);
    g_autoptr (PrcSession) alone = session_of_run (&apart, 0);
    PrcRejected *held = NULL;
    int status = 0;
    pid_t pid = 0;

    (void) state;
    assert_true (shared > 2);
    assert_false (is_account_known (second, "joe"));
    held = look (first, "joe", "old");
    assert_true (prc_rejected_claim (held));
    pid = fork ();
    if (pid == 0) {
        PrcRejected *other = look (second, "joe", "another");
        PrcRejected *jim = look (second, "jim", "another");

        _exit (!prc_rejected_claim (other) && prc_rejected_claim (jim) ? 0 : 1);
    }
    assert_int_equal (waitpid (pid, &status, 0), pid);
    assert_int_equal (status, 0);
    assert_true (prc_rejected_remember (held));
    prc_rejected_free (held);
    pid = fork ();
    if (pid == 0) {
        PrcRejected *other = look (second, "joe", "another");

        _exit (prc_rejected_claim (other) && prc_rejected_find_account (other) ? 0 : 1);
    }
    assert_int_equal (waitpid (pid, &status, 0), pid);
    assert_int_equal (status, 0);
    assert_false (is_account_known (second, "jim"));
    assert_false (is_account_known (alone, "joe"));
    assert_false (is_known (second, "joe", "another")); /* of this home's own, nothing is */
    prc_test_dir_remove (g_steal_pointer (&here));
    prc_test_dir_remove (g_steal_pointer (&there));
    prc_test_dir_remove (g_steal_pointer (&apart));
    (void) close (shared);
}

/* Whoever has the claim is the only one, in any process, and its end gives it back. */
static void
rejected__claim__is_for_one_at_a_time (void **state)
{
    g_autofree char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    PrcRejected *first = look (session, "joe", "same");
    g_autoptr (PrcRejected) second = look (session, "joe", "same");
    g_autoptr (PrcRejected) other = look (session, "joe", "other");
    int status = 0;
    pid_t pid = 0;

    (void) state;
    assert_true (prc_rejected_claim (first));
    assert_false (prc_rejected_claim (second));
    assert_true (prc_rejected_claim (other));
    pid = fork ();
    if (pid == 0) {
        PrcRejected *here = look (session, "joe", "same");

        _exit (prc_rejected_claim (here) ? 1 : 0);
    }
    assert_int_equal (waitpid (pid, &status, 0), pid);
    assert_int_equal (status, 0);
    assert_true (prc_rejected_remember (first));
    prc_rejected_free (first);
    assert_true (prc_rejected_claim (second));
    {
        guint seconds = 0;

        assert_true (prc_rejected_find (second, &seconds));
    }
    prc_test_dir_remove (g_steal_pointer (&dir));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (rejected__remembered__is_found_by_a_later_run_until_forgotten),
        cmocka_unit_test (rejected__file__is_private_and_tells_nothing),
        cmocka_unit_test (rejected__old_ones__are_forgotten_and_the_key_with_them),
        cmocka_unit_test (rejected__very_many__are_bounded_and_the_newest_stay),
        cmocka_unit_test (rejected__damaged_file__is_begun_anew),
        cmocka_unit_test (rejected__in_one_of_many_homes__holds_for_the_account_in_all),
        cmocka_unit_test (rejected__claim__is_for_one_at_a_time),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
