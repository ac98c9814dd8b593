#include "formats/csh-eval.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/words.h"

#define BEFORE "\"`/bin/sh -c "
#define SILENT " 2>/dev/null || :"
#define BEHIND "`\""

/* csh replaces them even between the quotes that stand here. */
#define REPLACED "\"$!\n"

char *
prc_csh_eval_word (const char *command, GError **error)
{
    g_auto (GStrv) words = prc_words_split (command);
    g_autofree char *silent = g_strconcat (command, SILENT, NULL);
    g_autofree char *quoted = g_shell_quote (silent);

    if (words != NULL && strpbrk (command, REPLACED "`") == NULL)
        return g_strconcat (BEFORE, quoted, BEHIND, NULL);
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 _ ("csh can't run a command with such characters and take its output: %s"),
                 command);
    return NULL;
}

char *
prc_csh_eval_command (const char *word, gsize length)
{
    g_autofree char *text = g_strndup (word, length);
    g_auto (GStrv) outer = NULL;
    g_auto (GStrv) inner = NULL;

    if (!g_str_has_prefix (text, BEFORE) || !g_str_has_suffix (text, BEHIND))
        return NULL;
    text[strlen (text) - strlen (BEHIND)] = '\0';
    if (strpbrk (text + 1, REPLACED) != NULL)
        return NULL;
    outer = prc_words_split (text + strlen (BEFORE));
    if (outer == NULL || outer[1] != NULL || !g_str_has_suffix (outer[0], SILENT))
        return NULL;
    outer[0][strlen (outer[0]) - strlen (SILENT)] = '\0';
    inner = prc_words_split (outer[0]);
    return inner != NULL ? prc_words_join ((const char *const *) inner) : NULL;
}
