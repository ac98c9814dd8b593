#include "catalogue/place.h"

#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"

void
prc_place_clear (PrcPlace *place)
{
    g_free (place->home);
    g_free (place->root);
    g_free (place->shell);
    prc_wipe_strfreev (place->env);
    *place = (PrcPlace){ 0 };
}

gboolean
prc_place_is_inside (const PrcPlace *place, const char *path)
{
    gsize length = strlen (place->root);

    return strncmp (path, place->root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

const char *
prc_place_path_inside (const PrcPlace *place, const char *path)
{
    return prc_place_is_inside (place, path) ? path + strlen (place->root) : path;
}

const char *
prc_place_getenv (const PrcPlace *place, const char *name)
{
    const char *value = place->env != NULL ? g_environ_getenv (place->env, name) : NULL;

    return value != NULL && *value != '\0' ? value : NULL;
}

char *
prc_place_show (const PrcPlace *place, const char *path)
{
    gsize length = strlen (place->home);

    if (length > 0 && strncmp (path, place->home, length) == 0 && path[length] == '/')
        return g_strconcat ("~", path + length, NULL);
    return g_strdup (path);
}

char *
prc_place_find_program (const PrcPlace *place, const char *program)
{
    const char *path = prc_place_getenv (place, "PATH");
    g_auto (GStrv) folders = g_strsplit (
        path != NULL ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ":",
        -1);

    for (char **folder = folders; *folder != NULL; folder++) {
        g_autofree char *file = NULL;

        if (**folder != '/')
            continue;
        file = g_strconcat (place->root, *folder, "/", program, NULL);
        if (access (file, X_OK) == 0)
            return g_steal_pointer (&file);
    }
    return NULL;
}

/* The folder above the one that the program lies in, once all symlinks are followed. */
static char *
program_prefix (const PrcPlace *place, const char *program)
{
    g_autofree char *file = prc_place_find_program (place, program);
    char *real = file != NULL ? realpath (file, NULL) : NULL;
    char *prefix = NULL;

    if (real != NULL) {
        g_autofree char *folder = g_path_get_dirname (real);

        prefix = g_path_get_dirname (folder);
        free (real);
        if (strcmp (prefix, "/") == 0)
            *prefix = '\0';
    }
    return prefix;
}

/* The values of one `${…}`: (transfer full), NULL when there is no such place. */
static char **
expand_reference (const PrcPlace *place, const char *reference)
{
    g_auto (GStrv) parts = g_strsplit (reference, ":-", 2);
    gboolean is_list = g_str_has_suffix (parts[0], "[]");
    const char *value = NULL;

    if (g_str_has_prefix (reference, "prefix:")) {
        g_autofree char *prefix = program_prefix (place, reference + strlen ("prefix:"));

        return prefix != NULL ? g_strsplit (prefix, "\n", 1) : NULL;
    }
    if (is_list)
        parts[0][strlen (parts[0]) - 2] = '\0';
    value = prc_place_getenv (place, parts[0]);
    if (value == NULL)
        value = parts[1];
    if (value == NULL)
        return NULL;
    return g_strsplit (value, is_list ? ":" : "\n", is_list ? -1 : 1);
}

static void
add_matches (GPtrArray *paths, const char *pattern)
{
    glob_t found = { 0 };

    if (strchr (pattern, '*') == NULL) {
        g_ptr_array_add (paths, g_strdup (pattern));
        return;
    }
    if (glob (pattern, 0, NULL, &found) == 0)
        for (gsize i = 0; i < found.gl_pathc; i++)
            g_ptr_array_add (paths, g_strdup (found.gl_pathv[i]));
    globfree (&found);
}

static void
add_path (const PrcPlace *place, GPtrArray *paths, const char *text)
{
    g_autofree char *path = NULL;

    if (text[0] == '~' && (text[1] == '/' || text[1] == '\0'))
        path = g_strconcat (place->home, text + 1, NULL);
    else if (text[0] == '/' && !prc_place_is_inside (place, text))
        path = g_strconcat (place->root, text, NULL);
    else if (text[0] == '/')
        path = g_strdup (text);
    if (path != NULL)
        add_matches (paths, path);
}

char **
prc_place_expand (const PrcPlace *place, const char *path_template)
{
    g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
    const char *open = strstr (path_template, "${");
    const char *close = open != NULL ? strchr (open, '}') : NULL;

    if (close == NULL) {
        add_path (place, paths, path_template);
    } else {
        g_autofree char *reference = g_strndup (open + 2, (gsize) (close - open - 2));
        g_auto (GStrv) values = expand_reference (place, reference);

        for (char **value = values; value != NULL && *value != NULL; value++) {
            g_autofree char *text = g_strdup_printf ("%.*s%s%s", (int) (open - path_template),
                                                     path_template, *value, close + 1);
            g_auto (GStrv) more = NULL;

            if (strstr (*value, "${") != NULL)
                continue; /* a variable's value is never a template */
            more = prc_place_expand (place, text);
            for (char **path = more; *path != NULL; path++)
                g_ptr_array_add (paths, g_strdup (*path));
        }
    }
    g_ptr_array_add (paths, NULL);
    return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}
