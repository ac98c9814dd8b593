#include "base/words.h"

#include <string.h>

static gboolean
is_plain (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("_-+./:,@%=", c) != NULL) ||
           (guchar) c >= 0x80;
}

char *
prc_words_join (const char *const *words)
{
    GString *text = g_string_new (NULL);

    for (; *words != NULL; words++) {
        const char *p = *words;

        while (is_plain (*p))
            p++;
        if (text->len > 0)
            g_string_append_c (text, ' ');
        if (*p == '\0' && p > *words) {
            g_string_append (text, *words);
        } else {
            g_autofree char *quoted = g_shell_quote (*words);

            g_string_append (text, quoted);
        }
    }
    return g_string_free (text, FALSE);
}

/* One quoted or plain part of a word, at *@p. */
static gboolean
take_part (const char **p, GString *word)
{
    char quote = **p;
    const char *end = NULL;

    if (quote == '\\') {
        if ((*p)[1] == '\0' || (*p)[1] == '\n')
            return FALSE;
        g_string_append_c (word, (*p)[1]);
        *p += 2;
        return TRUE;
    }
    if (quote != '\'' && quote != '"') {
        g_string_append_c (word, quote);
        (*p)++;
        return is_plain (quote);
    }
    end = strchr (*p + 1, quote);
    if (end == NULL)
        return FALSE;
    g_string_append_len (word, *p + 1, end - *p - 1);
    for (const char *c = *p + 1; quote == '"' && c < end; c++)
        if (strchr ("$`\\!", *c) != NULL)
            return FALSE;
    *p = end + 1;
    return TRUE;
}

char **
prc_words_split (const char *text)
{
    g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
    const char *p = text + strspn (text, " \t");

    while (*p != '\0') {
        g_autoptr (GString) word = g_string_new (NULL);

        while (*p != '\0' && *p != ' ' && *p != '\t')
            if (!take_part (&p, word))
                return NULL;
        g_ptr_array_add (words, g_string_free (g_steal_pointer (&word), FALSE));
        p += strspn (p, " \t");
    }
    if (words->len == 0)
        return NULL;
    g_ptr_array_add (words, NULL);
    return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}
