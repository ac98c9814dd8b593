#include "routing/login-value.h"

#include <string.h>

/* For what variables bring in. */
#define ROOM 4096u

typedef struct {
    const char *text, *end;
    const char *format;
    PrcLoginLookup lookup;
    gpointer data;
    GString *out;
} Word;

static gboolean
is_name_char (char c)
{
    return g_ascii_isalnum (c) || c == '_';
}

static gboolean
append_variable (Word *word, const char *name, const char *fallback, gboolean quoted)
{
    gboolean unset = FALSE;
    const char *value = word->lookup (word->data, name, &unset);

    if (value == NULL && !unset)
        return FALSE;
    if (value == NULL || *value == '\0') {
        /* A shell of another kind ends the file, or drops the word. */
        if (fallback == NULL && value == NULL && strstr ("sh bash zsh", word->format) == NULL)
            return FALSE;
        value = fallback != NULL ? fallback : "";
    }
    if (!quoted && value[strcspn (value, " \t\n*?[~")] != '\0')
        return FALSE;
    g_string_append (word->out, value);
    return TRUE;
}

/* `$NAME`, `${NAME}`, `${NAME:-plain}`; @word->text is behind the '$'. */
static gboolean
read_reference (Word *word, gboolean quoted)
{
    gboolean braced = word->text < word->end && *word->text == '{';
    const char *start = word->text + (braced ? 1 : 0), *p = start;
    g_autofree char *name = NULL;
    g_autofree char *fallback = NULL;

    while (p < word->end && is_name_char (*p))
        p++;
    if (p == start || g_ascii_isdigit (*start))
        return FALSE;
    name = g_strndup (start, (gsize) (p - start));
    if (braced && word->end - p > 2 && p[0] == ':' && p[1] == '-') {
        const char *from = p + 2;

        p = from;
        while (p < word->end && (is_name_char (*p) || strchr ("./:-,@%", *p) != NULL))
            p++;
        fallback = g_strndup (from, (gsize) (p - from));
    }
    if (braced && (p == word->end || *p++ != '}'))
        return FALSE;
    if (!braced && p < word->end && *p == '[')
        return FALSE; /* an element of a list */
    if (!braced && strcmp (word->format, "csh") == 0 && p < word->end && *p == ':')
        return FALSE; /* csh: a modifier */
    word->text = p;
    return append_variable (word, name, fallback, quoted);
}

static gboolean
read_single_quoted (Word *word)
{
    const char *close = memchr (word->text, '\'', (gsize) (word->end - word->text));

    if (close == NULL || memchr (word->text, '\\', (gsize) (close - word->text)) != NULL)
        return FALSE;
    g_string_append_len (word->out, word->text, close - word->text);
    word->text = close + 1;
    return TRUE;
}

static gboolean
read_double_quoted (Word *word)
{
    while (word->text < word->end && *word->text != '"') {
        char c = *word->text++;

        if (c == '$') {
            if (!read_reference (word, TRUE))
                return FALSE;
        } else if (strchr ("\\`!\n", c) != NULL) {
            return FALSE;
        } else {
            g_string_append_c (word->out, c);
        }
    }
    return word->text++ < word->end;
}

static gboolean
read_word (Word *word)
{
    while (word->text < word->end) {
        char c = *word->text++;
        gboolean good = TRUE;

        if (c == '$')
            good = read_reference (word, FALSE);
        else if (c == '"')
            good = read_double_quoted (word);
        else if (c == '\'')
            good = read_single_quoted (word);
        else if (g_ascii_isalnum (c) || strchr ("_./:@%+=,-", c) != NULL || (guchar) c >= 0x80)
            g_string_append_c (word->out, c);
        else
            good = FALSE;
        if (!good)
            return FALSE;
    }
    return TRUE;
}

char *
prc_login_text (const char *text, gsize length, const char *format, PrcLoginLookup lookup,
                gpointer data)
{
    /* With room: a buffer that grows leaves copies behind that nobody wipes. */
    g_autoptr (GString) out = g_string_sized_new (length + ROOM);
    Word word = { text, text + length, format, lookup, data, out };
    gboolean good = TRUE;
    char *result = NULL;

    if (length >= 2 && text[0] == '~' && text[1] == '/') {
        word.text++;
        good = append_variable (&word, "HOME", NULL, FALSE);
    }
    if (good && read_word (&word))
        result = g_strdup (out->str);
    explicit_bzero (out->str, out->len);
    return result;
}

/* Only where the name stands right before it: so not what `read` or a loop sets. */
static gboolean
is_plain_assignment (const char *data, const PrcEntry *entry, gboolean *ret_appends)
{
    gsize length = strlen (entry->key), at = entry->value_start;

    *ret_appends = FALSE;
    if (at == 0)
        return FALSE;
    at--;
    if (data[at] == '=') {
        if (at > 0 && data[at - 1] == '+') {
            *ret_appends = TRUE;
            at--;
        }
    } else if (data[at] != ' ' && data[at] != '\t') {
        return FALSE;
    }
    while (at > 0 && (data[at - 1] == ' ' || data[at - 1] == '\t'))
        at--;
    return at >= length && memcmp (data + at - length, entry->key, length) == 0;
}

gboolean
prc_login_value_refers (const PrcDocument *doc, const PrcEntry *entry)
{
    const char *data = prc_document_data (doc, NULL);
    gboolean appends = FALSE;

    return entry->value_end > entry->value_start &&
           (memchr (data + entry->value_start, '$', entry->value_end - entry->value_start) !=
                NULL ||
            (is_plain_assignment (data, entry, &appends) && appends));
}

char *
prc_login_value (const PrcDocument *doc, const PrcEntry *entry, PrcLoginLookup lookup,
                 gpointer data, gboolean *ret_appends)
{
    gsize size = 0;
    const char *text = prc_document_data (doc, &size);

    if (entry->value_end <= entry->value_start || entry->value_end > size ||
        !is_plain_assignment (text, entry, ret_appends))
        return NULL;
    return prc_login_text (text + entry->value_start, entry->value_end - entry->value_start,
                           prc_document_format (doc)->name, lookup, data);
}
