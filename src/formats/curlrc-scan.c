/* curl's own reading (src/tool_parsecfg.c and tool_getparam.c do it), as it was seen to behave:
 * 7.88.1 and 8.14.1 run, the versions in which it changed from curl's release notes. */
#include "formats/curlrc-scan.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"

const guint prc_curlrc_versions[] = {
    PRC_TOOL_VERSION (7, 61, 0), PRC_TOOL_VERSION (8, 2, 0), PRC_TOOL_VERSION (8, 3, 0),
    PRC_CURL_EXACT_NAMES,        PRC_CURLRC_STOPS,           PRC_CURLRC_STRICT_LINES,
    PRC_TOOL_VERSION (8, 17, 0),
};
const gsize prc_curlrc_n_versions = G_N_ELEMENTS (prc_curlrc_versions);

#define EXPAND_SINCE PRC_TOOL_VERSION (8, 3, 0)
#define LINE_MAX_OLD (100u * 1024u)
#define LINE_MAX_NEW (10u * 1024u * 1024u)

/* One line, cut into its parts as offsets; what is made of them depends on the version. */
typedef struct {
    gsize start, end, next; /* end: without the newline */
    gsize name, name_end;
    gsize raw, raw_end; /* the value as it stands there, quotes included */
    char *value;        /* NULL: none */
} Line;

/* What the name says. */
typedef struct {
    const PrcCurlOption *option;
    gboolean negated, expanded;
} Name;

typedef struct {
    const char *data;
    gsize size;
    guint version;
    GPtrArray *entries;
    PrcCurlrcBounds *bounds;
    guint line;
    guint stop_line;            /* 0: not stopped yet */
    gboolean stopped_by_length; /* of that line */
    guint next_line;            /* 0: still in the first transfer */
    gboolean has_url;
} Scan;

typedef enum {
    LINE_FINE,
    LINE_UNSURE,
    LINE_BAD,
} Verdict;

