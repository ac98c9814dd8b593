#include "routing/npm-expand.h"

#include <string.h>

/* The length of a `${NAME}` at @text, or 0. */
static gsize
reference_length (const char *text)
{
    gsize length = 0;

    if (text[0] != '$' || text[1] != '{')
        return 0;
    length = strcspn (text + 2, "${}");
    return length > 0 && text[2 + length] == '}' ? length + 3 : 0;
}

/* Returns: FALSE: not known. */
static gboolean
append_value (GString *out, const char *reference, gsize length, const PrcVariables *variables,
              gboolean optional, char **ret_doubt)
{
    g_autofree char *name = g_strndup (reference + 2, length - 3);
    gsize name_length = strlen (name);
    gboolean may_lack = optional && name_length > 1 && name[name_length - 1] == '?';
    const PrcVariable *variable = NULL;

    if (may_lack)
        name[name_length - 1] = '\0';
    variable = prc_variables_find (variables, name);
    if (variable != NULL && variable->value == NULL) {
        *ret_doubt = g_strdup (variable->doubt);
        return FALSE;
    }
    if (variable != NULL)
        g_string_append (out, variable->value);
    else if (!may_lack)
        g_string_append_len (out, reference, (gssize) length);
    return TRUE;
}

char *
prc_npm_expand (const char *text, const PrcVariables *variables, gboolean optional,
                char **ret_doubt)
{
    GString *out = g_string_new (NULL);
    gsize n_backslashes = 0;
    gboolean known = TRUE;

    while (*text != '\0' && known) {
        gsize length = reference_length (text);

        if (length == 0) {
            n_backslashes = *text == '\\' ? n_backslashes + 1 : 0;
            g_string_append_c (out, *text++);
            continue;
        }
        /* Half of the backslashes go; an odd one makes it a literal. */
        g_string_truncate (out, out->len - (n_backslashes + 1) / 2);
        if (n_backslashes % 2 != 0)
            g_string_append_len (out, text, (gssize) length);
        else
            known = append_value (out, text, length, variables, optional, ret_doubt);
        n_backslashes = 0;
        text += length;
    }
    if (known)
        return g_string_free (out, FALSE);
    (void) g_string_free (out, TRUE);
    return NULL;
}
