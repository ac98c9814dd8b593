#include "tui/job.h"

#include <sys/eventfd.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/prompt.h"

#define THREADS_MAX 4
#define ATTEMPTS 4 /* the remembered passphrase, and three that are typed */

struct _PrcJobs {
    PrcSessionOptions options;
    PrcJobsHooks hooks;
    GThreadPool *pool;
    GPtrArray *running; /* of PrcJob: not yet done, nor cancelled */
    GMutex mutex;
    PrcSecret *passphrase; /* (nullable), under the mutex */
};

struct _PrcJob {
    gint refs;
    PrcJobs *jobs;
    gpointer owner;
    PrcJobSpec spec;
    gint64 started;
    /* of the worker, until it posts */
    gpointer result;
    GError *error;
    char *notice;
    guint n_asked;
    /* under the mutex */
    GMutex mutex;
    GCond answered;
    char *why;
    gboolean confirm_new, is_answered;
    PrcSecret *answer;
    gint cancelled; /* nobody waits for it */
    gint stopped;   /* it is to end */
    int cancel_fd;
};

static PrcJob *
job_ref (PrcJob *job)
{
    g_atomic_int_inc (&job->refs);
    return job;
}

static void
job_unref (PrcJob *job)
{
    if (!g_atomic_int_dec_and_test (&job->refs))
        return;
    if (job->result != NULL && job->spec.result_free != NULL)
        job->spec.result_free (job->result);
    if (job->spec.data_free != NULL)
        job->spec.data_free (job->spec.data);
    g_strfreev (job->spec.leave_out);
    g_clear_error (&job->error);
    g_free (job->notice);
    g_free (job->why);
    g_clear_pointer (&job->answer, prc_secret_unref);
    g_mutex_clear (&job->mutex);
    g_cond_clear (&job->answered);
    (void) close (job->cancel_fd);
    g_free (job);
}

/* To the main thread, even when that is not running its loop just now. */
static void
post (PrcJob *job, GSourceFunc function)
{
    g_autoptr (GSource) source = g_idle_source_new ();

    g_source_set_priority (source, G_PRIORITY_DEFAULT);
    g_source_set_callback (source, function, job_ref (job), (GDestroyNotify) job_unref);
    (void) g_source_attach (source, NULL);
}

/* In the worker */

static gboolean
ask_in_main (gpointer data)
{
    PrcJob *job = data;

    if (prc_job_is_cancelled (job) || job->jobs->hooks.ask == NULL)
        prc_job_answer (job, NULL);
    else
        job->jobs->hooks.ask (job->jobs->hooks.data, job, job->why, job->confirm_new);
    return G_SOURCE_REMOVE;
}

static PrcSecret *
remembered (PrcJobs *jobs)
{
    PrcSecret *passphrase = NULL;

    g_mutex_lock (&jobs->mutex);
    if (jobs->passphrase != NULL)
        passphrase = prc_secret_ref (jobs->passphrase);
    g_mutex_unlock (&jobs->mutex);
    return passphrase;
}

static void
remember (PrcJobs *jobs, PrcSecret *passphrase)
{
    g_mutex_lock (&jobs->mutex);
    g_clear_pointer (&jobs->passphrase, prc_secret_unref);
    jobs->passphrase = passphrase != NULL ? prc_secret_ref (passphrase) : NULL;
    g_mutex_unlock (&jobs->mutex);
}

static gboolean
ask_passphrase (gpointer data, gboolean confirm_new, const char *why, PrcSecret **ret,
                GError **error)
{
    PrcJob *job = data;

    if (job->n_asked++ == 0) {
        const char *file = g_getenv ("PROXYRC_PASSPHRASE_FILE");

        if (!confirm_new && (*ret = remembered (job->jobs)) != NULL)
            return TRUE;
        if (file != NULL && *file != '\0')
            return (*ret = prc_prompt_read_file (file, error)) != NULL;
    }
    if (!job->spec.may_ask) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, _ ("the store of the password is locked"));
        return FALSE;
    }
    g_mutex_lock (&job->mutex);
    g_clear_pointer (&job->answer, prc_secret_unref);
    g_free (job->why);
    job->why = g_strdup (why);
    job->confirm_new = confirm_new;
    job->is_answered = FALSE;
    post (job, ask_in_main);
    while (!job->is_answered && !prc_job_is_cancelled (job))
        g_cond_wait (&job->answered, &job->mutex);
    *ret = job->answer != NULL ? prc_secret_ref (job->answer) : NULL;
    g_mutex_unlock (&job->mutex);
    if (*ret == NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED,
                     _ ("The passphrase is needed for this: r asks again."));
    return *ret != NULL;
}

