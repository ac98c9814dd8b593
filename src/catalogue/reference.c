#include "catalogue/reference.h"

#include <string.h>

#include "base/words.h"

#define PROGRAM "${proxyrc}"
#define SHELL "${shell}"
#define PROXY "${proxy}"

char *
prc_reference_command (const PrcTool *tool, const char *program, const char *shell)
{
    g_auto (GStrv) words =
        tool->reference_command != NULL ? g_strsplit (tool->reference_command, " ", -1) : NULL;

    if (words == NULL)
        return NULL;
    for (char **word = words; *word != NULL; word++) {
        const char *text = strcmp (*word, PROGRAM) == 0                  ? program
                           : strcmp (*word, SHELL) == 0 && shell != NULL ? shell
                                                                         : NULL;

        if (text != NULL) {
            g_free (*word);
            *word = g_strdup (text);
        }
    }
    return prc_words_join ((const char *const *) words);
}

static gboolean
is_this_program (const char *path)
{
    const char *slash = strrchr (path, '/');

    return strcmp (slash != NULL ? slash + 1 : path, "proxyrc") == 0;
}

gboolean
prc_reference_is_ours (const PrcTool *tool, const char *text)
{
    g_auto (GStrv) wanted =
        tool->reference_command != NULL ? g_strsplit (tool->reference_command, " ", -1) : NULL;
    g_auto (GStrv) words = text != NULL ? prc_words_split (text) : NULL;

    if (wanted == NULL || words == NULL || g_strv_length (wanted) != g_strv_length (words))
        return FALSE;
    for (guint i = 0; wanted[i] != NULL; i++)
        if (strcmp (wanted[i], PROGRAM) == 0
                ? !is_this_program (words[i])
                : strcmp (wanted[i], SHELL) != 0 && strcmp (wanted[i], words[i]) != 0)
            return FALSE;
    return TRUE;
}

gboolean
prc_reference_names (const PrcTool *tool, const char *text, const char *program)
{
    g_auto (GStrv) wanted = g_strsplit (tool->reference_command, " ", -1);
    g_auto (GStrv) words = prc_words_split (text);

    for (guint i = 0; words != NULL && wanted[i] != NULL && words[i] != NULL; i++)
        if (strcmp (wanted[i], PROGRAM) == 0)
            return strcmp (words[i], program) == 0;
    return FALSE;
}

char *
prc_reference_key (const PrcTool *tool, const char *proxy)
{
    GString *key = g_string_new (tool->reference_key);

    g_string_replace (key, PROXY, proxy, 1);
    return g_string_free (key, FALSE);
}

gboolean
prc_reference_plays (const PrcTool *tool, const char *key)
{
    const char *wanted = tool->reference_key;
    const char *gap = wanted != NULL ? strstr (wanted, PROXY) : NULL;
    gsize before = 0;

    if (wanted == NULL)
        return FALSE;
    if (gap == NULL)
        return strcmp (wanted, key) == 0;
    before = (gsize) (gap - wanted);
    return strlen (key) > strlen (wanted) - strlen (PROXY) && strncmp (key, wanted, before) == 0 &&
           g_str_has_suffix (key, gap + strlen (PROXY));
}
