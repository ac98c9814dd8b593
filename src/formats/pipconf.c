/* pip.conf. Whatever makes pip end with "Configuration file could not be loaded" is a parse error
 * here, for that stops every pip command; so an edit must never bring it about. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/text.h"
#include "formats/drivers.h"
#include "formats/pipconf-scan.h"

static gboolean
pipconf_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    g_auto (PrcPipScan) scan = { 0 };

    return prc_pip_scan (&scan, doc, entries, error);
}

static char *
pipconf_canonical_key (const char *key, GError **error)
{
    const char *dot = strchr (key, '.');
    g_autofree char *name = NULL;

    if (dot == NULL || dot == key || prc_text_has_control (key) ||
        !g_utf8_validate (key, -1, NULL)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a key of pip.conf is SECTION.NAME, as in global.proxy"));
        return NULL;
    }
    name = prc_pip_normalised_name (dot + 1);
    if (*name == '\0' || strpbrk (name, "=:") != NULL || strchr ("#;[", *name) != NULL ||
        prc_pip_skip_blanks (name, 0, strlen (name), NULL) > 0 ||
        prc_pip_trim_blanks (name, 0, strlen (name)) < strlen (name)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not the name of an option of pip"));
        return NULL;
    }
    return g_strdup_printf ("%.*s.%s", (int) (dot - key), key, name);
}

static gboolean
check_value (const char *value, GError **error)
{
    gsize length = strlen (value);

    if (!g_utf8_validate (value, -1, NULL))
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("pip.conf holds UTF-8 only"));
    else if (strpbrk (value, "\n\r") != NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("pip.conf can't hold a line break in this value"));
    else if (prc_pip_skip_blanks (value, 0, length, NULL) > 0 ||
             prc_pip_trim_blanks (value, 0, length) < length)
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("pip.conf can't hold a value that begins or ends with a blank"));
    else
        return TRUE;
    return FALSE;
}

/* The file's own line ending; Python takes a lone CR for one too. */
static const char *
line_ending (const PrcDocument *doc)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    PrcPipLine first = prc_pip_line_at (data, size, 0);

    if (first.next - first.end == 2)
        return "\r\n";
    return first.end < size && data[first.end] == '\r' ? "\r" : "\n";
}

/* Comment lines that stand inside a value of several lines are kept: they go behind it. */
static void
append_comments_within (const PrcDocument *doc, const PrcEntry *entry, GString *text)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    for (gsize at = entry->start; at < entry->value_end;) {
        PrcPipLine line = prc_pip_line_at (data, size, at);

        if (prc_pip_line_is_comment (data, &line)) {
            g_string_append (text, line_ending (doc));
            g_string_append_len (text, data + line.start, (gssize) (line.end - line.start));
        }
        at = line.next;
    }
}

static gboolean
pipconf_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                 PrcEdit *ret_edit, GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gboolean is_empty =
        entry->value_start == size || strchr ("\n\r", data[entry->value_start]) != NULL;
    gboolean glued = is_empty && strchr ("=:", data[entry->value_start - 1]) != NULL &&
                     strchr (" \t", data[entry->value_start - 2]) != NULL;
    GString *text = NULL;

    if (!check_value (value, error))
        return FALSE;
    text = g_string_new (glued ? " " : NULL);
    g_string_append (text, value);
    append_comments_within (doc, entry, text);
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, g_string_free (text, FALSE) };
    return TRUE;
}

/* As the key's neighbour writes it: the blanks around '=' or ':', and which of the two. */
static char *
separator_like (const char *data, gsize size, const PrcPipSection *section)
{
    PrcPipLine line;
    gsize start, end;

    if (section == NULL || section->n_entries == 0)
        return g_strdup (" = ");
    line = prc_pip_line_at (data, size, section->last_start);
    for (end = line.text; data[end] != '=' && data[end] != ':';)
        end++;
    start = prc_pip_trim_blanks (data, line.text, end);
    if (end + 1 == line.text_end)
        return g_strdup (start < end ? " = " : "=");
    end = prc_pip_skip_blanks (data, end + 1, line.text_end, NULL);
    return g_strndup (data + start, end - start);
}

