/* all-users.c - one command in every home: what each printed, as text and as one JSON object */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/rejected.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/fleet.h"
#include "cli/output.h"

/* Far longer than any home takes; one whose file server hangs must not hold up the others. */
#define SECONDS_PER_HOME 300
#define EXITS 256

typedef struct {
    const PrcCommand *command;
    const PrcOptions *options;
    const PrcHomes *homes;
    guint exits[EXITS]; /* how many homes ended with it */
    guint n_told;
    int shared_rejected; /* 0: none */
    gboolean shows_progress, is_shown;
    gint64 shown_at;
} AllUsers;

static gboolean
check_options (const PrcOptions *options, GError **error)
{
    static const char *const words = "--all-users";
    const char *other = options->home != NULL         ? "--home"
                        : options->config != NULL     ? "--config"
                        : options->system             ? "--system"
                        : options->passphrase_fd >= 0 ? "--passphrase-fd"
                        : options->password_stdin     ? "--password-stdin"
                        : options->password_fd >= 0   ? "--password-fd"
                                                      : NULL;

    if (other != NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("%s and %s don't go together: each home has its own profiles and its own "
                        "store; what is for all users goes into /etc/xdg/proxyrc/proxyrc.cfg"),
                     words, other);
    else if (geteuid () != 0)
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("%s is for root alone, who can take on each user's rights: run it with "
                        "sudo"),
                     words);
    else
        return TRUE;
    return FALSE;
}

/* In the child, with the rights of the home's owner. */
static int
work (const PrcHome *home, gpointer data)
{
    const AllUsers *all = data;
    PrcOptions options = *all->options;
    g_autofree char *path = g_strdup (home->home);

    options.all_users = FALSE;
    options.home = path;
    options.login_shell = home->shell;
    options.shared_rejected = all->shared_rejected;
    options.no_input = TRUE;
    options.use_color = FALSE;
    return prc_cli_run (all->command, &options);
}

/* Progress */

static void
hide_progress (AllUsers *all)
{
    if (all->is_shown)
        fputs ("\r\033[K", stderr);
    all->is_shown = FALSE;
}

static void
tick (guint n_done, gpointer data)
{
    AllUsers *all = data;
    gint64 now = g_get_monotonic_time ();

    if (!all->shows_progress || now - all->shown_at < G_TIME_SPAN_SECOND / 4)
        return;
    all->shown_at = now;
    all->is_shown = TRUE;
    fputs ("\r\033[K", stderr);
    fprintf (stderr, _ ("%u of %u homes … "), n_done, prc_homes_count (all->homes));
    (void) fflush (stderr);
}

/* Output */

static char *
shown_path (const AllUsers *all, const PrcHome *home)
{
    const char *root = all->options->root;
    gsize length = root != NULL ? strlen (root) : 0;

    while (length > 0 && root[length - 1] == '/')
        length--;
    return g_strdup_printf ("%.*s%s", (int) length, root != NULL ? root : "", home->home);
}

static void
print_lines (const char *text, const char *before, FILE *out)
{
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        const char *bare =
            g_str_has_prefix (*line, "proxyrc: ") ? *line + strlen ("proxyrc: ") : *line;
        g_autofree char *shown = prc_text_printable (bare);

        if (*bare != '\0')
            fprintf (out, "%s%s\n", before, shown);
    }
}

static void
output_text (const AllUsers *all, const PrcFleetResult *result)
{
    g_autofree char *path = shown_path (all, result->home);
    g_autofree char *shown = prc_text_printable (path);
    g_autofree char *before = g_strdup_printf ("proxyrc: %s: ", shown);

    if (!all->options->quiet) {
        if (result->exit == PRC_EXIT_DONE)
            printf ("%s\n", shown);
        else
            printf (_ ("%s (exit %d)\n"), shown, result->exit);
    }
    print_lines (result->out, "  ", stdout);
    (void) fflush (stdout);
    print_lines (result->err, before, stderr);
    if (result->failure != NULL)
        fprintf (stderr, "%s%s\n", before, result->failure);
}

static json_t *
messages_json (const PrcFleetResult *result)
{
    g_auto (GStrv) lines = g_strsplit (result->err, "\n", -1);
    json_t *messages = json_array ();

    for (char **line = lines; *line != NULL; line++)
        if (**line != '\0')
            json_array_append_new (
                messages,
                prc_json_text (g_str_has_prefix (*line, "proxyrc: ") ? *line + 9 : *line));
    if (result->failure != NULL)
        json_array_append_new (messages, prc_json_text (result->failure));
    return messages;
}

