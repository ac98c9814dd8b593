#include "formats/drivers.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "formats/document.h"
#include "formats/gitconfig-scan.h"

static gboolean
parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    g_auto (PrcGitScan) scan = { 0 };

    prc_git_scan_init (&scan, doc, entries);
    return prc_git_scan (&scan, error);
}

/* Keys: what stands before the first dot and behind the last one ignores case, the rest does not.
 */

static gboolean
is_name (const char *start, const char *end)
{
    for (const char *p = start; p < end; p++)
        if (!prc_git_is_key_char ((guchar) *p))
            return FALSE;
    return start < end;
}

static char *
canonical_key (const char *key, GError **error)
{
    const char *first = strchr (key, '.');
    const char *last = strrchr (key, '.');
    char *result = NULL;

    if (first == NULL || !is_name (key, first) || !is_name (last + 1, last + strlen (last)) ||
        !g_ascii_isalpha (last[1]) || strchr (key, '\n') != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a key of git is section.key or section.subsection.key"));
        return NULL;
    }
    result = g_strdup (key);
    for (char *p = result; *p != '\0'; p++)
        if (p < result + (first - key) || p > result + (last - key))
            *p = g_ascii_tolower (*p);
    return result;
}

/* Writing */

static gboolean
needs_quotes (const char *value)
{
    gsize length = strlen (value);

    return length == 0 || value[0] == ' ' || value[length - 1] == ' ' ||
           strpbrk (value, ";#\r") != NULL;
}

/* Tabs too are escaped: inside a value they are kept by some versions only. */
static void
append_value (GString *text, const char *value, gboolean quoted)
{
    static const char plain[] = "\"\\\n\t\b", escaped[] = "\"\\ntb";

    if (quoted)
        g_string_append_c (text, '"');
    for (const char *p = value; *p != '\0'; p++) {
        const char *special = strchr (plain, *p);

        if (special != NULL) {
            g_string_append_c (text, '\\');
            g_string_append_c (text, escaped[special - plain]);
        } else {
            g_string_append_c (text, *p);
        }
    }
    if (quoted)
        g_string_append_c (text, '"');
}

/* One pair of quotes around all of it. */
static gboolean
is_quoted (const char *text, gsize length)
{
    if (length < 2 || text[0] != '"' || text[length - 1] != '"')
        return FALSE;
    for (gsize i = 1; i < length - 1; i++) {
        if (text[i] == '"')
            return FALSE;
        if (text[i] == '\\')
            i++;
        if (i == length - 1)
            return FALSE;
    }
    return TRUE;
}

static gboolean
replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
         GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gsize length = entry->value_end - entry->value_start;
    GString *text = g_string_sized_new (strlen (value) + 8);

    (void) error;
    if (entry->value == NULL)
        g_string_append (text, " = ");
    else if (length == 0 && entry->value_start >= 2 &&
             prc_git_is_space (data[entry->value_start - 2]))
        g_string_append_c (text, ' ');
    append_value (text, value,
                  needs_quotes (value) || is_quoted (data + entry->value_start, length));
    /* A continuation had taken the file's last newline into the value. */
    if (entry->value_end == size && length > 0 && data[size - 1] == '\n')
        g_string_append (text, prc_document_eol (doc));
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, g_string_free (text, FALSE) };
    return TRUE;
}

static void
append_header (GString *text, const char *stem, gsize length)
{
    const char *dot = memchr (stem, '.', length);

    g_string_append_c (text, '[');
    g_string_append_len (text, stem, dot != NULL ? dot - stem : (gssize) length);
    if (dot != NULL) {
        g_string_append (text, " \"");
        for (const char *p = dot + 1; p < stem + length; p++) {
            if (*p == '"' || *p == '\\')
                g_string_append_c (text, '\\');
            g_string_append_c (text, *p);
        }
        g_string_append_c (text, '"');
    }
    g_string_append_c (text, ']');
}

/* Where the section's next entry goes. */
static gsize
section_offset (const PrcDocument *doc, const PrcGitScan *scan, const PrcGitSection *section)
{
    if (section->n_entries > 0) {
        const PrcEntry *last =
            g_ptr_array_index (scan->entries, section->first + section->n_entries - 1);

        return last->start == section->end ? prc_document_line_end (doc, last->end) : last->end;
    }
    return prc_document_line_end (doc, section->end);
}

static char *
section_indent (const PrcGitScan *scan, const PrcGitSection *section)
{
    const PrcEntry *last = NULL;
    gsize length = 0;

    if (section != NULL && section->n_entries > 0)
        last = g_ptr_array_index (scan->entries, section->first + section->n_entries - 1);
    if (last == NULL || last->start == section->end)
        return g_strdup ("\t");
    while (scan->data[last->start + length] == ' ' || scan->data[last->start + length] == '\t')
        length++;
    return g_strndup (scan->data + last->start, length);
}

/* A file that is included further down would have the last word. */
static gboolean
is_included_behind (const PrcGitScan *scan, gsize offset, const char *key)
{
    if (prc_git_is_include (key))
        return FALSE;
    for (guint i = scan->entries->len; i > 0; i--) {
        const PrcEntry *entry = g_ptr_array_index (scan->entries, i - 1);

        if (entry->start < offset)
            return FALSE;
        if (strcmp (entry->key, "include.path") == 0)
            return TRUE;
    }
    return FALSE;
}

