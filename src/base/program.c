#include "base/program.h"

#include <string.h>
#include <unistd.h>

#include "program-config.h"

static gboolean
is_there (const char *path)
{
    return access (path, F_OK) == 0;
}

/* The executable's folder when it runs from the build tree; whatever else has that path is not
 * ours. */
static gboolean
in_build_tree (const char *self)
{
    return self != NULL && g_str_has_prefix (self, PRC_BUILD_DIR "/");
}

/*
 * Where @configured is now, if the prefix was moved: self = MOVED/bin/proxyrc, so PREFIX/libexec is
 * MOVED/libexec. A distribution may have put either outside of the prefix; then only the configured
 * place is left.
 */
static char *
moved_from (const char *self, const char *usual, const char *configured)
{
    static const char prefix[] = PRC_PREFIX "/";
    g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;

    if (folder == NULL || !g_str_has_prefix (usual, prefix) ||
        !g_str_has_prefix (configured, prefix))
        return NULL;
    usual += strlen (PRC_PREFIX);
    if (!g_str_has_suffix (folder, usual))
        return NULL;
    folder[strlen (folder) - strlen (usual)] = '\0';
    return g_strconcat (folder, configured + strlen (PRC_PREFIX), NULL);
}

/* The same for what runs as a helper: self = MOVED/libexec/proxyrc/NAME. */
static char *
moved (const char *self, const char *configured)
{
    char *path = moved_from (self, PRC_BIN_DIR, configured);

    return path != NULL ? path : moved_from (self, PRC_HELPER_DIR, configured);
}

static char *
in_folder (const char *folder, const char *name)
{
    char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

    if (path != NULL && !is_there (path))
        g_clear_pointer (&path, g_free);
    return path;
}

static char *
built_helper (const char *name)
{
    g_autoptr (GDir) folders = g_dir_open (PRC_BUILD_DIR "/src", 0, NULL);
    const char *folder = NULL;
    char *path = NULL;

    while (path == NULL && folders != NULL && (folder = g_dir_read_name (folders)) != NULL) {
        g_autofree char *candidate = g_build_filename (PRC_BUILD_DIR "/src", folder, NULL);

        path = in_folder (candidate, name);
    }
    return path;
}

char *
prc_helper_path_from (const char *self, const char *name)
{
    g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
    g_autofree char *relocated = moved (self, PRC_HELPER_DIR);
    char *path = in_build_tree (self) ? built_helper (name) : in_folder (folder, name);

    if (path == NULL)
        path = in_folder (relocated, name);
    return path != NULL ? path : g_build_filename (PRC_HELPER_DIR, name, NULL);
}

char *
prc_share_path_from (const char *self, const char *name)
{
    g_autofree char *relocated = moved (self, PRC_SHARE_DIR);
    char *path = in_folder (in_build_tree (self) ? PRC_SOURCE_SHARE_DIR : relocated, name);

    return path != NULL ? path : g_build_filename (PRC_SHARE_DIR, name, NULL);
}

char *
prc_program_path_from (const char *self)
{
    g_autofree char *name = self != NULL ? g_path_get_basename (self) : NULL;
    g_autofree char *folder = NULL;
    char *path = NULL;

    if (name == NULL || !g_str_has_prefix (name, "proxyrc-"))
        return g_strdup (self);
    folder = moved_from (self, PRC_HELPER_DIR, PRC_BIN_DIR);
    path = in_build_tree (self) ? built_helper ("proxyrc") : in_folder (folder, "proxyrc");
    return path != NULL ? path : g_build_filename (PRC_BIN_DIR, "proxyrc", NULL);
}

char *
prc_program_path (void)
{
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

    return prc_program_path_from (self);
}

char *
prc_helper_path (const char *name)
{
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

    return prc_helper_path_from (self, name);
}

char *
prc_share_path (const char *name)
{
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

    return prc_share_path_from (self, name);
}