/* Each at once and on a line of its own: nothing is kept, however many there are. */
static void
output_json (const AllUsers *all, const PrcFleetResult *result)
{
    g_autofree char *path = shown_path (all, result->home);
    json_t *object = json_object ();
    json_t *own = json_loads (result->out, JSON_REJECT_DUPLICATES, NULL);
    char *text = NULL;

    json_object_set_new (object, "home", prc_json_text (path));
    json_object_set_new (object, "user", prc_json_text (result->home->user));
    json_object_set_new (object, "exit", json_integer (result->exit));
    json_object_set_new (object, "messages", messages_json (result));
    if (json_is_object (own)) {
        (void) json_object_del (own, "version");
        json_object_update_missing (object, own);
    }
    json_decref (own);
    text = json_dumps (object, 0);
    json_decref (object);
    printf ("%s\n    %s", all->n_told > 0 ? "," : "", text != NULL ? text : "null");
    free (text);
}

static void
done (const PrcFleetResult *result, gpointer data)
{
    AllUsers *all = data;

    hide_progress (all);
    if (all->options->json)
        output_json (all, result);
    else
        output_text (all, result);
    all->exits[result->exit & (EXITS - 1)]++;
    all->n_told++;
}

static void
output_skipped_json (const AllUsers *all)
{
    json_t *skipped = json_array ();
    char *text = NULL;

    for (guint i = 0; i < prc_homes_count (all->homes); i++) {
        const PrcHome *home = prc_homes_get (all->homes, i);
        g_autofree char *path = shown_path (all, home);
        json_t *object = NULL;

        if (home->why_skipped == NULL)
            continue;
        object = json_object ();
        json_object_set_new (object, "home", prc_json_text (path));
        json_object_set_new (object, "user", prc_json_text (home->user));
        json_object_set_new (object, "why", prc_json_text (home->why_skipped));
        json_array_append_new (skipped, object);
    }
    text = json_dumps (skipped, 0);
    json_decref (skipped);
    printf ("\n  ],\n  \"skipped\": %s\n}\n", text != NULL ? text : "[]");
    free (text);
}

static void
output_summary_text (const AllUsers *all)
{
    g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *line = NULL;
    guint n_skipped = 0;

    for (guint i = 0; i < prc_homes_count (all->homes); i++) {
        const PrcHome *home = prc_homes_get (all->homes, i);
        g_autofree char *path = shown_path (all, home);

        n_skipped += home->why_skipped != NULL;
        if (home->why_skipped != NULL)
            prc_cli_warn (all->options, _ ("%s: left out: %s"), path, home->why_skipped);
    }
    if (all->options->quiet)
        return;
    g_ptr_array_add (parts, g_strdup_printf (_ ("Homes: %u"), all->n_told));
    for (int i = 0; i < EXITS; i++)
        if (all->exits[i] > 0)
            /* Translators: an exit code, and how many homes ended with it */
            g_ptr_array_add (parts, g_strdup_printf (_ ("exit %d: %u"), i, all->exits[i]));
    if (n_skipped > 0)
        g_ptr_array_add (parts, g_strdup_printf (_ ("left out: %u"), n_skipped));
    g_ptr_array_add (parts, NULL);
    line = g_strjoinv ("; ", (char **) parts->pdata);
    puts (line);
}

static int
worst (const AllUsers *all)
{
    int code = EXITS - 1;

    while (code > 0 && all->exits[code] == 0)
        code--;
    return code;
}

int
prc_cli_run_all_users (const PrcCommand *command, PrcOptions *options, GError **error)
{
    g_autoptr (PrcHomes) homes = NULL;
    AllUsers all = { .command = command, .options = options };
    PrcFleet fleet = { .work = work,
                       .done = done,
                       .tick = tick,
                       .data = &all,
                       .seconds = SECONDS_PER_HOME,
                       .failed_exit = PRC_EXIT_WRITE };

    if (!check_options (options, error))
        return PRC_EXIT_USAGE;
    homes = prc_homes_list (options->root, error);
    if (homes == NULL)
        return PRC_EXIT_INPUT;
    all.homes = homes;
    all.shared_rejected = MAX (prc_rejected_shared_new (), 0);
    fleet.shared_fd = all.shared_rejected;
    all.shows_progress = isatty (STDERR_FILENO) && !options->quiet;
    if (options->json)
        fputs ("{\n  \"version\": 1,\n  \"homes\": [", stdout);
    (void) prc_fleet_run (homes, &fleet, error);
    hide_progress (&all);
    if (options->json)
        output_skipped_json (&all);
    else
        output_summary_text (&all);
    return worst (&all);
}