static gboolean
keep_waiting (gpointer data)
{
    return !prc_job_is_cancelled (data);
}

static char *
recovery_notice (const PrcRecovery *recovery)
{
    const char *what = NULL;

    if (recovery == NULL)
        return NULL;
    what = recovery->label != NULL ? recovery->label : recovery->id;
    if (recovery->left_alone->len > 0)
        return g_strdup_printf (_ ("an earlier run (%s) was interrupted; %u of its files have "
                                   "changed since, and were left as they are"),
                                what, recovery->left_alone->len);
    return recovery->finished
               ? g_strdup_printf (_ ("an earlier run (%s) was interrupted after it had written "
                                     "all; it is finished now"),
                                  what)
               : g_strdup_printf (
                     _ ("an earlier run (%s) was interrupted; what it had begun was taken back"),
                     what);
}

static gboolean
finish_in_main (gpointer data)
{
    PrcJob *job = data;
    PrcJobs *jobs = job->jobs;
    gpointer result = NULL;

    if (g_atomic_int_get (&job->cancelled) != 0)
        return G_SOURCE_REMOVE;
    if (job->answer != NULL && !g_error_matches (job->error, PRC_ERROR, PRC_ERROR_LOCKED))
        remember (jobs, job->answer);
    if (job->notice != NULL && jobs->hooks.notice != NULL)
        jobs->hooks.notice (jobs->hooks.data, job->notice);
    (void) g_ptr_array_remove (jobs->running, job); /* the source has a reference of its own */
    if (job->spec.done != NULL) {
        result = g_steal_pointer (&job->result);
        job->spec.done (job->owner, result, job->error);
    }
    if (jobs->hooks.changed != NULL)
        jobs->hooks.changed (jobs->hooks.data);
    return G_SOURCE_REMOVE;
}

static GError *
stopped_error (void)
{
    return g_error_new (PRC_ERROR, PRC_ERROR_CANCELLED, "%s", _ ("Stopped. r tries again."));
}

static void
work (gpointer data, gpointer user_data)
{
    PrcJob *job = data;
    PrcSessionOptions options = job->jobs->options;
    g_autoptr (PrcSession) session = NULL;

    (void) user_data;
    options.dry_run = options.dry_run || job->spec.dry_run;
    options.ask = (PrcStoreAsk){
        .passphrase = ask_passphrase,
        .keep_waiting = keep_waiting,
        .data = job,
        .no_dialogue = !job->spec.may_ask,
        .attempts = ATTEMPTS,
    };
    options.leave_out = job->spec.leave_out;
    if (!prc_job_is_cancelled (job))
        session = prc_session_new (&options, &job->error);
    if (session != NULL) {
        job->notice = recovery_notice (prc_session_recovered (session));
        job->result = job->spec.run (job, session, job->spec.data, &job->error);
    }
    if (job->result == NULL && job->error == NULL && prc_job_is_cancelled (job))
        job->error = stopped_error ();
    post (job, finish_in_main);
    job_unref (job);
}

gboolean
prc_job_is_cancelled (PrcJob *job)
{
    return g_atomic_int_get (&job->stopped) != 0;
}

int
prc_job_cancel_fd (PrcJob *job)
{
    return job->cancel_fd;
}

/* In the main thread */

PrcJobs *
prc_jobs_new (const PrcSessionOptions *options, const PrcJobsHooks *hooks)
{
    PrcJobs *jobs = g_new0 (PrcJobs, 1);

    jobs->options = *options;
    jobs->hooks = *hooks;
    jobs->running = g_ptr_array_new_with_free_func ((GDestroyNotify) job_unref);
    jobs->pool = g_thread_pool_new (work, NULL, THREADS_MAX, FALSE, NULL);
    g_mutex_init (&jobs->mutex);
    return jobs;
}

void
prc_jobs_free (PrcJobs *jobs)
{
    if (jobs == NULL)
        return;
    jobs->hooks = (PrcJobsHooks){ 0 };
    while (jobs->running->len > 0)
        prc_job_cancel (g_ptr_array_index (jobs->running, 0));
    g_thread_pool_free (jobs->pool, FALSE, TRUE);
    g_ptr_array_unref (jobs->running);
    g_clear_pointer (&jobs->passphrase, prc_secret_unref);
    g_mutex_clear (&jobs->mutex);
    g_free (jobs);
}

