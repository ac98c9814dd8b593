/* cmd-passwd.c - passwd: "my password has changed" */
#include <stdio.h>
#include <string.h>

#include "app/passwd.h"
#include "app/profiles.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output-check.h"
#include "cli/output.h"
#include "cli/progress.h"

/* --- JSON ---------------------------------------------------------------------------------------
 */

static json_t *
left_json (const PrcLeftRow *row)
{
    json_t *object = json_object ();

    json_object_set_new (object, "file", prc_json_text (row->path));
    json_object_set_new (object, "line", row->line > 0 ? json_integer (row->line) : json_null ());
    json_object_set_new (object, "kind", prc_json_text (prc_left_kind_name (row->kind)));
    json_object_set_new (object, "key", prc_json_text (row->key));
    json_object_set_new (object, "remedy", prc_json_text (row->remedy));
    return object;
}

static json_t *
running_json (const PrcRunningRow *row)
{
    json_t *object = json_object (), *variables = json_array ();

    for (char **name = row->variables; *name != NULL; name++)
        json_array_append_new (variables, prc_json_text (*name));
    json_object_set_new (object, "pid", json_integer (row->pid));
    json_object_set_new (object, "name", prc_json_text (row->name));
    json_object_set_new (object, "seconds", json_integer ((json_int_t) row->seconds));
    json_object_set_new (object, "variables", variables);
    json_object_set_new (object, "this_shell", json_boolean (row->is_ours));
    json_object_set_new (object, "remedy", prc_json_text (row->remedy));
    return object;
}

static void
output_json (const PrcPasswdReport *report)
{
    json_t *object = prc_json_report (report->report);
    json_t *left = json_array (), *running = json_array ();

    for (guint i = 0; i < report->left->len; i++)
        json_array_append_new (left, left_json (g_ptr_array_index (report->left, i)));
    for (guint i = 0; i < report->running->len; i++)
        json_array_append_new (running, running_json (g_ptr_array_index (report->running, i)));
    json_object_set_new (object, "profile", prc_json_text (report->profile));
    json_object_set_new (object, "check",
                         report->check != NULL ? prc_check_json (report->check) : json_null ());
    json_object_set_new (object, "left", left);
    json_object_set_new (object, "running", running);
    json_object_set_new (object, "scrubbed", json_integer (report->n_scrubbed));
    prc_output_json (object);
}

/* --- text ---------------------------------------------------------------------------------------
 */

static char *
age_text (guint64 seconds)
{
    if (seconds >= 2 * 86400)
        return g_strdup_printf (ngettext ("%u day", "%u days", seconds / 86400),
                                (guint) (seconds / 86400));
    if (seconds >= 2 * 3600)
        return g_strdup_printf (ngettext ("%u hour", "%u hours", seconds / 3600),
                                (guint) (seconds / 3600));
    if (seconds >= 120)
        return g_strdup_printf (ngettext ("%u minute", "%u minutes", seconds / 60),
                                (guint) (seconds / 60));
    return g_strdup_printf (ngettext ("%u second", "%u seconds", seconds), (guint) seconds);
}

static void
print_left (const PrcPasswdReport *report)
{
    if (report->left->len > 0)
        puts (_ ("Still with an old password, or maybe so:"));
    for (guint i = 0; i < report->left->len; i++) {
        const PrcLeftRow *row = g_ptr_array_index (report->left, i);
        g_autofree char *path = prc_text_printable (row->path);
        g_autofree char *key = row->key != NULL ? prc_text_printable (row->key) : NULL;
        g_autofree char *line = row->line > 0 ? g_strdup_printf (":%u", row->line) : g_strdup ("");

        printf ("  %-11s %s%s%s%s: %s\n", prc_left_kind_name (row->kind), path, line,
                key != NULL ? ": " : "", key != NULL ? key : "", row->remedy);
    }
}

static void
print_running (const PrcPasswdReport *report)
{
    if (report->running->len > 0)
        puts (_ ("Running with an old password in their environment:"));
    for (guint i = 0; i < report->running->len; i++) {
        const PrcRunningRow *row = g_ptr_array_index (report->running, i);
        g_autofree char *names = g_strjoinv (" ", row->variables);
        g_autofree char *age = age_text (row->seconds);

        printf ("  %7d ", row->pid);
        /* Translators: a running program */
        printf (row->is_ours ? _ ("%s, where this was called") : "%s", row->name);
        printf (" (%s; %s): %s\n", age, names, row->remedy);
    }
}