/* The section that a new key goes to: the last of that name ([DEFAULT] may be there twice), but
 * rather one that has keys. */
static const PrcPipSection *
find_section (const PrcPipScan *scan, const char *name, gsize length)
{
    const PrcPipSection *found = NULL;

    for (guint i = 0; i < scan->sections->len; i++) {
        const PrcPipSection *section = &g_array_index (scan->sections, PrcPipSection, i);

        if (strlen (section->name) == length && memcmp (section->name, name, length) == 0 &&
            (found == NULL || section->n_entries > 0 || found->n_entries == 0))
            found = section;
    }
    return found;
}

/* The blanks that a new line in @section begins with. It must not be indented deeper than the key
 * before it, else it would continue that key's value, nor less deep than the header behind it, else
 * that would continue the new one. What the neighbour has is right on both sides. */
static char *
indentation_like (const char *data, gsize size, const PrcPipSection *section)
{
    PrcPipLine line;

    if (section->n_entries > 0) {
        line = prc_pip_line_at (data, size, section->last_start);
    } else if (section->body_end < size) {
        line = prc_pip_line_at (data, size, section->body_end);
    } else {
        return g_strdup ("");
    }
    return g_strndup (data + line.start, line.text - line.start);
}

/* Whole lines, with the file's line ending; without a final one where the file has none. */
static void
insert_text (const PrcDocument *doc, gsize offset, const char *lines, PrcEdit *ret_edit)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    const char *eol = line_ending (doc);
    gboolean unfinished =
        offset == size && size > 0 && data[size - 1] != '\n' && data[size - 1] != '\r';
    GString *text = g_string_new (unfinished ? "\n" : NULL);

    g_string_append (text, lines);
    if (!unfinished)
        g_string_append_c (text, '\n');
    if (strcmp (eol, "\n") != 0)
        g_string_replace (text, "\n", eol, 0);
    *ret_edit = (PrcEdit){ offset, offset, g_string_free (text, FALSE) };
}

/* Whether the last line is blank, or there is none. */
static gboolean
ends_blank (const char *data, gsize size)
{
    gsize start = size;

    if (start > 0 && data[start - 1] == '\n')
        start--;
    if (start > 0 && data[start - 1] == '\r')
        start--;
    while (start > 0 && data[start - 1] != '\n' && data[start - 1] != '\r')
        start--;
    return prc_pip_skip_blanks (data, start, size, NULL) == size;
}

static gboolean
pipconf_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
                GError **error)
{
    gsize section_length = (gsize) (strchr (key, '.') - key);
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    g_auto (PrcPipScan) scan = { 0 };
    const PrcPipSection *section = NULL;
    g_autofree char *separator = NULL, *indentation = NULL;
    g_autoptr (PrcWipedString) lines = NULL;

    if (!check_value (value, error) || !prc_pip_scan (&scan, doc, entries, error))
        return FALSE;
    section = find_section (&scan, key, section_length);
    separator = separator_like (scan.data, scan.size, section);
    if (section == NULL && memchr (key, ']', section_length) != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("not every Python reads a section with ']' in its name alike"));
        return FALSE;
    }
    if (section == NULL) {
        lines =
            g_strdup_printf ("%s[%.*s]\n%s%s%s", ends_blank (scan.data, scan.size) ? "" : "\n",
                             (int) section_length, key, key + section_length + 1, separator, value);
        insert_text (doc, scan.size, lines, ret_edit);
        return TRUE;
    }
    indentation = indentation_like (scan.data, scan.size, section);
    lines = g_strconcat (indentation, key + section_length + 1, separator, value, NULL);
    insert_text (doc, section->n_entries > 0 ? section->last_end : section->end, lines, ret_edit);
    return TRUE;
}

