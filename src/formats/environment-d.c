/* environment.d/<any>.conf of systemd. After unquoting, '$' is expanded, from single quotes too:
 * what the file itself has set before is known, anything else is not. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/systemd-env.h"

/* Expansion */

typedef struct {
    GHashTable *known; /* name -> value, owned; a NULL value is one that is not known */
} Variables;

static gsize
name_length (const char *text)
{
    gsize n = 0;

    while (g_ascii_isalnum (text[n]) || text[n] == '_')
        n++;
    return n;
}

/* Appends the value of a variable; FALSE if it is not known here. */
static gboolean
append_variable (GString *out, const Variables *variables, const char *name, gsize length)
{
    g_autofree char *copy = g_strndup (name, length);
    const char *value = g_hash_table_lookup (variables->known, copy);

    if (value == NULL)
        return FALSE;
    g_string_append (out, value);
    return TRUE;
}

/* At "${": the length of what is expanded; 0 if it can't be known. */
static gsize
append_braced (GString *out, const Variables *variables, const char *text)
{
    gsize length = name_length (text + 2), word;
    const char *rest = text + 2 + length;
    g_autoptr (GString) value = g_string_new (NULL);

    if (length == 0 || !append_variable (value, variables, text + 2, length))
        return 0;
    if (*rest == '}') {
        g_string_append_len (out, value->str, (gssize) value->len);
        return length + 3;
    }
    if (rest[0] != ':' || (rest[1] != '-' && rest[1] != '+'))
        return 0;
    word = strcspn (rest + 2, "${}\\");
    if (rest[2 + word] != '}')
        return 0;
    if (rest[1] == '-')
        g_string_append_len (out, value->len > 0 ? value->str : rest + 2,
                             (gssize) (value->len > 0 ? value->len : word));
    else if (value->len > 0)
        g_string_append_len (out, rest + 2, (gssize) word);
    return length + 2 + 2 + word + 1;
}

/* (nullable) (transfer full): NULL if it depends on what is set elsewhere. */
static char *
expand (const Variables *variables, const char *text, gsize room)
{
    g_autoptr (GString) out = g_string_new (NULL);

    while (*text != '\0') {
        gsize length = 1;

        if (*text != '$') {
            g_string_append_c (out, *text++);
            continue;
        }
        if (text[1] == '$') {
            g_string_append_c (out, '$');
            length = 2;
        } else if (text[1] == '{') {
            length = append_braced (out, variables, text);
        } else if (name_length (text + 1) > 0) {
            length = 1 + name_length (text + 1);
            if (!append_variable (out, variables, text + 1, length - 1))
                return NULL;
        } else {
            g_string_append_c (out, '$');
        }
        if (length == 0 || out->len > room)
            return NULL;
        text += length;
    }
    return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Reading */

/* `export NAME` is what people write here who think of a shell. */
static gsize
export_prefix (const char *key, gsize length)
{
    gsize n = strlen ("export");

    if (length <= n + 1 || memcmp (key, "export", n) != 0 || (key[n] != ' ' && key[n] != '\t'))
        return 0;
    while (key[n] == ' ' || key[n] == '\t')
        n++;
    return n;
}

static PrcEntry *
entry_of (const PrcSystemdAssignment *found, const char *data)
{
    PrcEntry *entry = NULL;
    const char *key = data + found->key_start;
    gsize length = found->key_end - found->key_start;
    gsize prefix = export_prefix (key, length);

    if (!prc_env_name_is_valid (key + prefix, length - prefix))
        return NULL;
    entry = g_new0 (PrcEntry, 1);
    entry->kind = PRC_ENTRY_SET;
    entry->key = g_strndup (key + prefix, length - prefix);
    entry->start = found->start;
    entry->end = found->end;
    entry->value_start = found->value_start;
    entry->value_end = found->value_end;
    entry->line = found->line;
    if (prefix > 0)
        entry->detail = g_strdup (_ ("systemd ignores this line: 'export' does not belong here"));
    else if (found->is_none)
        entry->detail = g_strdup (_ ("systemd ignores this line: it cannot set an empty value"));
    if (entry->detail != NULL) {
        entry->flags |= PRC_ENTRY_INERT;
        entry->value = g_strdup (found->value->str);
    }
    return entry;
}

static gboolean
environment_d_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    PrcSystemdScan scan = { .line = 1 };
    g_autoptr (GHashTable) known =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) prc_wipe_free);
    Variables variables = { known };
    gsize room;

    scan.data = prc_document_data (doc, &scan.size);
    scan.long_comments = prc_document_tool_version (doc) < PRC_TOOL_VERSION (254, 0, 0);
    room = 4 * scan.size + 4096; /* `A=$B$B`, `C=$A$A`, … must not grow without end */
    for (;;) {
        g_auto (PrcSystemdAssignment) found = { 0 };
        PrcEntry *entry;

        if (!prc_systemd_scan (&scan, &found))
            return TRUE;
        entry = entry_of (&found, scan.data);
        if (entry == NULL)
            continue;
        g_ptr_array_add (entries, entry);
        if ((entry->flags & PRC_ENTRY_INERT) != 0)
            continue;
        if (!g_utf8_validate (found.value->str, (gssize) found.value->len, NULL)) {
            prc_set_error_at_line (error, found.line,
                                   _ ("%s is not UTF-8: systemd drops all variables of all files"),
                                   entry->key);
            return FALSE;
        }
        entry->value = expand (&variables, found.value->str, room);
        if (entry->value == NULL) {
            entry->flags |= PRC_ENTRY_DYNAMIC;
            entry->detail = g_strdup (_ ("refers to a variable that is set elsewhere"));
        } else {
            room -= MIN (room, strlen (entry->value));
        }
        g_hash_table_insert (known, g_strdup (entry->key), g_strdup (entry->value));
    }
}

