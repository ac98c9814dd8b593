/* .curlrc: lines of one option each; curl before 8.8.0 skips a line with an error, later ones read
 * no further. So a new line stands before the first one that could be wrong, and at column 0. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/curlrc-scan.h"
#include "formats/drivers.h"

/* All of these set the one proxy that curl has; the last of them counts. */
static const char *const proxy_slot[] = {
    "proxy", "proxy1.0", "socks4", "socks4a", "socks5", "socks5-hostname",
};

static gboolean
in_proxy_slot (const char *key)
{
    if (g_str_has_prefix (key, "expand-"))
        key += strlen ("expand-");
    for (gsize i = 0; i < G_N_ELEMENTS (proxy_slot); i++)
        if (strcmp (key, proxy_slot[i]) == 0)
            return TRUE;
    return FALSE;
}

static void
explain_slot (GPtrArray *entries)
{
    for (guint i = 0; i < entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (entries, i);

        if (entry->detail == NULL && in_proxy_slot (entry->key) &&
            strcmp (entry->key, "proxy") != 0)
            entry->detail =
                g_strdup (_ ("sets curl's one proxy, as `proxy` does; the last one counts"));
    }
}

/* When the version isn't known: what all of them read is plain, what none does is inert, and what
 * only some do is conditional. */
typedef struct {
    PrcEntry *entry;
    guint n_read;
} Candidate;

static gboolean
is_same (const PrcEntry *a, const PrcEntry *b)
{
    return a->kind == b->kind && a->value_start == b->value_start && a->value_end == b->value_end &&
           strcmp (a->key, b->key) == 0 && g_strcmp0 (a->value, b->value) == 0;
}

static void
append_candidate (GArray *list, PrcEntry *entry, guint n_read)
{
    Candidate candidate = { entry, n_read };

    g_array_append_val (list, candidate);
}

/* Counts @entry among the candidates of its place, those from @from on in @list. */
static void
count_candidate (GArray *list, guint from, PrcEntry *entry)
{
    guint is_read = (entry->flags & PRC_ENTRY_INERT) == 0;

    for (guint i = from; i < list->len; i++) {
        Candidate *candidate = &g_array_index (list, Candidate, i);

        if (!is_same (candidate->entry, entry))
            continue;
        candidate->n_read += is_read;
        if (candidate->entry->detail == NULL)
            candidate->entry->detail = g_steal_pointer (&entry->detail);
        prc_entry_free (entry);
        return;
    }
    append_candidate (list, entry, is_read);
}

/* Merges what one more version finds, in file order, into what those before have found. */
static GArray *
merged (GArray *known, GPtrArray *found)
{
    GArray *list = g_array_sized_new (FALSE, FALSE, sizeof (Candidate), known->len + 4);
    guint i = 0, j = 0;

    while (i < known->len || j < found->len) {
        gsize x = i < known->len ? g_array_index (known, Candidate, i).entry->start : G_MAXSIZE;
        gsize y = j < found->len ? ((PrcEntry *) found->pdata[j])->start : G_MAXSIZE;
        guint from = list->len;

        for (; x <= y && i < known->len && g_array_index (known, Candidate, i).entry->start == x;
             i++)
            g_array_append_val (list, g_array_index (known, Candidate, i));
        for (; y <= x && j < found->len && ((PrcEntry *) found->pdata[j])->start == y; j++)
            count_candidate (list, from, found->pdata[j]);
    }
    g_array_unref (known);
    return list;
}

static void
scan_every_version (const char *data, gsize size, GPtrArray *entries)
{
    g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Candidate));

    for (gsize i = prc_curlrc_n_versions; i-- > 0;) {
        g_autoptr (GPtrArray) found = g_ptr_array_new ();
        PrcCurlrcBounds bounds;

        prc_curlrc_scan (data, size, prc_curlrc_versions[i], found, &bounds);
        list = merged (g_steal_pointer (&list), found);
    }
    for (guint i = 0; i < list->len; i++) {
        Candidate *candidate = &g_array_index (list, Candidate, i);
        PrcEntry *entry = candidate->entry;

        entry->flags &= ~(guint) PRC_ENTRY_INERT;
        if (candidate->n_read == 0)
            entry->flags |= PRC_ENTRY_INERT;
        else if (candidate->n_read < prc_curlrc_n_versions)
            entry->flags |= PRC_ENTRY_CONDITIONAL;
        if ((entry->flags & PRC_ENTRY_CONDITIONAL) != 0 && entry->detail == NULL)
            entry->detail = g_strdup (_ ("not every version of curl reads it so"));
        g_ptr_array_add (entries, entry);
    }
}

static gboolean
curlrc_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    guint version = prc_document_tool_version (doc);
    PrcCurlrcBounds bounds;

    (void) error;
    if (version != 0)
        prc_curlrc_scan (data, size, version, entries, &bounds);
    else
        scan_every_version (data, size, entries);
    explain_slot (entries);
    return TRUE;
}

