/* rc-test.h - what the tests of the rc-file drivers share: rows of text in, text out */
#pragma once
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "formats/document.h"

#define FLAG_LETTERS "CDIPL" /* in the order of PrcEntryFlags */

static inline PrcDocument *
parse_bytes (const PrcFormat *format, const char *text, gsize length, guint version, GError **error)
{
    g_autoptr (GBytes) bytes = g_bytes_new (text, length);

    return prc_document_parse (format, bytes, version, error);
}

static inline PrcDocument *
parse_text (const PrcFormat *format, const char *text, guint version)
{
    g_autoptr (GError) error = NULL;
    PrcDocument *doc = parse_bytes (format, text, strlen (text), version, &error);

    assert_no_error (error);
    return doc;
}

static inline char *
text_of (const PrcDocument *doc)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    return g_strndup (size > 0 ? data : "", size);
}

/* "LINE KEY=VALUE [FLAGS]|…" with what doesn't print escaped; or "!LINE" when it is rejected. */
static inline char *
listing (const PrcFormat *format, const char *text, guint version)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = parse_bytes (format, text, strlen (text), version, &error);
    GString *out = g_string_new (NULL);

    if (doc == NULL) {
        g_string_printf (out, "!%u", (guint) g_ascii_strtoull (error->message, NULL, 10));
        return g_string_free (out, FALSE);
    }
    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);
        g_autofree char *value = g_strescape (entry->value != NULL ? entry->value : "(null)", "\"");

        g_string_append_printf (out, "%s%u %s=%s", i > 0 ? "|" : "", entry->line, entry->key,
                                value);
        if (entry->flags != 0)
            g_string_append_c (out, ' ');
        for (guint bit = 0; bit < sizeof FLAG_LETTERS - 1; bit++)
            if ((entry->flags & (1u << bit)) != 0)
                g_string_append_c (out, FLAG_LETTERS[bit]);
    }
    return g_string_free (out, FALSE);
}

static inline char *
error_name (const GError *error)
{
    assert_int_equal (error->domain, PRC_ERROR);
    return g_strdup (error->code == PRC_ERROR_UNSUPPORTED ? "!UNSUPPORTED"
                     : error->code == PRC_ERROR_INPUT     ? "!INPUT"
                                                          : "!other");
}

/* The text after the edit, or "!CODE". A NULL @value unsets. Set twice must be set once. */
static inline char *
edited_text (const PrcFormat *format, const char *text, guint version, const char *key,
             const char *value)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = parse_text (format, text, version);
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (PrcDocument) again = NULL;
    char *result = NULL;

    after = value != NULL ? prc_document_set (doc, key, value, &error)
                          : prc_document_unset (doc, key, &error);
    if (after == NULL)
        return error_name (error);
    again = value != NULL ? prc_document_set (after, key, value, &error)
                          : prc_document_unset (after, key, &error);
    assert_no_error (error);
    assert_true (g_bytes_equal (prc_document_bytes (after), prc_document_bytes (again)));
    result = text_of (after);
    return result;
}

typedef struct {
    const char *text;
    guint version;
    const char *listing;
} ReadRow;

static inline void
check_read_rows (const PrcFormat *format, const ReadRow *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *got = listing (format, rows[i].text, rows[i].version);

        if (strcmp (got, rows[i].listing) != 0)
            fail_msg ("row %zu: '%s' reads as\n%s, expected\n%s", i, rows[i].text, got,
                      rows[i].listing);
    }
}

typedef struct {
    const char *text;
    guint version;
    const char *key, *value; /* NULL: unset */
    const char *result;
} EditRow;

static inline void
check_edit_rows (const PrcFormat *format, const EditRow *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *got =
            edited_text (format, rows[i].text, rows[i].version, rows[i].key, rows[i].value);

        if (strcmp (got, rows[i].result) != 0)
            fail_msg ("row %zu: '%s' becomes\n'%s', expected\n'%s'", i, rows[i].text, got,
                      rows[i].result);
    }
}

