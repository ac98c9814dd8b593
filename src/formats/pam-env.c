/* /etc/environment as pam_env reads it (1.5.2). It is no shell file: a '#' ends the line wherever
 * it stands, quotes count only at both ends of a value, and nothing is escaped. systemd reads the
 * same file by other rules, so a value is written in a form that means the same to both if there is
 * one. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/systemd-env.h"

/* Where a stretch of the joined text stands in the file. */
typedef struct {
    gsize text, file;
} Piece;

/* One setting: physical lines joined by '\' at their ends. */
typedef struct {
    gsize start, end; /* whole lines */
    guint line, n_lines;
    GString *text;   /* what pam_env looks at */
    GArray *pieces;  /* of Piece */
    gsize text_end;  /* in the file */
    gboolean unread; /* pam_env gives up here, and with it what follows */
} Logical;

static void
logical_clear (Logical *logical)
{
    if (logical->text != NULL)
        prc_wipe_free (g_string_free (logical->text, FALSE));
    if (logical->pieces != NULL)
        g_array_unref (logical->pieces);
    *logical = (Logical){ 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Logical, logical_clear)

/* How many bytes a line may have, its newline included, with all that are joined to it. */
static gsize
buffer_size (guint version)
{
    if (version >= PRC_TOOL_VERSION (1, 6, 0))
        return G_MAXSIZE / 2;
    return version != 0 && version < PRC_TOOL_VERSION (1, 4, 0) ? 1024 : 8192;
}

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* One physical line of [at, end); appends what counts of it. Returns whether another is joined. */
static gboolean
append_physical (Logical *logical, const char *data, gsize at, gsize end)
{
    const char *hash = memchr (data + at, '#', end - at);
    gsize stop = hash != NULL ? (gsize) (hash - data) : end, last = stop;
    gsize first = at;
    Piece piece = { logical->text->len, at };

    g_array_append_val (logical->pieces, piece);
    while (first < end && is_blank (data[first]))
        first++;
    if (hash == NULL) {
        while (last > first + 1 && is_blank (data[last - 1]))
            last--;
        if (data[last - 1] == '\\') {
            g_string_append_len (logical->text, data + at, (gssize) (last - 1 - at));
            logical->text_end = last - 1;
            return TRUE;
        }
        if (stop > at && data[stop - 1] == '\n')
            stop--;
    }
    g_string_append_len (logical->text, data + at, (gssize) (stop - at));
    logical->text_end = stop;
    return FALSE;
}

/* The next setting from *at on; FALSE at the end of the file. */
static gboolean
next_logical (const PrcDocument *doc, gsize *at, guint *line, Logical *ret)
{
    gsize size = 0, room = buffer_size (prc_document_tool_version (doc));
    const char *data = prc_document_data (doc, &size);
    gboolean begun = FALSE, more = TRUE;

    ret->text = g_string_new (NULL);
    ret->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
    while (more && *at < size) {
        gsize end = prc_document_line_end (doc, *at), first = *at;

        while (first < end && is_blank (data[first]))
            first++;
        /* fgets() must find the newline, or the end of the file, in what is left of the buffer */
        if (end - *at + (data[end - 1] != '\n') > room - ret->text->len - 1) {
            ret->unread = TRUE;
            ret->start = begun ? ret->start : *at;
            ret->line = begun ? ret->line : *line;
            return TRUE;
        }
        if (first < end && data[first] != '#') {
            if (!begun) {
                ret->start = *at;
                ret->line = *line;
            }
            begun = TRUE;
            more = append_physical (ret, data, *at, end);
        }
        *at = end;
        ret->end = end;
        (*line)++;
        ret->n_lines = *line - ret->line;
    }
    ret->unread = more;
    return begun;
}

/* pam_env drops a quote at the start and with it one at the very end, of either kind. */
static char *
unquoted (const char *value)
{
    gsize length = strlen (value);

    if (*value != '"' && *value != '\'')
        return g_strdup (value);
    if (length > 1 && (value[length - 1] == '"' || value[length - 1] == '\''))
        length--;
    return g_strndup (value + 1, length - 1);
}

static gsize
name_length (const char *text)
{
    gsize n = 0;

    while (g_ascii_isalnum (text[n]) || text[n] == '_')
        n++;
    return n;
}

/* The offset in the file of byte @index of the text. */
static gsize
offset_of (const Logical *logical, gsize index)
{
    const Piece *piece = &g_array_index (logical->pieces, Piece, 0);

    for (guint i = 1; i < logical->pieces->len; i++)
        if (g_array_index (logical->pieces, Piece, i).text <= index)
            piece = &g_array_index (logical->pieces, Piece, i);
    return piece->file + (index - piece->text);
}

/* What systemd would make of the same line, if that is another thing. */
static char *
detail_of (const Logical *logical, const char *data, const PrcEntry *entry)
{
    g_autoptr (PrcWipedString) other = NULL;

    if (entry->kind != PRC_ENTRY_SET)
        return NULL;
    if (logical->n_lines == 1)
        other = prc_systemd_read_line (data + logical->start, logical->end - logical->start,
                                       entry->key);
    if (other != NULL && strcmp (other, entry->value) == 0)
        return NULL;
    if (*entry->value == '\0')
        return g_strdup (_ ("systemd, which reads this file too, ignores an empty value"));
    return g_strdup (_ ("systemd, which reads this file too, reads this line otherwise"));
}

/* A line that pam_env ignores, but systemd or a shell would not: blanks around the name. */
static PrcEntry *
misread_entry (const char *text, gsize name, gsize length)
{
    gsize equals = name + length;
    PrcEntry *entry;

    while (text[equals] == ' ' || text[equals] == '\t')
        equals++;
    if (length == 0 || text[equals] != '=')
        return NULL;
    entry = g_new0 (PrcEntry, 1);
    entry->flags = PRC_ENTRY_INERT;
    entry->detail = g_strdup (_ ("pam_env ignores this line: no blank may stand before the '='"));
    return entry;
}

static PrcEntry *
entry_of (const Logical *logical)
{
    const char *text = logical->text->str;
    gsize name = strspn (text, " \t"), length, equals;
    PrcEntry *entry = NULL;

    if (strncmp (text + name, "export ", 7) == 0)
        name += 7;
    length = name_length (text + name);
    if (length > 0 && (text[name + length] == '=' || text[name + length] == '\0')) {
        entry = g_new0 (PrcEntry, 1);
        entry->kind = text[name + length] == '=' ? PRC_ENTRY_SET : PRC_ENTRY_UNSET;
    } else {
        name += strspn (text + name, " \t");
        length = name_length (text + name);
        entry = misread_entry (text, name, length);
        if (entry == NULL)
            return NULL;
    }
    entry->key = g_strndup (text + name, length);
    entry->start = logical->start;
    entry->end = logical->end;
    entry->line = logical->line;
    entry->value_start = entry->value_end = offset_of (logical, name + length);
    if (entry->kind == PRC_ENTRY_SET) {
        equals = name + strcspn (text + name, "=");
        entry->value = unquoted (text + equals + 1);
        entry->value_start = offset_of (logical, equals) + 1;
        entry->value_end = MAX (logical->text_end, entry->value_start);
    }
    return entry;
}

static gboolean
pam_env_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gsize size = 0, at = 0;
    const char *data = prc_document_data (doc, &size);
    gboolean stopped = FALSE;
    guint line = 1;

    (void) error;
    for (;;) {
        g_auto (Logical) logical = { 0 };
        PrcEntry *entry = NULL;

        if (!next_logical (doc, &at, &line, &logical))
            return TRUE;
        stopped = stopped || logical.unread;
        if (logical.unread && logical.end <= logical.start) { /* an overlong line: pass it */
            at = prc_document_line_end (doc, at);
            line++;
            continue;
        }
        entry = entry_of (&logical);
        if (entry == NULL)
            continue;
        if (stopped) {
            entry->flags |= PRC_ENTRY_INERT;
            g_free (entry->detail);
            entry->detail = g_strdup (
                logical.unread
                    ? _ ("pam_env drops this line: it ends in a '\\' with nothing behind it")
                    : _ ("pam_env stops reading at a line above that is too long"));
        } else if (entry->detail == NULL) {
            entry->detail = detail_of (&logical, data, entry);
        }
        g_ptr_array_add (entries, entry);
    }
}

