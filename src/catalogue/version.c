#include "catalogue/version.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "formats/document.h"

static gboolean
scan_version (const char *text, guint *ret_version)
{
    guint major = 0, minor = 0, patch = 0;
    int fields = sscanf (text, "%u.%u.%u", &major, &minor, &patch);

    if (fields < 2 || major > 1023 || minor > 1023 || patch > 1023)
        return FALSE;
    *ret_version = PRC_TOOL_VERSION (major, minor, patch);
    return TRUE;
}

/* libcurl names itself "libcurl/8.5.0" in its version text, curl "curl/8.5.0" in its user agent. */
static guint
version_inside (const char *path)
{
    static const char mark[] = "curl/";
    g_auto (PrcFd) fd = open (path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    const char *data = NULL, *at = NULL, *end = NULL;
    guint version = 0;

    if (fd < 0 || fstat (fd, &st) != 0 || !S_ISREG (st.st_mode) || st.st_size < 64)
        return 0;
    data = mmap (NULL, (gsize) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return 0;
    end = data + st.st_size;
    at = data;
    while (version == 0 && (at = memmem (at, (gsize) (end - at), mark, strlen (mark))) != NULL) {
        char number[24] = "";
        gsize length = MIN ((gsize) (end - at) - strlen (mark), sizeof number - 1);

        memcpy (number, at + strlen (mark), length);
        if (!g_ascii_isdigit (number[0]) || !scan_version (number, &version))
            version = 0;
        at += strlen (mark);
    }
    (void) munmap ((void *) (gsize) data, (gsize) st.st_size);
    return version;
}

static guint
libcurl_version (const PrcTool *tool, const PrcPlace *place)
{
    static const char *const folders[] = { "/usr/local/lib",
                                           "/usr/lib/*-linux-gnu*",
                                           "/lib/*-linux-gnu*",
                                           "/usr/lib64",
                                           "/lib64",
                                           "/usr/lib",
                                           "/lib",
                                           NULL };

    for (char **name = tool->version_of; name != NULL && *name != NULL; name++) {
        g_autofree char *program = prc_place_find_program (place, *name);
        guint version = program != NULL ? version_inside (program) : 0;

        for (gsize i = 0; version == 0 && strstr (*name, ".so") != NULL && folders[i] != NULL;
             i++) {
            g_auto (GStrv) found = prc_place_expand (place, folders[i]);

            for (char **folder = found; version == 0 && *folder != NULL; folder++) {
                g_autofree char *library = g_build_filename (*folder, *name, NULL);

                version = version_inside (library);
            }
        }
        if (version != 0)
            return version;
    }
    return 0;
}

/* …/lib/node_modules/npm/bin/npm-cli.js has its package.json one folder above. */
static guint
npm_version (const PrcTool *tool, const PrcPlace *place)
{
    g_autofree char *pattern = g_strdup_printf ("${prefix:%s}/package.json", tool->version_of[0]);
    g_auto (GStrv) files = prc_place_expand (place, pattern);
    g_autoptr (GBytes) bytes = NULL;
    g_autofree char *text = NULL;
    const char *at = NULL;
    guint version = 0;

    if (files[0] == NULL)
        return 0;
    bytes = prc_read_file (AT_FDCWD, files[0], NULL, NULL);
    if (bytes == NULL)
        return 0;
    text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    at = strstr (text, "\"version\"");
    if (at != NULL)
        at = strpbrk (at + strlen ("\"version\""), "0123456789");
    return at != NULL && scan_version (at, &version) ? version : 0;
}

/* The dist-info folder of the interpreter that the program's first line names, or beside it. More
 * than one version in reach: nobody can tell without running it. */
static guint
pip_version (const PrcTool *tool, const PrcPlace *place)
{
    guint found = 0;

    for (char **name = tool->version_of; name != NULL && *name != NULL; name++) {
        static const char *const patterns[] = { "/lib/python3*/site-packages/pip-*.dist-info",
                                                "/lib/python3*/dist-packages/pip-*.dist-info",
                                                "/lib/python3/dist-packages/pip-*.dist-info" };
        g_autofree char *reference = g_strdup_printf ("${prefix:%s}", *name);
        g_auto (GStrv) prefix = prc_place_expand (place, reference);

        for (gsize i = 0; prefix[0] != NULL && i < G_N_ELEMENTS (patterns); i++) {
            g_autofree char *pattern = g_strconcat (prefix[0], patterns[i], NULL);
            g_auto (GStrv) folders = prc_place_expand (place, pattern);

            for (char **folder = folders; *folder != NULL; folder++) {
                guint version = 0;

                if (!scan_version (strrchr (*folder, '/') + strlen ("/pip-"), &version))
                    continue;
                if (found != 0 && found != version)
                    return 0;
                found = version;
            }
        }
        if (prefix[0] != NULL)
            return found; /* of the one that runs; another's would say nothing about it */
    }
    return found;
}

guint
prc_tool_version (const PrcTool *tool, const PrcPlace *place)
{
    switch (tool->version_kind) {
    case PRC_VERSION_LIBCURL:
        return libcurl_version (tool, place);
    case PRC_VERSION_NPM:
        return npm_version (tool, place);
    case PRC_VERSION_PIP:
        return pip_version (tool, place);
    case PRC_VERSION_NONE:
    default:
        return 0;
    }
}