static char *
environment_d_canonical_key (const char *key, GError **error)
{
    if (prc_env_name_is_valid (key, strlen (key)))
        return g_strdup (key);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a variable name"));
    return NULL;
}

/* Writing */

static gboolean
append_value (GString *out, const char *value, gboolean quoted, GError **error)
{
    if (*value == '\0' || strchr (value, '\r') != NULL || !g_utf8_validate (value, -1, NULL)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     *value == '\0'
                         ? _ ("environment.d cannot hold an empty value: remove it instead")
                         : _ ("environment.d cannot hold this value: it must be UTF-8"));
        return FALSE;
    }
    for (const char *p = value; !quoted && *p != '\0'; p++)
        quoted = !g_ascii_isalnum (*p) && strchr ("_-.,:/@%+=~^[]*?!&", *p) == NULL;
    if (quoted)
        g_string_append_c (out, '"');
    for (const char *p = value; *p != '\0'; p++) {
        if (strchr ("\"\\`", *p) != NULL)
            g_string_append_c (out, '\\');
        if (*p == '$')
            g_string_append_c (out, '$');
        g_string_append_c (out, *p);
    }
    if (quoted)
        g_string_append_c (out, '"');
    return TRUE;
}

static gboolean
environment_d_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                       PrcEdit *ret_edit, GError **error)
{
    const char *data = prc_document_data (doc, NULL);
    gboolean quoted = entry->value_end > entry->value_start &&
                      (data[entry->value_start] == '"' || data[entry->value_start] == '\'');
    g_autoptr (GString) text = g_string_new (NULL);

    if (!append_value (text, value, quoted, error))
        return FALSE;
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end,
                           g_string_free (g_steal_pointer (&text), FALSE) };
    return TRUE;
}

/* Behind the last related entry, but not where a value or comment at the end is still open. */
static gsize
insertion_point (const PrcDocument *doc, const char *key)
{
    const GPtrArray *entries = prc_document_entries (doc);
    gsize size = 0, at;
    const char *data = prc_document_data (doc, &size);

    at = size;
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (prc_env_names_related (entry->key, key))
            at = data[entry->end - 1] == '\n' ? entry->end : size;
    }
    return at;
}

/* An open quote or a '\' at the end of the file would take a line behind it in: then it goes to the
 * front. */
static gboolean
environment_d_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
                      GError **error)
{
    g_autoptr (GString) line = g_string_new (key);
    gsize at = insertion_point (doc, key), size = 0;
    const char *data = prc_document_data (doc, &size);
    PrcSystemdScan scan = { data, size, 0, 1,
                            prc_document_tool_version (doc) < PRC_TOOL_VERSION (254, 0, 0) };
    g_autoptr (PrcWipedString) probe = NULL;
    gboolean reached = FALSE;

    g_string_append_c (line, '=');
    if (!append_value (line, value, FALSE, error))
        return FALSE;
    prc_env_insert_line (doc, at, line->str, prc_document_eol (doc), ret_edit);
    if (at < size)
        return TRUE;
    scan.size = size + strlen (ret_edit->text);
    scan.data = probe = g_malloc (scan.size + 1);
    if (size > 0)
        memcpy (probe, data, size);
    memcpy (probe + size, ret_edit->text, scan.size - size + 1);
    while (!reached) {
        g_auto (PrcSystemdAssignment) found = { 0 };

        if (!prc_systemd_scan (&scan, &found))
            break;
        reached = found.key_start >= size;
    }
    if (!reached) {
        prc_edit_clear (ret_edit);
        prc_env_insert_line (doc, 0, line->str, prc_document_eol (doc), ret_edit);
    }
    return TRUE;
}

const PrcFormat prc_format_environment_d = {
    .name = "environment.d",
    .parse = environment_d_parse,
    .canonical_key = environment_d_canonical_key,
    .replace = environment_d_replace,
    .insert = environment_d_insert,
};
