#include <stdio.h>
#include <string.h>

#include "app/route.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"

/* JSON */

static json_t *
source_json (const PrcRouteSource *source)
{
    json_t *object = NULL;

    if (source == NULL)
        return json_null ();
    object = json_object ();
    if (source->is_variable)
        json_object_set_new (object, "env", prc_json_text (source->key));
    if (source->file != NULL || !source->is_variable) {
        json_object_set_new (object, "file", prc_json_text (source->file));
        json_object_set_new (object, "line",
                             source->line > 0 ? json_integer (source->line) : json_null ());
        json_object_set_new (object, "key", prc_json_text (source->key));
    }
    return object;
}

static json_t *
sources_json (const GPtrArray *sources)
{
    json_t *array = json_array ();

    for (guint i = 0; i < sources->len; i++)
        json_array_append_new (array, source_json (g_ptr_array_index (sources, i)));
    return array;
}

static void
add_route_json (json_t *object, const PrcRoute *route)
{
    const char *detail = route->detail;

    json_object_set_new (object, "proxy", prc_json_text (route->proxy));
    json_object_set_new (object, "decided_by", source_json (route->decided_by));
    json_object_set_new (object, "beats", sources_json (route->beats));
    json_object_set_new (object, "bypassed_by", prc_json_text (route->bypassed_by));
    json_object_set_new (object, "bypassed", prc_json_text (route->bypassed));
    json_object_set_new (object, "user", prc_json_text (route->user));
    json_object_set_new (object, "through", prc_json_text (route->through));
    json_object_set_new (object, "undecided",
                         prc_json_text (route->kind == PRC_ROUTE_UNDECIDED ? detail : NULL));
    json_object_set_new (object, "invalid",
                         prc_json_text (route->kind == PRC_ROUTE_INVALID ? detail : NULL));
    json_object_set_new (object, "detail", prc_json_text (detail));
}

static json_t *
route_json (const PrcRoute *route)
{
    json_t *object = NULL;

    if (route == NULL)
        return json_null ();
    object = json_object ();
    add_route_json (object, route);
    return object;
}

static void
add_answer_json (json_t *object, const PrcRouteAnswer *answer)
{
    json_object_set_new (object, "tool", prc_json_text (answer->tool));
    json_object_set_new (object, "url", prc_json_text (answer->url));
    add_route_json (object, answer->route);
    json_object_set_new (object, "interactive", route_json (answer->interactive));
    json_object_set_new (object, "command", route_json (answer->command));
    json_object_set_new (object, "installed", json_boolean (answer->is_installed));
}

/* Text */

static char *
source_text (const PrcRouteSource *source)
{
    g_autofree char *text = NULL;

    if (!source->is_variable)
        text = g_strdup_printf ("%s:%u: %s", source->file, source->line, source->key);
    else if (source->file != NULL)
        text = g_strdup_printf (_ ("the variable %s, from %s:%u"), source->key, source->file,
                                source->line);
    else
        text = g_strdup_printf (_ ("the variable %s"), source->key);
    return prc_text_printable (text);
}

static void
print_sources (const char *label, const PrcRouteSource *source, const char *indent)
{
    g_autofree char *text = source_text (source);

    printf ("%s%-*s %s\n", indent, prc_text_padding (label, 12), label, text);
}

static void
print_sentence (const PrcRouteAnswer *answer, const PrcRoute *route)
{
    g_autofree char *url = prc_text_printable (answer->url);
    g_autofree char *proxy = prc_text_printable (route->proxy);
    g_autofree char *detail = prc_text_printable (route->detail);

    switch (route->kind) {
    case PRC_ROUTE_PROXY:
        if (route->through != NULL)
            /* Translators: a tool, a URL, its proxy, and the proxy in front of that */
            printf (_ ("%s reaches %s through %s, and that one through %s\n"), answer->tool, url,
                    proxy, route->through);
        else
            printf (_ ("%s reaches %s through %s\n"), answer->tool, url, proxy);
        break;
    case PRC_ROUTE_DIRECT:
        printf (_ ("%s reaches %s directly\n"), answer->tool, url);
        break;
    case PRC_ROUTE_INVALID:
        printf (_ ("%s can't reach %s: %s\n"), answer->tool, url, detail);
        return;
    case PRC_ROUTE_UNDECIDED:
    default:
        printf (_ ("undecided how %s reaches %s: %s\n"), answer->tool, url, detail);
        return;
    }
    if (route->detail != NULL)
        printf ("  %s\n", detail);
}

