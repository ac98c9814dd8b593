/* job.h - work in the background: the use cases of app/, each call with a session of its own
 *
 * No key waits for disk or network: a view starts a job, goes on, and gets the result in the main
 * thread. */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "base/secret.h"

typedef struct _PrcJobs PrcJobs;
typedef struct _PrcJob PrcJob;

/**
 * PrcJobSpec: what is to be done.
 * @run: in a worker thread; must touch nothing but its arguments. NULL with an error, or a result
 * (may be NULL without one when there is nothing to give).
 * @done: in the main thread; takes @result over; @error is borrowed. Never called after
 * prc_job_cancel(); after prc_jobs_stop() with #PRC_ERROR_CANCELLED.
 */
typedef struct {
    const char *what; /* N_(): "Reading the settings": shown beside the spinner */
    gpointer (*run) (PrcJob *job, PrcSession *session, gpointer data, GError **error);
    gpointer data; /* taken over */
    GDestroyNotify data_free;
    void (*done) (gpointer owner, gpointer result, const GError *error);
    GDestroyNotify result_free; /* for a result that nobody wants any more */
    gboolean dry_run;           /* of the session */
    gboolean quiet;             /* no spinner: what happens by itself, such as reading again */
    gboolean may_ask;           /* a locked store may ask for its passphrase */
    gboolean writes;  /* when it is stopped it is only told, and says itself what it came to */
    char **leave_out; /* (nullable): of the session: files that are not to be written; copied */
} PrcJobSpec;

/** PrcJobsHooks: how jobs reach the screen; all are called in the main thread. */
typedef struct {
    /* a worker needs a passphrase: call prc_job_answer() some time later */
    void (*ask) (gpointer data, PrcJob *job, const char *why, gboolean confirm_new);
    void (*cancelled) (gpointer data, PrcJob *job); /* it no longer wants an answer */
    void (*changed) (gpointer data);                /* a job began or ended */
    /* something to know, such as what a crash of an earlier run had left */
    void (*notice) (gpointer data, const char *text);
    gpointer data;
} PrcJobsHooks;

/** prc_jobs_new: (transfer full): @options: for the sessions; its strings are borrowed, its `ask`
 * is ignored. */
PrcJobs *prc_jobs_new (const PrcSessionOptions *options, const PrcJobsHooks *hooks);
/** prc_jobs_free: cancels all, and waits for what can't be stopped: a transaction is never left
 * half done. */
void prc_jobs_free (PrcJobs *jobs);

/** prc_job_start: (transfer none): valid until `done` has returned or it is cancelled. */
PrcJob *prc_job_start (PrcJobs *jobs, gpointer owner, const PrcJobSpec *spec);
/** prc_job_cancel: (nullable): the result will be dropped; what runs is told, see
 * prc_job_is_cancelled(). */
void prc_job_cancel (PrcJob *job);
/** prc_jobs_cancel_owner: all jobs of a view that goes away. */
void prc_jobs_cancel_owner (PrcJobs *jobs, gpointer owner);
/** prc_jobs_stop: the person wants no more of what runs. Jobs that only read end at once; FALSE:
 * there are others, which end as soon as nothing is left half done. */
gboolean prc_jobs_stop (PrcJobs *jobs);
/** prc_jobs_running: (nullable) (transfer none): what the oldest running job that is not quiet
 * does, once it has run for @after_ms; for the spinner. */
const char *prc_jobs_running (const PrcJobs *jobs, guint after_ms);
/** prc_jobs_seconds: for how long that one has been running. */
guint prc_jobs_seconds (const PrcJobs *jobs);
gboolean prc_jobs_are_idle (const PrcJobs *jobs);
/** prc_jobs_forget_passphrase: the next job that needs it asks again. */
void prc_jobs_forget_passphrase (PrcJobs *jobs);

/* For `run`, in the worker */

/** prc_job_is_cancelled: or to be stopped: look at it now and then, where it can stop. */
gboolean prc_job_is_cancelled (PrcJob *job);
/** prc_job_cancel_fd: becomes readable when it is cancelled: to poll() beside prc_check_fd(). */
int prc_job_cancel_fd (PrcJob *job);

/** prc_job_answer: in the main thread: the passphrase; NULL: the person does not want to say. */
void prc_job_answer (PrcJob *job, PrcSecret *passphrase);
