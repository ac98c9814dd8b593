#include "cli/fleet.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/secret.h"

/* More than anybody's settings; and what is kept at any time is bounded. */
#define OUTPUT_MAX (8 * 1024 * 1024)
/* Results wait for those before them, so that they come in order; no more than these wait. */
#define SLOTS 16
#define PARALLEL_MAX 4

typedef struct {
    const PrcHome *home; /* (nullable): the slot is free */
    pid_t pid;           /* 0: it has ended */
    int fds[2];          /* its stdout and stderr; -1: closed */
    GString *texts[2];
    gint64 deadline;
    int status;
    gboolean is_late, is_too_much;
} Slot;

typedef struct {
    const PrcHomes *homes;
    const PrcFleet *fleet;
    Slot slots[SLOTS];
    guint next, first; /* homes begun, and told: slot i % SLOTS */
    guint running, parallel;
    int signal_fd;
    sigset_t former;
    gboolean is_stopped;
} Run;

/* The child */

static void
leave_environment_behind (const PrcHome *home)
{
    /* The caller's tickets, passphrases, agents and proxies are not this user's. */
    static const char *const kept[] = {
        "PATH",     "LANG",        "LANGUAGE",    "LC_ALL",
        "LC_CTYPE", "LC_MESSAGES", "TZ",          "PROXYRC_TOOLS_DIR",
        "TERM",     "NO_COLOR",    "ASAN_OPTIONS"
    };
    char *values[G_N_ELEMENTS (kept)];

    for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
        values[i] = g_strdup (g_getenv (kept[i]));
    (void) clearenv ();
    for (gsize i = 0; i < G_N_ELEMENTS (kept); i++) {
        if (values[i] != NULL)
            (void) setenv (kept[i], values[i], TRUE);
        g_free (values[i]);
    }
    (void) setenv ("HOME", home->home, TRUE);
    (void) setenv ("USER", home->user, TRUE);
    (void) setenv ("LOGNAME", home->user, TRUE);
}

static void
close_all_but (int kept)
{
    if (kept > 3)
        (void) close_range (3, (guint) kept - 1, 0);
    (void) close_range (kept > 0 ? (guint) kept + 1 : 3, ~0U, 0);
}

static void
live_in_home (const Run *run, const PrcHome *home, int out, int err)
{
    g_autoptr (GError) error = NULL;
    int empty[2] = { -1, -1 }; /* an image need not have a /dev/null */
    int code = run->fleet->failed_exit;

    (void) sigprocmask (SIG_SETMASK, &run->former, NULL);
    /* No terminal: nobody to ask, and none to write to behind the caller's back. */
    (void) setsid ();
    if (pipe2 (empty, O_CLOEXEC) < 0 || dup2 (empty[0], 0) < 0 || dup2 (out, 1) < 0 ||
        dup2 (err, 2) < 0)
        _exit (code);
    close_all_but (run->fleet->shared_fd);
    leave_environment_behind (home);
    if (prc_homes_take_rights (run->homes, home, &error)) {
        (void) prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        prc_secrets_harden_process (); /* the change of user has undone it */
        if (chdir ("/") == 0)
            code = run->fleet->work (home, run->fleet->data);
    } else {
        fprintf (stderr, "proxyrc: %s\n", error->message);
    }
    (void) fflush (stdout);
    (void) fflush (stderr);
    /* not exit(): what the caller has set up for its own end isn't this process's to do */
    _exit (code);
}

