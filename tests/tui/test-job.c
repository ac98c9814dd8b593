#include "test.h"

#include <poll.h>

#include "tui/job.h"

typedef struct {
    char *dir;
    PrcJobs *jobs;
    PrcJob *asking;
    char *result, *error;
    gboolean is_over;
    guint n_done;
} Fixture;

static void
asked (gpointer data, PrcJob *job, const char *why, gboolean confirm_new)
{
    (void) why;
    (void) confirm_new;
    ((Fixture *) data)->asking = job;
}

static int
setup (void **state)
{
    Fixture *f = g_new0 (Fixture, 1);
    PrcJobsHooks hooks = { .ask = asked, .data = f };
    PrcSessionOptions options = { 0 };

    f->dir = prc_test_dir_new ();
    options.home = f->dir;
    f->jobs = prc_jobs_new (&options, &hooks);
    *state = f;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *f = *state;

    prc_jobs_free (f->jobs);
    prc_test_dir_remove (f->dir);
    g_free (f->result);
    g_free (f->error);
    g_free (f);
    return 0;
}

static void
done (gpointer owner, gpointer result, const GError *error)
{
    Fixture *f = owner;

    f->result = result;
    f->error = error != NULL ? g_strdup (error->message) : NULL;
    f->is_over = TRUE;
    f->n_done++;
}

static gpointer
say_home (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    (void) job;
    (void) error;
    return g_strdup_printf ("%s%s", prc_session_place (session)->home, (const char *) data);
}

static gpointer
refuse (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    (void) job;
    (void) session;
    (void) data;
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "it is wrong");
    return NULL;
}

static gpointer
wait_for_cancel (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    struct pollfd fd = { prc_job_cancel_fd (job), POLLIN, 0 };

    (void) session;
    (void) error;
    assert_int_equal (poll (&fd, 1, -1), 1);
    assert_true (prc_job_is_cancelled (job));
    g_atomic_int_set ((gint *) data, 1);
    return g_strdup ("nobody wants this");
}

static gpointer
ask_for_it (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const PrcStoreAsk *ask = &prc_session_options (session)->ask;
    g_autoptr (PrcSecret) secret = NULL;

    (void) job;
    (void) data;
    if (!ask->passphrase (ask->data, FALSE, "Passphrase", &secret, error))
        return NULL;
    return g_strdup (prc_secret_text (secret));
}

static void
wait_until_over (Fixture *f)
{
    while (!f->is_over)
        (void) g_main_context_iteration (NULL, TRUE);
    f->is_over = FALSE;
}

static void
job__runs__result_in_main (void **state)
{
    Fixture *f = *state;
    const PrcJobSpec spec = { .what = "x",
                              .run = say_home,
                              .data = g_strdup ("/x"),
                              .data_free = g_free,
                              .done = done,
                              .result_free = g_free };
    g_autofree char *wanted = g_strconcat (f->dir, "/x", NULL);

    (void) prc_job_start (f->jobs, f, &spec);
    assert_false (prc_jobs_are_idle (f->jobs));
    assert_string_equal (prc_jobs_running (f->jobs, 0), "x");
    wait_until_over (f);
    assert_string_equal (f->result, wanted);
    assert_null (f->error);
    assert_true (prc_jobs_are_idle (f->jobs));
}

static void
job__fails__error_in_main (void **state)
{
    Fixture *f = *state;
    const PrcJobSpec spec = { .what = "x", .run = refuse, .done = done };

    (void) prc_job_start (f->jobs, f, &spec);
    wait_until_over (f);
    assert_null (f->result);
    assert_string_equal (f->error, "it is wrong");
}

static void
job__cancelled__told_and_dropped (void **state)
{
    Fixture *f = *state;
    gint saw = 0;
    const PrcJobSpec waiting = {
        .what = "x", .run = wait_for_cancel, .data = &saw, .done = done, .result_free = g_free
    };
    const PrcJobSpec other = {
        .what = "y", .run = say_home, .data = (gpointer) "", .done = done, .result_free = g_free
    };

    (void) prc_job_start (f->jobs, f, &waiting);
    prc_jobs_cancel_owner (f->jobs, f);
    assert_true (prc_jobs_are_idle (f->jobs));
    (void) prc_job_start (f->jobs, f, &other);
    wait_until_over (f);
    assert_int_equal (f->n_done, 1);
}

