#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/scan.h"
#include "cli/cli.h"
#include "cli/output.h"

typedef struct {
    PrcScanProgress progress;
    GMutex lock;
    GCond ended;
    gboolean is_over;
} Watch;

/* Only from the second quarter of a second on, so that a short scan shows nothing. */
static gpointer
show_progress (gpointer data)
{
    Watch *watch = data;
    gboolean shown = FALSE;

    g_mutex_lock (&watch->lock);
    while (!watch->is_over) {
        gint64 until = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 4;

        if (g_cond_wait_until (&watch->ended, &watch->lock, until))
            continue;
        fprintf (stderr, "\r%d folders, %d files, %d of interest … ",
                 g_atomic_int_get (&watch->progress.dirs),
                 g_atomic_int_get (&watch->progress.files),
                 g_atomic_int_get (&watch->progress.found));
        fflush (stderr);
        shown = TRUE;
    }
    g_mutex_unlock (&watch->lock);
    if (shown)
        fputs ("\r\033[K", stderr);
    return NULL;
}

static int
run_scan (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcStatus) status = NULL;
    Watch watch = { 0 };
    GThread *thread = NULL;

    if (session == NULL)
        return PRC_EXIT_INPUT;
    g_mutex_init (&watch.lock);
    g_cond_init (&watch.ended);
    if (isatty (STDERR_FILENO) && !options->quiet)
        thread = g_thread_new ("progress", show_progress, &watch);
    status = prc_scan (session, options->arguments, &watch.progress, error);
    g_mutex_lock (&watch.lock);
    watch.is_over = TRUE;
    g_cond_signal (&watch.ended);
    g_mutex_unlock (&watch.lock);
    if (thread != NULL)
        g_thread_join (thread);
    g_mutex_clear (&watch.lock);
    g_cond_clear (&watch.ended);
    if (status == NULL)
        return PRC_EXIT_INPUT;
    prc_output_status (options, status, TRUE);
    if (status->has_bad_file)
        return PRC_EXIT_INPUT;
    return status->agrees ? PRC_EXIT_DONE : PRC_EXIT_NO;
}

const PrcCommand prc_command_scan = {
    "scan",
    "DIR…",
    "Project-level files (.npmrc, .git/config, pip.conf, .curlrc, .env, .envrc) in whole trees",
    "Follows no symlink out of a tree; folders that can't be read are counted and named. Ctrl-C\n"
    "stops it. Exit 0 when everything found agrees with the active profile, else 1.",
    PRC_TAKES_JSON | PRC_TAKES_TOOLS,
    1,
    G_MAXUINT,
    run_scan,
};