/* Not g_file_set_contents(), which waits for the disk. */
static inline void
write_rc_file (const char *path, const char *text)
{
    FILE *file = fopen (path, "w");

    assert_non_null (file);
    assert_int_equal (fwrite (text, 1, strlen (text), file), strlen (text));
    assert_int_equal (fclose (file), 0);
}

static inline const char *
pick (GRand *rand, const char *const *atoms, gsize n)
{
    return atoms[g_rand_int_range (rand, 0, (gint32) n)];
}
#define PICK(rand, atoms) pick ((rand), (atoms), G_N_ELEMENTS (atoms))

/* Bytes of any kind but NUL, with those that matter to a grammar far more often. */
static inline char *
random_bytes (GRand *rand, gsize length, const char *often)
{
    char *text = g_malloc (length + 1);

    for (gsize i = 0; i < length; i++)
        text[i] = g_rand_int_range (rand, 0, 3) > 0
                      ? often[g_rand_int_range (rand, 0, (gint32) strlen (often))]
                      : (char) g_rand_int_range (rand, 1, 256);
    text[length] = '\0';
    return text;
}

/* Whatever the bytes: no crash, entries in order and in range, edits that hold or are refused. */
static inline void
check_any_bytes (const PrcFormat *format, GRand *rand, guint n, const char *often, const char *key)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *text = random_bytes (rand, (gsize) g_rand_int_range (rand, 0, 120), often);
        g_autofree char *value = random_bytes (rand, (gsize) g_rand_int_range (rand, 0, 12), often);
        gsize size = strlen (text), at = 0;
        g_autoptr (PrcDocument) doc = parse_bytes (format, text, size, 0, NULL);
        g_autoptr (PrcDocument) set = NULL;
        g_autoptr (PrcDocument) unset = NULL;
        const PrcEntry *entry = NULL;

        if (doc == NULL)
            continue;
        for (guint j = 0; j < prc_document_entries (doc)->len; j++) {
            entry = g_ptr_array_index (prc_document_entries (doc), j);
            assert_true (entry->start >= at && entry->start <= entry->value_start &&
                         entry->value_start <= entry->value_end && entry->value_end <= entry->end &&
                         entry->end <= size);
            at = entry->start;
        }
        set = prc_document_set (doc, key, value, NULL);
        if (set != NULL) {
            assert_int_equal (prc_document_lookup (set, key, &entry), PRC_LOOKUP_VALUE);
            assert_string_equal (entry->value, value);
        }
        unset = prc_document_unset (doc, key, NULL);
        if (unset != NULL)
            assert_int_not_equal (prc_document_lookup (unset, key, NULL), PRC_LOOKUP_VALUE);
    }
}

/* Reading eight times as much takes about eight times as long, not 64 times. */
static inline gint64
reading_time (const PrcFormat *format, const char *head, const char *unit, gsize size)
{
    GString *text = g_string_new (head);
    gint64 begin = 0;
    g_autoptr (PrcDocument) doc = NULL;

    while (text->len < size)
        g_string_append (text, unit);
    begin = prc_test_work ();
    doc = parse_bytes (format, text->str, text->len, 0, NULL);
    begin = prc_test_work () - begin;
    g_string_free (text, TRUE);
    return begin;
}

static inline void
check_linear (const PrcFormat *format, const char *head, const char *unit)
{
    /* The machine may be busy with something else for a while. */
    for (guint attempt = 0;; attempt++) {
        gint64 one = reading_time (format, head, unit, 32u << 10);
        gint64 eight = reading_time (format, head, unit, 256u << 10);

        if (eight < 24 * MAX (one, 1000))
            return;
        if (attempt == 3)
            fail_msg ("32 KB took %" G_GINT64_FORMAT " us, 256 KB %" G_GINT64_FORMAT, one, eight);
    }
}
