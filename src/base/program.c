#include "base/program.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program-config.h"

#define PRC_BUILD_MARK "src/base/build-tree" /* meson makes it */

static gboolean
is_there (const char *path)
{
    return access (path, F_OK) == 0;
}

/*
 * BUILD when @self is BUILD/src/FOLDER/NAME, or a test BUILD/tests/FOLDER/NAME, and the file is
 * there that marks a build tree; else NULL. The path of the tree is not in the program, so that the
 * same source gives the same bytes wherever it is built. A mark that another user made counts for
 * nothing.
 */
static char *
build_tree (const char *self)
{
    g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
    g_autofree char *above = folder != NULL ? g_path_get_dirname (folder) : NULL;
    g_autofree char *name = above != NULL ? g_path_get_basename (above) : NULL;
    g_autofree char *build = above != NULL ? g_path_get_dirname (above) : NULL;
    g_autofree char *mark = NULL;
    struct stat program, marked;

    if (!g_path_is_absolute (build != NULL ? build : "") ||
        (strcmp (name, "src") != 0 && strcmp (name, "tests") != 0))
        return NULL;
    mark = g_build_filename (build, PRC_BUILD_MARK, NULL);
    if (stat (self, &program) != 0 || lstat (mark, &marked) != 0 || !S_ISREG (marked.st_mode) ||
        marked.st_uid != program.st_uid)
        return NULL;
    return g_steal_pointer (&build);
}

/* share/ of the source that @build was made from: what its mark says. */
static char *
source_share (const char *build)
{
    g_autofree char *mark = g_build_filename (build, PRC_BUILD_MARK, NULL);
    char *said = NULL;

    if (!g_file_get_contents (mark, &said, NULL, NULL))
        return NULL;
    return g_strchomp (said);
}

/*
 * Where @configured is now, if the prefix was moved: self = MOVED/bin/proxyrc, or a helper of it,
 * so PREFIX/share is MOVED/share. A distribution may have put either outside of the prefix; then
 * only the configured place is left.
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
built_helper (const char *build, const char *name)
{
    g_autofree char *sources = g_build_filename (build, "src", NULL);
    g_autoptr (GDir) folders = g_dir_open (sources, 0, NULL);
    const char *folder = NULL;
    char *path = NULL;

    while (path == NULL && folders != NULL && (folder = g_dir_read_name (folders)) != NULL) {
        g_autofree char *candidate = g_build_filename (sources, folder, NULL);

        path = in_folder (candidate, name);
    }
    return path;
}

char *
prc_helper_path_from (const char *self, const char *name)
{
    g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
    g_autofree char *relocated = moved (self, PRC_HELPER_DIR);
    g_autofree char *build = build_tree (self);
    char *path = build != NULL ? built_helper (build, name) : in_folder (folder, name);

    if (path == NULL)
        path = in_folder (relocated, name);
    return path != NULL ? path : g_build_filename (PRC_HELPER_DIR, name, NULL);
}

char *
prc_share_path_from (const char *self, const char *name)
{
    g_autofree char *build = build_tree (self);
    g_autofree char *folder = build != NULL ? source_share (build) : moved (self, PRC_SHARE_DIR);
    char *path = in_folder (folder, name);

    return path != NULL ? path : g_build_filename (PRC_SHARE_DIR, name, NULL);
}

char *
prc_locale_path_from (const char *self)
{
    g_autofree char *build = build_tree (self);
    char *path = build != NULL ? in_folder (build, "po") : moved (self, PRC_LOCALE_DIR);

    return path != NULL ? path : g_strdup (PRC_LOCALE_DIR);
}

char *
prc_program_path_from (const char *self)
{
    g_autofree char *name = self != NULL ? g_path_get_basename (self) : NULL;
    g_autofree char *folder = NULL;
    g_autofree char *build = NULL;
    char *path = NULL;

    if (name == NULL || !g_str_has_prefix (name, "proxyrc-"))
        return g_strdup (self);
    folder = moved_from (self, PRC_HELPER_DIR, PRC_BIN_DIR);
    build = build_tree (self);
    path = build != NULL ? built_helper (build, "proxyrc") : in_folder (folder, "proxyrc");
    return path != NULL ? path : g_build_filename (PRC_BIN_DIR, "proxyrc", NULL);
}

/* (nullable). Where /proc is not mounted (a chroot, a rescue system): what this process was started
 * from, as the kernel has noted it. */
static char *
own_path (void)
{
    char *self = g_file_read_link ("/proc/self/exe", NULL);
    const char *started = (const char *) (gsize) getauxval (AT_EXECFN);
    char *real = self == NULL && started != NULL ? realpath (started, NULL) : NULL;

    if (real != NULL)
        self = g_strdup (real);
    free (real);
    return self;
}

char *
prc_program_path (void)
{
    g_autofree char *self = own_path ();

    return prc_program_path_from (self);
}

char *
prc_helper_path (const char *name)
{
    g_autofree char *self = own_path ();

    return prc_helper_path_from (self, name);
}

char *
prc_locale_path (void)
{
    g_autofree char *self = own_path ();

    return prc_locale_path_from (self);
}

char *
prc_share_path (const char *name)
{
    g_autofree char *self = own_path ();

    return prc_share_path_from (self, name);
}
