/* The grammar is that of Python's RawConfigParser (3.4 to 3.14; strict, no interpolation) over a
 * file opened as UTF-8 text with universal newlines; the names are pip's own,
 * pip/_internal/configuration.py of pip 10 to 24. */
#include "formats/pipconf-scan.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"

static void
section_clear (gpointer section)
{
    g_free (((PrcPipSection *) section)->name);
}

void
prc_pip_scan_clear (PrcPipScan *scan)
{
    g_clear_pointer (&scan->names, g_ptr_array_unref);
    g_clear_pointer (&scan->sections, g_array_unref);
    g_clear_pointer (&scan->seen, g_hash_table_unref);
    if (scan->value != NULL)
        prc_wipe_free (g_string_free (g_steal_pointer (&scan->value), FALSE));
}

/* Python's str.isspace(), which is also what strip() and the regular expressions' \s take. */
static gboolean
is_blank (gunichar c)
{
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

gsize
prc_pip_skip_blanks (const char *data, gsize at, gsize end, gsize *ret_n)
{
    gsize n = 0;

    while (at < end && is_blank (g_utf8_get_char (data + at))) {
        at = (gsize) (g_utf8_next_char (data + at) - data);
        n++;
    }
    if (ret_n != NULL)
        *ret_n = n;
    return at;
}

gsize
prc_pip_trim_blanks (const char *data, gsize start, gsize end)
{
    while (end > start) {
        const char *last = g_utf8_find_prev_char (data + start, data + end);

        if (last == NULL || !is_blank (g_utf8_get_char (last)))
            break;
        end = (gsize) (last - data);
    }
    return end;
}

/* Lines end at LF, CRLF and lone CR. */
PrcPipLine
prc_pip_line_at (const char *data, gsize size, gsize start)
{
    PrcPipLine line = { .start = start, .end = start };

    while (line.end < size && data[line.end] != '\n' && data[line.end] != '\r')
        line.end++;
    line.next = MIN (line.end + 1, size);
    if (line.next < size && data[line.end] == '\r' && data[line.next] == '\n')
        line.next++;
    line.text = prc_pip_skip_blanks (data, start, line.end, &line.indent);
    line.text_end = prc_pip_trim_blanks (data, line.text, line.end);
    return line;
}

gboolean
prc_pip_line_is_empty (const PrcPipLine *line)
{
    return line->text == line->text_end;
}

gboolean
prc_pip_line_is_comment (const char *data, const PrcPipLine *line)
{
    return !prc_pip_line_is_empty (line) && (data[line->text] == '#' || data[line->text] == ';');
}

/* str.lower(), but for the final sigma, which no option of pip has. */
static char *
lower (const char *text, gsize length)
{
    GString *out = g_string_sized_new (length);

    for (const char *p = text; p < text + length; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);

        if (c == 0x130)
            g_string_append (out, "i\xCC\x87");
        else
            g_string_append_unichar (out, g_unichar_tolower (c));
    }
    return g_string_free (out, FALSE);
}

/* pip: lower case, '_' is '-', and one leading "--" is dropped. */
char *
prc_pip_normalised_name (const char *name)
{
    g_autofree char *text = lower (name, strlen (name));

    g_strdelimit (text, "_", '-');
    return g_strdup (g_str_has_prefix (text, "--") ? text + 2 : text);
}

static PrcPipSection *
last_section (PrcPipScan *scan)
{
    guint n = scan->sections->len;

    return n > 0 ? &g_array_index (scan->sections, PrcPipSection, n - 1) : NULL;
}

static void
close_entry (PrcPipScan *scan)
{
    PrcEntry *entry = scan->open;

    if (entry == NULL)
        return;
    g_string_truncate (scan->value, prc_pip_trim_blanks (scan->value->str, 0, scan->value->len));
    entry->value = g_strdup (scan->value->str);
    last_section (scan)->last_end = entry->end;
    scan->open = NULL;
}

/* Python 3.10 and later: re.match (r"\[(.+)\]", line), up to the last bracket, whatever follows it.
 * 3.9 and earlier take the first bracket, so nothing is written that has a second one. */
