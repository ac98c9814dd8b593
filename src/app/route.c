#include "app/route.h"

#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/credentials.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/i18n.h"
#include "catalogue/version.h"
#include "routing/login.h"

/* What all tools share: the environments that they may be started with. */
typedef struct {
    PrcSession *session;
    PrcTarget *target;
    char *dir;                  /* (nullable) */
    PrcVariables *printed;      /* (nullable): what start-up files get from `proxyrc env` */
    PrcVariables *variables[2]; /* of a shell that runs a command; that is typed into. [1] NULL: the
                                   calling shell's */
    PrcPlace places[2];
} Start;

void
prc_route_answer_free (PrcRouteAnswer *answer)
{
    if (answer == NULL)
        return;
    g_free (answer->tool);
    g_free (answer->url);
    prc_route_free (answer->route);
    prc_route_free (answer->interactive);
    prc_route_free (answer->command);
    g_free (answer);
}

static void
start_clear (Start *start)
{
    prc_target_free (start->target);
    g_free (start->dir);
    prc_variables_free (start->printed);
    for (gsize i = 0; i < G_N_ELEMENTS (start->variables); i++) {
        prc_variables_free (start->variables[i]);
        prc_place_clear (&start->places[i]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Start, start_clear)

/* (nullable): of whom the home is. */
static const char *
login_name (const PrcPlace *place)
{
    const char *name = prc_place_getenv (place, "USER");
    const struct passwd *entry = NULL;
    struct stat st;

    if (name != NULL)
        return name;
    if (stat (*place->home != '\0' ? place->home : "/", &st) == 0)
        entry = getpwuid (st.st_uid);
    return entry != NULL ? entry->pw_name : NULL;
}

/* What `proxyrc env` prints for the active profile, but for the credential: it has no say in the
 * way. */
static PrcVariables *
printed_variables (PrcSession *session, const PrcTool *env)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, NULL);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_active (profiles) : NULL;
    PrcHeldCredential none = { 0 };
    PrcVariables *variables = NULL;
    PrcWanted wanted;

    if (profile == NULL)
        return NULL;
    wanted = prc_credential_wanted (profile, &none);
    variables = prc_variables_new ();
    for (guint i = 0; i < env->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (env->keys, i);
        g_autoptr (PrcWipedString) value = NULL;
        PrcWantedKind kind;

        if (row->of != NULL || row->write != PRC_WRITE_ALWAYS ||
            !prc_wanted_value (&wanted, row, &env->url, TRUE, &kind, &value, NULL) ||
            kind == PRC_WANTED_UNMANAGED)
            continue;
        prc_variables_add (variables, row->key)->value =
            kind == PRC_WANTED_NOTHING ? NULL : g_strdup (value);
    }
    return variables;
}

static gboolean
log_in (Start *start, gboolean interactive, GError **error)
{
    const PrcPlace *place = prc_session_place (start->session);
    const PrcTool *env = prc_session_tool (start->session, "env", error);
    g_autofree char *user = g_strdup (login_name (place));

    if (env == NULL)
        return FALSE;
    start->printed = printed_variables (start->session, env);
    for (guint i = 0; i < (interactive ? 1 : 2); i++) {
        const PrcLogin login = { env, place, interactive || i == 1, user, start->printed };

        start->variables[i] = prc_login_variables (&login);
        start->places[i] = prc_login_place (place, start->variables[i]);
    }
    return TRUE;
}

static gboolean
stay_here (Start *start, GError **error)
{
    const PrcPlace *place = prc_session_place (start->session);

    if (place->env == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("--this-shell is about your own shell: leave out --home and --root"));
        return FALSE;
    }
    start->variables[0] = prc_variables_from_environ (place->env);
    start->places[0] = (PrcPlace){ g_strdup (place->home), g_strdup (place->root),
                                   g_strdup (place->shell), g_strdupv (place->env) };
    return TRUE;
}

