#include "cli/dump-tables.h"

#include "app-config.h"
#include "app/explain.h"
#include "app/file-edit.h"
#include "app/stores.h"
#include "app/tools.h"
#include "cli/commands.h"
#include "cli/exit-codes.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/profile-keys.h"

static json_t *
texts_json (const char *const *texts)
{
    json_t *array = json_array ();

    for (; texts != NULL && *texts != NULL; texts++)
        json_array_append_new (array, json_string (*texts));
    return array;
}

static json_t *
option_json (const PrcOptionRow *row)
{
    const char letter[] = { row->short_name, '\0' };
    json_t *object = json_object ();

    json_object_set_new (object, "name", json_string (row->name));
    json_object_set_new (object, "short", prc_json_text (*letter != '\0' ? letter : NULL));
    json_object_set_new (object, "value", prc_json_text (row->value));
    json_object_set_new (object, "help", json_string (row->help));
    json_object_set_new (object, "repeats",
                         json_boolean (row->type == G_OPTION_ARG_FILENAME_ARRAY));
    return object;
}

/* @everywhere: those that each command has, else those that it has beside them. */
static json_t *
options_json (const PrcCommand *command, gboolean everywhere)
{
    json_t *array = json_array ();
    gsize n = 0;
    const PrcOptionRow *rows = prc_cli_options (&n);

    for (gsize i = 0; i < n; i++)
        if (prc_cli_command_takes (command, &rows[i]) &&
            ((command->takes & PRC_TAKES_UI) != 0 ||
             everywhere == ((rows[i].needs & ~PRC_TAKES_UI) == 0)))
            json_array_append_new (array, option_json (&rows[i]));
    return array;
}

static json_t *
commands_json (void)
{
    json_t *array = json_array ();
    gsize n = 0;
    const PrcCommand *const *commands = prc_cli_commands (&n);

    for (gsize i = 0; i < n; i++) {
        json_t *object = json_object ();

        json_object_set_new (object, "name", json_string (commands[i]->name));
        json_object_set_new (object, "synopsis", json_string (commands[i]->synopsis));
        json_object_set_new (object, "summary", json_string (commands[i]->summary));
        json_object_set_new (object, "description", prc_json_text (commands[i]->description));
        json_object_set_new (object, "options", options_json (commands[i], FALSE));
        json_array_append_new (array, object);
    }
    return array;
}

static json_t *
exit_codes_json (void)
{
    json_t *array = json_array ();
    gsize n = 0;
    const PrcExitRow *rows = prc_cli_exit_codes (&n);

    for (gsize i = 0; i < n; i++) {
        json_t *object = json_object ();

        json_object_set_new (object, "code", json_integer (rows[i].code));
        json_object_set_new (object, "what", json_string (rows[i].what));
        json_object_set_new (object, "more", prc_json_text (rows[i].more));
        json_array_append_new (array, object);
    }
    return array;
}

static json_t *
profile_keys_json (void)
{
    json_t *array = json_array ();
    gsize n = 0;
    const PrcProfileKey *rows = prc_profile_key_rows (&n);

    for (gsize i = 0; i < n; i++) {
        json_t *object = json_object ();

        json_object_set_new (object, "name", json_string (rows[i].name));
        json_object_set_new (object, "what", json_string (rows[i].what));
        json_object_set_new (object, "words", texts_json (rows[i].words));
        json_array_append_new (array, object);
    }
    return array;
}

static json_t *
tool_fields_json (void)
{
    json_t *array = json_array ();
    PrcToolField field;

    for (gsize i = 0; prc_tool_field (i, &field); i++) {
        json_t *object = json_object ();

        json_object_set_new (object, "group", json_string (field.group));
        json_object_set_new (object, "name", json_string (field.name));
        json_object_set_new (object, "type", json_string (field.type));
        json_object_set_new (object, "words", texts_json (field.words));
        json_object_set_new (object, "needed", json_boolean (field.is_needed));
        json_array_append_new (array, object);
    }
    return array;
}

static json_t *
topics_json (void)
{
    json_t *array = json_array ();

    for (int group = 0; group < PRC_N_TOPIC_GROUPS; group++) {
        gsize n = 0;
        const PrcTopic *topics = prc_topics (group, &n);

        for (gsize i = 0; i < n; i++) {
            json_t *object = json_object ();

            json_object_set_new (object, "name", json_string (topics[i].name));
            json_object_set_new (object, "title", json_string (topics[i].title));
            json_object_set_new (object, "text", json_string (topics[i].text));
            json_object_set_new (object, "group", json_integer (group));
            json_array_append_new (array, object);
        }
    }
    return array;
}

void
prc_cli_dump_tables (void)
{
    json_t *object = prc_json_new ();
    g_auto (GStrv) stores = prc_store_names ();
    g_autofree char *all = prc_format_names ();
    g_auto (GStrv) formats = g_strsplit (all, ", ", -1);

    json_object_set_new (object, "program_version", json_string (PRC_VERSION));
    json_object_set_new (object, "commands", commands_json ());
    json_object_set_new (object, "options", options_json (&prc_command_status, TRUE));
    json_object_set_new (object, "terminal_ui_options",
                         options_json (&prc_command_terminal_ui, FALSE));
    json_object_set_new (object, "exit_codes", exit_codes_json ());
    json_object_set_new (object, "profile_keys", profile_keys_json ());
    json_object_set_new (object, "stores", texts_json ((const char *const *) stores));
    json_object_set_new (object, "formats", texts_json ((const char *const *) formats));
    json_object_set_new (object, "topics", topics_json ());
    json_object_set_new (object, "tool_fields", tool_fields_json ());
    prc_output_json (object);
}