/* Returns: (nullable): the section that can take one more entry of @key. */
static const PrcGitSection *
find_section (const PrcDocument *doc, const PrcGitScan *scan, const char *key, gsize stem_length)
{
    for (guint i = scan->sections->len; i > 0; i--) {
        const PrcGitSection *section = &g_array_index (scan->sections, PrcGitSection, i - 1);

        if (strlen (section->stem) != stem_length || strncmp (section->stem, key, stem_length) != 0)
            continue;
        if (section->n_entries == 0 && section->crowded)
            continue;
        if (is_included_behind (scan, section_offset (doc, scan, section), key))
            return NULL;
        return section;
    }
    return NULL;
}

static gboolean
insert (const PrcDocument *doc, const char *spelled_key, const char *value, PrcEdit *ret_edit,
        GError **error)
{
    g_autofree char *key = canonical_key (spelled_key, error);
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    g_auto (PrcGitScan) scan = { 0 };
    g_autoptr (GString) lines = g_string_new (NULL);
    g_autofree char *indent = NULL;
    const PrcGitSection *section = NULL;
    gsize offset, stem_length;

    prc_git_scan_init (&scan, doc, entries);
    if (key == NULL || !prc_git_scan (&scan, error))
        return FALSE;
    stem_length = (gsize) (strrchr (key, '.') - key);
    section = find_section (doc, &scan, key, stem_length);
    offset = section != NULL ? section_offset (doc, &scan, section) : scan.size;
    indent = section_indent (&scan, section);
    /* An empty line ends a continuation that the end of the file had ended. */
    if (scan.open_end && offset == scan.size)
        g_string_append_c (lines, '\n');
    if (section == NULL) {
        append_header (lines, key, stem_length);
        g_string_append_c (lines, '\n');
    }
    g_string_append_printf (lines, "%s%s = ", indent, spelled_key + stem_length + 1);
    append_value (lines, value, needs_quotes (value));
    prc_document_insert_lines (doc, offset, lines->str, ret_edit);
    explicit_bzero (lines->str, lines->allocated_len);
    return TRUE;
}

/* Removing */

/* Ranges come in file order; those that touch become one. */
static void
append_range (GArray *edits, gsize start, gsize end)
{
    PrcEdit *last = edits->len > 0 ? &g_array_index (edits, PrcEdit, edits->len - 1) : NULL;
    PrcEdit edit = { start, end, NULL };

    if (last != NULL && last->end >= start)
        last->end = MAX (last->end, end);
    else
        g_array_append_val (edits, edit);
}

static void
append_header_range (const PrcDocument *doc, const PrcGitScan *scan, const PrcGitSection *section,
                     gsize prior, GArray *edits)
{
    const PrcEntry *first = g_ptr_array_index (scan->entries, section->first);
    gboolean shared = first->start == section->end;
    gsize start = section->start;

    if (!section->leads) {
        append_range (edits, prior, shared ? first->end : section->end);
        return;
    }
    while (start > 0 && (scan->data[start - 1] == ' ' || scan->data[start - 1] == '\t'))
        start--;
    append_range (edits, start, prc_document_line_end (doc, shared ? first->end : section->end));
}

static void
append_section (const PrcDocument *doc, const PrcGitScan *scan, guint index,
                const GPtrArray *doomed, guint from, guint n_doomed, GArray *edits)
{
    const PrcGitSection *section = &g_array_index (scan->sections, PrcGitSection, index);

    if (n_doomed == section->n_entries && n_doomed > 0 && !section->comment)
        append_header_range (
            doc, scan, section,
            index > 0 ? g_array_index (scan->sections, PrcGitSection, index - 1).end : 0, edits);
    for (guint i = from; i < from + n_doomed; i++) {
        const PrcEntry *entry = g_ptr_array_index (doomed, i);

        append_range (edits, entry->start, entry->end);
    }
}

/* A last line without a newline takes the newline before it along. */
static void
trim_last_range (const PrcGitScan *scan, GArray *edits)
{
    PrcEdit *last = &g_array_index (edits, PrcEdit, edits->len - 1);

    if (last->end != scan->size || scan->data[scan->size - 1] == '\n' || last->start == 0 ||
        scan->data[last->start - 1] != '\n')
        return;
    last->start--;
    if (last->start > 0 && scan->data[last->start - 1] == '\r')
        last->start--;
}

static gboolean
remove_all (const PrcDocument *doc, const GPtrArray *doomed, GArray *edits, GError **error)
{
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    g_auto (PrcGitScan) scan = { 0 };
    guint at = 0;

    prc_git_scan_init (&scan, doc, entries);
    if (!prc_git_scan (&scan, error))
        return FALSE;
    for (guint i = 0; i <= scan.sections->len; i++) {
        gsize limit = i < scan.sections->len ? g_array_index (scan.sections, PrcGitSection, i).end
                                             : G_MAXSIZE;
        guint from = at;

        while (at < doomed->len &&
               ((const PrcEntry *) g_ptr_array_index (doomed, at))->start < limit)
            at++;
        if (i > 0) {
            append_section (doc, &scan, i - 1, doomed, from, at - from, edits);
        } else {
            for (; from < at; from++) {
                const PrcEntry *entry = g_ptr_array_index (doomed, from);

                append_range (edits, entry->start, entry->end);
            }
        }
    }
    if (edits->len > 0)
        trim_last_range (&scan, edits);
    return TRUE;
}

const PrcFormat prc_format_gitconfig = {
    .name = "gitconfig",
    .parse = parse,
    .canonical_key = canonical_key,
    .replace = replace,
    .insert = insert,
    .insert_as_spelled = TRUE,
    .remove_all = remove_all,
};