static gboolean
find_header (const PrcPipScan *scan, const PrcPipLine *line, gsize *ret_start, gsize *ret_end)
{
    const char *open = scan->data + line->text;
    const char *close = memrchr (open, ']', line->text_end - line->text);

    if (*open != '[' || close == NULL || close < open + 2)
        return FALSE;
    *ret_start = line->text + 1;
    *ret_end = (gsize) (close - scan->data);
    return TRUE;
}

static gboolean
add_section (PrcPipScan *scan, const PrcPipLine *line, gsize start, gsize end, GError **error)
{
    PrcPipSection section = {
        .start = line->start, .end = line->next, .body_end = scan->size, .indent_end = line->text
    };

    if (last_section (scan) != NULL)
        last_section (scan)->body_end = line->start;
    section.name = g_strndup (scan->data + start, end - start);
    g_array_append_val (scan->sections, section);
    /* Only [DEFAULT] may come twice. */
    if (g_hash_table_add (scan->seen, g_strdup (section.name)) ||
        strcmp (section.name, PRC_PIP_DEFAULT) == 0)
        return TRUE;
    prc_set_error_at_line (error, scan->line,
                           _ ("the section is there already; pip accepts it once"));
    return FALSE;
}

static PrcEntry *
new_entry (PrcPipScan *scan, const PrcPipLine *line, const char *section, const char *name,
           gsize value)
{
    g_autofree char *normalised = prc_pip_normalised_name (name);
    PrcEntry *entry = g_new0 (PrcEntry, 1);

    entry->key = g_strconcat (section, ".", normalised, NULL);
    entry->start = line->start;
    entry->end = line->next;
    entry->value_start = value;
    entry->value_end = value < line->text_end ? line->text_end : value;
    entry->line = scan->line;
    if (strcmp (section, PRC_PIP_DEFAULT) == 0)
        entry->detail = g_strdup (_ ("inherited by every section of this file"));
    return entry;
}

static gboolean
add_option (PrcPipScan *scan, const PrcPipLine *line, GError **error)
{
    PrcPipSection *section = last_section (scan);
    gsize separator = line->text, value, name_end;
    g_autofree char *name = NULL;
    PrcEntry *entry = NULL;

    while (separator < line->text_end && scan->data[separator] != '=' &&
           scan->data[separator] != ':')
        separator++;
    name_end = prc_pip_trim_blanks (scan->data, line->text, separator);
    if (separator == line->text_end || name_end == line->text) {
        prc_set_error_at_line (error, scan->line,
                               separator == line->text_end
                                   ? _ ("neither a [section] nor KEY = VALUE")
                                   : _ ("a value without a key"));
        return FALSE;
    }
    name = lower (scan->data + line->text, name_end - line->text);
    if (!g_hash_table_add (scan->seen, g_strconcat (section->name, "\n", name, NULL))) {
        prc_set_error_at_line (error, scan->line,
                               _ ("the key is there already in this section; pip accepts it once"));
        return FALSE;
    }
    value = prc_pip_skip_blanks (scan->data, separator + 1, line->end, NULL);
    entry = new_entry (scan, line, section->name, name, value);
    g_string_truncate (scan->value, 0);
    g_string_append_len (scan->value, scan->data + value,
                         (gssize) (entry->value_end - entry->value_start));
    section->n_entries++;
    section->last_start = line->start;
    scan->open = entry;
    g_ptr_array_add (scan->entries, entry);
    g_ptr_array_add (scan->names, g_steal_pointer (&name));
    return TRUE;
}

static void
add_continuation (PrcPipScan *scan, const PrcPipLine *line)
{
    g_string_append_c (scan->value, '\n');
    g_string_append_len (scan->value, scan->data + line->text,
                         (gssize) (line->text_end - line->text));
    if (prc_pip_line_is_empty (line))
        return;
    scan->open->end = line->next;
    scan->open->value_end = line->text_end;
}