static gboolean
start_init (Start *start, PrcSession *session, const char *url, const PrcRouteOptions *options,
            GError **error)
{
    gboolean is_own = prc_session_place (session)->env != NULL;

    *start = (Start){ .session = session };
    /* The whole catalogue at once, so that its tools stay the same. */
    if (prc_session_catalogue (session, error) == NULL)
        return FALSE;
    start->target = prc_target_parse (url, error);
    if (start->target == NULL)
        return FALSE;
    if (options->dir != NULL) {
        start->dir = g_canonicalize_filename (options->dir, NULL);
        if (!g_file_test (start->dir, G_FILE_TEST_IS_DIR)) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, _ ("%s: no such folder"), options->dir);
            return FALSE;
        }
    } else if (is_own) {
        start->dir = g_get_current_dir ();
    }
    return options->this_shell ? stay_here (start, error)
                               : log_in (start, options->interactive, error);
}

static char *
describe (const PrcRoute *route)
{
    const char *detail = route->detail != NULL ? route->detail : "";

    switch (route->kind) {
    case PRC_ROUTE_PROXY:
        /* Translators: this and the next three say how a tool reaches a URL. They stand behind a
         * colon: "curl, git: through http://proxy.example:3128; npm: directly" */
        return g_strdup_printf (_ ("through %s"), route->proxy);
    case PRC_ROUTE_DIRECT:
        return g_strdup (_ ("directly"));
    case PRC_ROUTE_INVALID:
        return g_strdup_printf (_ ("not at all (%s)"), detail);
    case PRC_ROUTE_UNDECIDED:
    default:
        return g_strdup_printf (_ ("by a way that can't be known (%s)"), detail);
    }
}

/* The route of a login shell depends on what kind of one it is. */
static PrcRoute *
undecided_between (const PrcRoute *command, const PrcRoute *interactive)
{
    PrcRoute *route = g_new0 (PrcRoute, 1);
    g_autofree char *a = describe (interactive);
    g_autofree char *b = describe (command);
    const PrcRouteSource *source = interactive->decided_by;

    route->beats = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_route_source_free);
    route->kind = PRC_ROUTE_UNDECIDED;
    if (source != NULL && source->file != NULL)
        route->detail = g_strdup_printf (
            /* Translators: a way as in "through http://proxy.example:3128", file, line, a way */
            _ ("from a shell that you type into: %s (%s:%u, which only such shells read); from "
               "one that runs a command: %s; --interactive asks only for the first"),
            a, source->file, source->line, b);
    else
        route->detail = g_strdup_printf (
            _ ("from a shell that you type into: %s; from one that runs a command: %s; "
               "--interactive asks only for the first"),
            a, b);
    return route;
}

/* Nothing sets a proxy, but somebody thought that something would. */
static void
mention_unread (PrcRoute *route, const Start *start)
{
    const PrcVariables *variables = start->variables[0];
    g_autofree char *name = g_strconcat (start->target->scheme, "_proxy", NULL);

    if (route->kind != PRC_ROUTE_DIRECT || route->decided_by != NULL)
        return;
    for (guint i = 0; i < variables->unread->len && route->detail == NULL; i++) {
        const PrcVariable *variable = g_ptr_array_index (variables->unread, i);

        if (g_ascii_strcasecmp (variable->name, name) == 0 ||
            g_ascii_strcasecmp (variable->name, "all_proxy") == 0)
            /* Translators: file, line, a variable, and a whole clause that says why this is unsure
             */
            route->detail = g_strdup_printf (_ ("%s:%u sets %s, but %s"), variable->file,
                                             variable->line, variable->name, variable->doubt);
    }
}

static gboolean
is_same_way (const PrcRoute *a, const PrcRoute *b)
{
    return a->kind == b->kind && (a->kind == PRC_ROUTE_DIRECT || a->kind == PRC_ROUTE_PROXY) &&
           g_strcmp0 (a->proxy, b->proxy) == 0;
}

