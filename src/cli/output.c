#include "cli/output.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

json_t *
prc_json_new (void)
{
    json_t *object = json_object ();

    json_object_set_new (object, "version", json_integer (1));
    return object;
}

json_t *
prc_json_text (const char *text)
{
    g_autofree char *safe = text != NULL ? prc_text_utf8 (text) : NULL;

    return safe != NULL ? json_string (safe) : json_null ();
}

void
prc_output_json (json_t *object)
{
    char *text = json_dumps (object, JSON_INDENT (2));

    json_decref (object);
    if (text != NULL) {
        fputs (text, stdout);
        fputc ('\n', stdout);
        free (text);
    }
}

/* Colour carries no meaning of its own: the word is always there too. */
static const char *
state_color (const char *state)
{
    static const struct {
        const char *state, *color;
    } rows[] = {
        { "ok", "32" },      { "inherits", "32" }, { "stale", "31" },   { "invalid", "31" },
        { "differs", "33" }, { "missing", "33" },  { "dynamic", "35" }, { "overridden", "2" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (strcmp (rows[i].state, state) == 0)
            return rows[i].color;
    return "0";
}

static void
print_state (const PrcOptions *options, const char *state)
{
    if (options->use_color)
        printf ("\033[%sm%-10s\033[0m", state_color (state), state);
    else
        printf ("%-10s", state);
}

/* Status */

static json_t *
setting_json (const PrcSettingRow *row)
{
    json_t *object = json_object ();
    json_t *url = json_null ();

    if (row->host != NULL) {
        url = json_object ();
        json_object_set_new (url, "scheme", prc_json_text (row->scheme));
        json_object_set_new (url, "host", prc_json_text (row->host));
        json_object_set_new (url, "port", json_integer (row->port));
        json_object_set_new (url, "user", prc_json_text (row->user));
    }
    json_object_set_new (object, "tool", prc_json_text (row->tool));
    json_object_set_new (object, "scope", prc_json_text (row->scope));
    json_object_set_new (object, "file", prc_json_text (row->file));
    json_object_set_new (object, "line", row->line > 0 ? json_integer (row->line) : json_null ());
    json_object_set_new (object, "key", prc_json_text (row->key));
    json_object_set_new (object, "role", prc_json_text (row->role));
    json_object_set_new (object, "value", prc_json_text (row->value));
    json_object_set_new (object, "url", url);
    json_object_set_new (object, "password", prc_json_text (row->password));
    json_object_set_new (object, "state", prc_json_text (row->state));
    json_object_set_new (object, "exposed", json_boolean (row->is_exposed));
    json_object_set_new (object, "detail", prc_json_text (row->detail));
    return object;
}

static json_t *
texts_json (const GPtrArray *texts)
{
    json_t *array = json_array ();

    for (guint i = 0; i < texts->len; i++)
        json_array_append_new (array, prc_json_text (g_ptr_array_index (texts, i)));
    return array;
}

static void
output_status_json (const PrcStatus *status, gboolean is_scan)
{
    json_t *object = prc_json_new ();
    json_t *settings = json_array (), *tools = json_array ();

    for (guint i = 0; i < status->settings->len; i++)
        json_array_append_new (settings, setting_json (g_ptr_array_index (status->settings, i)));
    for (guint i = 0; i < status->tools->len; i++) {
        const PrcToolRow *row = g_ptr_array_index (status->tools, i);
        json_t *tool = json_object ();

        json_object_set_new (tool, "name", prc_json_text (row->name));
        json_object_set_new (tool, "installed", json_boolean (row->is_installed));
        json_object_set_new (tool, "state", prc_json_text (row->state));
        json_object_set_new (tool, "detail", prc_json_text (row->detail));
        json_array_append_new (tools, tool);
    }
    json_object_set_new (object, "profile", prc_json_text (status->profile));
    json_object_set_new (object, "agrees", json_boolean (status->agrees));
    json_object_set_new (object, "settings", settings);
    json_object_set_new (object, "tools", tools);
    json_object_set_new (object, "notes", texts_json (status->notes));
    if (is_scan) {
        json_object_set_new (object, "folders", json_integer ((json_int_t) status->n_dirs));
        json_object_set_new (object, "files", json_integer ((json_int_t) status->n_files));
        json_object_set_new (object, "unreadable", json_integer (status->n_unreadable));
    }
    prc_output_json (object);
}

static void
print_setting (const PrcOptions *options, const PrcSettingRow *row)
{
    g_autofree char *file = prc_text_printable (row->file != NULL ? row->file : _ ("this shell"));
    g_autofree char *key = prc_text_printable (row->key);
    g_autofree char *value =
        prc_text_printable (row->value != NULL ? row->value : _ ("(computed)"));

    fputs ("  ", stdout);
    print_state (options, row->state);
    if (row->line > 0)
        printf (" %s:%u: %s = %s", file, row->line, key, value);
    else
        printf (" %s: %s = %s", file, key, value);
    if (row->is_exposed)
        fputs (_ ("  [exposed: others can get at this password, or git tracks it]"), stdout);
    fputc ('\n', stdout);
    if (row->detail != NULL && (strcmp (row->state, "ok") != 0 || options->verbose)) {
        g_autofree char *detail = prc_text_printable (row->detail);

        printf ("             %s\n", detail);
    }
}

static void
print_settings_of (const PrcOptions *options, const PrcStatus *status, const char *tool)
{
    for (guint i = 0; i < status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (status->settings, i);

        if (tool == NULL || strcmp (row->tool, tool) == 0)
            print_setting (options, row);
    }
}

static void
output_status_text (const PrcOptions *options, const PrcStatus *status, gboolean is_scan)
{
    if (status->profile != NULL) {
        g_autofree char *name = prc_text_printable (status->profile);

        printf (status->password_unknown ? _ ("Profile: %s (passwords were not compared: none is "
                                              "stored yet, or the store is "
                                              "not open)\n")
                                         : _ ("Profile: %s\n"),
                name);
    } else {
        puts (
            _ ("Profile: none; make one from what is found here with `proxyrc profile import`, or "
               "with `proxyrc profile add`"));
    }
    for (guint i = 0; i < status->tools->len; i++) {
        const PrcToolRow *row = g_ptr_array_index (status->tools, i);

        printf ("%-6s ", row->name);
        print_state (options, row->state);
        if (!row->is_installed)
            fputs (_ (" (not installed)"), stdout);
        if (row->detail != NULL) {
            g_autofree char *detail = prc_text_printable (row->detail);

            printf (" %s", detail);
        }
        fputc ('\n', stdout);
        print_settings_of (options, status, row->name);
    }
    if (is_scan) {
        print_settings_of (options, status, NULL);
        printf (_ ("Settings: %u; folders: %ju; files: %ju\n"), status->settings->len,
                (uintmax_t) status->n_dirs, (uintmax_t) status->n_files);
        if (status->n_unreadable > 0)
            printf (ngettext ("%u folder could not be read\n", "%u folders could not be read\n",
                              status->n_unreadable),
                    status->n_unreadable);
    }
    for (guint i = 0; i < status->notes->len; i++)
        prc_cli_warn (options, "%s", (const char *) g_ptr_array_index (status->notes, i));
}

void
prc_output_status (const PrcOptions *options, const PrcStatus *status, gboolean is_scan)
{
    if (options->json)
        output_status_json (status, is_scan);
    else
        output_status_text (options, status, is_scan);
}

/* Reports */

void
prc_output_diff (const PrcOptions *options, const char *diff)
{
    g_auto (GStrv) lines = g_strsplit (diff, "\n", -1);

    for (char **line = lines; *line != NULL && (line[0][0] != '\0' || line[1] != NULL); line++) {
        const char *color = **line == '+'   ? "32"
                            : **line == '-' ? "31"
                            : **line == '@' ? "36"
                                            : NULL;

        if (options->use_color && color != NULL)
            printf ("\033[%sm%s\033[0m\n", color, *line);
        else
            puts (*line);
    }
}

json_t *
prc_json_report (const PrcReport *report)
{
    json_t *object = prc_json_new ();
    json_t *files = json_array ();

    for (guint i = 0; i < report->files->len; i++) {
        const PrcFileRow *row = g_ptr_array_index (report->files, i);
        json_t *file = json_object ();

        json_object_set_new (file, "path", prc_json_text (row->path));
        json_object_set_new (file, "action", prc_json_text (row->action));
        json_object_set_new (file, "settings", json_integer (row->n_settings));
        json_array_append_new (files, file);
    }
    json_object_set_new (object, "changed", json_boolean (report->changed));
    json_object_set_new (object, "transaction", prc_json_text (report->transaction));
    json_object_set_new (object, "files", files);
    json_object_set_new (object, "diff", prc_json_text (report->diff));
    json_object_set_new (object, "warnings", texts_json (report->warnings));
    return object;
}

void
prc_output_files (const PrcOptions *options, const PrcReport *report)
{
    /* An undo has no diff: what a file held is known, but not how its secrets are to be masked. */
    gboolean shows_diff = (options->dry_run || options->verbose) && *report->diff != '\0';

    if (shows_diff)
        prc_output_diff (options, report->diff);
    for (guint i = 0;
         !options->quiet && !(options->dry_run && shows_diff) && i < report->files->len; i++) {
        const PrcFileRow *row = g_ptr_array_index (report->files, i);
        g_autofree char *path = prc_text_printable (row->path);

        printf ("%-6s %s\n", row->action, path);
    }
    for (guint i = 0; i < report->warnings->len; i++)
        prc_cli_warn (options, "%s", (const char *) g_ptr_array_index (report->warnings, i));
}

void
prc_output_report (const PrcOptions *options, const PrcReport *report)
{
    if (options->json) {
        prc_output_json (prc_json_report (report));
        return;
    }
    prc_output_files (options, report);
    if (options->quiet || options->dry_run)
        return;
    if (!report->changed)
        puts (_ ("Nothing to change."));
    else if (report->transaction != NULL)
        printf (_ ("Done; `proxyrc undo %s` takes it back.\n"), report->transaction);
    if (report->has_environment)
        puts (_ ("Shells that are open keep their variables: start a new one, or evaluate "
                 "`proxyrc env` in it."));
}
