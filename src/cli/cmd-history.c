#include <stdio.h>
#include <string.h>

#include "app/history.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"

static char *
time_text (gint64 seconds)
{
    g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);

    return utc != NULL ? g_date_time_format (utc, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}

static json_t *
entry_json (const PrcHistoryEntry *entry)
{
    json_t *object = json_object (), *files = json_array ();
    g_autofree char *time = time_text (entry->time);

    for (guint i = 0; i < entry->files->len; i++) {
        const PrcHistoryFile *row = g_ptr_array_index (entry->files, i);
        json_t *file = json_object ();

        json_object_set_new (file, "path", prc_json_text (row->path));
        json_object_set_new (file, "action", prc_json_text (prc_change_action_name (row->action)));
        json_object_set_new (file, "settings", json_integer (row->settings));
        json_array_append_new (files, file);
    }
    json_object_set_new (object, "id", prc_json_text (entry->id));
    json_object_set_new (object, "time", prc_json_text (time));
    json_object_set_new (object, "label", prc_json_text (entry->label));
    json_object_set_new (object, "undone", json_boolean (entry->undone));
    json_object_set_new (object, "interrupted", json_boolean (entry->interrupted));
    json_object_set_new (object, "undoes", prc_json_text (entry->undoes));
    json_object_set_new (object, "files", files);
    return object;
}

static int
list_history (const PrcOptions *options, PrcSession *session, GError **error)
{
    g_autoptr (GPtrArray) unreadable = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) entries = prc_session_history (session, unreadable, error);
    json_t *transactions = NULL;

    if (entries == NULL)
        return PRC_EXIT_INPUT;
    for (guint i = 0; i < unreadable->len; i++)
        prc_cli_warn (options, "%s", (const char *) g_ptr_array_index (unreadable, i));
    transactions = json_array ();
    for (guint i = 0; i < entries->len; i++) {
        const PrcHistoryEntry *entry = g_ptr_array_index (entries, i);
        g_autofree char *time = time_text (entry->time);
        g_autofree char *label = prc_text_printable (entry->label);

        if (options->json)
            json_array_append_new (transactions, entry_json (entry));
        else {
            g_autofree char *files = g_strdup_printf (
                ngettext ("%u file", "%u files", entry->files->len), entry->files->len);

            printf ("%s  %s  %s  %s%s%s\n", entry->id, time, files, label,
                    entry->undone || entry->interrupted ? "  " : "",
                    entry->undone        ? _ ("(undone)")
                    : entry->interrupted ? _ ("(interrupted)")
                                         : "");
        }
    }
    if (options->json) {
        json_t *object = prc_json_new ();

        json_object_set_new (object, "transactions", transactions);
        prc_output_json (object);
        return PRC_EXIT_DONE;
    }
    json_decref (transactions);
    if (entries->len == 0 && !options->quiet)
        puts (_ ("There is nothing to undo."));
    return PRC_EXIT_DONE;
}

static gboolean
is_confirmed (PrcOptions *options, GError **error)
{
    g_autofree char *answer = NULL;

    if (options->yes)
        return TRUE;
    answer = prc_cli_read_line (
        options, _ ("Remove all undo data? Nothing can be taken back then [y/N]"),
        _ ("nobody can be asked whether all undo data may be removed; --yes says so"), error);
    if (answer == NULL)
        return FALSE;
    if (*answer == 'y' || *answer == 'Y')
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("nothing was removed"));
    return FALSE;
}

static int
purge_history (PrcOptions *options, PrcSession *session, GError **error)
{
    g_autoptr (GPtrArray) given_up = NULL;
    guint count = 0;

    if (!is_confirmed (options, error) ||
        !prc_session_purge_history (session, &count, &given_up, error))
        return PRC_EXIT_WRITE;
    for (guint i = 0; i < given_up->len; i++)
        prc_cli_warn (options,
                      _ ("%s: a run was interrupted while it wrote this file, and what it held "
                         "before is lost: look at it"),
                      (const char *) g_ptr_array_index (given_up, i));
    if (options->json) {
        json_t *object = prc_json_new ();

        json_object_set_new (object, "removed", json_integer (count));
        prc_output_json (object);
    } else if (!options->quiet) {
        printf (ngettext ("%u transaction removed from the history.\n",
                          "%u transactions removed from the history.\n", count),
                count);
    }
    return PRC_EXIT_DONE;
}

/* What can't be recovered, since its key is gone, must not be in the way of giving it up. */
static PrcSession *
open_session (PrcOptions *options, GError **error)
{
    g_autoptr (GError) reason = NULL;
    PrcSession *session = prc_cli_session (options, &reason);

    if (session != NULL)
        return session;
    if (!options->purge || !g_error_matches (reason, PRC_ERROR, PRC_ERROR_INPUT)) {
        g_propagate_error (error, g_steal_pointer (&reason));
        return NULL;
    }
    prc_cli_warn (options, "%s", reason->message);
    options->only_reads = TRUE;
    return prc_cli_session (options, error);
}

static int
run_history (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = open_session (options, error);

    if (session == NULL)
        return PRC_EXIT_INPUT;
    return options->purge ? purge_history (options, session, error)
                          : list_history (options, session, error);
}

const PrcCommand prc_command_history = {
    "history",
    "",
    N_ ("List what can be undone; --purge removes it"),
    N_ ("Undo data holds former contents of files, sealed with a key of its own, and is kept for "
        "90\n"
        "days and 50 transactions at most."),
    PRC_TAKES_JSON | PRC_TAKES_PURGE,
    0,
    0,
    run_history,
    NULL,
};