static char *
pam_env_canonical_key (const char *key, GError **error)
{
    if (*key != '\0' && key[name_length (key)] == '\0')
        return g_strdup (key);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a variable name"));
    return NULL;
}

/* Writing */

static gboolean
pam_reads_as (const char *raw, const char *value)
{
    g_autoptr (PrcWipedString) read = NULL;
    gsize last = strlen (raw);

    if (strpbrk (raw, "#\n") != NULL)
        return FALSE;
    while (last > 0 && (raw[last - 1] == ' ' || raw[last - 1] == '\t'))
        last--;
    if (last > 0 && raw[last - 1] == '\\')
        return FALSE;
    read = unquoted (raw);
    return strcmp (read, value) == 0;
}

static gboolean
systemd_reads_as (const char *key, const char *raw, const char *value)
{
    g_autoptr (PrcWipedString) line = g_strdup_printf ("%s=%s\n", key, raw);
    g_autoptr (PrcWipedString) read = prc_systemd_read_line (line, strlen (line), key);

    return read != NULL && strcmp (read, value) == 0;
}

/* The first form that both readers understand; else the first that pam_env does. */
static char *
encoded (const char *key, const char *value, char first, guint version, GError **error)
{
    const char quotes[] = { first, '\0', '"', '\'' };
    gsize limit = version == 0 ? 1024 : buffer_size (version);
    char *fallback = NULL;

    if (strlen (key) + strlen (value) + 5 > limit) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("too long: pam_env would stop reading the file here"));
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (quotes); i++) {
        const char quote[2] = { quotes[i], '\0' };
        char *raw = g_strconcat (quote, value, quote, NULL);

        if (!pam_reads_as (raw, value)) {
            prc_wipe_free (raw);
            continue;
        }
        if (systemd_reads_as (key, raw, value)) {
            prc_wipe_free (fallback);
            return raw;
        }
        if (fallback != NULL)
            prc_wipe_free (raw);
        else
            fallback = raw;
    }
    if (fallback == NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("/etc/environment cannot hold a '#' or a newline in a value"));
    return fallback;
}

