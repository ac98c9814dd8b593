#include "app/session.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/homes.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/program.h"
#include "secrets/sealer.h"

struct _PrcSession {
    PrcSessionOptions options;
    PrcPlace place;
    PrcCatalogue *catalogue; /* (nullable): not asked for yet */
    PrcCatalogue *one_tool;  /* (nullable): only the file that prc_session_tool() read */
    PrcStateDir *state_dir;
    PrcRecovery *recovered;
    PrcSealKey *seal_key;
    PrcSealer sealer;
    char *data_dir, *config_path, *system_config_path;
    char *program; /* (nullable): not asked for yet */
};

void
prc_session_free (PrcSession *session)
{
    if (session == NULL)
        return;
    g_strfreev (session->options.tools);
    g_strfreev (session->options.leave_out);
    prc_place_clear (&session->place);
    prc_catalogue_free (session->catalogue);
    prc_catalogue_free (session->one_tool);
    prc_state_dir_free (session->state_dir);
    prc_recovery_free (session->recovered);
    prc_seal_key_free (session->seal_key);
    g_free (session->data_dir);
    g_free (session->config_path);
    g_free (session->system_config_path);
    g_free (session->program);
    g_free (session);
}

static char *
without_final_slash (const char *path)
{
    char *copy = g_canonicalize_filename (path, NULL);

    if (strcmp (copy, "/") == 0)
        *copy = '\0';
    return copy;
}

static const char *
base_name_of (const char *path)
{
    const char *slash = path != NULL ? strrchr (path, '/') : NULL;

    return slash != NULL ? slash + 1 : path;
}

/* The shell that the owner of a home logs in with. */
static char *
shell_of_home (const PrcPlace *place, const char *home)
{
    g_autofree char *shell = prc_home_shell (place->root, prc_place_path_inside (place, home));

    return g_strdup (base_name_of (shell));
}

static char *
own_shell (void)
{
    const char *shell = g_getenv ("SHELL");
    const struct passwd *entry = NULL;

    if (shell != NULL && *shell != '\0')
        return g_strdup (base_name_of (shell));
    entry = getpwuid (getuid ());
    if (entry != NULL && entry->pw_shell != NULL && *entry->pw_shell != '\0')
        return g_strdup (base_name_of (entry->pw_shell));
    return NULL;
}

static gboolean
fill_place (PrcPlace *place, const PrcSessionOptions *options, GError **error)
{
    gboolean other = options->home != NULL || options->root != NULL;
    const char *home = options->home != NULL ? options->home : g_getenv ("HOME");

    place->root = without_final_slash (options->root != NULL ? options->root : "/");
    if (home == NULL || *home == '\0') {
        const struct passwd *entry = getpwuid (getuid ());

        home = entry != NULL ? entry->pw_dir : "/";
    }
    if (*place->root != '\0' && !prc_place_is_inside (place, home))
        place->home = g_strconcat (place->root, *home == '/' ? "" : "/", home, NULL);
    else
        place->home = without_final_slash (home);
    place->env = other ? NULL : g_get_environ ();
    if (options->shell != NULL)
        place->shell = g_strdup (base_name_of (options->shell));
    else if (other)
        place->shell = shell_of_home (place, home);
    else
        place->shell = own_shell ();
    if (place->shell == NULL || *place->shell == '\0') {
        g_free (place->shell);
        place->shell = g_strdup ("bash");
    }
    if (*place->home != '\0' && !g_file_test (place->home, G_FILE_TEST_IS_DIR)) { /* "" is / */
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     options->home == NULL
                         ? _ ("%s: no such home directory; name one with --home DIR")
                         : _ ("%s: no such home directory"),
                     place->home);
        return FALSE;
    }
    return TRUE;
}

static char *
first_path (const PrcPlace *place, const char *path_template)
{
    g_auto (GStrv) paths = prc_place_expand (place, path_template);

    return g_strdup (paths[0]);
}

/* Work in another user's home is done with that user's rights: then a symlink that was planted
 * there leads nowhere that its owner could not write to anyway, and what is made is theirs. */
