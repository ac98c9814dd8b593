#include "formats/systemd-env.h"

#include <string.h>

#include "base/secret.h"

typedef enum {
    STATE_PRE_KEY,
    STATE_KEY,
    STATE_PRE_VALUE,
    STATE_VALUE,
    STATE_VALUE_ESCAPE,
    STATE_SINGLE,
    STATE_DOUBLE,
    STATE_DOUBLE_ESCAPE,
    STATE_COMMENT,
    STATE_COMMENT_ESCAPE,
} State;

static gboolean
is_newline (char c)
{
    return c == '\n' || c == '\r';
}

static gboolean
is_white (char c)
{
    return c == ' ' || c == '\t' || is_newline (c);
}

void
prc_systemd_assignment_clear (PrcSystemdAssignment *assignment)
{
    if (assignment->value != NULL)
        prc_wipe_free (g_string_free (assignment->value, FALSE));
    *assignment = (PrcSystemdAssignment){ 0 };
}

static void
begin_key (PrcSystemdScan *scan, gsize from, PrcSystemdAssignment *ret)
{
    gsize start = scan->at;

    while (start > from && (scan->data[start - 1] == ' ' || scan->data[start - 1] == '\t'))
        start--;
    ret->start = start;
    ret->key_start = scan->at;
    ret->key_end = scan->at + 1;
    ret->line = scan->line;
}

/* Behind the value: a state that takes this byte into it. */
static State
value_byte (State state, char c, PrcSystemdAssignment *ret)
{
    switch (state) {
    case STATE_PRE_VALUE:
        if (c == '\'')
            return STATE_SINGLE;
        if (c == '"')
            return STATE_DOUBLE;
        if (c == '\\')
            return STATE_VALUE_ESCAPE;
        g_string_append_c (ret->value, c);
        return STATE_VALUE;
    case STATE_VALUE:
        if (c == '\\')
            return STATE_VALUE_ESCAPE;
        g_string_append_c (ret->value, c);
        return STATE_VALUE;
    case STATE_VALUE_ESCAPE:
        if (!is_newline (c))
            g_string_append_c (ret->value, c);
        return STATE_VALUE;
    case STATE_SINGLE:
        if (c == '\'')
            return STATE_PRE_VALUE;
        g_string_append_c (ret->value, c);
        return STATE_SINGLE;
    case STATE_DOUBLE:
        if (c == '"')
            return STATE_PRE_VALUE;
        if (c == '\\')
            return STATE_DOUBLE_ESCAPE;
        g_string_append_c (ret->value, c);
        return STATE_DOUBLE;
    case STATE_DOUBLE_ESCAPE:
        if (strchr ("\"\\`$", c) == NULL && c != '\n')
            g_string_append_c (ret->value, '\\');
        if (c != '\n')
            g_string_append_c (ret->value, c);
        return STATE_DOUBLE;
    case STATE_PRE_KEY:
    case STATE_KEY:
    case STATE_COMMENT:
    case STATE_COMMENT_ESCAPE:
        break;
    }
    return state;
}

/* Reads from behind the '=' to behind the newline that ends the value. */
static void
scan_value (PrcSystemdScan *scan, PrcSystemdAssignment *ret)
{
    State state = STATE_PRE_VALUE;
    gsize kept = 0; /* length of the value without blanks that may be trailing */

    ret->value = g_string_new (NULL);
    ret->value_start = ret->value_end = scan->at;
    for (; scan->at < scan->size; scan->at++) {
        char c = scan->data[scan->at];
        gboolean bare = state == STATE_PRE_VALUE || state == STATE_VALUE;
        State before = state;

        scan->line += c == '\n';
        if (bare && is_newline (c))
            break;
        if (state == STATE_PRE_VALUE && is_white (c))
            continue;
        if (ret->value_end == ret->value_start)
            ret->value_start = scan->at;
        state = value_byte (state, c, ret);
        if (before != STATE_VALUE || !is_white (c)) {
            ret->value_end = scan->at + 1;
            kept = ret->value->len;
        }
    }
    ret->is_none = ret->value->len == 0;
    if (state == STATE_VALUE)
        g_string_truncate (ret->value, kept);
    if (scan->at < scan->size)
        scan->at += scan->data[scan->at] == '\r' && scan->at + 1 < scan->size &&
                            scan->data[scan->at + 1] == '\n'
                        ? (scan->line++, 2)
                        : 1;
    ret->end = scan->at;
}

static State
comment_byte (const PrcSystemdScan *scan, State state, char c)
{
    if (state == STATE_COMMENT_ESCAPE && scan->long_comments)
        return STATE_COMMENT;
    if (is_newline (c))
        return STATE_PRE_KEY;
    return c == '\\' ? STATE_COMMENT_ESCAPE : STATE_COMMENT;
}

gboolean
prc_systemd_scan (PrcSystemdScan *scan, PrcSystemdAssignment *ret)
{
    State state = STATE_PRE_KEY;
    gsize from = scan->at;

    for (; scan->at < scan->size; scan->at++) {
        char c = scan->data[scan->at];

        if (state == STATE_PRE_KEY) {
            if (c == '#' || c == ';') {
                state = STATE_COMMENT;
            } else if (!is_white (c)) {
                begin_key (scan, from, ret);
                state = STATE_KEY;
            }
        } else if (state != STATE_KEY) {
            state = comment_byte (scan, state, c);
        } else if (is_newline (c)) {
            state = STATE_PRE_KEY;
        } else if (c == '=') {
            scan->at++;
            scan_value (scan, ret);
            return TRUE;
        } else if (!is_white (c)) {
            ret->key_end = scan->at + 1;
        }
        scan->line += c == '\n';
    }
    return FALSE;
}

gboolean
prc_env_name_is_valid (const char *name, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalpha (name[i]) && name[i] != '_' && (i == 0 || !g_ascii_isdigit (name[i])))
            return FALSE;
    return length > 0;
}

char *
prc_systemd_read_line (const char *line, gsize length, const char *key)
{
    PrcSystemdScan scan = { .data = line, .size = length, .line = 1 };
    g_auto (PrcSystemdAssignment) found = { 0 };

    if (!prc_systemd_scan (&scan, &found) || found.end != length ||
        found.key_end - found.key_start != strlen (key) ||
        memcmp (line + found.key_start, key, strlen (key)) != 0 || found.value->len == 0 ||
        strchr (found.value->str, '$') != NULL ||
        !g_utf8_validate (found.value->str, (gssize) found.value->len, NULL))
        return NULL;
    return g_strdup (found.value->str);
}

gboolean
prc_env_names_related (const char *a, const char *b)
{
    const char *x = strrchr (a, '_'), *y = strrchr (b, '_');

    return g_ascii_strcasecmp (a, b) == 0 ||
           (x != NULL && y != NULL && x[1] != '\0' && g_ascii_strcasecmp (x, y) == 0);
}

void
prc_env_insert_line (const PrcDocument *doc, gsize offset, const char *line, const char *eol,
                     PrcEdit *ret_edit)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gboolean unfinished = offset == size && size > 0 && data[size - 1] != '\n';

    *ret_edit = (PrcEdit){ offset, offset,
                           g_strconcat (unfinished ? eol : "", line, unfinished ? "" : eol, NULL) };
}