static gpointer
say_what_it_came_to (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    struct pollfd fd = { prc_job_cancel_fd (job), POLLIN, 0 };

    (void) session;
    (void) error;
    g_atomic_int_set ((gint *) data, 1);
    assert_int_equal (poll (&fd, 1, -1), 1);
    return g_strdup ("written");
}

static void
job__stopped__its_owner_is_told (void **state)
{
    Fixture *f = *state;
    static gint saw = 0, has_begun = 0; /* the first one may end later than this test */
    const PrcJobSpec reading = {
        .what = "x", .run = wait_for_cancel, .data = &saw, .done = done, .result_free = g_free
    };
    const PrcJobSpec writing = { .what = "y",
                                 .run = say_what_it_came_to,
                                 .data = &has_begun,
                                 .done = done,
                                 .result_free = g_free,
                                 .writes = TRUE };

    (void) prc_job_start (f->jobs, f, &reading);
    assert_true (prc_jobs_stop (f->jobs));
    assert_int_equal (f->n_done, 1);
    assert_null (f->result);
    assert_non_null (strstr (f->error, "Stopped"));
    assert_true (prc_jobs_are_idle (f->jobs));
    g_clear_pointer (&f->error, g_free);
    f->is_over = FALSE;

    (void) prc_job_start (f->jobs, f, &writing);
    while (g_atomic_int_get (&has_begun) == 0) /* it has begun */
        g_thread_yield ();
    assert_false (prc_jobs_stop (f->jobs));
    assert_false (prc_jobs_are_idle (f->jobs));
    wait_until_over (f);
    assert_string_equal (f->result, "written");
    assert_null (f->error);
}

static void
job__asks__answered_and_remembered (void **state)
{
    Fixture *f = *state;
    PrcJobSpec spec = {
        .what = "x", .run = ask_for_it, .done = done, .result_free = g_free, .may_ask = TRUE
    };
    g_autoptr (PrcSecret) secret = prc_secret_new ("open sesame", 11);

    (void) prc_job_start (f->jobs, f, &spec);
    while (f->asking == NULL)
        (void) g_main_context_iteration (NULL, TRUE);
    prc_job_answer (f->asking, secret);
    wait_until_over (f);
    assert_string_equal (f->result, "open sesame");
    g_clear_pointer (&f->result, g_free);
    spec.may_ask = FALSE; /* it needn't */
    (void) prc_job_start (f->jobs, f, &spec);
    wait_until_over (f);
    assert_string_equal (f->result, "open sesame");
    g_clear_pointer (&f->result, g_free);
    prc_jobs_forget_passphrase (f->jobs);
    (void) prc_job_start (f->jobs, f, &spec);
    wait_until_over (f);
    assert_null (f->result);
    assert_non_null (strstr (f->error, "locked"));
}

static void
job__asks_and_nobody_answers__ends (void **state)
{
    Fixture *f = *state;
    const PrcJobSpec spec = {
        .what = "x", .run = ask_for_it, .done = done, .result_free = g_free, .may_ask = TRUE
    };

    (void) prc_job_start (f->jobs, f, &spec);
    while (f->asking == NULL)
        (void) g_main_context_iteration (NULL, TRUE);
    prc_job_answer (f->asking, NULL);
    wait_until_over (f);
    assert_non_null (f->error);
    f->asking = NULL;
    (void) prc_job_start (f->jobs, f, &spec);
    while (f->asking == NULL)
        (void) g_main_context_iteration (NULL, TRUE);
    prc_job_cancel (f->asking); /* and the teardown waits for the worker */
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (job__runs__result_in_main, setup, teardown),
        cmocka_unit_test_setup_teardown (job__fails__error_in_main, setup, teardown),
        cmocka_unit_test_setup_teardown (job__cancelled__told_and_dropped, setup, teardown),
        cmocka_unit_test_setup_teardown (job__stopped__its_owner_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown (job__asks__answered_and_remembered, setup, teardown),
        cmocka_unit_test_setup_teardown (job__asks_and_nobody_answers__ends, setup, teardown),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