static void
output_text (const PrcOptions *options, const PrcPasswdReport *report)
{
    prc_output_files (options, report->report);
    if (report->is_weak)
        prc_cli_warn (options, "%s",
                      _ ("an old password is short or may be a word: copies of it were looked for "
                         "only behind the user name"));
    if (options->quiet)
        return;
    if (!report->report->changed)
        puts (_ ("Nothing to change."));
    else if (!options->dry_run)
        printf (report->check != NULL ? _ ("The new password of “%s” is stored, and the proxy has "
                                           "accepted it.\n")
                                      : _ ("The new password of “%s” is stored.\n"),
                report->profile);
    if (report->report->transaction != NULL)
        printf (_ ("`proxyrc undo --force %s` would bring the old one back.\n"),
                report->report->transaction);
    print_left (report);
    print_running (report);
}

/* --- the command ---------------------------------------------------------------------------------
 */

static int
refused (const PrcOptions *options, const PrcPasswdReport *report)
{
    const PrcCheckResult *check = report->check;
    gboolean withheld = check->verdict == PRC_VERDICT_WITHHELD;

    if (options->json)
        output_json (report);
    if (report->outcome == PRC_PASSWD_REJECTED)
        fprintf (stderr, "proxyrc: %s\n",
                 withheld ? _ ("the proxy has rejected this password a short while ago, so it was "
                               "not sent again; nothing was stored or written. --force sends it")
                          : _ ("the proxy rejects this password; nothing was stored or written"));
    else
        fprintf (stderr, "proxyrc: %s: %s. %s\n", _ ("the password could not be tried"),
                 prc_check_verdict_text (check->verdict),
                 _ ("Nothing was stored or written; --no-check goes on without trying it"));
    if (check->detail != NULL)
        prc_cli_warn (options, "%s", check->detail);
    if (check->remedy != NULL && !withheld)
        prc_cli_warn (options, "%s", check->remedy);
    return report->outcome == PRC_PASSWD_REJECTED ? PRC_EXIT_NO : PRC_EXIT_NETWORK;
}

/* Who it is for is said in the question: nobody should type a password for the wrong one. */
static PrcSecret *
ask (PrcOptions *options, PrcSession *session, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, options->arguments[0], error) : NULL;
    g_autofree char *question = NULL;

    if (profile == NULL)
        return NULL;
    question = g_strdup_printf (_ ("New password of %s at the proxy"),
                                profile->user != NULL ? profile->user : profile->name);
    return prc_cli_read_new_password (options, question, error);
}

static int
run_passwd (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcSecret) password = session != NULL ? ask (options, session, error) : NULL;
    g_autoptr (PrcPasswdReport) report = NULL;
    PrcScanProgress progress = { 0 };
    PrcProgressLine *line = NULL;
    PrcPasswdRequest request = {
        .profile = options->arguments[0],
        .password = password,
        .no_check = options->no_check,
        .force = options->force,
        .scrub = options->scrub,
        .scan = options->scan,
        .progress = &progress,
    };

    if (password == NULL)
        return PRC_EXIT_LOCKED;
    line = prc_progress_line_start (options, &progress);
    report = prc_passwd (session, &request, error);
    prc_progress_line_stop (line);
    if (report == NULL)
        return PRC_EXIT_INPUT;
    if (report->outcome != PRC_PASSWD_DONE)
        return refused (options, report);
    if (options->json)
        output_json (report);
    else
        output_text (options, report);
    return report->report->is_partial || report->is_live ||
                   (options->dry_run && report->report->changed)
               ? PRC_EXIT_NO
               : PRC_EXIT_DONE;
}

const PrcCommand prc_command_passwd = {
    "passwd",
    "[PROFILE]",
    N_ ("Your password has changed: try it once, store it, write it everywhere"),
    N_ ("Every file of this machine that held an old one gets the new one, whatever the tool, the\n"
        "key and the encoding; with --scan, those of whole trees too. All in one transaction, or\n"
        "nothing. What can't be changed is listed: programs that are running, code, comments, "
        "logs,\n"
        "copies, histories (--scrub removes these). Exit code 1: the proxy rejects the password,\n"
        "and nothing was changed; or it is done, but something that may still send an old one is\n"
        "left. 6: it could not be tried; --no-check goes on all the same."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_SYSTEM | PRC_TAKES_WRITE | PRC_TAKES_ASK |
        PRC_TAKES_PASSWD,
    0,
    1,
    run_passwd,
    prc_complete_own_profile,
};
