/* .wgetrc, as GNU Wget 1.21 reads it: `command = rest of the line`. Anything that it doesn't know
 * makes it exit with 2 before it does anything, so all of that is a parse error here. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/wget-commands.h"

/* The newest version whose commands are known here; a later one may have more. */
#define KNOWN_VERSION PRC_TOOL_VERSION (1, 22, 0)

static gboolean
is_space (char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static gsize
skip_spaces (const char *data, gsize at, gsize end)
{
    while (at < end && is_space (data[at]))
        at++;
    return at;
}

static PrcEntry *
new_entry (const PrcWgetCommand *command, char *name, char *value)
{
    PrcEntry *entry = g_new0 (PrcEntry, 1);

    if (command != NULL) {
        g_free (name);
        name = g_strdup (command->name);
        if (command->kind == PRC_WGET_LIST)
            entry->flags |= PRC_ENTRY_LIST;
        if (command->kind == PRC_WGET_LIST && *value == '\0')
            entry->detail = g_strdup (_ ("takes back what the lines before it have listed"));
    }
    entry->key = name;
    entry->value = value;
    return entry;
}

/* The name in lower case, with '_', for a command that is not in the table. */
static char *
plain_name (const char *text, gsize length)
{
    g_autofree char *name = g_strndup (text, length);
    char *lower = g_ascii_strdown (name, -1);

    return g_strdelimit (lower, "-", '_');
}

static gboolean
parse_line (const PrcDocument *doc, gsize start, gsize end, guint line, GPtrArray *entries,
            GError **error)
{
    const char *data = prc_document_data (doc, NULL);
    guint version = prc_document_tool_version (doc);
    gsize name = skip_spaces (data, start, end), name_end, separator, at;
    gsize value_end = end;
    const PrcWgetCommand *command = NULL;
    g_autoptr (PrcWipedString) value = NULL;
    PrcEntry *entry = NULL;

    if (name == end || data[name] == '#')
        return TRUE;
    for (name_end = name; name_end < end && (g_ascii_isalnum (data[name_end]) ||
                                             data[name_end] == '_' || data[name_end] == '-');)
        name_end++;
    at = skip_spaces (data, name_end, end);
    if (name_end == name || at == end || data[at] != '=') {
        prc_set_error_at_line (error, line,
                               _ ("not of the form COMMAND = VALUE; wget refuses to run"));
        return FALSE;
    }
    command = prc_wget_command (data + name, name_end - name);
    if (command == NULL && version < KNOWN_VERSION) {
        prc_set_error_at_line (error, line,
                               _ ("wget doesn't know this command and refuses to run"));
        return FALSE;
    }
    separator = at;
    at = skip_spaces (data, separator + 1, end);
    while (value_end > at && is_space (data[value_end - 1]))
        value_end--;
    value = g_strndup (data + at, value_end - at);
    /* Where a value would go: before a CR. */
    for (; value_end == at && at > separator + 1 && data[at - 1] != ' ' && data[at - 1] != '\t';)
        value_end = --at;
    if (command != NULL && !prc_wget_value_ok (command, value)) {
        prc_set_error_at_line (error, line,
                               _ ("wget doesn't take this value for %s and refuses to run"),
                               command->name);
        return FALSE;
    }
    entry =
        new_entry (command, plain_name (data + name, name_end - name), g_steal_pointer (&value));
    entry->start = start;
    entry->end = prc_document_line_end (doc, start);
    entry->value_start = at;
    entry->value_end = value_end;
    entry->line = line;
    g_ptr_array_add (entries, entry);
    return TRUE;
}

static gboolean
wgetrc_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gsize size = 0, next = 0;
    const char *data = prc_document_data (doc, &size);
    guint line = 0;

    for (gsize at = 0; at < size; at = next) {
        next = prc_document_line_end (doc, at);
        if (!parse_line (doc, at, data[next - 1] == '\n' ? next - 1 : next, ++line, entries, error))
            return FALSE;
    }
    return TRUE;
}

static char *
wgetrc_canonical_key (const char *key, GError **error)
{
    gsize length = strlen (key);
    const PrcWgetCommand *command = prc_wget_command (key, length);

    if (command != NULL)
        return g_strdup (command->name);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a command of wget"));
    return NULL;
}

static gboolean
check_value (const char *key, const char *value, GError **error)
{
    const PrcWgetCommand *command = prc_wget_command (key, strlen (key));
    gsize length = strlen (value);

    if (command != NULL && !prc_wget_value_ok (command, value))
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("wget doesn't take this value for %s"), key);
    else if (strchr (value, '\n') != NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ (".wgetrc can't hold a line break in a value"));
    else if (length > 0 && (is_space (value[0]) || is_space (value[length - 1])))
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ (".wgetrc can't hold a value that begins or ends with a blank"));
    else
        return TRUE;
    return FALSE;
}

static gboolean
wgetrc_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
                GError **error)
{
    const char *data = prc_document_data (doc, NULL);
    gsize separator = entry->value_start;
    gboolean is_glued;

    if (!check_value (entry->key, value, error))
        return FALSE;
    /* An empty value was found behind the blanks, which may be the line's end already. */
    while (data[separator - 1] != '=')
        separator--;
    is_glued = entry->value_start == separator && *value != '\0' && is_space (data[separator - 2]);
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end,
                           g_strconcat (is_glued ? " " : "", value, NULL) };
    return TRUE;
}

static gboolean
is_proxy_key (const char *key)
{
    return strstr (key, "proxy") != NULL;
}

/* Behind its kin; else at the end. */
static gsize
place_for (const PrcDocument *doc, const char *key)
{
    const GPtrArray *entries = prc_document_entries (doc);
    gsize size = 0, place = 0;

    (void) prc_document_data (doc, &size);
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0 || (is_proxy_key (key) && is_proxy_key (entry->key)))
            place = entry->end;
    }
    return place > 0 ? place : size;
}

static gboolean
wgetrc_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
               GError **error)
{
    g_autoptr (PrcWipedString) line = NULL;

    if (!check_value (key, value, error))
        return FALSE;
    line = g_strconcat (key, *value != '\0' ? " = " : " =", value, NULL);
    prc_document_insert_lines (doc, place_for (doc, key), line, ret_edit);
    return TRUE;
}

const PrcFormat prc_format_wgetrc = {
    .name = "wgetrc",
    .parse = wgetrc_parse,
    .canonical_key = wgetrc_canonical_key,
    .replace = wgetrc_replace,
    .insert = wgetrc_insert,
};
