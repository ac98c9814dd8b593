/* plan-scrub.c - passwords that nobody reads, in comments of files that are edited anyway */
#include "planner/plan-internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"
#include "model/secret-search.h"

/* Of one file; a file with more is nothing that a person keeps. */
enum { HITS_MAX = 1000 };

static gboolean
begins_comment (char c, gboolean with_semicolon)
{
    return c == '#' || (with_semicolon && c == ';');
}

/* Behind the last value on the line: `key = value ; comment`. @line_start if there is none. */
static gsize
end_of_values (const PrcDocument *doc, gsize line_start, gsize at)
{
    const GPtrArray *entries = prc_document_entries (doc);
    gsize end = line_start;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (entry->value_start < at && entry->value_end > end && entry->value_end > line_start)
            end = entry->value_end;
    }
    return end;
}

gboolean
prc_plan_is_comment (const PrcDocument *doc, gsize at)
{
    static const char *const with_semicolon[] = { "gitconfig", "npmrc", "pipconf", NULL };
    const char *format = prc_document_format (doc)->name;
    gboolean semicolon = g_strv_contains (with_semicolon, format);
    const char *data = prc_document_data (doc, NULL);
    gsize start = prc_document_line_start (doc, at), end = end_of_values (doc, start, at), p = end;

    if (end > at)
        return FALSE;
    while (p < at && (data[p] == ' ' || data[p] == '\t'))
        p++;
    if (p >= at || !begins_comment (data[p], semicolon))
        return FALSE;
    /* Whole lines; or, behind a value, where a shell would not take it for a part of the word. */
    return end == start || p > end || (semicolon && strcmp (format, "pipconf") != 0);
}

static gboolean
same_entries (const PrcDocument *a, const PrcDocument *b)
{
    const GPtrArray *x = prc_document_entries (a), *y = prc_document_entries (b);

    if (x->len != y->len)
        return FALSE;
    for (guint i = 0; i < x->len; i++) {
        const PrcEntry *p = g_ptr_array_index (x, i), *q = g_ptr_array_index (y, i);

        if (p->kind != q->kind || p->flags != q->flags || strcmp (p->key, q->key) != 0 ||
            g_strcmp0 (p->value, q->value) != 0)
            return FALSE;
    }
    return TRUE;
}

/* Only what the tool makes nothing of; (transfer full) (nullable) */
static PrcDocument *
without_hit (const PrcDocument *doc, const PrcSecretHit *hit)
{
    g_auto (PrcEdit) edit = { hit->start, hit->end, g_strdup ("***") };
    g_autoptr (GBytes) bytes = prc_splice (prc_document_bytes (doc), &edit, 1, NULL);
    g_autoptr (PrcDocument) after = bytes != NULL
                                        ? prc_document_parse (prc_document_format (doc), bytes,
                                                              prc_document_tool_version (doc), NULL)
                                        : NULL;

    return after != NULL && same_entries (doc, after) ? g_steal_pointer (&after) : NULL;
}

static guint
scrub_document (PrcDocument **doc, const GPtrArray *searches)
{
    PrcSecretHit hit = { 0 };
    gsize size = 0, from = 0;
    const char *data = prc_document_data (*doc, &size);
    guint n = 0, seen = 0;

    while (seen++ < HITS_MAX && prc_secret_searches_find (searches, data, size, from, &hit)) {
        PrcDocument *after =
            prc_plan_is_comment (*doc, hit.start) ? without_hit (*doc, &hit) : NULL;

        from = after != NULL ? hit.start + 3 : hit.end;
        if (after == NULL)
            continue;
        prc_document_unref (*doc);
        *doc = after;
        data = prc_document_data (*doc, &size);
        n++;
    }
    return n;
}

/* The whole file is removed by this plan. */
static gboolean
goes (const PrcPlan *plan, const PrcFoundFile *file)
{
    const GPtrArray *edits = prc_plan_edits (plan);

    for (guint i = 0; i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);

        if (edit->file == file)
            return edit->remove;
    }
    return FALSE;
}

guint
prc_plan_scrub (PrcPlan *plan, const PrcFound *found, const GPtrArray *searches)
{
    guint n = 0;

    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);
        g_autoptr (PrcDocument) doc = NULL;
        PrcFileEdit *edit = NULL;
        guint here;

        if (!prc_plan_may_change (prc_plan_options (plan), file) || goes (plan, file))
            continue;
        doc = prc_document_ref ((PrcDocument *) prc_plan_document (plan, file));
        here = scrub_document (&doc, searches);
        if (here == 0)
            continue;
        edit = prc_plan_edit (plan, found, file);
        prc_document_unref (edit->doc);
        edit->doc = g_steal_pointer (&doc);
        n += here;
    }
    return n;
}

static guint
line_of (const char *data, gsize offset)
{
    guint line = 1;

    for (gsize i = 0; i < offset; i++)
        line += data[i] == '\n';
    return line;
}

static gboolean
is_noted (const PrcPlan *plan, const PrcFoundFile *file, guint line)
{
    const GPtrArray *notes = prc_plan_notes (plan);
    g_autofree char *where = g_strdup_printf ("%s:%u", file->path, line);

    for (guint i = 0; i < notes->len; i++)
        if (g_strcmp0 (((const PrcNote *) g_ptr_array_index (notes, i))->where, where) == 0)
            return TRUE;
    return FALSE;
}

/* One note for each line that still tells the password. */
static void
note_copies (PrcPlan *plan, const PrcFound *found, const PrcFoundFile *file,
             const GPtrArray *searches)
{
    const PrcDocument *doc = prc_plan_document (plan, file);
    PrcSecretHit hit = { 0 };
    gsize size = 0;
    const char *data = doc != NULL ? prc_document_data (doc, &size) : NULL;
    guint seen = 0;

    while (data != NULL && seen++ < HITS_MAX &&
           prc_secret_searches_find (searches, data, size, hit.end, &hit)) {
        guint line = line_of (data, hit.start);

        if (is_noted (plan, file, line))
            continue;
        prc_plan_note (
            plan, PRC_NOTE_LEFT, found->tool, file, line,
            prc_plan_may_change (prc_plan_options (plan), file)
                ? _ ("the password stands here in clear, and is no setting that could be "
                     "taken away: remove it by hand")
                : _ ("the password stands here in clear, for the whole system: --system "
                     "changes the settings there"));
    }
}

void
prc_plan_clear_copies (PrcPlan *plan, const PrcFound *found, const GPtrArray *searches)
{
    guint n = prc_plan_scrub (plan, found, searches);

    if (n > 0) {
        g_autofree char *text = g_strdup_printf (

            /* Translators: a tool, and how often it was found */
            ngettext ("a comment in %s's files told the password, which now stands there as ***",
                      "comments in %s's files told the password (%u times), which now stands there "
                      "as ***",
                      n),
            found->tool->name, n);

        prc_plan_note (plan, PRC_NOTE_INFO, found->tool, NULL, 0, text);
    }
    for (guint i = 0; i < found->files->len; i++)
        if (!goes (plan, g_ptr_array_index (found->files, i)))
            note_copies (plan, found, g_ptr_array_index (found->files, i), searches);
}