static gboolean
become_owner_of_home (const PrcPlace *place, const PrcSessionOptions *options, GError **error)
{
    struct stat st;

    if (geteuid () != 0 || (options->home == NULL && options->root == NULL) || options->with_system)
        return TRUE;
    if (stat (place->home, &st) != 0 || st.st_uid == 0)
        return TRUE;
    if (!prc_home_take_rights_of (st.st_uid, st.st_gid, options->root != NULL, error)) {
        g_prefix_error (error, "%s: ", place->home);
        return FALSE;
    }
    return TRUE;
}

/* What is our own in an image is read and written as any path is: a symlink in it that is absolute
 * would lead to this machine's files. */
static gboolean
check_inside (const PrcPlace *place, const char *path, GError **error)
{
    g_autofree char *there = g_strdup (path);
    char *real = NULL, *root = NULL;
    gboolean is_inside = FALSE;
    struct stat st;

    if (*place->root == '\0' || path == NULL)
        return TRUE;
    while (lstat (there, &st) != 0 && strlen (there) > strlen (place->root))
        *strrchr (there, '/') = '\0';
    real = realpath (there, NULL);
    root = realpath (place->root, NULL);
    if (real != NULL && root != NULL) {
        const PrcPlace image = { .root = root };

        is_inside = prc_place_is_inside (&image, real);
    }
    free (real);
    free (root);
    if (!is_inside)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: a symlink leads out of %s; work in there with chroot instead"), path,
                     place->root);
    return is_inside;
}

static char *
shipped_tools_dir (void)
{
    const char *given = g_getenv ("PROXYRC_TOOLS_DIR");

    return given != NULL && *given != '\0' ? g_strdup (given) : prc_share_path ("tools.d");
}

static PrcCatalogue *
load_catalogue (PrcSession *session, const char *only, GError **error)
{
    g_autofree char *shipped = shipped_tools_dir ();
    g_autofree char *system = g_strconcat (session->place.root, "/etc/xdg/proxyrc/tools.d", NULL);
    g_autofree char *user =
        first_path (&session->place, "${XDG_CONFIG_HOME:-~/.config}/proxyrc/tools.d");
    const char *folders[] = { shipped, system, user, NULL };

    return prc_catalogue_load (folders, only, error);
}

const PrcCatalogue *
prc_session_catalogue (PrcSession *session, GError **error)
{
    if (session->catalogue != NULL)
        return session->catalogue;
    session->catalogue = load_catalogue (session, NULL, error);
    if (session->catalogue == NULL)
        return NULL;
    for (char **name = session->options.tools; name != NULL && *name != NULL; name++)
        if (prc_catalogue_find (session->catalogue, *name) == NULL) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                         _ ("there is no tool “%s”; `proxyrc tools` lists them"), *name);
            g_clear_pointer (&session->catalogue, prc_catalogue_free);
            return NULL;
        }
    return session->catalogue;
}

const PrcTool *
prc_session_tool (PrcSession *session, const char *name, GError **error)
{
    if (session->catalogue == NULL && session->one_tool == NULL)
        session->one_tool = load_catalogue (session, name, error);
    if (session->catalogue == NULL && session->one_tool == NULL)
        return NULL;
    return prc_catalogue_find (session->catalogue != NULL ? session->catalogue : session->one_tool,
                               name);
}

static GBytes *
seal (GBytes *plain, const char *context, gpointer data, GError **error)
{
    return prc_seal (data, plain, context, error);
}

static GBytes *
unseal (GBytes *sealed, const char *context, gpointer data, GError **error)
{
    return prc_unseal (data, sealed, context, error);
}

static gboolean
forget (gpointer data, GError **error)
{
    return prc_seal_key_drop (data, error);
}

char *
prc_session_system_config (const char *root)
{
    g_autofree char *prefix = root != NULL && *root != '\0' ? without_final_slash (root) : NULL;

    return g_strconcat (prefix != NULL ? prefix : "", "/etc/xdg/proxyrc/proxyrc.cfg", NULL);
}