gboolean
prc_curlrc_is_space (char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What separates on a line: any space before 8.13.0, a blank or tab since. */
static gboolean
is_gap (char c, guint version)
{
    return version >= PRC_CURLRC_STRICT_LINES ? c == ' ' || c == '\t' : prc_curlrc_is_space (c);
}

static gboolean
is_separator (const char *data, const Line *line, gsize at)
{
    return data[line->name] != '-' && (data[at] == '=' || data[at] == ':');
}

static char
unescaped (char c)
{
    switch (c) {
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 'v':
        return '\v';
    default:
        return c;
    }
}

/* The value between double quotes that begins at @line->raw. */
static void
read_quoted (const char *data, Line *line, guint version)
{
    gsize at = line->raw + 1;
    /* An unclosed quote takes the newline along, before 8.13.0. */
    gsize end = version < PRC_CURLRC_STRICT_LINES ? line->next : line->end;
    GString *value = g_string_new (NULL);

    while (at < end && data[at] != '"') {
        char c = data[at++];

        if (c == '\\' && at == end)
            break;
        g_string_append_c (value, c == '\\' ? unescaped (data[at++]) : c);
    }
    line->raw_end = at < end ? at + 1 : line->end;
    if (at >= end && line->end > line->raw + 1 && data[line->end - 1] == '\r')
        line->raw_end--;
    line->value = g_string_free (value, FALSE);
}

static void
read_value (const char *data, Line *line, guint version)
{
    line->raw_end = line->raw;
    if (line->raw < line->end && data[line->raw] == '"') {
        read_quoted (data, line, version);
        return;
    }
    while (line->raw_end < line->end && !prc_curlrc_is_space (data[line->raw_end]))
        line->raw_end++;
    if (line->raw_end > line->raw)
        line->value = g_strndup (data + line->raw, line->raw_end - line->raw);
}

/* FALSE when the line says nothing: blank, or a comment. */
static gboolean
read_line (const char *data, Line *line, guint version)
{
    gsize at = line->start;

    while (at < line->end && is_gap (data[at], version))
        at++;
    if (at == line->end || data[at] == '#')
        return FALSE;
    if (version >= PRC_CURLRC_STRICT_LINES)
        at = line->start;
    else if (data[at] == '/' || data[at] == '*')
        return FALSE;
    line->name = at;
    while (at < line->end && !is_gap (data[at], version) && !is_separator (data, line, at))
        at++;
    line->name_end = at;
    while (at < line->end && (is_gap (data[at], version) || is_separator (data, line, at)))
        at++;
    line->raw = at;
    read_value (data, line, version);
    return TRUE;
}

static Name
read_name (const char *text, gsize length, guint version)
{
    Name name = { 0 };

    if (length >= 2 && text[0] == '-') {
        text += 2;
        length -= 2;
    }
    if (length >= 3 && memcmp (text, "no-", 3) == 0) {
        name.negated = TRUE;
        text += 3;
        length -= 3;
    } else if (version >= EXPAND_SINCE && length >= 7 && memcmp (text, "expand-", 7) == 0) {
        name.expanded = TRUE;
        text += 7;
        length -= 7;
    }
    name.option = prc_curl_option (text, length, version, !name.negated);
    return name;
}

static PrcEntry *
add_entry (const Scan *scan, const Line *line, const PrcCurlOption *option, const char *value)
{
    PrcEntry *entry = g_new0 (PrcEntry, 1);

    entry->key = g_strdup (option->name);
    entry->value = g_strdup (value);
    entry->start = line->start;
    entry->end = line->next;
    entry->value_start = line->raw;
    entry->value_end = line->raw_end;
    entry->line = scan->line;
    if (option->kind == PRC_CURL_LIST || option->kind == PRC_CURL_CHECKED_LIST)
        entry->flags |= PRC_ENTRY_LIST;
    if (scan->next_line > 0) {
        entry->flags |= PRC_ENTRY_INERT;
        entry->detail = g_strdup_printf (_ ("belongs to another transfer, after `next` in line %u"),
                                         scan->next_line);
    } else if (scan->stop_line > 0) {
        entry->flags |= PRC_ENTRY_INERT;
        entry->detail = g_strdup_printf (
            scan->stopped_by_length ? _ ("with a line that long, curl stops reading at line %u")
                                    : _ ("curl 8.8.0 and later stop reading at line %u"),
            scan->stop_line);
    }
    g_ptr_array_add (scan->entries, entry);
    return entry;
}

static Verdict
check_number (const char *value)
{
    if (g_ascii_isdigit (*value) && strlen (value) < 9 &&
        strspn (value, "0123456789") == strlen (value))
        return LINE_FINE;
    return *value != '\0' && strchr ("0123456789+-. \t", *value) != NULL ? LINE_UNSURE : LINE_BAD;
}

static Verdict
check_value (const PrcCurlOption *option, const char *value)
{
    if (option->kind == PRC_CURL_NUMBER)
        return check_number (value);
    if (option->kind == PRC_CURL_LIST)
        return strchr (value, '@') == NULL ? LINE_FINE : LINE_UNSURE;
    return option->kind == PRC_CURL_TEXT ? LINE_FINE : LINE_UNSURE;
}

static void
take_next (Scan *scan)
{
    if (scan->has_url && scan->stop_line == 0)
        scan->next_line = scan->line;
}

static Verdict
take_option (Scan *scan, const Line *line, const Name *name, const char *value)
{
    const PrcCurlOption *option = name->option;
    Verdict verdict = name->expanded ? LINE_UNSURE : check_value (option, value);
    gboolean is_refused =
        *value == '\0' && option->needs_text && scan->version >= PRC_CURL_EXACT_NAMES;
    PrcEntry *entry = NULL;

    if (verdict == LINE_BAD)
        return LINE_BAD;
    entry = add_entry (scan, line, option, is_refused ? NULL : value);
    if (is_refused) {
        /* By then curl has dropped the value that it had. */
        entry->kind = PRC_ENTRY_UNSET;
        if (entry->detail == NULL)
            entry->detail = g_strdup (_ ("curl 8.6.0 and later refuse an empty value here"));
        return LINE_BAD;
    }
    if (name->expanded) {
        g_free (entry->key);
        entry->key = g_strconcat ("expand-", option->name, NULL);
    }
    if (strcmp (option->name, "url") == 0 && scan->stop_line == 0)
        scan->has_url = TRUE;
    return verdict;
}

static Verdict
take_flag (Scan *scan, const Line *line, const PrcCurlOption *option, gboolean is_on, gsize start,
           gsize end)
{
    PrcEntry *entry = NULL;

    if (option->kind == PRC_CURL_NEXT) {
        take_next (scan);
        return LINE_FINE;
    }
    entry = add_entry (scan, line, option, is_on ? "true" : "false");
    entry->value_start = start;
    entry->value_end = end;
    /* Those of TLS and authentication are there or not as the build has it. */
    return strstr (option->name, "http") != NULL || strstr (option->name, "ntlm") != NULL ||
                   strstr (option->name, "negotiate") != NULL ||
                   strstr (option->name, "tls") != NULL || strstr (option->name, "ssl") != NULL ||
                   strstr (option->name, "compressed") != NULL
               ? LINE_UNSURE
               : LINE_FINE;
}

/* curl looks no further at the line then, not even for what doesn't belong there. */
static gboolean
ends_the_line (const PrcCurlOption *option)
{
    return option->kind == PRC_CURL_NEXT || strcmp (option->name, "help") == 0 ||
           strcmp (option->name, "manual") == 0 || strcmp (option->name, "version") == 0;
}

static Verdict
take_long (Scan *scan, const Line *line)
{
    Name name = read_name (scan->data + line->name, line->name_end - line->name, scan->version);
    Verdict verdict;

    if (name.option == NULL || (name.negated && name.option->kind != PRC_CURL_FLAG))
        return LINE_BAD;
    if (prc_curl_option_takes_value (name.option))
        return line->value != NULL ? take_option (scan, line, &name, line->value) : LINE_BAD;
    if (name.expanded && line->value != NULL)
        return LINE_BAD;
    verdict = take_flag (scan, line, name.option, !name.negated, line->name, line->name_end);
    /* What stands behind it is refused, but the option has been set. */
    return line->value != NULL && *line->value != '\0' && !ends_the_line (name.option) ? LINE_BAD
                                                                                       : verdict;
}

/* The value of the letter at @at: what is glued to it, else what stands behind the bundle. */
static Verdict
take_letter_with_value (Scan *scan, const Line *line, const PrcCurlOption *option, gsize at)
{
    gboolean is_glued = at + 1 < line->name_end;
    const Name name = { option, FALSE, FALSE };
    g_autoptr (PrcWipedString) glued = NULL;
    Line part = *line;
    Verdict verdict;

    if (!is_glued && line->value == NULL)
        return LINE_BAD;
    if (is_glued) {
        part.raw = at + 1;
        part.raw_end = line->name_end;
        glued = g_strndup (scan->data + part.raw, part.raw_end - part.raw);
    }
    /* Only the letter goes when this one does; a comment can't stay behind a flag. */
    if (at > line->name + 1) {
        part.start = at;
        part.next = line->end;
    }
    verdict = take_option (scan, &part, &name, is_glued ? glued : line->value);
    return is_glued && line->value != NULL && *line->value != '\0' ? LINE_BAD : verdict;
}

/* A bundle of short options, of which the last may take a value, glued to it or not. */
static Verdict
take_letters (Scan *scan, const Line *line)
{
    gboolean is_bundle = line->name_end - line->name > 2;
    Verdict verdict = line->name_end - line->name == 1 ? LINE_BAD : LINE_FINE;

    for (gsize at = line->name + 1; at < line->name_end; at++) {
        const PrcCurlOption *option = prc_curl_option_by_letter (scan->data[at], scan->version);
        gboolean is_on = scan->data[at] != 'N'; /* no buffering */
        Verdict one;

        if (option == NULL)
            return LINE_BAD;
        if (prc_curl_option_takes_value (option)) {
            one = take_letter_with_value (scan, line, option, at);
            return MAX (verdict, one);
        }
        one = take_flag (scan, line, option, is_on, is_bundle ? at : line->name, at + 1);
        verdict = MAX (verdict, one);
        if (is_bundle && option->kind != PRC_CURL_NEXT) {
            PrcEntry *entry = g_ptr_array_index (scan->entries, scan->entries->len - 1);

            entry->start = at;
            entry->end = at + 1;
        }
        if (ends_the_line (option))
            return verdict;
    }
    return line->value != NULL && *line->value != '\0' ? LINE_BAD : verdict;
}

static Verdict
take_line (Scan *scan, const Line *line)
{
    const char *text = scan->data + line->name;
    gsize length = line->name_end - line->name;

    if (length > 0 && text[0] == '-' && (length == 1 || text[1] != '-'))
        return take_letters (scan, line);
    return take_long (scan, line);
}

static char *
reason_not_read (const Scan *scan, const PrcEntry *entry)
{
    const PrcCurlOption *option = NULL;
    const char *name = entry->key;
    guint since = 0;

    if (g_str_has_prefix (name, "expand-")) {
        name += strlen ("expand-");
        since = EXPAND_SINCE;
    }
    option = prc_curl_option (name, strlen (name), G_MAXUINT, FALSE);
    since = MAX (since, option != NULL ? option->since : 0);
    if (since > scan->version)
        return g_strdup_printf (_ ("read by curl %u.%u.%u and later only"), since >> 20,
                                (since >> 10) & 0x3FF, since & 0x3FF);
    if (scan->version >= PRC_CURLRC_STRICT_LINES)
        return g_strdup (
            _ ("curl 8.13.0 and later reject blanks before it, a CR behind it, capitals "
               "and abbreviations"));
    if (scan->version >= PRC_CURL_EXACT_NAMES)
        return g_strdup (_ ("curl 8.6.0 and later reject capitals and abbreviations"));
    return g_strdup (_ ("curl rejects this line"));
}

/* What another version would make of a line that this one rejects: shown, but not read. */
static void
add_unread (Scan *scan, const Line *line)
{
    static const guint others[] = { G_MAXUINT, PRC_CURL_EXACT_NAMES - 1 };
    guint before = scan->entries->len;

    for (gsize i = 0; i < G_N_ELEMENTS (others) && scan->entries->len == before; i++) {
        Line lenient = { .start = line->start, .end = line->end, .next = line->next };
        guint saved_next = scan->next_line;
        guint saved_version = scan->version;
        gboolean saved_url = scan->has_url;

        scan->version = others[i];
        if (read_line (scan->data, &lenient, scan->version))
            (void) take_line (scan, &lenient);
        scan->next_line = saved_next;
        scan->has_url = saved_url;
        scan->version = saved_version;
        prc_wipe_free (lenient.value);
    }
    for (guint i = before; i < scan->entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (scan->entries, i);

        if ((entry->flags & PRC_ENTRY_INERT) == 0)
            entry->detail = reason_not_read (scan, entry);
        entry->flags |= PRC_ENTRY_INERT;
    }
}

static void
stop (Scan *scan, const Line *line, gboolean by_length)
{
    scan->bounds->stop = MIN (scan->bounds->stop, line->start);
    if (scan->stop_line > 0)
        return;
    scan->stop_line = scan->line;
    scan->stopped_by_length = by_length;
}

static void
scan_line (Scan *scan, Line *line)
{
    gsize longest = scan->version < PRC_TOOL_VERSION (8, 2, 0) ? LINE_MAX_OLD : LINE_MAX_NEW;
    guint before = scan->entries->len, was_next = scan->next_line;
    Verdict verdict = LINE_FINE;

    if (line->next - line->start >= longest)
        stop (scan, line, TRUE);
    if (read_line (scan->data, line, scan->version))
        verdict = take_line (scan, line);
    if (verdict == LINE_BAD && scan->entries->len == before)
        add_unread (scan, line);
    if (verdict == LINE_BAD && scan->version >= PRC_CURLRC_STOPS)
        stop (scan, line, FALSE);
    if (scan->next_line != was_next)
        scan->bounds->stop = MIN (scan->bounds->stop, line->start);
    if (verdict != LINE_FINE)
        scan->bounds->unsure = MIN (scan->bounds->unsure, line->start);
}

void
prc_curlrc_scan (const char *data, gsize size, guint version, GPtrArray *entries,
                 PrcCurlrcBounds *ret_bounds)
{
    Scan scan = {
        .data = data, .size = size, .version = version, .entries = entries, .bounds = ret_bounds
    };

    *ret_bounds = (PrcCurlrcBounds){ size, size };
    for (gsize at = 0; at < size;) {
        const char *newline = memchr (data + at, '\n', size - at);
        Line line = { .start = at };

        line.end = newline != NULL ? (gsize) (newline - data) : size;
        line.next = newline != NULL ? line.end + 1 : size;
        scan.line++;
        scan_line (&scan, &line);
        prc_wipe_free (line.value);
        at = line.next;
    }
}