static gboolean
begin (Run *run, GError **error)
{
    const PrcHome *home = prc_homes_get (run->homes, run->next);
    Slot *slot = &run->slots[run->next % SLOTS];
    int out[2] = { -1, -1 }, err[2] = { -1, -1 };
    pid_t pid = -1;

    (void) fflush (NULL);
    if (pipe2 (out, O_CLOEXEC) == 0 && pipe2 (err, O_CLOEXEC) == 0)
        pid = fork ();
    if (pid == 0)
        live_in_home (run, home, out[1], err[1]);
    if (pid < 0)
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("%s: no process could be started: %s"),
                     home->home, g_strerror (errno));
    prc_fd_clear (&out[1]);
    prc_fd_clear (&err[1]);
    if (pid < 0) {
        prc_fd_clear (&out[0]);
        prc_fd_clear (&err[0]);
        return FALSE;
    }
    (void) fcntl (out[0], F_SETFL, O_NONBLOCK);
    (void) fcntl (err[0], F_SETFL, O_NONBLOCK);
    *slot =
        (Slot){ .home = home,
                .pid = pid,
                .fds = { out[0], err[0] },
                .texts = { g_string_new (NULL), g_string_new (NULL) },
                .deadline = g_get_monotonic_time () + run->fleet->seconds * G_TIME_SPAN_SECOND };
    run->next++;
    run->running++;
    return TRUE;
}

/* The caller */

static void
kill_slot (Slot *slot)
{
    if (slot->pid > 0 && kill (-slot->pid, SIGKILL) != 0)
        (void) kill (slot->pid, SIGKILL); /* it has not come to its setsid() yet */
}

static void
read_from (Slot *slot, int which)
{
    char buffer[65536];
    gssize n = read (slot->fds[which], buffer, sizeof buffer);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        prc_fd_clear (&slot->fds[which]);
        return;
    }
    if (slot->texts[which]->len + (gsize) n <= OUTPUT_MAX)
        g_string_append_len (slot->texts[which], buffer, n);
    else if (!slot->is_too_much) {
        slot->is_too_much = TRUE;
        kill_slot (slot);
    }
}

/* Both pipes are closed: it has ended, or is about to. */
static gboolean
is_ending (const Slot *slot)
{
    return slot->pid > 0 && slot->fds[0] < 0 && slot->fds[1] < 0;
}

static void
reap (Run *run, Slot *slot)
{
    if (waitpid (slot->pid, &slot->status, WNOHANG) == 0)
        return;
    slot->pid = 0;
    run->running--;
}

static char *
failure_of (const Run *run, const Slot *slot)
{
    if (slot->is_late)
        return g_strdup_printf (_ ("given up after %u seconds; the next run finishes or takes back "
                                   "what it had begun"),
                                run->fleet->seconds);
    if (slot->is_too_much)
        return g_strdup (_ ("ended: it printed more than anybody's settings can be"));
    if (WIFSIGNALED (slot->status))
        return g_strdup_printf (
            _ ("it crashed (signal %d, %s); the next run finishes or takes back "
               "what it had begun"),
            WTERMSIG (slot->status), strsignal (WTERMSIG (slot->status)));
    return NULL;
}

static void
tell (Run *run, Slot *slot)
{
    g_autofree char *failure = failure_of (run, slot);
    PrcFleetResult result = { .home = slot->home,
                              .exit = failure != NULL ? run->fleet->failed_exit
                                                      : WEXITSTATUS (slot->status),
                              .out = slot->texts[0]->str,
                              .err = slot->texts[1]->str,
                              .failure = failure };

    run->fleet->done (&result, run->fleet->data);
    for (int i = 0; i < 2; i++)
        (void) g_string_free (slot->texts[i], TRUE);
    *slot = (Slot){ .fds = { -1, -1 } };
}

/* In the order in which they were begun. */
static void
tell_finished (Run *run)
{
    while (run->first < run->next && run->slots[run->first % SLOTS].pid == 0) {
        Slot *slot = &run->slots[run->first % SLOTS];

        if (slot->home != NULL)
            tell (run, slot);
        run->first++;
    }
}

static int
milliseconds_left (Run *run)
{
    gint64 now = g_get_monotonic_time (), soonest = now + G_TIME_SPAN_SECOND / 4;

    for (guint i = run->first; i < run->next; i++) {
        Slot *slot = &run->slots[i % SLOTS];

        if (slot->pid <= 0)
            continue;
        if (slot->deadline <= now && !slot->is_late) {
            slot->is_late = TRUE;
            kill_slot (slot);
        }
        soonest = MIN (soonest, is_ending (slot) ? now + 1000 : slot->deadline);
    }
    return (int) (MAX (soonest - now, 1000) / 1000);
}

