/* cli.h - what the commands share: options, the table, exit codes, where output goes */
#pragma once
#include <glib.h>

#include "app/session.h"

/** The exit codes; exit-codes.c has what they mean, for help and the manual. */
enum {
    PRC_EXIT_DONE = 0, /* done, or all agrees */
    PRC_EXIT_NO = 1,   /* the answer is no: something differs, or could not be served */
    PRC_EXIT_USAGE = 2,
    PRC_EXIT_INPUT = 3,  /* a file, profile or URL that can't be read; nothing changed */
    PRC_EXIT_WRITE = 4,  /* writing failed, everything was rolled back */
    PRC_EXIT_LOCKED = 5, /* a secret is needed and may not be asked for, or the store is locked */
    PRC_EXIT_NETWORK = 6,
    PRC_EXIT_DYNAMIC = 7, /* computed by shell code */
    PRC_EXIT_CANCELLED = 130,
};

/** PrcOptionSet: which options a command takes. */
typedef enum {
    PRC_TAKES_JSON = 1 << 0,
    PRC_TAKES_TOOLS = 1 << 1,
    PRC_TAKES_WRITE = 1 << 2,    /* --dry-run --in-place --allow-exposed */
    PRC_TAKES_ASK = 1 << 3,      /* --passphrase-fd */
    PRC_TAKES_PASSWORD = 1 << 4, /* --user --password-stdin --password-fd --store --no-check */
    PRC_TAKES_FORMAT = 1 << 5,   /* --format --reveal */
    PRC_TAKES_SHELL = 1 << 6,
    PRC_TAKES_PURGE = 1 << 7, /* --purge --yes */
    PRC_TAKES_FORCE = 1 << 8,
    PRC_TAKES_FOR = 1 << 9,
    PRC_TAKES_ROUTE = 1 << 10, /* --this-shell --interactive --dir */
    PRC_TAKES_CHECK = 1 << 20, /* --proxy --url --ca --timeout --found --force, --user
                                  --password-stdin --password-fd */
    PRC_TAKES_PASSWD =
        1 << 21, /* --password-stdin --password-fd --no-check --force --scan --scrub */
    PRC_TAKES_DOCTOR = 1 << 22, /* --no-check */
    PRC_TAKES_ALL_USERS = 1 << 23,
    PRC_TAKES_DRY_RUN = 1 << 24,
    PRC_TAKES_IN_PLACE = 1 << 25,
    PRC_TAKES_SYSTEM = 1 << 26,
    PRC_TAKES_UI = 1 << 30, /* the terminal UI, which takes those that say where */
} PrcOptionSet;

/** PrcOptions: what was said on the command line. Strings are owned. */
typedef struct {
    gboolean json, dry_run, in_place, allow_exposed, yes, no_input, system, quiet, verbose;
    gboolean password_stdin, no_check, reveal, purge, force, startup;
    gboolean only_reads;            /* not an option: see PrcSessionOptions */
    int passphrase_fd, password_fd; /* -1: none */
    gboolean all_users;
    int shared_rejected; /* not an option: see PrcSessionOptions */
    char *tools, *home, *root, *config, *color;
    const char *login_shell; /* (nullable): of the owner of @home */
    char *user, *store, *format, *shell, *for_time;
    char *proxy, *url, *ca, *timeout; /* check */
    gboolean found;
    gboolean scrub; /* passwd */
    char **scan;
    gboolean this_shell, interactive; /* route */
    char *dir;
    char **arguments;   /* what is not an option */
    gboolean use_color; /* decided from --color, NO_COLOR and the terminal */
} PrcOptions;

/** PrcCompleter: adds what could stand where the cursor is; see complete.h. */
typedef struct _PrcCompletion PrcCompletion;
typedef void (*PrcCompleter) (PrcCompletion *completion);

/** PrcCommand: one row of the table. @run returns an exit code; with @error set,
 * prc_cli_exit_code() of it counts. */
typedef struct {
    const char *name;
    const char *synopsis; /* arguments, as help shows them */
    const char *summary;
    const char *description; /* (nullable): more for --help */
    PrcOptionSet takes;
    guint min_arguments, max_arguments; /* G_MAXUINT: any number */
    int (*run) (PrcOptions *options, GError **error);
    PrcCompleter complete; /* (nullable): of its arguments; NULL: it has none */
} PrcCommand;

extern const PrcCommand prc_command_status, prc_command_scan, prc_command_profile,
    prc_command_login, prc_command_logout, prc_command_unlock, prc_command_lock, prc_command_apply,
    prc_command_use, prc_command_undo, prc_command_history, prc_command_env, prc_command_tools,
    prc_command_file, prc_command_git_credential;
extern const PrcCommand prc_command_terminal_ui; /* not in the table; never run */
extern const PrcCommand prc_command_check, prc_command_passwd;
extern const PrcCommand prc_command_explain;
extern const PrcCommand prc_command_route;
extern const PrcCommand prc_command_doctor;

/** prc_cli_run: the command with these options, in one home; tells what went wrong. Returns: the
 * exit code */
int prc_cli_run (const PrcCommand *command, PrcOptions *options);
/** prc_cli_run_all_users: the same in every home of the machine, each in a process of its own.
 * Returns: the highest of their exit codes */
int prc_cli_run_all_users (const PrcCommand *command, PrcOptions *options, GError **error);

/** prc_cli_exit_code: the one table from errors to exit codes. */
int prc_cli_exit_code (const GError *error);

/** prc_cli_session: (transfer full) (nullable): from the options; tells on stderr what a crash had
 * left. */
PrcSession *prc_cli_session (PrcOptions *options, GError **error);

/** prc_cli_read_password: from --password-stdin, --password-fd, or the terminal; (transfer full)
 * (nullable). */
PrcSecret *prc_cli_read_password (PrcOptions *options, const char *question, GError **error);
/** prc_cli_read_new_password: as prc_cli_read_password(), but a person types it twice. */
PrcSecret *prc_cli_read_new_password (PrcOptions *options, const char *question, GError **error);

/** prc_cli_read_line: a question on the terminal whose answer is shown. @otherwise: the message
 * when nobody may be asked: how to say it without. (transfer full) (nullable) */
char *prc_cli_read_line (PrcOptions *options, const char *question, const char *otherwise,
                         GError **error);

/** prc_cli_warn: "proxyrc: TEXT" on stderr, made printable; nothing with --quiet. */
void prc_cli_warn (const PrcOptions *options, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** prc_cli_check_arguments: refuses (#PRC_ERROR_USAGE) a URL with a password in it, wherever it is.
 */
gboolean prc_cli_check_arguments (char **argv, GError **error);
/** prc_cli_hide_option_value: rewrites a G_OPTION_ERROR so that it names an option without its
 * value. */
void prc_cli_hide_option_value (char **argv, GError **error);
/** prc_cli_set_unknown_option: @word: as typed; only what is before its "=" is named. */
void prc_cli_set_unknown_option (GError **error, const char *word);
/** prc_cli_set_usage_error: how @command is used. */
void prc_cli_set_usage_error (GError **error, const PrcCommand *command);
