#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace.h"

#if defined(__x86_64__)

/* Making these fail says nothing about files, and a program without memory can only end. */
static gboolean
may_fail (long call)
{
    switch (call) {
    case SYS_brk:
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_mprotect:
    case SYS_madvise:
    case SYS_futex:
    case SYS_exit_group:
    case SYS_rt_sigaction:
    case SYS_rt_sigprocmask:
    case SYS_clock_nanosleep:
        return FALSE;
    default:
        return TRUE;
    }
}

static gboolean
writes (long call)
{
    switch (call) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_fsync:
    case SYS_ftruncate:
    case SYS_fallocate:
    case SYS_fchmod:
    case SYS_fchown:
    case SYS_fsetxattr:
    case SYS_unlinkat:
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_linkat:
    case SYS_mkdir:
    case SYS_mkdirat:
        return TRUE;
    default:
        return FALSE;
    }
}

static void
poke (pid_t child, gsize offset, long value)
{
    if (ptrace (PTRACE_POKEUSER, child, (void *) offset, (void *) value) < 0)
        fail_msg ("PTRACE_POKEUSER: %s", g_strerror (errno));
}

/* The error that the call about to be made is to have, or 0. */
static int
error_for (Trace *trace, long call)
{
    for (guint i = 0; trace->always != NULL && trace->always[i][0] >= 0; i++)
        if (trace->always[i][0] == call)
            return (int) trace->always[i][1];
    if (!may_fail (call))
        return 0;
    if (trace->n_calls == trace->fail_at) {
        trace->hit = TRUE;
        trace->hit_call = call;
        return trace->fail_errno;
    }
    return trace->fail_rest && trace->hit && writes (call) ? trace->fail_errno : 0;
}

/* At one stop: FALSE when the child has been killed. */
static gboolean
at_stop (Trace *trace, pid_t child, int *pending)
{
    struct __ptrace_syscall_info info;

    if (ptrace (PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) < 0)
        fail_msg ("PTRACE_GET_SYSCALL_INFO: %s", g_strerror (errno));
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY && (long) info.entry.nr == SYS_exit_group)
        return TRUE;
    if (trace->n_stops++ == trace->kill_at) {
        trace->hit = TRUE;
        trace->hit_call = info.op == PTRACE_SYSCALL_INFO_ENTRY ? (long) info.entry.nr : -1;
        kill (child, SIGKILL);
        return FALSE;
    }
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
        *pending = error_for (trace, (long) info.entry.nr);
        if (*pending != 0)
            poke (child, offsetof (struct user_regs_struct, orig_rax), -1);
        if (trace->calls != NULL) {
            long call = (long) info.entry.nr;

            g_array_append_val (trace->calls, call);
        }
        trace->n_calls++;
    } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && *pending != 0) {
        poke (child, offsetof (struct user_regs_struct, rax), -*pending);
        *pending = 0;
    }
    return TRUE;
}

static pid_t
start (int (*function) (gpointer data), gpointer data)
{
    pid_t child;
    int status;

    fflush (NULL);
    child = fork ();
    if (child == 0) {
        if (ptrace (PTRACE_TRACEME, 0, NULL, NULL) < 0)
            _exit (125);
        raise (SIGSTOP);
        _exit (function (data));
    }
    if (child < 0 || waitpid (child, &status, 0) != child || !WIFSTOPPED (status) ||
        ptrace (PTRACE_SETOPTIONS, child, NULL,
                (void *) (long) (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) < 0)
        return -1;
    return child;
}

int
trace_run (Trace *trace, int (*function) (gpointer data), gpointer data)
{
    pid_t child = start (function, data);
    int status = 0, pending = 0, signal = 0;

    if (child < 0)
        fail_msg ("can't trace a child");
    for (;;) {
        if (ptrace (PTRACE_SYSCALL, child, NULL, (void *) (long) signal) < 0 && errno != ESRCH)
            fail_msg ("PTRACE_SYSCALL: %s", g_strerror (errno));
        if (waitpid (child, &status, 0) != child)
            fail_msg ("waitpid: %s", g_strerror (errno));
        if (!WIFSTOPPED (status))
            break;
        signal = 0;
        if (WSTOPSIG (status) != (SIGTRAP | 0x80))
            signal = WSTOPSIG (status);
        else if (!at_stop (trace, child, &pending)) {
            (void) waitpid (child, &status, 0);
            break;
        }
    }
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static int
do_nothing (gpointer data)
{
    (void) data;
    return 0;
}

gboolean
trace_supported (void)
{
    pid_t child = start (do_nothing, NULL);
    struct __ptrace_syscall_info info;
    int status;

    if (child > 0 && ptrace (PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) >= 0) {
        kill (child, SIGKILL);
        (void) waitpid (child, &status, 0);
        return TRUE;
    }
    if (child > 0) {
        kill (child, SIGKILL);
        (void) waitpid (child, &status, 0);
    }
    printf ("# skipped: ptrace is not allowed here, or the kernel is older than 5.3\n");
    return FALSE;
}

#else

gboolean
trace_supported (void)
{
    printf ("# skipped: tracing is written for x86-64 only\n");
    return FALSE;
}

int
trace_run (Trace *trace, int (*function) (gpointer data), gpointer data)
{
    (void) trace;
    return function (data);
}

#endif