PrcSession *
prc_session_new (const PrcSessionOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = g_new0 (PrcSession, 1);
    g_autofree char *state_path = NULL;
    g_autofree char *key_path = NULL;
    PrcApplyOptions recovery;

    session->options = *options;
    session->options.tools = g_strdupv (options->tools);
    session->options.leave_out = g_strdupv (options->leave_out);
    if (!fill_place (&session->place, options, error) ||
        !become_owner_of_home (&session->place, options, error))
        return NULL;
    session->data_dir = first_path (&session->place, "${XDG_DATA_HOME:-~/.local/share}/proxyrc");
    state_path = first_path (&session->place, "${XDG_STATE_HOME:-~/.local/state}/proxyrc");
    session->config_path =
        options->config_file != NULL
            ? g_canonicalize_filename (options->config_file, NULL)
            : first_path (&session->place, "${XDG_CONFIG_HOME:-~/.config}/proxyrc/proxyrc.cfg");
    if (session->data_dir == NULL || state_path == NULL || session->config_path == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME must be absolute paths"));
        return NULL;
    }
    key_path = g_build_filename (session->data_dir, "undo.key", NULL);
    session->state_dir = prc_state_dir_new (state_path);
    session->seal_key = prc_seal_key_new (key_path);
    session->sealer = (PrcSealer){ seal, unseal, session->seal_key, forget };
    session->system_config_path = prc_session_system_config (session->place.root);
    if (!check_inside (&session->place, session->data_dir, error) ||
        !check_inside (&session->place, state_path, error) ||
        (options->config_file == NULL &&
         !check_inside (&session->place, session->config_path, error)))
        return NULL;
    recovery = prc_session_apply_options (session);
    if (!options->only_reads &&
        !prc_transaction_recover (session->state_dir, &recovery, &session->recovered, error))
        return NULL;
    return g_steal_pointer (&session);
}

const PrcSessionOptions *
prc_session_options (const PrcSession *session)
{
    return &session->options;
}

const PrcPlace *
prc_session_place (const PrcSession *session)
{
    return &session->place;
}

const PrcRecovery *
prc_session_recovered (const PrcSession *session)
{
    return session->recovered;
}

PrcStateDir *
prc_session_state_dir (PrcSession *session)
{
    return session->state_dir;
}

PrcApplyOptions
prc_session_apply_options (PrcSession *session)
{
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;

    options.sealer = &session->sealer;
    options.in_place = session->options.in_place;
    if (*session->place.root != '\0')
        options.root = session->place.root;
    return options;
}

const char *
prc_session_data_dir (const PrcSession *session)
{
    return session->data_dir;
}

static gboolean
is_same_file (const char *a, const char *b)
{
    struct stat x, y;

    return stat (a, &x) == 0 && stat (b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

const char *
prc_session_program (PrcSession *session)
{
    const PrcPlace *place = &session->place;
    g_autofree char *self = NULL;
    g_autofree char *found = NULL;

    if (session->program != NULL)
        return session->program;
    self = prc_program_path ();
    found = prc_place_find_program (place, "proxyrc");
    if (found != NULL && *place->root != '\0')
        session->program = g_strdup (found + strlen (place->root));
    else if (found != NULL && (self == NULL || is_same_file (found, self)))
        session->program = g_steal_pointer (&found);
    else
        session->program = self != NULL ? g_steal_pointer (&self) : g_strdup ("proxyrc");
    return session->program;
}

gboolean
prc_session_program_runs (PrcSession *session)
{
    g_autofree char *path = g_strconcat (session->place.root, prc_session_program (session), NULL);

    return access (path, X_OK) == 0;
}

const char *
prc_session_config_path (const PrcSession *session)
{
    return session->config_path;
}

const char *
prc_session_system_config_path (const PrcSession *session)
{
    return session->system_config_path;
}

gboolean
prc_session_wants_tool (const PrcSession *session, const PrcProfile *profile, const PrcTool *tool)
{
    if (session->options.tools != NULL)
        return g_strv_contains ((const char *const *) session->options.tools, tool->name);
    return profile == NULL || profile->tools == NULL ||
           g_strv_contains ((const char *const *) profile->tools, tool->name);
}
