/* fish_variables: what `set -U` keeps, as fish 3 writes it: one line for each variable, in the
 * order of their names,
 *
 *     SETUVAR [--export] [--path] NAME:VALUE
 *
 * with all but letters, digits, '/' and '_' escaped in the value. A running fish takes over what
 * others write here, and replaces the file itself when one of its own variables changes. A variable
 * of the environment goes over one from here. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/fish-script.h"
#include "formats/systemd-env.h"

#define VERSION_LINE "# VERSION: 3.0"
#define COMMAND "SETUVAR"

enum { LIST_SEPARATOR = 0x1E, EMPTY_LIST = 0x1D };

/* Reading */

typedef struct {
    const char *at, *end;
} Text;

static gboolean
take_word (Text *text, const char *word)
{
    gsize length = strlen (word);

    if ((gsize) (text->end - text->at) < length || memcmp (text->at, word, length) != 0)
        return FALSE;
    text->at += length;
    return TRUE;
}

static void
skip_blanks (Text *text)
{
    while (text->at < text->end && (*text->at == ' ' || *text->at == '\t'))
        text->at++;
}

static gboolean
take_option (Text *text, const char *option)
{
    Text rest = *text;

    if (!take_word (&rest, option) || rest.at == rest.end || (*rest.at != ' ' && *rest.at != '\t'))
        return FALSE;
    *text = rest;
    skip_blanks (text);
    return TRUE;
}

/* The code behind "\x", "\X", "\u" or "\U"; FALSE: fish would not have written this. */
static gboolean
take_code (Text *text, gsize digits, gunichar *ret_code)
{
    gunichar code = 0;

    if ((gsize) (text->end - text->at) < digits)
        return FALSE;
    for (gsize i = 0; i < digits; i++) {
        int digit = g_ascii_xdigit_value (*text->at++);

        if (digit < 0)
            return FALSE;
        code = code * 16 + (gunichar) digit;
    }
    *ret_code = code;
    return TRUE;
}

static gboolean
append_escape (GString *out, Text *text, char separator)
{
    char letter = text->at < text->end ? *text->at++ : '\0';
    gunichar code = 0;

    switch (letter) {
    case 'x':
    case 'X':
        if (!take_code (text, 2, &code) || code == 0)
            return FALSE;
        g_string_append_c (out, code == LIST_SEPARATOR ? separator : (char) code);
        return TRUE;
    case 'u':
    case 'U':
        if (!take_code (text, letter == 'u' ? 4 : 8, &code) || code == 0 ||
            !g_unichar_validate (code))
            return FALSE;
        g_string_append_unichar (out, code);
        return TRUE;
    case 'n':
        g_string_append_c (out, '\n');
        return TRUE;
    case 't':
        g_string_append_c (out, '\t');
        return TRUE;
    default:
        if (letter == '\0' || g_ascii_isalnum (letter))
            return FALSE;
        g_string_append_c (out, letter);
        return TRUE;
    }
}

/* As a program sees it: a list joined. NULL: written by hand, in ways that only fish knows. */
static char *
decoded (Text text, char separator)
{
    g_autoptr (PrcWipedText) out = prc_wiped_text_new ((gsize) (text.end - text.at) + 1);

    if (text.end - text.at == 4 && memcmp (text.at, "\\x1d", 4) == 0)
        return g_strdup (""); /* a list of none */
    while (text.at < text.end) {
        char c = *text.at++;

        if (c == '\\' ? !append_escape (out, &text, separator) : strchr ("\"'$*?(){}", c) != NULL)
            return NULL;
        if (c != '\\')
            g_string_append_c (out, c);
    }
    return prc_wiped_text_steal (&out);
}

