#include <stdio.h>
#include <string.h>

#include "app/tools.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"

static json_t *
strings_json (char **texts)
{
    json_t *array = json_array ();

    for (char **text = texts; text != NULL && *text != NULL; text++)
        json_array_append_new (array, prc_json_text (*text));
    return array;
}

static json_t *
tool_json (const PrcToolInfo *info)
{
    json_t *object = json_object (), *files = json_array (), *keys = json_array ();

    for (guint i = 0; i < info->places->len; i++) {
        const PrcToolPlaceRow *row = g_ptr_array_index (info->places, i);
        json_t *file = json_object ();

        json_object_set_new (file, "scope", prc_json_text (row->scope));
        json_object_set_new (file, "format", prc_json_text (row->format));
        json_object_set_new (file, "path", prc_json_text (row->path));
        json_object_set_new (file, "resolved", strings_json (row->resolved));
        json_array_append_new (files, file);
    }
    for (guint i = 0; i < info->roles->len; i++) {
        const PrcToolRoleRow *row = g_ptr_array_index (info->roles, i);
        json_t *key = json_object ();

        json_object_set_new (key, "role", prc_json_text (row->role));
        json_object_set_new (key, "key", prc_json_text (row->key));
        json_object_set_new (key, "write", prc_json_text (row->write));
        json_object_set_new (key, "note", prc_json_text (row->note));
        json_array_append_new (keys, key);
    }
    json_object_set_new (object, "name", prc_json_text (info->name));
    json_object_set_new (object, "summary", prc_json_text (info->summary));
    json_object_set_new (object, "installed", json_boolean (info->is_installed));
    json_object_set_new (object, "writes", json_boolean (info->writes));
    json_object_set_new (object, "inherits", json_boolean (info->inherits));
    json_object_set_new (object, "auth", strings_json (info->auth));
    json_object_set_new (object, "placements", strings_json (info->placements));
    json_object_set_new (object, "no_proxy", prc_json_text (info->no_proxy));
    json_object_set_new (object, "origin", prc_json_text (info->origin));
    json_object_set_new (object, "files", files);
    json_object_set_new (object, "keys", keys);
    return object;
}

static void
print_tool (const PrcToolInfo *info, gboolean whole)
{
    g_autofree char *auth = info->auth != NULL ? g_strjoinv (", ", info->auth) : g_strdup ("");

    printf ("%-6s %s%s%s\n", info->name, info->summary,
            info->is_installed ? "" : _ (" (not installed)"),
            info->writes ? "" : _ (" (read only, for now)"));
    if (!whole)
        return;
    printf (_ ("  authentication: %s\n  no_proxy from: %s\n  described in: %s\n  files:\n"), auth,
            info->no_proxy, info->origin);
    for (guint i = 0; i < info->places->len; i++) {
        const PrcToolPlaceRow *row = g_ptr_array_index (info->places, i);

        printf ("    %-8s %-14s %s\n", row->scope, row->format, row->path);
        for (char **path = row->resolved; *path != NULL; path++)
            if (strcmp (*path, row->path) != 0)
                printf ("                            %s\n", *path);
    }
    puts (_ ("  keys:"));
    for (guint i = 0; i < info->roles->len; i++) {
        const PrcToolRoleRow *row = g_ptr_array_index (info->roles, i);

        printf ("    %-9s %s%s%s\n", row->role, row->key, row->note != NULL ? ": " : "",
                row->note != NULL ? row->note : "");
    }
}

static int
run_tools (PrcOptions *options, GError **error)
{
    const char *name = options->arguments[0];
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (GPtrArray) infos = session != NULL ? prc_tools (session, name, error) : NULL;
    json_t *tools = NULL;

    if (infos == NULL)
        return PRC_EXIT_USAGE;
    tools = json_array ();
    for (guint i = 0; i < infos->len; i++) {
        if (options->json)
            json_array_append_new (tools, tool_json (g_ptr_array_index (infos, i)));
        else
            print_tool (g_ptr_array_index (infos, i), name != NULL || options->verbose);
    }
    if (options->json) {
        json_t *object = prc_json_new ();

        json_object_set_new (object, "tools", tools);
        prc_output_json (object);
    } else {
        json_decref (tools);
    }
    return PRC_EXIT_DONE;
}

const PrcCommand prc_command_tools = {
    "tools",
    "[NAME]",
    N_ ("The catalogue: files, keys, and what each tool can do"),
    N_ ("Tools are data files: your own in ~/.config/proxyrc/tools.d go over the system's in\n"
        "/etc/xdg/proxyrc/tools.d, and those over the ones that come with proxyrc."),
    PRC_TAKES_JSON,
    0,
    1,
    run_tools,
    prc_complete_tool,
};
