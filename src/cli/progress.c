#include "cli/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"

struct _PrcProgressLine {
    PrcScanProgress *progress;
    GThread *thread;
    GMutex lock;
    GCond ended;
    gboolean is_over;
};

static gpointer
show (gpointer data)
{
    PrcProgressLine *line = data;
    gboolean shown = FALSE;

    g_mutex_lock (&line->lock);
    while (!line->is_over) {
        gint64 until = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 4;
        int dirs;

        if (g_cond_wait_until (&line->ended, &line->lock, until))
            continue;
        dirs = g_atomic_int_get (&line->progress->dirs);
        if (dirs == 0) /* not begun yet: a question may be on the screen */
            continue;
        fputc ('\r', stderr);
        fprintf (stderr, _ ("%d folders, %d files, %d of interest … "), dirs,
                 g_atomic_int_get (&line->progress->files),
                 g_atomic_int_get (&line->progress->found));
        fflush (stderr);
        shown = TRUE;
    }
    g_mutex_unlock (&line->lock);
    if (shown)
        fputs ("\r\033[K", stderr);
    return NULL;
}

PrcProgressLine *
prc_progress_line_start (const PrcOptions *options, PrcScanProgress *progress)
{
    PrcProgressLine *line = NULL;
    sigset_t all, before;

    if (!isatty (STDERR_FILENO) || options->quiet)
        return NULL;
    line = g_new0 (PrcProgressLine, 1);
    line->progress = progress;
    g_mutex_init (&line->lock);
    g_cond_init (&line->ended);
    /* Signals are the main thread's, which may be asking for a passphrase. */
    (void) sigfillset (&all);
    (void) pthread_sigmask (SIG_SETMASK, &all, &before);
    line->thread = g_thread_new ("progress", show, line);
    (void) pthread_sigmask (SIG_SETMASK, &before, NULL);
    return line;
}

void
prc_progress_line_stop (PrcProgressLine *line)
{
    if (line == NULL)
        return;
    g_mutex_lock (&line->lock);
    line->is_over = TRUE;
    g_cond_signal (&line->ended);
    g_mutex_unlock (&line->lock);
    g_thread_join (line->thread);
    g_mutex_clear (&line->lock);
    g_cond_clear (&line->ended);
    g_free (line);
}
