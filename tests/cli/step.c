/* step [OPTION…] PROGRAM [ARGUMENT…]: runs a program and stops it at the system calls that change
 * something
 *
 * Between two such calls nothing that another process could see is changed, so whoever stops before
 * each of them has seen every state that a crash can leave. Calls are counted from 0; what goes to
 * stdout and stderr doesn't count.
 *
 *   --list FILE       writes "INDEX NAME RESULT" for each, and "EXEC" or "FORK" for a program or
 * process started
 *   --kill N          SIGKILL before call N
 *   --fail N ERRNO    call N isn't made and fails
 *   --at N COMMAND    runs a shell command before call N
 *   --any             counts every system call, not only those that change something
 *
 * Exits as the program does; 137 when it was killed, 126 when it died of another signal, 125 when
 * tracing failed, 77 where it can't be done. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)

typedef struct {
    FILE *list;
    long kill_at, fail_at, fail_errno, run_at;
    const char *command;
    int any;
    /* while it runs */
    long n, index;
    const char *name; /* of the call being made; NULL: doesn't count */
    int failing;
} Step;

static const struct {
    long call;
    const char *name;
} CHANGING[] = {
    { SYS_write, "write" },
    { SYS_pwrite64, "pwrite64" },
    { SYS_writev, "writev" },
    { SYS_pwritev, "pwritev" },
    { SYS_sendfile, "sendfile" },
    { SYS_copy_file_range, "copy_file_range" },
    { SYS_fsync, "fsync" },
    { SYS_fdatasync, "fdatasync" },
    { SYS_truncate, "truncate" },
    { SYS_ftruncate, "ftruncate" },
    { SYS_fallocate, "fallocate" },
    { SYS_creat, "creat" },
    { SYS_chmod, "chmod" },
    { SYS_fchmod, "fchmod" },
    { SYS_fchmodat, "fchmodat" },
    { SYS_chown, "chown" },
    { SYS_fchown, "fchown" },
    { SYS_fchownat, "fchownat" },
    { SYS_setxattr, "setxattr" },
    { SYS_fsetxattr, "fsetxattr" },
    { SYS_removexattr, "removexattr" },
    { SYS_fremovexattr, "fremovexattr" },
    { SYS_unlink, "unlink" },
    { SYS_unlinkat, "unlinkat" },
    { SYS_rename, "rename" },
    { SYS_renameat, "renameat" },
    { SYS_renameat2, "renameat2" },
    { SYS_link, "link" },
    { SYS_linkat, "linkat" },
    { SYS_symlink, "symlink" },
    { SYS_symlinkat, "symlinkat" },
    { SYS_mkdir, "mkdir" },
    { SYS_mkdirat, "mkdirat" },
    { SYS_rmdir, "rmdir" },
    { SYS_utimensat, "utimensat" },
    { SYS_flock, "flock" },
    { SYS_sync_file_range, "sync_file_range" },
};

static void
die (const char *what)
{
    fprintf (stderr, "step: %s: %s\n", what, strerror (errno));
    exit (125);
}

static const char *
counted_name (const Step *step, const struct __ptrace_syscall_info *info)
{
    long call = (long) info->entry.nr;
    const char *other = step->any && call != SYS_exit_group ? "other" : NULL;

    if ((call == SYS_write || call == SYS_writev) &&
        (info->entry.args[0] == 1 || info->entry.args[0] == 2))
        return other;
    if (call == SYS_openat && (info->entry.args[2] & (O_CREAT | O_TRUNC)) != 0)
        return "openat";
    for (size_t i = 0; i < sizeof CHANGING / sizeof *CHANGING; i++)
        if (CHANGING[i].call == call)
            return CHANGING[i].name;
    return other;
}

static void
poke (pid_t child, size_t offset, long value)
{
    if (ptrace (PTRACE_POKEUSER, child, (void *) offset, (void *) value) < 0)
        die ("PTRACE_POKEUSER");
}

static void
before_call (Step *step, pid_t child, const struct __ptrace_syscall_info *info)
{
    step->name = counted_name (step, info);
    if (step->name == NULL)
        return;
    step->index = step->n++;
    if (step->index == step->kill_at)
        kill (child, SIGKILL);
    else if (step->index == step->run_at && system (step->command) != 0)
        die (step->command);
    else if (step->index == step->fail_at) {
        poke (child, offsetof (struct user_regs_struct, orig_rax), -1);
        step->failing = 1;
    }
}