static void
wait_and_read (Run *run)
{
    struct pollfd polls[2 * SLOTS + 1] = { { .fd = run->signal_fd, .events = POLLIN } };
    struct {
        Slot *slot;
        int which;
    } of[2 * SLOTS + 1];
    nfds_t n = 1;

    for (guint i = run->first; i < run->next; i++)
        for (int which = 0; which < 2; which++)
            if (run->slots[i % SLOTS].fds[which] >= 0) {
                of[n].slot = &run->slots[i % SLOTS];
                of[n].which = which;
                polls[n++] =
                    (struct pollfd){ .fd = run->slots[i % SLOTS].fds[which], .events = POLLIN };
            }
    if (poll (polls, n, milliseconds_left (run)) < 0)
        return;
    if (polls[0].revents != 0) {
        struct signalfd_siginfo info;

        run->is_stopped |= read (run->signal_fd, &info, sizeof info) == sizeof info;
    }
    for (nfds_t i = 1; i < n; i++)
        if (polls[i].revents != 0)
            read_from (of[i].slot, of[i].which);
    for (guint i = run->first; i < run->next; i++) {
        Slot *slot = &run->slots[i % SLOTS];

        if (is_ending (slot))
            reap (run, slot);
    }
}

static gboolean
begin_some (Run *run, GError **error)
{
    guint n = prc_homes_count (run->homes);

    while (!run->is_stopped && run->next < n && run->running < run->parallel &&
           run->next - run->first < SLOTS) {
        if (prc_homes_get (run->homes, run->next)->why_skipped != NULL) {
            run->slots[run->next++ % SLOTS] = (Slot){ .fds = { -1, -1 } };
            tell_finished (run);
        } else if (!begin (run, error))
            return FALSE;
    }
    return TRUE;
}

static guint
usual_parallel (void)
{
    long n = sysconf (_SC_NPROCESSORS_ONLN);

    return (guint) CLAMP (n, 2, PARALLEL_MAX);
}

gboolean
prc_fleet_run (const PrcHomes *homes, const PrcFleet *fleet, GError **error)
{
    Run run = { .homes = homes, .fleet = fleet };
    GError *failed = NULL;
    sigset_t stops;

    /* What the list has left behind as free memory, each child would tidy up anew. */
    (void) malloc_trim (0);
    run.parallel = fleet->parallel > 0 ? MIN (fleet->parallel, PARALLEL_MAX) : usual_parallel ();
    (void) sigemptyset (&stops);
    (void) sigaddset (&stops, SIGINT);
    (void) sigaddset (&stops, SIGTERM);
    (void) sigaddset (&stops, SIGHUP);
    (void) sigprocmask (SIG_BLOCK, &stops, &run.former);
    run.signal_fd = signalfd (-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
    do {
        /* What can't be started stops the run; what runs is finished all the same. */
        if (failed == NULL && !begin_some (&run, &failed))
            run.is_stopped = TRUE;
        if (run.running > 0)
            wait_and_read (&run);
        tell_finished (&run);
        if (fleet->tick != NULL)
            fleet->tick (run.first, fleet->data);
    } while (run.running > 0 || (!run.is_stopped && run.next < prc_homes_count (homes)));
    prc_fd_clear (&run.signal_fd);
    (void) sigprocmask (SIG_SETMASK, &run.former, NULL);
    if (failed == NULL && run.is_stopped)
        g_set_error (&failed, PRC_ERROR, PRC_ERROR_CANCELLED,
                     _ ("stopped after %u of %u homes; those are done, and what is done is whole"),
                     run.first, prc_homes_count (homes));
    if (failed != NULL)
        g_propagate_error (error, failed);
    return failed == NULL;
}