static void
print_route (const PrcRouteAnswer *answer, const PrcRoute *route)
{
    print_sentence (answer, route);
    if (route->bypassed_by != NULL) {
        g_autofree char *entry = prc_text_printable (route->bypassed_by);
        g_autofree char *proxy = prc_text_printable (route->bypassed);

        printf ("  %-*s ", prc_text_padding (_ ("bypassed by"), 12), _ ("bypassed by"));
        if (route->bypassed != NULL)
            /* Translators: an entry of no_proxy, and the proxy that would be taken without it */
            printf (_ ("%s (else: %s)\n"), entry, proxy);
        else
            printf ("%s\n", entry);
    }
    if (route->decided_by != NULL)
        print_sources (_ ("decided by"), route->decided_by, "  ");
    else if (route->kind == PRC_ROUTE_DIRECT)
        printf ("  %s\n", _ ("no setting applies"));
    for (guint i = 0; i < route->beats->len; i++)
        print_sources (i == 0 ? _ ("beats") : "", g_ptr_array_index (route->beats, i), "  ");
}

static void
print_answer (const PrcRouteAnswer *answer)
{
    print_route (answer, answer->route);
    if (!answer->is_installed)
        printf ("  %s\n", _ ("it is not installed"));
}

static int
exit_code (const PrcRoute *route)
{
    if (route->kind == PRC_ROUTE_UNDECIDED)
        return PRC_EXIT_DYNAMIC;
    return route->kind == PRC_ROUTE_INVALID ? PRC_EXIT_INPUT : PRC_EXIT_DONE;
}

/* The command */

static int
output_all (const PrcOptions *options, const GPtrArray *answers)
{
    g_autofree char *differences = prc_route_differences (answers);
    json_t *routes = json_array ();
    int code = PRC_EXIT_DONE;

    for (guint i = 0; i < answers->len; i++) {
        const PrcRouteAnswer *answer = g_ptr_array_index (answers, i);

        if (answer->is_installed && exit_code (answer->route) > code)
            code = exit_code (answer->route);
        if (options->json) {
            json_t *object = json_object ();

            add_answer_json (object, answer);
            json_array_append_new (routes, object);
        } else {
            print_answer (answer);
        }
    }
    if (options->json) {
        json_t *object = prc_json_new ();

        json_object_set_new (object, "routes", routes);
        json_object_set_new (object, "differences", prc_json_text (differences));
        prc_output_json (object);
    } else {
        json_decref (routes);
        if (differences != NULL)
            printf (_ ("The tools do not all go the same way: %s.\n"), differences);
    }
    return code;
}

static int
output_one (const PrcOptions *options, const PrcRouteAnswer *answer)
{
    if (options->json) {
        json_t *object = prc_json_new ();

        add_answer_json (object, answer);
        prc_output_json (object);
    } else {
        print_answer (answer);
    }
    return exit_code (answer->route);
}

static int
run_route (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    const PrcRouteOptions how = { options->this_shell, options->interactive, options->dir };
    gboolean is_all = options->arguments[1] == NULL || strcmp (options->arguments[0], "all") == 0;
    const char *url = options->arguments[options->arguments[1] != NULL ? 1 : 0];

    if (session == NULL)
        return PRC_EXIT_INPUT;
    if (options->this_shell && options->interactive) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("--this-shell is what it is: leave out --interactive"));
        return PRC_EXIT_USAGE;
    }
    if (is_all) {
        g_autoptr (GPtrArray) answers = prc_route_all (session, url, &how, error);

        return answers != NULL ? output_all (options, answers) : PRC_EXIT_INPUT;
    } else {
        g_autoptr (PrcRouteAnswer) answer =
            prc_route (session, options->arguments[0], url, &how, error);

        return answer != NULL ? output_one (options, answer) : PRC_EXIT_INPUT;
    }
}

const PrcCommand prc_command_route = {
    "route",
    "[TOOL] URL",
    N_ ("The proxy that a tool would use for a URL, and the setting that decides"),
    N_ ("By the tool's own rules, started from a new login shell in this folder; without TOOL, "
        "for\n"
        "every tool. Nothing is run. Exit 0 when it is decided; 7 when it depends on what shell "
        "code\n"
        "computes, and on similar things; 3 when the tool itself would fail on a file or a value."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_ROUTE,
    1,
    2,
    run_route,
    prc_complete_tool,
};