static void
after_call (Step *step, pid_t child, const struct __ptrace_syscall_info *info)
{
    if (step->failing)
        poke (child, offsetof (struct user_regs_struct, rax), -step->fail_errno);
    else if (step->name != NULL && step->list != NULL)
        fprintf (step->list, "%ld %s %lld\n", step->index, step->name, (long long) info->exit.rval);
    step->failing = 0;
    step->name = NULL;
}

static void
at_stop (Step *step, pid_t child)
{
    struct __ptrace_syscall_info info;

    memset (&info, 0, sizeof info);
    if (ptrace (PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) < 0) {
        if (errno == ESRCH)
            return;
        die ("PTRACE_GET_SYSCALL_INFO");
    }
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
        before_call (step, child, &info);
    else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
        after_call (step, child, &info);
}

static pid_t
start (char **argv)
{
    pid_t child = fork ();
    int status;

    if (child < 0)
        die ("fork");
    if (child == 0) {
        if (ptrace (PTRACE_TRACEME, 0, NULL, NULL) < 0)
            _exit (77);
        execvp (argv[0], argv);
        _exit (127);
    }
    if (waitpid (child, &status, 0) != child)
        die ("waitpid");
    if (WIFEXITED (status))
        exit (WEXITSTATUS (status));
    /* It stands behind its execve(): from here on, all is the program's own. */
    if (ptrace (PTRACE_SETOPTIONS, child, NULL,
                (void *) (long) (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC |
                                 PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)) <
        0)
        die ("PTRACE_SETOPTIONS");
    return child;
}

/* A process or a thread that the program has started goes its own way. */
static int
let_go (pid_t child)
{
    unsigned long other = 0;

    if (ptrace (PTRACE_GETEVENTMSG, child, NULL, &other) == 0) {
        (void) waitpid ((pid_t) other, NULL, __WALL);
        (void) ptrace (PTRACE_DETACH, (pid_t) other, NULL, NULL);
    }
    return 0;
}

/* The signal to pass on. A clone is a thread here: what becomes a process by clone() calls execve()
 * or tells by its exit signal, which makes it a FORK to the kernel. */
static int
at_event (Step *step, pid_t child, int status)
{
    int event = status >> 16;

    if (WSTOPSIG (status) == (SIGTRAP | 0x80)) {
        at_stop (step, child);
        return 0;
    }
    if (event == 0)
        return WSTOPSIG (status);
    if (event == PTRACE_EVENT_CLONE)
        return let_go (child);
    if (step->list != NULL)
        fprintf (step->list, "%s\n", event == PTRACE_EVENT_EXEC ? "EXEC" : "FORK");
    return event == PTRACE_EVENT_EXEC ? 0 : let_go (child);
}

static int
follow (Step *step, pid_t child)
{
    int status = 0, signal = 0;

    for (;;) {
        if (ptrace (PTRACE_SYSCALL, child, NULL, (void *) (long) signal) < 0 && errno != ESRCH)
            die ("PTRACE_SYSCALL");
        if (waitpid (child, &status, 0) != child)
            die ("waitpid");
        if (WIFEXITED (status))
            return WEXITSTATUS (status);
        if (WIFSIGNALED (status))
            return WTERMSIG (status) == SIGKILL ? 137 : 126;
        signal = at_event (step, child, status);
    }
}

int
main (int argc, char **argv)
{
    Step step = { .kill_at = -1, .fail_at = -1, .run_at = -1 };
    int i = 1, code;

    for (; i < argc && strncmp (argv[i], "--", 2) == 0; i++) {
        int left = argc - i - 1;

        if (strcmp (argv[i], "--any") == 0)
            step.any = 1;
        else if (strcmp (argv[i], "--list") == 0 && left > 0)
            step.list = fopen (argv[++i], "w");
        else if (strcmp (argv[i], "--kill") == 0 && left > 0)
            step.kill_at = atol (argv[++i]);
        else if (strcmp (argv[i], "--fail") == 0 && left > 1) {
            step.fail_at = atol (argv[++i]);
            step.fail_errno = atol (argv[++i]);
        } else if (strcmp (argv[i], "--at") == 0 && left > 1) {
            step.run_at = atol (argv[++i]);
            step.command = argv[++i];
        } else
            return 125;
    }
    if (i >= argc)
        return 125;
    code = follow (&step, start (argv + i));
    if (step.list != NULL && fclose (step.list) != 0)
        die ("the list");
    return code;
}

#else

int
main (void)
{
    fprintf (stderr, "step: written for x86-64 only\n");
    return 77;
}

#endif
