#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/file-edit.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"
#include "model/mask.h"

static char *
shown_value (const PrcOptions *options, const char *key, const char *value)
{
    if (value == NULL)
        return NULL;
    return options->reveal ? g_strdup (value) : prc_mask_value (key, value);
}

static int
list_file (PrcOptions *options, const char *path, GError **error)
{
    g_autoptr (GPtrArray) rows = prc_file_list (options->format, path, error);
    json_t *entries = NULL;

    if (rows == NULL)
        return PRC_EXIT_INPUT;
    entries = json_array ();
    for (guint i = 0; i < rows->len; i++) {
        const PrcEntryRow *row = g_ptr_array_index (rows, i);
        g_autoptr (PrcWipedString) value = shown_value (options, row->key, row->value);
        g_autoptr (PrcWipedString) shown_key =
            options->reveal ? g_strdup (row->key) : prc_mask_urls (row->key);
        json_t *entry = NULL;

        if (!options->json) {
            g_autofree char *key = prc_text_printable (shown_key);
            g_autofree char *text = prc_text_printable (value);

            printf ("%u: %s%s%s%s%s\n", row->line, row->is_unset ? "unset " : "", key,
                    row->is_unset ? "" : " = ",
                    row->is_dynamic ? _ ("(computed)")
                    : row->is_unset ? ""
                                    : text,
                    row->is_active ? "" : _ ("  (not active)"));
            continue;
        }
        entry = json_object ();
        json_object_set_new (entry, "line", json_integer (row->line));
        json_object_set_new (entry, "key", prc_json_text (shown_key));
        json_object_set_new (entry, "value", prc_json_text (value));
        json_object_set_new (entry, "active", json_boolean (row->is_active));
        json_object_set_new (entry, "dynamic", json_boolean (row->is_dynamic));
        json_object_set_new (entry, "unset", json_boolean (row->is_unset));
        json_object_set_new (entry, "detail", prc_json_text (row->detail));
        json_array_append_new (entries, entry);
    }
    if (options->json) {
        json_t *object = prc_json_new ();

        json_object_set_new (object, "format", prc_json_text (options->format));
        json_object_set_new (object, "entries", entries);
        prc_output_json (object);
    } else {
        json_decref (entries);
    }
    return PRC_EXIT_DONE;
}

static int
get_from_file (PrcOptions *options, const char *path, const char *key, GError **error)
{
    g_autoptr (PrcWipedString) value = NULL;
    g_autoptr (PrcWipedString) shown = NULL;
    GError *reason = NULL;

    if (!prc_file_get (options->format, path, key, &value, &reason)) {
        if (g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND)) {
            prc_cli_warn (options, "%s", reason->message);
            g_error_free (reason);
            return PRC_EXIT_NO;
        }
        g_propagate_error (error, reason);
        return PRC_EXIT_INPUT;
    }
    shown = shown_value (options, key, value);
    if (options->json) {
        json_t *object = prc_json_new ();

        json_object_set_new (object, "key", prc_json_text (key));
        json_object_set_new (object, "value", prc_json_text (shown));
        prc_output_json (object);
    } else {
        puts (shown);
    }
    return PRC_EXIT_DONE;
}

/* All of stdin but one final newline: so `echo` and `printf` both do what is meant. */
static char *
read_value (const char *argument, GError **error)
{
    g_autoptr (GBytes) bytes = NULL;
    const char *data = NULL;
    gsize size = 0;

    if (strcmp (argument, "-") != 0)
        return g_strdup (argument);
    bytes = prc_read_fd (STDIN_FILENO, error);
    if (bytes == NULL)
        return NULL;
    data = g_bytes_get_data (bytes, &size);
    if (size > 0 && data[size - 1] == '\n')
        size--;
    if (size > 0 && memchr (data, '\0', size) != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("the value on stdin holds a NUL byte"));
        return NULL;
    }
    return g_strndup (data, size);
}

static int
change_file (PrcOptions *options, const char *path, const char *key, const char *argument,
             GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcWipedString) value = NULL;
    g_autofree char *diff = NULL;
    gboolean changed = FALSE;

    if (session == NULL)
        return PRC_EXIT_INPUT;
    if (argument != NULL) {
        value = read_value (argument, error);
        if (value == NULL)
            return PRC_EXIT_INPUT;
        if (strcmp (argument, "-") != 0) {
            g_autofree char *shown = prc_mask_value (key, value);

            if (strcmp (shown, value) != 0) {
                g_set_error (
                    error, PRC_ERROR, PRC_ERROR_USAGE,
                    _ ("a secret on the command line can be seen by others; write - as VALUE "
                       "and give it on stdin"));
                return PRC_EXIT_USAGE;
            }
        }
    }
    if (!prc_file_set (session, options->format, path, key, value, &changed, &diff, error))
        return PRC_EXIT_INPUT;
    if (options->json) {
        json_t *object = prc_json_new ();

        json_object_set_new (object, "changed", json_boolean (changed));
        json_object_set_new (object, "diff", prc_json_text (diff));
        prc_output_json (object);
    } else if (options->dry_run || options->verbose) {
        prc_output_diff (options, diff);
    }
    return options->dry_run && changed ? PRC_EXIT_NO : PRC_EXIT_DONE;
}

static int
run_file (PrcOptions *options, GError **error)
{
    static const struct {
        const char *verb;
        guint n_arguments;
    } verbs[] = { { "list", 2 }, { "get", 3 }, { "set", 4 }, { "unset", 3 } };
    char **arguments = options->arguments;
    guint n = g_strv_length (arguments);
    gsize i = 0;

    while (i < G_N_ELEMENTS (verbs) && strcmp (verbs[i].verb, arguments[0]) != 0)
        i++;
    if (options->format == NULL || i == G_N_ELEMENTS (verbs) || n != verbs[i].n_arguments) {
        g_autofree char *names = prc_format_names ();

        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("use it as: proxyrc file %s; formats: %s"), prc_command_file.synopsis,
                     names);
        return PRC_EXIT_USAGE;
    }
    if (i == 0)
        return list_file (options, arguments[1], error);
    if (i == 1)
        return get_from_file (options, arguments[1], arguments[2], error);
    return change_file (options, arguments[1], arguments[2], i == 2 ? arguments[3] : NULL, error);
}

const PrcCommand prc_command_file = {
    "file",
    "list|get|set|unset --format F FILE [KEY [VALUE]]",
    N_ ("The lossless editor itself, on one file"),
    N_ ("VALUE - reads it from stdin. Secrets are masked unless --reveal. `get` prints what the "
        "tool\n"
        "would use: exit 1 if there is none, 7 if shell code decides it."),
    PRC_TAKES_JSON | PRC_TAKES_FORMAT | PRC_TAKES_WRITE,
    2,
    4,
    run_file,
    prc_complete_file_words,
};