static char *
curlrc_canonical_key (const char *key, GError **error)
{
    const char *name = key;
    const PrcCurlOption *option = NULL;
    gboolean is_expanded = FALSE;

    if (key[0] == '-' && key[1] != '-' && key[1] != '\0' && key[2] == '\0') {
        option = prc_curl_option_by_letter (key[1], G_MAXUINT);
    } else {
        name += g_str_has_prefix (name, "--") ? 2 : 0;
        is_expanded = g_str_has_prefix (name, "expand-");
        name += is_expanded ? strlen ("expand-") : 0;
        option = prc_curl_option (name, strlen (name), G_MAXUINT, FALSE);
    }
    if (option == NULL || option->kind == PRC_CURL_NEXT ||
        (is_expanded && !prc_curl_option_takes_value (option))) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     g_str_has_prefix (name, "no-")
                         ? _ ("not an option of curl; use it without `no-`, with the value false")
                         : _ ("not an option of curl"));
        return NULL;
    }
    return g_strconcat (is_expanded ? "expand-" : "", option->name, NULL);
}

static const PrcCurlOption *
option_of_key (const char *key)
{
    if (g_str_has_prefix (key, "expand-"))
        key += strlen ("expand-");
    return prc_curl_option (key, strlen (key), G_MAXUINT, FALSE);
}

/* In double quotes, any value can be held. */
static void
append_quoted (GString *out, const char *value)
{
    static const char plain[] = "\\\"\t\n\r\v", escaped[] = "\\\"tnrv";

    g_string_append_c (out, '"');
    for (const char *p = value; *p != '\0'; p++) {
        const char *special = strchr (plain, *p);

        if (special != NULL)
            g_string_append_c (out, '\\');
        g_string_append_c (out, special != NULL ? escaped[special - plain] : *p);
    }
    g_string_append_c (out, '"');
}

static gboolean
is_bare (const char *value, gboolean has_separators)
{
    if (*value == '\0' || *value == '"' || (has_separators && (*value == '=' || *value == ':')))
        return FALSE;
    for (const char *p = value; *p != '\0'; p++)
        if (prc_curlrc_is_space (*p))
            return FALSE;
    return TRUE;
}

/* A boolean option as a line says it; NULL when it can't say @value. */
static char *
flag_text (const PrcCurlOption *option, const char *value, GError **error)
{
    gboolean is_on = strcmp (value, "true") == 0;

    if (!is_on && strcmp (value, "false") != 0)
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("%s is a boolean option of curl: true or false"), option->name);
    else if (!is_on && option->kind != PRC_CURL_FLAG)
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("curl has no form of %s that turns it off; remove it"), option->name);
    else
        return g_strconcat (is_on ? "" : "no-", option->name, NULL);
    return NULL;
}

static gboolean
replace_flag (const PrcEntry *entry, const char *data, const PrcCurlOption *option,
              const char *value, PrcEdit *ret_edit, GError **error)
{
    const char *old = data + entry->value_start;
    gsize length = entry->value_end - entry->value_start;
    g_autofree char *text = flag_text (option, value, error);
    gboolean has_dashes = length > 2 && old[0] == '-' && old[1] == '-';

    if (text == NULL)
        return FALSE;
    if (length == 1) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("the option is one letter of a bundle; write it on a line of its own"));
        return FALSE;
    }
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end,
                           g_strconcat (has_dashes ? "--" : "", text, NULL) };
    return TRUE;
}

static gboolean
curlrc_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
                GError **error)
{
    const char *data = prc_document_data (doc, NULL);
    const PrcCurlOption *option = option_of_key (entry->key);
    char before = '\0';
    gboolean is_dashed, is_glued, is_quoted;
    GString *text = NULL;

    if (!prc_curl_option_takes_value (option))
        return replace_flag (entry, data, option, value, ret_edit, error);
    before = data[entry->value_start - 1];
    is_dashed = data[entry->start] == '-';
    is_glued = !prc_curlrc_is_space (before) && (is_dashed || (before != '=' && before != ':'));
    is_quoted = !is_glued && data[entry->value_start] == '"';
    text = g_string_new (NULL);
    if (!is_quoted && is_bare (value, !is_dashed) && !(is_glued && *value == '"')) {
        g_string_append (text, value);
    } else {
        if (is_glued)
            g_string_append_c (text, ' ');
        append_quoted (text, value);
    }
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, g_string_free (text, FALSE) };
    return TRUE;
}

/* The earliest of the lines that any version, or the one in question, could stumble over. */
static gsize
latest_place (const char *data, gsize size, guint version)
{
    gsize place = size;

    for (gsize i = 0; i <= prc_curlrc_n_versions; i++) {
        g_autoptr (GPtrArray) found =
            g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
        guint asked = i < prc_curlrc_n_versions ? prc_curlrc_versions[i] : version;
        PrcCurlrcBounds bounds;

        if (asked == 0)
            continue;
        prc_curlrc_scan (data, size, asked, found, &bounds);
        place = MIN (place, MIN (bounds.stop, bounds.unsure));
    }
    return place;
}

