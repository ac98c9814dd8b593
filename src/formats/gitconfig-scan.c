#include "formats/gitconfig-scan.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

/* Each key carries its section's name: a hostile file could make megabytes of names into
 * terabytes of keys. */
#define KEY_BYTES_MAX (256u * 1024u * 1024u)

gboolean
prc_git_is_space (int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

gboolean
prc_git_is_key_char (int c)
{
    return g_ascii_isalnum ((char) c) || c == '-';
}

/* Before 2.45 git turned tabs and lone CRs inside a value into blanks. */
static gboolean
is_old (const PrcDocument *doc)
{
    guint version = prc_document_tool_version (doc);

    return version != 0 && version < PRC_TOOL_VERSION (2, 45, 0);
}

static void
section_clear (PrcGitSection *section)
{
    g_free (section->stem);
}

void
prc_git_scan_init (PrcGitScan *scan, const PrcDocument *doc, GPtrArray *entries)
{
    *scan = (PrcGitScan){ .line = 1, .old = is_old (doc), .entries = entries };
    scan->data = prc_document_data (doc, &scan->size);
    scan->sections = g_array_new (FALSE, TRUE, sizeof (PrcGitSection));
    g_array_set_clear_func (scan->sections, (GDestroyNotify) section_clear);
    scan->name = g_string_new (NULL);
    scan->value = g_string_new (NULL);
}

void
prc_git_scan_clear (PrcGitScan *scan)
{
    g_array_unref (scan->sections);
    g_string_free (scan->name, TRUE);
    /* May have held a password. */
    if (scan->value->allocated_len > 0)
        explicit_bzero (scan->value->str, scan->value->allocated_len);
    g_string_free (scan->value, TRUE);
}

/* CRLF is one newline, and the end of the file is one more. */
static int
next_char (PrcGitScan *scan)
{
    int c;

    if (scan->at >= scan->size) {
        scan->eof = TRUE;
        return '\n';
    }
    c = (guchar) scan->data[scan->at++];
    if (c == '\r' && scan->at < scan->size && scan->data[scan->at] == '\n') {
        scan->at++;
        c = '\n';
    }
    if (c == '\n')
        scan->line++;
    return c;
}

static gboolean
fail (GError **error, guint line, const char *what)
{
    prc_set_error_at_line (error, line, "%s", what);
    return FALSE;
}

/* The part of a header behind the name: blanks and a "subsection". @c is the first blank. */
static gboolean
scan_subsection (PrcGitScan *scan, int c, guint line, GError **error)
{
    for (; prc_git_is_space (c); c = next_char (scan))
        if (c == '\n')
            return fail (error, line, _ ("the section header has no end"));
    if (c != '"')
        return fail (error, line, _ ("only a \"quoted\" name may follow in a section header"));
    g_string_append_c (scan->name, '.');
    for (;;) {
        c = next_char (scan);
        if (c == '"')
            break;
        if (c == '\\')
            c = next_char (scan);
        if (c == '\n')
            return fail (error, line, _ ("the section's name has no closing quote"));
        g_string_append_c (scan->name, (char) c);
    }
    if (next_char (scan) != ']')
        return fail (error, line, _ ("only \"]\" may follow the quoted name of a section"));
    return TRUE;
}

static gboolean
scan_header (PrcGitScan *scan, GError **error)
{
    guint line = scan->line;
    PrcGitSection section = { .start = scan->at - 1, .first = scan->entries->len };

    g_string_truncate (scan->name, 0);
    for (;;) {
        int c = next_char (scan);

        if (scan->eof)
            return fail (error, line, _ ("the section header has no end"));
        if (c == ']')
            break;
        if (prc_git_is_space (c)) {
            if (!scan_subsection (scan, c, line, error))
                return FALSE;
            break;
        }
        if (!prc_git_is_key_char (c) && c != '.')
            return fail (error, line,
                         _ ("a section is named with letters, digits, \"-\" and \".\""));
        g_string_append_c (scan->name, g_ascii_tolower ((char) c));
    }
    if (scan->name->len == 0)
        return fail (error, line, _ ("the section has no name"));
    section.leads = scan->item_end == 0;
    if (!section.leads && scan->sections->len > 0)
        g_array_index (scan->sections, PrcGitSection, scan->sections->len - 1).crowded = TRUE;
    section.end = scan->at;
    section.stem = g_strndup (scan->name->str, scan->name->len);
    scan->item_end = scan->at;
    g_array_append_val (scan->sections, section);
    return TRUE;
}

/* One escape; @c is what follows the backslash. Returns: -1 when git knows no such escape. */
static int
unescape (int c)
{
    switch (c) {
    case 't':
        return '\t';
    case 'b':
        return '\b';
    case 'n':
        return '\n';
    case '\\':
    case '"':
        return c;
    default:
        return -1;
    }
}

typedef struct {
    gboolean quote, comment;
    gsize kept;       /* how much of the value is more than blanks at its end */
    gsize start, end; /* of its text in the file */
    gboolean found;
} Value;

static void
value_mark (Value *value, gsize start, gsize end)
{
    if (!value->found)
        value->start = start;
    value->found = TRUE;
    value->end = end;
}

/* From behind '=' to behind the newline. */
static gboolean
scan_value (PrcGitScan *scan, PrcEntry *entry, GError **error)
{
    GString *text = scan->value;
    Value value = { .start = scan->at, .end = scan->at };

    g_string_truncate (text, 0);
    for (;;) {
        gsize before = scan->at;
        guint line = scan->line;
        int c = next_char (scan);

        if (c == '\n')
            break;
        if (value.comment)
            continue;
        if (prc_git_is_space (c) && !value.quote) {
            if (text->len > 0)
                g_string_append_c (text, scan->old ? ' ' : (char) c);
            continue;
        }
        if (!value.quote && (c == ';' || c == '#')) {
            value.comment = TRUE;
            continue;
        }
        if (c == '\\') {
            c = next_char (scan);
            if (c == '\n') {
                scan->open_end = scan->at == scan->size;
            } else if ((c = unescape (c)) < 0) {
                return fail (error, line,
                             _ ("only \\\\ \\\" \\n \\t \\b are escapes; write \\\\ for a \\"));
            } else {
                g_string_append_c (text, (char) c);
            }
        } else if (c == '"') {
            value.quote = !value.quote;
        } else {
            g_string_append_c (text, (char) c);
        }
        value.kept = text->len;
        value_mark (&value, before, scan->at);
    }
    if (value.quote)
        return fail (error, scan->line - (scan->eof ? 0 : 1),
                     _ ("a quote is not closed on its line"));
    g_string_truncate (text, value.kept);
    entry->value = g_strndup (text->str, text->len);
    entry->value_start = value.start;
    entry->value_end = value.end;
    return TRUE;
}

gboolean
prc_git_is_include (const char *key)
{
    return strcmp (key, "include.path") == 0 ||
           (g_str_has_prefix (key, "includeif.") && g_str_has_suffix (key, ".path"));
}

/* Behind the newline that ends what was just read. */
static void
begin_line (PrcGitScan *scan)
{
    scan->lead = scan->at;
    scan->item_end = 0;
}

/* An entry ends with its line; only headers can stand on it too, and then the line stays. */
static void
set_range (const PrcGitScan *scan, PrcEntry *entry)
{
    entry->end = scan->at;
    if (scan->item_end == 0) {
        entry->start = scan->lead;
        return;
    }
    entry->start = scan->item_end;
    if (scan->eof && scan->at == scan->size && scan->data[scan->size - 1] != '\n')
        return;
    if (scan->data[entry->end - 1] == '\n')
        entry->end--;
    if (scan->data[entry->end - 1] == '\r')
        entry->end--;
}

/* @first is the first character of the key. */
static gboolean
scan_entry (PrcGitScan *scan, int first, GError **error)
{
    g_autoptr (PrcEntry) entry = g_new0 (PrcEntry, 1);
    PrcGitSection *section =
        scan->sections->len > 0
            ? &g_array_index (scan->sections, PrcGitSection, scan->sections->len - 1)
            : NULL;
    int c;

    g_string_truncate (scan->name, 0);
    if (section != NULL)
        g_string_append_printf (scan->name, "%s.", section->stem);
    entry->line = scan->line;
    g_string_append_c (scan->name, g_ascii_tolower ((char) first));
    entry->value_start = scan->at;
    while (prc_git_is_key_char (c = next_char (scan)) && !scan->eof) {
        g_string_append_c (scan->name, g_ascii_tolower ((char) c));
        entry->value_start = scan->at;
    }
    entry->value_end = entry->value_start;
    scan->key_bytes += scan->name->len;
    if (scan->key_bytes > KEY_BYTES_MAX)
        return fail (error, entry->line, _ ("the names of its sections are too long"));
    entry->key = g_strndup (scan->name->str, scan->name->len);
    while (c == ' ' || c == '\t')
        c = next_char (scan);
    if (c == '=') {
        if (!scan_value (scan, entry, error))
            return FALSE;
    } else if (c == '\n') {
        entry->detail = g_strdup (_ ("no value"));
    } else {
        return fail (error, entry->line,
                     _ ("a key is letters, digits and \"-\", then \"=\" or nothing"));
    }
    if (prc_git_is_include (entry->key))
        entry->flags |= PRC_ENTRY_LIST;
    set_range (scan, entry);
    begin_line (scan);
    if (section != NULL)
        section->n_entries++;
    g_ptr_array_add (scan->entries, g_steal_pointer (&entry));
    return TRUE;
}

static void
scan_comment (PrcGitScan *scan)
{
    if (scan->sections->len > 0)
        g_array_index (scan->sections, PrcGitSection, scan->sections->len - 1).comment = TRUE;
    while (next_char (scan) != '\n')
        ;
    begin_line (scan);
}

static gboolean
skip_bom (PrcGitScan *scan, GError **error)
{
    static const char bom[] = "\xEF\xBB\xBF";

    if (scan->size == 0 || scan->data[0] != bom[0])
        return TRUE;
    if (scan->size < 3 || memcmp (scan->data, bom, 3) != 0)
        return fail (error, 1, _ ("the file begins with half a byte order mark"));
    scan->at = scan->lead = 3;
    return TRUE;
}

gboolean
prc_git_scan (PrcGitScan *scan, GError **error)
{
    if (!skip_bom (scan, error))
        return FALSE;
    for (;;) {
        int c = next_char (scan);

        if (scan->eof)
            return TRUE;
        if (c == '\n')
            begin_line (scan);
        else if (prc_git_is_space (c))
            continue;
        else if (c == '#' || c == ';')
            scan_comment (scan);
        else if (c == '[' && !scan_header (scan, error))
            return FALSE;
        else if (c != '[' && !g_ascii_isalpha ((char) c))
            return fail (error, scan->line,
                         _ ("neither a section, a key nor a comment begins like this"));
        else if (c != '[' && !scan_entry (scan, c, error))
            return FALSE;
        if (scan->eof)
            return TRUE;
    }
}