static void
append_deletion (GArray *edits, const char *data, gsize size, gsize start, gsize end)
{
    PrcEdit edit = { start, end, NULL };
    PrcEdit *last = edits->len > 0 ? &g_array_index (edits, PrcEdit, edits->len - 1) : NULL;

    /* The last line of a file without a final line end takes the one before it along. */
    if (end == size && data[size - 1] != '\n' && data[size - 1] != '\r' && start > 0) {
        edit.start--;
        if (data[edit.start] == '\n' && edit.start > 0 && data[edit.start - 1] == '\r')
            edit.start--;
    }
    if (last != NULL && last->end >= edit.start)
        last->end = edit.end;
    else
        g_array_append_val (edits, edit);
}

/* How many of @doomed (in file order) from @first on lie before @end. */
static guint
count_before (const GPtrArray *doomed, guint first, gsize end)
{
    guint n = 0;

    while (first + n < doomed->len &&
           ((const PrcEntry *) g_ptr_array_index (doomed, first + n))->start < end)
        n++;
    return n;
}

/* The section of @entry when nothing else but @n entries and blank lines is in it, and it may go:
 * not if the next header is indented, for that could then continue the key before, and not with a
 * [DEFAULT] in the file, whose keys the section inherits. */
static const PrcPipSection *
section_that_goes (const PrcPipScan *scan, const GPtrArray *doomed, guint first, guint *ret_n)
{
    const PrcEntry *entry = g_ptr_array_index (doomed, first);

    for (guint i = 0; i < scan->sections->len; i++) {
        const PrcPipSection *section = &g_array_index (scan->sections, PrcPipSection, i);

        if (section->start >= entry->start || section->body_end <= entry->start)
            continue;
        *ret_n = count_before (doomed, first, section->body_end);
        if (section->n_entries > *ret_n || section->has_comments ||
            g_hash_table_contains (scan->seen, PRC_PIP_DEFAULT))
            return NULL;
        if (section->body_end < scan->size &&
            prc_pip_skip_blanks (scan->data, section->body_end, scan->size, NULL) >
                section->body_end)
            return NULL;
        return section;
    }
    return NULL;
}

/* A section at the end of the file takes the blank line before it along: insert() has put it there.
 */
static gsize
blank_line_before (const char *data, gsize size, gsize at)
{
    gsize before = at;
    PrcPipLine line;

    if (before > 0 && data[before - 1] == '\n')
        before--;
    if (before > 0 && data[before - 1] == '\r')
        before--;
    while (before > 0 && data[before - 1] != '\n' && data[before - 1] != '\r')
        before--;
    line = prc_pip_line_at (data, size, before);
    return prc_pip_line_is_empty (&line) && before > 0 ? before : at;
}

static void
append_entry_lines (const PrcPipScan *scan, const PrcEntry *entry, GArray *edits)
{
    for (gsize at = entry->start; at < entry->end;) {
        PrcPipLine line = prc_pip_line_at (scan->data, scan->size, at);

        if (!prc_pip_line_is_comment (scan->data, &line))
            append_deletion (edits, scan->data, scan->size, at, line.next);
        at = line.next;
    }
}

static gboolean
pipconf_remove_all (const PrcDocument *doc, const GPtrArray *doomed, GArray *edits, GError **error)
{
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    g_auto (PrcPipScan) scan = { 0 };

    if (!prc_pip_scan (&scan, doc, entries, error))
        return FALSE;
    for (guint i = 0; i < doomed->len;) {
        guint n = 1;
        const PrcPipSection *section = section_that_goes (&scan, doomed, i, &n);

        if (section != NULL) {
            gboolean is_last = section->body_end == scan.size;
            const PrcEntry *last = g_ptr_array_index (doomed, i + n - 1);

            append_deletion (edits, scan.data, scan.size,
                             is_last ? blank_line_before (scan.data, scan.size, section->start)
                                     : section->start,
                             is_last ? last->end : section->body_end);
            i += n;
        } else {
            for (n = MAX (n, 1); n > 0; n--)
                append_entry_lines (&scan, g_ptr_array_index (doomed, i++), edits);
        }
    }
    return TRUE;
}

const PrcFormat prc_format_pipconf = {
    .name = "pipconf",
    .parse = pipconf_parse,
    .canonical_key = pipconf_canonical_key,
    .replace = pipconf_replace,
    .insert = pipconf_insert,
    .remove_all = pipconf_remove_all,
};