PrcJob *
prc_job_start (PrcJobs *jobs, gpointer owner, const PrcJobSpec *spec)
{
    PrcJob *job = g_new0 (PrcJob, 1);

    job->refs = 1;
    job->jobs = jobs;
    job->owner = owner;
    job->spec = *spec;
    job->spec.leave_out = g_strdupv (spec->leave_out);
    job->started = g_get_monotonic_time ();
    job->cancel_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    g_mutex_init (&job->mutex);
    g_cond_init (&job->answered);
    g_ptr_array_add (jobs->running, job_ref (job));
    (void) g_thread_pool_push (jobs->pool, job, NULL);
    if (jobs->hooks.changed != NULL)
        jobs->hooks.changed (jobs->hooks.data);
    return job;
}

static void
tell_to_stop (PrcJob *job)
{
    const PrcJobsHooks *hooks = &job->jobs->hooks;
    guint64 one = 1;

    g_mutex_lock (&job->mutex);
    g_atomic_int_set (&job->stopped, 1);
    g_cond_signal (&job->answered);
    g_mutex_unlock (&job->mutex);
    (void) prc_write_fd (job->cancel_fd, &one, sizeof one);
    if (hooks->cancelled != NULL)
        hooks->cancelled (hooks->data, job);
}

void
prc_job_cancel (PrcJob *job)
{
    PrcJobs *jobs = NULL;

    if (job == NULL)
        return;
    jobs = job->jobs;
    g_atomic_int_set (&job->cancelled, 1);
    tell_to_stop (job);
    (void) g_ptr_array_remove (jobs->running, job);
    if (jobs->hooks.changed != NULL)
        jobs->hooks.changed (jobs->hooks.data);
}

void
prc_jobs_cancel_owner (PrcJobs *jobs, gpointer owner)
{
    for (guint i = jobs->running->len; i-- > 0;) {
        PrcJob *job = g_ptr_array_index (jobs->running, i);

        if (job->owner == owner)
            prc_job_cancel (job);
    }
}

gboolean
prc_jobs_stop (PrcJobs *jobs)
{
    g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) job_unref);
    g_autoptr (GError) error = stopped_error ();
    gboolean all_ended = TRUE;

    for (guint i = 0; i < jobs->running->len; i++)
        g_ptr_array_add (all, job_ref (g_ptr_array_index (jobs->running, i)));
    for (guint i = 0; i < all->len; i++) {
        PrcJob *job = g_ptr_array_index (all, i);

        if (!g_ptr_array_find (jobs->running, job, NULL)) /* it went with another one's view */
            continue;
        if (job->spec.writes) {
            tell_to_stop (job);
            all_ended = FALSE;
            continue;
        }
        prc_job_cancel (job);
        if (job->spec.done != NULL)
            job->spec.done (job->owner, NULL, error);
    }
    return all_ended;
}

const char *
prc_jobs_running (const PrcJobs *jobs, guint after_ms)
{
    gint64 now = g_get_monotonic_time ();

    for (guint i = 0; i < jobs->running->len; i++) {
        const PrcJob *job = g_ptr_array_index (jobs->running, i);

        if (!job->spec.quiet && now - job->started >= (gint64) after_ms * 1000)
            return _ (job->spec.what);
    }
    return NULL;
}

guint
prc_jobs_seconds (const PrcJobs *jobs)
{
    for (guint i = 0; i < jobs->running->len; i++) {
        const PrcJob *job = g_ptr_array_index (jobs->running, i);

        if (!job->spec.quiet)
            return (guint) ((g_get_monotonic_time () - job->started) / G_USEC_PER_SEC);
    }
    return 0;
}

gboolean
prc_jobs_are_idle (const PrcJobs *jobs)
{
    return jobs->running->len == 0;
}

void
prc_jobs_forget_passphrase (PrcJobs *jobs)
{
    remember (jobs, NULL);
}

void
prc_job_answer (PrcJob *job, PrcSecret *passphrase)
{
    g_mutex_lock (&job->mutex);
    g_clear_pointer (&job->answer, prc_secret_unref);
    job->answer = passphrase != NULL ? prc_secret_ref (passphrase) : NULL;
    job->is_answered = TRUE;
    g_cond_signal (&job->answered);
    g_mutex_unlock (&job->mutex);
}