static void
read_line (Text line, const char *data, guint number, gsize next, GPtrArray *entries)
{
    const char *start = line.at, *colon = NULL;
    gboolean exported = FALSE, is_path = FALSE, more = TRUE;
    g_autofree char *name = NULL;
    PrcEntry *entry = NULL;

    if (!take_word (&line, COMMAND) || line.at == line.end || (*line.at != ' ' && *line.at != '\t'))
        return;
    skip_blanks (&line);
    while (more) {
        more = FALSE;
        if (take_option (&line, "--export"))
            more = exported = TRUE;
        else if (take_option (&line, "--path"))
            more = is_path = TRUE;
    }
    colon = memchr (line.at, ':', (gsize) (line.end - line.at));
    name = colon != NULL ? g_strndup (line.at, (gsize) (colon - line.at)) : NULL;
    if (!prc_fish_is_name (name))
        return;
    entry = g_new0 (PrcEntry, 1);
    entry->kind = PRC_ENTRY_SET;
    entry->key = g_steal_pointer (&name);
    entry->value = decoded ((Text){ colon + 1, line.end }, is_path ? ':' : ' ');
    entry->start = (gsize) (start - data);
    entry->end = next;
    entry->value_start = (gsize) (colon + 1 - data);
    entry->value_end = (gsize) (line.end - data);
    entry->line = number;
    entry->detail = g_strdup (_ ("a universal variable of fish"));
    if (!exported)
        entry->flags |= PRC_ENTRY_PRIVATE;
    if (entry->value == NULL)
        entry->flags |= PRC_ENTRY_DYNAMIC;
    g_ptr_array_add (entries, entry);
}

/* Files of fish 2 look alike, but are read otherwise. */
static gboolean
is_of_version_3 (const char *data, gsize size)
{
    const char *found = memmem (data, size, VERSION_LINE, strlen (VERSION_LINE));

    return found != NULL && (found == data || found[-1] == '\n');
}

static gboolean
fish_variables_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    guint number = 1;

    (void) error;
    if (size == 0 || !is_of_version_3 (data, size))
        return TRUE;
    for (gsize at = 0; at < size; number++) {
        gsize next = prc_document_line_end (doc, at);
        gsize end = next > at && data[next - 1] == '\n' ? next - 1 : next;

        read_line ((Text){ data + at, data + end }, data, number, next, entries);
        at = next;
    }
    return TRUE;
}

static char *
fish_variables_canonical_key (const char *key, GError **error)
{
    if (prc_fish_is_name (key))
        return g_strdup (key);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a variable name"));
    return NULL;
}

/* Writing */

static char *
encoded (const char *value)
{
    GString *out = prc_wiped_text_new (4 * strlen (value) + 1);

    for (const char *p = value; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated (p, -1);

        if (c == (gunichar) -1 || c == (gunichar) -2) {
            g_string_append_printf (out, "\\X%02x", (guint) (guchar) *p++);
            continue;
        }
        if (c < 0x80 && (g_ascii_isalnum ((char) c) || c == '/' || c == '_'))
            g_string_append_c (out, (char) c);
        else
            g_string_append_printf (out,
                                    c < 0x80      ? "\\x%02x"
                                    : c < 0x10000 ? "\\u%04x"
                                                  : "\\U%08x",
                                    (guint) c);
        p = g_utf8_next_char (p);
    }
    return g_string_free (out, FALSE);
}

static gboolean
fish_variables_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                        PrcEdit *ret_edit, GError **error)
{
    (void) doc;
    (void) error;
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, encoded (value) };
    return TRUE;
}

static gboolean
fish_variables_insert (const PrcDocument *doc, const char *key, const char *value,
                       PrcEdit *ret_edit, GError **error)
{
    const GPtrArray *entries = prc_document_entries (doc);
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    g_autoptr (PrcWipedString) text = encoded (value);
    g_autoptr (PrcWipedString) line = g_strdup_printf ("%s --export %s:%s", COMMAND, key, text);
    gsize at = size;

    if (size == 0 || !is_of_version_3 (data, size)) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
            _ ("this is not a file of universal variables as fish 3 writes it: set one with "
               "`set -Ux` first"));
        return FALSE;
    }
    for (guint i = entries->len; i > 0; i--) {
        const PrcEntry *entry = g_ptr_array_index (entries, i - 1);

        if (strcmp (entry->key, key) <= 0)
            break;
        at = entry->start;
    }
    prc_env_insert_line (doc, at, line, "\n", ret_edit);
    return TRUE;
}

const PrcFormat prc_format_fish_variables = {
    .name = "fish_variables",
    .parse = fish_variables_parse,
    .canonical_key = fish_variables_canonical_key,
    .replace = fish_variables_replace,
    .insert = fish_variables_insert,
};
