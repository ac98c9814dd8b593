#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "app/environment.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "cli/cli.h"

/* A shell that starts does not wait for a keyring that hangs, or a passphrase that takes longer to
 * stretch than anyone would wait. */
enum { STARTUP_SECONDS = 1, STARTUP_SECONDS_WITH_PASSPHRASE = 10 };

static void
give_up (int number)
{
    (void) number;
    _exit (PRC_EXIT_DONE);
}

static void
begin_startup (PrcOptions *options)
{
    const char *file = g_getenv ("PROXYRC_PASSPHRASE_FILE");
    gboolean unlocks = options->passphrase_fd >= 0 || (file != NULL && *file != '\0');
    const struct sigaction action = { .sa_handler = give_up };
    const struct itimerval limit = { .it_value.tv_sec = unlocks ? STARTUP_SECONDS_WITH_PASSPHRASE
                                                                : STARTUP_SECONDS };
    sigset_t alarm_only;

    sigemptyset (&alarm_only);
    sigaddset (&alarm_only, SIGALRM);
    (void) sigaction (SIGALRM, &action, NULL);
    (void) sigprocmask (SIG_UNBLOCK, &alarm_only, NULL);
    (void) setitimer (ITIMER_REAL, &limit, NULL);
    options->quiet = TRUE;
    options->no_input = TRUE;
    options->only_reads = TRUE;
}

/* At once, and not through stdio: what is evaluated must be whole, and its buffer would keep the
 * password. */
static gboolean
write_out (GBytes *text, GError **error)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (text, &size);

    return size == 0 || prc_write_all (STDOUT_FILENO, data, size, error);
}

static int
print_environment (PrcOptions *options, PrcEnvironmentMode mode, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (GBytes) text =
        session != NULL ? prc_environment_print (
                              session, options->shell != NULL ? options->shell : "sh", mode, error)
                        : NULL;

    return text != NULL && write_out (text, error) ? PRC_EXIT_DONE : PRC_EXIT_INPUT;
}

static int
run_env (PrcOptions *options, GError **error)
{
    if (!options->startup)
        return print_environment (options, PRC_ENVIRONMENT_ASK, error);
    begin_startup (options);
    /* A shell may be one that ends when a command fails. */
    (void) print_environment (options, PRC_ENVIRONMENT_STARTUP, NULL);
    return PRC_EXIT_DONE;
}

const PrcCommand prc_command_env = {
    "env",
    "",
    N_ ("Print the environment of the active profile, for a shell to evaluate"),
    N_ ("It holds the password: eval \"$(proxyrc env)\" in sh, `proxyrc env --shell fish | source` "
        "in\n"
        "fish, eval \"`proxyrc env --shell csh`\" in csh. With the placement reference, a line in "
        "the\n"
        "start-up files does that (--startup)."),
    PRC_TAKES_SHELL | PRC_TAKES_ASK,
    0,
    0,
    run_env,
    NULL,
};