static gboolean
is_related (const char *key, const char *other)
{
    return strstr (key, "prox") != NULL &&
           (strstr (other, "prox") != NULL || in_proxy_slot (other));
}

/* Read by some versions only, which is known only when the version isn't. */
static gboolean
is_conditional (const PrcEntry *entry, const char *key)
{
    return strcmp (entry->key, key) == 0 && (entry->flags & PRC_ENTRY_CONDITIONAL) != 0;
}

/* Behind what the new line must beat, else behind its kin, else as late as is safe. */
static gsize
place_for (const PrcDocument *doc, const char *key)
{
    gsize size = 0, beaten = 0, kin = 0, latest;
    const char *data = prc_document_data (doc, &size);
    const GPtrArray *entries = prc_document_entries (doc);

    latest = latest_place (data, size, prc_document_tool_version (doc));
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        gsize line_end = prc_document_line_end (doc, entry->start);

        if ((entry->flags & PRC_ENTRY_INERT) != 0 || is_conditional (entry, key))
            continue;
        if (strcmp (entry->key, key) == 0 || (in_proxy_slot (key) && in_proxy_slot (entry->key)))
            beaten = MAX (beaten, line_end);
        if (line_end <= latest && is_related (key, entry->key))
            kin = MAX (kin, line_end);
    }
    return beaten > latest ? beaten : kin > 0 ? MAX (kin, beaten) : MAX (latest, beaten);
}

/* When the version isn't known, the lines of @key that only some versions read must go, or those
 * would go on reading them: @edit, an insertion, takes them along, with what stands between. */
static void
drop_conditional (const PrcDocument *doc, const char *key, PrcEdit *edit)
{
    const GPtrArray *entries = prc_document_entries (doc);
    const char *data = prc_document_data (doc, NULL);
    gsize place = edit->start, at = place;
    gboolean is_written = FALSE;
    g_autoptr (PrcWipedString) line = NULL;
    GString *text = NULL;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (!is_conditional (entry, key) || (text != NULL && entry->start < at))
            continue;
        if (text == NULL) {
            text = g_string_new (NULL);
            line = g_steal_pointer (&edit->text);
            edit->start = at = MIN (place, entry->start);
        }
        if (!is_written && entry->start >= place) {
            g_string_append_len (text, data + at, (gssize) (place - at));
            g_string_append (text, line);
            is_written = TRUE;
            at = place;
        }
        g_string_append_len (text, data + at, (gssize) (entry->start - at));
        at = entry->end;
    }
    if (text == NULL)
        return;
    if (!is_written) {
        g_string_append_len (text, data + at, (gssize) (MAX (place, at) - at));
        g_string_append (text, line);
    }
    edit->end = MAX (place, at);
    edit->text = g_string_free (text, FALSE);
}

/* A flag's line must not end in CR (8.13.0 rejects it), not even that of a line before it. */
static void
insert_line (const PrcDocument *doc, gsize offset, const char *line, gboolean is_flag,
             PrcEdit *ret_edit)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gboolean unfinished = offset == size && size > 0 && data[size - 1] != '\n';
    const char *eol = is_flag || unfinished ? "\n" : prc_document_eol (doc);

    *ret_edit =
        (PrcEdit){ offset, offset,
                   g_strconcat (unfinished ? "\n" : "", line, unfinished ? "" : eol, NULL) };
}

/* The line that refuses its empty value, and takes the key's value away: it can have one instead.
 */
static const PrcEntry *
last_refused (const PrcDocument *doc, const char *key)
{
    const PrcEntry *entry = NULL;

    (void) prc_document_lookup (doc, key, &entry);
    return entry != NULL && entry->kind == PRC_ENTRY_UNSET &&
                   (entry->flags & PRC_ENTRY_CONDITIONAL) == 0
               ? entry
               : NULL;
}

static gboolean
curlrc_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
               GError **error)
{
    const PrcCurlOption *option = option_of_key (key);
    const PrcEntry *refused = last_refused (doc, key);
    g_autoptr (PrcWipedString) line = NULL;
    GString *text = NULL;

    if (refused != NULL)
        return curlrc_replace (doc, refused, value, ret_edit, error);
    if (prc_curl_option_takes_value (option)) {
        text = g_string_new (key);
        g_string_append (text, " = ");
        append_quoted (text, value);
        line = g_string_free (text, FALSE);
    } else {
        line = flag_text (option, value, error);
    }
    if (line == NULL)
        return FALSE;
    insert_line (doc, place_for (doc, key), line, !prc_curl_option_takes_value (option), ret_edit);
    drop_conditional (doc, key, ret_edit);
    return TRUE;
}

const PrcFormat prc_format_curlrc = {
    .name = "curlrc",
    .parse = curlrc_parse,
    .canonical_key = curlrc_canonical_key,
    .replace = curlrc_replace,
    .insert = curlrc_insert,
};