static PrcRouteAnswer *
find_answer (const Start *start, const PrcTool *tool)
{
    const PrcPlace *place = prc_session_place (start->session);
    PrcRouteAnswer *answer = g_new0 (PrcRouteAnswer, 1);
    g_autofree char *program = prc_place_find_program (place, tool->program);
    PrcRoute *routes[2] = { NULL };
    guint version = program != NULL ? prc_tool_version (tool, place) : 0;

    for (guint i = 0; i < 2 && start->variables[i] != NULL; i++) {
        const PrcRouteQuery query = { tool,          &start->places[i], start->variables[i],
                                      start->target, start->dir,        version };

        routes[i] = prc_route_find (&query);
    }
    answer->tool = g_strdup (tool->name);
    answer->url = g_strdup (start->target->shown);
    answer->is_installed = program != NULL;
    if (routes[1] == NULL || prc_route_same (routes[0], routes[1])) {
        answer->route = routes[0];
        mention_unread (answer->route, start);
        prc_route_free (routes[1]);
    } else if (is_same_way (routes[0], routes[1])) {
        answer->route = routes[1];
        if (answer->route->detail == NULL)
            answer->route->detail = g_strdup (
                _ ("so does a shell that only runs a command, though not for this reason"));
        prc_route_free (routes[0]);
    } else {
        answer->command = routes[0];
        answer->interactive = routes[1];
        answer->route = undecided_between (routes[0], routes[1]);
    }
    return answer;
}

PrcRouteAnswer *
prc_route (PrcSession *session, const char *tool_name, const char *url,
           const PrcRouteOptions *options, GError **error)
{
    g_auto (Start) start = { 0 };
    const PrcTool *tool = NULL;

    if (!start_init (&start, session, url, options, error))
        return NULL;
    tool = prc_catalogue_find (prc_session_catalogue (session, NULL), tool_name);
    if (tool == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("there is no tool “%s”; `proxyrc tools` lists them"), tool_name);
        return NULL;
    }
    if (!prc_route_knows (tool)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("how %s chooses a proxy is not known; curl, git, npm, pip and wget are"),
                     tool_name);
        return NULL;
    }
    return find_answer (&start, tool);
}

GPtrArray *
prc_route_all (PrcSession *session, const char *url, const PrcRouteOptions *options, GError **error)
{
    g_auto (Start) start = { 0 };
    const PrcCatalogue *catalogue = NULL;
    GPtrArray *answers = NULL;

    if (!start_init (&start, session, url, options, error))
        return NULL;
    catalogue = prc_session_catalogue (session, NULL);
    answers = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_route_answer_free);
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (prc_route_knows (tool) && prc_session_wants_tool (session, NULL, tool))
            g_ptr_array_add (answers, find_answer (&start, tool));
    }
    return answers;
}

/* The tools of one way: "curl, git". */
static char *
tools_like (const GPtrArray *answers, const PrcRouteAnswer *model)
{
    GString *names = g_string_new (NULL);

    for (guint i = 0; i < answers->len; i++) {
        const PrcRouteAnswer *answer = g_ptr_array_index (answers, i);

        if (answer->is_installed && answer->route->kind == model->route->kind &&
            g_strcmp0 (answer->route->proxy, model->route->proxy) == 0)
            g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", answer->tool);
    }
    return g_string_free (names, FALSE);
}

char *
prc_route_differences (const GPtrArray *answers)
{
    g_autoptr (GHashTable) ways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint i = 0; i < answers->len; i++) {
        const PrcRouteAnswer *answer = g_ptr_array_index (answers, i);
        g_autofree char *names = NULL;
        g_autofree char *way = NULL;

        if (!answer->is_installed ||
            (answer->route->kind != PRC_ROUTE_DIRECT && answer->route->kind != PRC_ROUTE_PROXY))
            continue;
        names = tools_like (answers, answer);
        if (g_hash_table_contains (ways, names))
            continue;
        way = describe (answer->route);
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "; " : "", names, way);
        g_hash_table_add (ways, g_steal_pointer (&names));
    }
    return g_hash_table_size (ways) > 1 ? g_strdup (text->str) : NULL;
}