static gboolean
scan_line (PrcPipScan *scan, const PrcPipLine *line, GError **error)
{
    gsize start, end;

    if (prc_pip_line_is_comment (scan->data, line)) {
        if (last_section (scan) != NULL)
            last_section (scan)->has_comments = TRUE;
        return TRUE;
    }
    if (prc_pip_line_is_empty (line) || (scan->open != NULL && line->indent > scan->indent)) {
        if (scan->open != NULL)
            add_continuation (scan, line);
        return TRUE;
    }
    close_entry (scan);
    scan->indent = line->indent;
    if (find_header (scan, line, &start, &end))
        return add_section (scan, line, start, end, error);
    if (last_section (scan) == NULL) {
        prc_set_error_at_line (error, scan->line, "%s",
                               g_str_has_prefix (scan->data, "\xEF\xBB\xBF")
                                   ? _ ("a byte order mark, which pip can't read; remove it")
                                   : _ ("before the first [section]; pip rejects the file"));
        return FALSE;
    }
    return add_option (scan, line, error);
}

static gboolean
check_utf8 (const char *data, gsize size, GError **error)
{
    const char *end = NULL;
    guint line = 1;

    if (g_utf8_validate (data, (gssize) size, &end))
        return TRUE;
    for (const char *p = data; p < end; p++)
        line += *p == '\n' || (*p == '\r' && p[1] != '\n');
    prc_set_error_at_line (error, line, _ ("bytes that are not UTF-8; pip rejects the file"));
    return FALSE;
}

static gboolean
is_default (const PrcEntry *entry)
{
    return g_str_has_prefix (entry->key, PRC_PIP_DEFAULT ".");
}

/* How [DEFAULT] spells each key last. */
static GHashTable *
spellings_of_default (const PrcPipScan *scan)
{
    GHashTable *spellings = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < scan->entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (scan->entries, i);

        if (is_default (entry))
            g_hash_table_insert (spellings, entry->key + strlen (PRC_PIP_DEFAULT "."),
                                 g_ptr_array_index (scan->names, i));
    }
    return spellings;
}

/* Python lists the names of [DEFAULT] first, in its order and with the section's own values, then
 * those that only the section has; and of the spellings of one key, pip takes the last. */
static void
mark_beaten_spellings (const PrcPipScan *scan)
{
    g_autoptr (GHashTable) own = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GHashTable) last = spellings_of_default (scan);

    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < scan->entries->len; i++) {
            PrcEntry *entry = g_ptr_array_index (scan->entries, i);
            const char *name = g_ptr_array_index (scan->names, i);
            g_autofree char *inherited = g_strconcat (PRC_PIP_DEFAULT "\n", name, NULL);
            g_autofree char *normalised = prc_pip_normalised_name (name);
            gboolean in_default = g_hash_table_contains (scan->seen, inherited);

            if (is_default (entry))
                continue;
            if (pass == 0 && !in_default) {
                g_hash_table_add (own, entry->key);
            } else if (pass == 1 && in_default &&
                       (g_hash_table_contains (own, entry->key) ||
                        g_strcmp0 (g_hash_table_lookup (last, normalised), name) != 0)) {
                entry->flags |= PRC_ENTRY_INERT;
                entry->detail =
                    g_strdup (_ ("another spelling of the key wins, for [DEFAULT] has both "
                                 "or only this one"));
            }
        }
    }
}

gboolean
prc_pip_scan (PrcPipScan *scan, const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    scan->data = prc_document_data (doc, &scan->size);
    scan->entries = entries;
    scan->names = g_ptr_array_new_with_free_func (g_free);
    scan->sections = g_array_new (FALSE, FALSE, sizeof (PrcPipSection));
    g_array_set_clear_func (scan->sections, section_clear);
    scan->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    scan->value = g_string_new (NULL);
    if (scan->size == 0)
        return TRUE;
    if (!check_utf8 (scan->data, scan->size, error))
        return FALSE;
    for (gsize at = 0; at < scan->size;) {
        PrcPipLine line = prc_pip_line_at (scan->data, scan->size, at);

        scan->line++;
        if (!scan_line (scan, &line, error))
            return FALSE;
        at = line.next;
    }
    close_entry (scan);
    if (g_hash_table_contains (scan->seen, PRC_PIP_DEFAULT))
        mark_beaten_spellings (scan);
    return TRUE;
}
