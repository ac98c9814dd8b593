#include "probe/head.h"

#include <string.h>

#include "base/text.h"
#include "probe/challenge.h"

/** The longest text that is kept of a line. */
#define TEXT_MAX 200u

static void
forget_block (PrcHead *head)
{
    head->status = 0;
    g_clear_pointer (&head->reason, g_free);
    g_clear_pointer (&head->first_line, g_free);
    g_clear_pointer (&head->site_realm, g_free);
    g_clear_pointer (&head->location, g_free);
    g_clear_pointer (&head->server, g_free);
    g_ptr_array_set_size (head->challenges, 0);
    g_string_truncate (head->pending, 0);
    head->has_challenge = head->is_html = head->by_proxy = head->is_stale = FALSE;
}

void
prc_head_init (PrcHead *head)
{
    *head = (PrcHead){ .challenges = prc_challenges_new (), .pending = g_string_new (NULL) };
}

void
prc_head_clear (PrcHead *head)
{
    if (head->challenges == NULL)
        return;
    forget_block (head);
    g_clear_pointer (&head->challenges, g_ptr_array_unref);
    (void) g_string_free (g_steal_pointer (&head->pending), TRUE);
}

static char *
short_text (const char *bytes, gsize length)
{
    g_autofree char *copy = g_strndup (bytes, MIN (length, TEXT_MAX));

    return prc_text_printable (g_strstrip (copy));
}

/* "HTTP/1.1 407 Proxy Authentication Required"; the version is any, as in proxies' own inventions.
 */
static gboolean
read_status_line (PrcHead *head, const char *line, gsize length)
{
    gsize at = 5;
    int status = 0;

    if (length < 12 || g_ascii_strncasecmp (line, "HTTP/", 5) != 0)
        return FALSE;
    while (at < length && (g_ascii_isdigit (line[at]) || line[at] == '.'))
        at++;
    while (at < length && line[at] == ' ')
        at++;
    for (int i = 0; i < 3; i++, at++) {
        if (at >= length || !g_ascii_isdigit (line[at]))
            return FALSE;
        status = status * 10 + (line[at] - '0');
    }
    if (status < 100 || (at < length && g_ascii_isdigit (line[at])))
        return FALSE;
    head->status = status;
    head->reason = short_text (line + at, length - at);
    return TRUE;
}

static gboolean
name_is (const char *name, gsize length, const char *wanted)
{
    return strlen (wanted) == length && g_ascii_strncasecmp (name, wanted, length) == 0;
}

static void
take_site_challenge (PrcHead *head, const char *value, gsize length)
{
    g_autoptr (GPtrArray) challenges = prc_challenges_new ();
    const PrcChallenge *first = NULL;

    prc_challenges_add (challenges, value, length);
    first = challenges->len > 0 ? g_ptr_array_index (challenges, 0) : NULL;
    if (head->site_realm == NULL)
        head->site_realm = g_strdup (first != NULL && first->realm != NULL ? first->realm : "");
}

static gboolean
says_stale (const char *value, gsize length)
{
    g_autofree char *lower = g_ascii_strdown (value, (gssize) length);

    return strstr (lower, "stale=true") != NULL || strstr (lower, "stale=\"true\"") != NULL;
}

static void
take_field (PrcHead *head, const char *name, gsize length, const char *value, gsize n_value)
{
    if (name_is (name, length, "Proxy-Authenticate")) {
        head->has_challenge = TRUE;
        head->is_stale |= says_stale (value, n_value);
        prc_challenges_add (head->challenges, value, n_value);
    } else if (name_is (name, length, "WWW-Authenticate")) {
        take_site_challenge (head, value, n_value);
    } else if (name_is (name, length, "Location") && head->location == NULL) {
        head->location = short_text (value, n_value);
    } else if (name_is (name, length, "Server") && head->server == NULL) {
        head->server = short_text (value, n_value);
    } else if (name_is (name, length, "Content-Type")) {
        head->is_html =
            n_value >= 9 &&
            (g_ascii_strncasecmp (value, "text/html", 9) == 0 ||
             (n_value >= 21 && g_ascii_strncasecmp (value, "application/xhtml+xml", 21) == 0));
    } else if (name_is (name, length, "Via") || name_is (name, length, "X-Cache") ||
               name_is (name, length, "X-Squid-Error") || name_is (name, length, "Proxy-Agent") ||
               name_is (name, length, "Proxy-Connection") ||
               name_is (name, length, "Proxy-Status")) {
        head->by_proxy = TRUE;
    }
}

static void
finish_pending (PrcHead *head)
{
    const char *line = head->pending->str;
    const char *colon = memchr (line, ':', head->pending->len);

    if (colon != NULL) {
        const char *value = colon + 1;
        gsize length = (gsize) (colon - line);

        while (*value == ' ' || *value == '\t')
            value++;
        while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
            length--;
        take_field (head, line, length, value, head->pending->len - (gsize) (value - line));
    }
    g_string_truncate (head->pending, 0);
}

PrcHeadState
prc_head_line (PrcHead *head, const char *line, gsize length)
{
    head->n_bytes += length;
    if (head->n_bytes > PRC_HEAD_BYTES_MAX || ++head->n_lines > PRC_HEAD_LINES_MAX)
        return PRC_HEAD_TOO_LARGE;
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (!head->in_head) {
        if (length == 0) /* a stray line end in front is allowed for (RFC 9112, section 2.2) */
            return PRC_HEAD_MORE;
        forget_block (head);
        if (!read_status_line (head, line, length)) {
            head->first_line = short_text (line, length);
            return PRC_HEAD_NOT_HTTP;
        }
        head->in_head = TRUE;
        return PRC_HEAD_MORE;
    }
    if (length > 0 && (*line == ' ' || *line == '\t')) { /* folded: the fold stands for a blank */
        while (length > 0 && (*line == ' ' || *line == '\t')) {
            line++;
            length--;
        }
        g_string_append_c (head->pending, ' ');
        g_string_append_len (head->pending, line, (gssize) length);
        return PRC_HEAD_MORE;
    }
    finish_pending (head);
    if (length > 0) {
        g_string_append_len (head->pending, line, (gssize) length);
        return PRC_HEAD_MORE;
    }
    head->in_head = FALSE;
    return PRC_HEAD_END;
}