static gboolean
pam_env_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                 PrcEdit *ret_edit, GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    char first = entry->value_start < entry->value_end ? data[entry->value_start] : '\0';
    char *raw = encoded (entry->key, value, first == '"' || first == '\'' ? first : '\0',
                         prc_document_tool_version (doc), error);

    if (raw == NULL)
        return FALSE;
    /* Blanks before a comment would count as the value's, and systemd takes the comment for more of
     * the value: it goes to a line of its own. */
    if (entry->value_end < size && data[entry->value_end] == '#') {
        g_autoptr (PrcWipedString) alone = raw;

        raw = g_strconcat (alone, "\n", NULL);
    }
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, raw };
    return TRUE;
}

/* Where pam_env stops reading; the end of the file if it does not. */
static gsize
end_of_reading (const PrcDocument *doc)
{
    gsize size = 0, at = 0;
    guint line = 1;

    (void) prc_document_data (doc, &size);
    for (;;) {
        g_auto (Logical) logical = { 0 };

        if (!next_logical (doc, &at, &line, &logical))
            return size;
        if (logical.unread)
            return logical.start;
    }
}

static gboolean
pam_env_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
                GError **error)
{
    const GPtrArray *entries = prc_document_entries (doc);
    gsize limit = end_of_reading (doc), at = limit;
    g_autoptr (PrcWipedString) raw =
        encoded (key, value, '\0', prc_document_tool_version (doc), error);
    g_autoptr (PrcWipedString) line = NULL;

    if (raw == NULL)
        return FALSE;
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (prc_env_names_related (entry->key, key) && entry->end <= limit)
            at = entry->end;
    }
    line = g_strconcat (key, "=", raw, NULL);
    prc_env_insert_line (doc, at, line, "\n", ret_edit); /* a CR would be part of the value */
    return TRUE;
}

/* At the end of a file without a final newline the newline before goes along, but not a CR before
 * that: it belongs to the value there. */
static gboolean
pam_env_remove (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    PrcEdit edit = { entry->start, entry->end, NULL };

    (void) error;
    if (entry->end == size && data[size - 1] != '\n' && entry->start > 0)
        edit.start--;
    g_array_append_val (edits, edit);
    return TRUE;
}

const PrcFormat prc_format_pam_env = {
    .name = "pam_env",
    .parse = pam_env_parse,
    .canonical_key = pam_env_canonical_key,
    .replace = pam_env_replace,
    .insert = pam_env_insert,
    .remove = pam_env_remove,
};
