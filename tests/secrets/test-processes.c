/* Several processes at the same file: those that write at the same time, and one that is killed. */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "secrets/plain.h"
#include "secrets/sealer.h"
#include "secrets/vault.h"
#include "store-fixture.h"

enum { PROCESSES = 8, WRITES = 10 };

typedef PrcStore *(*OpenStore) (const char *dir);

static PrcStore *
open_vault (const char *dir)
{
    g_autofree char *path = g_build_filename (dir, "new", "vault", NULL);
    PrcStore *vault = prc_vault_new (path, &prc_vault_limits_least);
    TestAsk ask;
    gboolean opened = prc_store_unlock (vault, test_ask_init (&ask, "pass"), NULL);

    test_ask_clear (&ask);
    if (!opened) {
        prc_store_free (vault);
        return NULL;
    }
    return vault;
}

static PrcStore *
open_plain (const char *dir)
{
    g_autofree char *path = g_build_filename (dir, "new", "plain.json", NULL);

    return prc_plain_new (path);
}

static const OpenStore kinds[] = { open_vault, open_plain };

/* In a child: no cmocka, only the exit status speaks. */
static int
write_some (PrcStore *store, guint process, guint n_writes)
{
    for (guint i = 0; store != NULL && i < n_writes; i++) {
        g_autofree char *user = g_strdup_printf ("user-%u-%u", process, i);
        g_autofree char *text = g_strdup_printf ("secret-%u-%u", process, i);
        g_autoptr (PrcCredentialRef) ref = prc_credential_ref_new ("http", "h", 1, user);
        g_autoptr (PrcSecret) secret = prc_secret_new (text, strlen (text));
        g_autoptr (GError) error = NULL;

        if (!prc_store_store (store, ref, secret, &error)) {
            fprintf (stderr, "# process %u, write %u: %s\n", process, i, error->message);
            return 1;
        }
    }
    return store != NULL ? 0 : 2;
}

static void
wait_for_all (const pid_t *children, guint n)
{
    for (guint i = 0; i < n; i++) {
        int status = 0;

        assert_int_equal (waitpid (children[i], &status, 0), children[i]);
        assert_true (WIFEXITED (status));
        assert_int_equal (WEXITSTATUS (status), 0);
    }
}

static void
store__eight_processes_write_at_once__nothing_lost (void **state)
{
    (void) state;
    for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
        char *dir = prc_test_dir_new ();
        pid_t children[PROCESSES];
        PrcStore *store = NULL;

        fflush (NULL);
        for (guint i = 0; i < PROCESSES; i++) {
            children[i] = fork ();
            /* Each opens it by itself: the first ones race for creating it, too. */
            if (children[i] == 0)
                _exit (write_some (kinds[kind](dir), i, WRITES));
        }
        wait_for_all (children, PROCESSES);
        store = kinds[kind](dir);
        for (guint i = 0; i < PROCESSES * WRITES; i++) {
            g_autofree char *ref =
                g_strdup_printf ("http://user-%u-%u@h:1", i / WRITES, i % WRITES);
            g_autofree char *expected = g_strdup_printf ("secret-%u-%u", i / WRITES, i % WRITES);
            g_autofree char *got = test_store_get (store, ref);

            assert_non_null (got);
            assert_string_equal (got, expected);
        }
        prc_store_free (store);
        prc_test_dir_remove (dir);
    }
}

/* Says after each write, through @progress, how many are durable. */
static void
write_until_killed (const char *dir, OpenStore open_kind, int progress)
{
    PrcStore *store = open_kind (dir);
    g_autoptr (PrcCredentialRef) ref = prc_credential_ref_new ("http", "h", 1, "u");

    for (guint32 i = 1; store != NULL; i++) {
        g_autofree char *text = g_strdup_printf ("secret-%u", i);
        g_autoptr (PrcSecret) secret = prc_secret_new (text, strlen (text));

        if (!prc_store_store (store, ref, secret, NULL) ||
            write (progress, &i, sizeof i) != (gssize) sizeof i)
            _exit (1);
    }
    _exit (2);
}

static guint32
last_progress (int fd)
{
    guint32 last = 0, number = 0;

    while (read (fd, &number, sizeof number) == (gssize) sizeof number)
        last = number;
    return last;
}

static void
kill_one_writer (OpenStore open_kind, guint delay_us)
{
    char *dir = prc_test_dir_new ();
    int ends[2], status = 0;
    guint32 done = 0;
    pid_t child = 0;
    PrcStore *store = NULL;
    g_autofree char *got = NULL;
    g_autofree char *old = NULL;
    g_autofree char *new = NULL;

    assert_int_equal (pipe2 (ends, O_CLOEXEC), 0);
    fflush (NULL);
    child = fork ();
    if (child == 0)
        write_until_killed (dir, open_kind, ends[1]);
    close (ends[1]);
    g_usleep (delay_us);
    assert_int_equal (kill (child, SIGKILL), 0);
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFSIGNALED (status));
    done = last_progress (ends[0]);
    close (ends[0]);

    store = open_kind (dir);
    assert_non_null (store);
    got = test_store_get (store, "http://u@h:1");
    old = done > 0 ? g_strdup_printf ("secret-%u", done) : NULL;
    new = g_strdup_printf ("secret-%u", done + 1);
    if (g_strcmp0 (got, old) != 0 && g_strcmp0 (got, new) != 0)
        fail_msg ("after %u writes: %s", done, got != NULL ? got : "nothing");
    /* And it goes on, whatever was left behind. */
    test_store_put (store, "http://u@h:1", "afterwards");
    prc_store_free (store);
    prc_test_dir_remove (dir);
}

static void
store__killed_while_writing__old_or_new (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (40);

    (void) state;
    for (guint i = 0; i < n; i++)
        kill_one_writer (kinds[i % G_N_ELEMENTS (kinds)],
                         (guint) g_rand_int_range (rand, 500, 30000));
}

static int
seal_in_child (const char *path, const char *out)
{
    g_autoptr (PrcSealKey) key = prc_seal_key_new (path);
    g_autoptr (GBytes) plain = g_bytes_new_static ("plain", 5);
    g_autoptr (GBytes) sealed = prc_seal (key, plain, NULL, NULL);
    gsize size = 0;
    const char *data = sealed != NULL ? g_bytes_get_data (sealed, &size) : NULL;

    return data != NULL && g_file_set_contents (out, data, (gssize) size, NULL) ? 0 : 1;
}

static void
sealer__first_use_in_eight_processes__one_key (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *path = g_build_filename (dir, "new", "key", NULL);
    g_autoptr (PrcSealKey) key = prc_seal_key_new (path);
    pid_t children[PROCESSES];

    (void) state;
    fflush (NULL);
    for (guint i = 0; i < PROCESSES; i++) {
        g_autofree char *out = g_strdup_printf ("%s/sealed-%u", dir, i);

        children[i] = fork ();
        if (children[i] == 0)
            _exit (seal_in_child (path, out));
    }
    wait_for_all (children, PROCESSES);
    for (guint i = 0; i < PROCESSES; i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *out = g_strdup_printf ("%s/sealed-%u", dir, i);
        g_autoptr (GBytes) sealed = test_contents (out);
        g_autoptr (GBytes) plain = prc_unseal (key, sealed, NULL, &error);

        assert_no_error (error);
        assert_true (test_holds (plain, "plain"));
    }
    prc_test_dir_remove (dir);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (store__eight_processes_write_at_once__nothing_lost),
    cmocka_unit_test (store__killed_while_writing__old_or_new),
    cmocka_unit_test (sealer__first_use_in_eight_processes__one_key),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
