#include "test.h"

#include "toy-format.h"

static PrcEntryFlags
flags_of (char mark)
{
    switch (mark) {
    case '?':
        return PRC_ENTRY_CONDITIONAL;
    case '~':
        return PRC_ENTRY_DYNAMIC;
    case '!':
        return PRC_ENTRY_PRIVATE;
    case '%':
        return PRC_ENTRY_INERT;
    case '*':
        return PRC_ENTRY_LIST;
    default:
        return 0;
    }
}

static const char *
value_of_name (const GPtrArray *entries, const char *name)
{
    for (guint i = entries->len; i > 0; i--) {
        const PrcEntry *entry = g_ptr_array_index (entries, i - 1);

        if (strcmp (entry->key, name) == 0 && entry->kind == PRC_ENTRY_SET &&
            (entry->flags & ~(guint) PRC_ENTRY_PRIVATE) == 0)
            return entry->value;
    }
    return NULL;
}

static void
read_value (const char *text, const GPtrArray *entries, char cutter, PrcEntry *entry)
{
    const char *start = text + entry->value_start;
    gsize length = entry->value_end - entry->value_start;
    const char *cut = memchr (start, cutter, length);
    g_autofree char *raw = g_strndup (start, cut != NULL ? (gsize) (cut - start) : length);

    if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0)
        return;
    if (raw[0] != '$') {
        entry->value = g_steal_pointer (&raw);
        return;
    }
    entry->value = g_strdup (value_of_name (entries, raw + 1));
    if (entry->value == NULL)
        entry->flags |= PRC_ENTRY_DYNAMIC;
}

static gsize
line_length (const char *p, const char *end)
{
    const char *newline = memchr (p, '\n', (gsize) (end - p));

    return newline != NULL ? (gsize) (newline - p) : (gsize) (end - p);
}

/* With the lines that a lone quote takes in. */
static gsize
entry_length (const char *p, const char *end)
{
    gsize length = line_length (p, end);
    const char *quote = memchr (p, '"', length);
    const char *second = quote != NULL ? memchr (quote + 1, '"', (gsize) (end - quote) - 1) : NULL;

    if (quote == NULL || (second != NULL && second < p + length))
        return length;
    return second != NULL ? (gsize) (second - p) + line_length (second, end) : (gsize) (end - p);
}

static PrcEntry *
new_entry (const char *text, gsize start, gsize length)
{
    PrcEntry *entry = g_new0 (PrcEntry, 1);
    const char *line = text + start;
    const char *equals = memchr (line, '=', length);
    gsize mark = strchr ("?~!%*-+", *line) != NULL ? 1 : 0;
    gsize content = length;

    while (content > 0 && (line[content - 1] == '\r' || line[content - 1] == '\n'))
        content--;
    entry->kind = *line == '-' ? PRC_ENTRY_UNSET : *line == '+' ? PRC_ENTRY_EXPORT : PRC_ENTRY_SET;
    entry->flags = flags_of (*line);
    entry->key =
        g_strndup (line + mark, equals != NULL ? (gsize) (equals - line) - mark : content - mark);
    entry->start = start;
    entry->value_start = equals != NULL ? start + (gsize) (equals - line) + 1 : start + content;
    entry->value_end = start + content;
    return entry;
}

guint toy_format_n_parsed = 0;

static gboolean
toy_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gsize size = 0;
    const char *text = prc_document_data (doc, &size);
    guint line = 1;
    char cutter = ';';

    toy_format_n_parsed++;
    for (gsize at = 0; at < size;) {
        gsize length = entry_length (text + at, text + size);
        gsize next = MIN (at + length + 1, size);

        if (length >= 5 && strncmp (text + at, "ERROR", 5) == 0) {
            prc_set_error_at_line (error, line, "an error line");
            return FALSE;
        }
        if (length > 1 && text[at] != '#' && text[at] != ' ') {
            PrcEntry *entry = new_entry (text, at, length);

            entry->line = line;
            entry->end = next;
            if (entry->kind == PRC_ENTRY_SET)
                read_value (text, entries, cutter, entry);
            if (strcmp (entry->key, "cut") == 0 && entry->value != NULL && *entry->value != '\0')
                cutter = *entry->value;
            g_ptr_array_add (entries, entry);
        }
        for (gsize i = at; i < next; i++)
            line += text[i] == '\n';
        at = next;
    }
    return TRUE;
}

static gboolean
toy_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
             GError **error)
{
    (void) doc;
    if (strchr (value, '\n') != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, "a newline");
        return FALSE;
    }
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, g_strdup (value) };
    return TRUE;
}

static gboolean
insert_at (const PrcDocument *doc, gsize offset, const char *key, const char *value,
           PrcEdit *ret_edit, GError **error)
{
    g_autofree char *line = g_strdup_printf ("%s=%s", key, value);

    if (strchr (value, '\n') != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, "a newline");
        return FALSE;
    }
    prc_document_insert_lines (doc, offset, line, ret_edit);
    return TRUE;
}

static gboolean
toy_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
            GError **error)
{
    return insert_at (doc, g_bytes_get_size (prc_document_bytes (doc)), key, value, ret_edit,
                      error);
}

static gboolean
toy_insert_in_front (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
                     GError **error)
{
    return insert_at (doc, 0, key, value, ret_edit, error);
}

static gboolean
toy_remove (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    const PrcEdit edit = { entry->start, entry->end, NULL };

    (void) doc;
    (void) error;
    g_array_append_val (edits, edit);
    return TRUE;
}

/* Has a part in the first line, whatever goes. */
static gboolean
remove_from_top (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    const PrcEdit top = { 0, 0, NULL };

    g_array_append_val (edits, top);
    return toy_remove (doc, entry, edits, error);
}

static gboolean
remove_nothing (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    const PrcEdit edit = { entry->start, entry->start, NULL };

    (void) doc;
    (void) error;
    g_array_append_val (edits, edit);
    return TRUE;
}

static gboolean
replace_nothing (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                 PrcEdit *ret_edit, GError **error)
{
    (void) doc;
    (void) value;
    (void) error;
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_start, NULL };
    return TRUE;
}

static char *
fold_key (const char *key, GError **error)
{
    if (*key == '\0' || strchr (key, '.') != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "not a toy key");
        return NULL;
    }
    return g_ascii_strdown (key, -1);
}

const PrcFormat toy_format = {
    .name = "toy",
    .parse = toy_parse,
    .replace = toy_replace,
    .insert = toy_insert,
};

const PrcFormat toy_format_removing = {
    .name = "toy-removing",
    .parse = toy_parse,
    .replace = toy_replace,
    .insert = toy_insert,
    .remove = toy_remove,
};

const PrcFormat toy_format_clinging = {
    .name = "toy-clinging",
    .parse = toy_parse,
    .replace = toy_replace,
    .insert = toy_insert,
    .remove = remove_from_top,
};

const PrcFormat toy_format_folding = {
    .name = "toy-folding",
    .parse = toy_parse,
    .canonical_key = fold_key,
    .replace = toy_replace,
    .insert = toy_insert,
};

const PrcFormat toy_format_broken = {
    .name = "toy-broken",
    .parse = toy_parse,
    .replace = replace_nothing,
    .insert = toy_insert_in_front,
    .remove = remove_nothing,
};
