#include "routing/git-url.h"

#include <string.h>

static const char reserved[] = ":/?#[]@!$&'()*+,;=";
static const char unsafe[] = " <>\"%{}|\\^`";

void
prc_git_url_clear (PrcGitUrl *url)
{
    g_free (url->scheme);
    g_free (url->user);
    g_free (url->host);
    g_free (url->port);
    g_free (url->path);
    *url = (PrcGitUrl){ 0 };
}

/* Escapes that are needed, or that hide a delimiter, stay or are made; all others are undone. */
static gboolean
append_escaped (GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        int c = (guchar) text[i];
        gboolean was_escaped = c == '%';

        if (was_escaped) {
            if (i + 2 >= length || !g_ascii_isxdigit (text[i + 1]) ||
                !g_ascii_isxdigit (text[i + 2]))
                return FALSE;
            c = g_ascii_xdigit_value (text[i + 1]) * 16 + g_ascii_xdigit_value (text[i + 2]);
            i += 2;
        }
        if (c <= 0x1F || c >= 0x7F || strchr (unsafe, c) != NULL ||
            (was_escaped && strchr (reserved, c) != NULL))
            g_string_append_printf (out, "%%%02X", (guint) c);
        else
            g_string_append_c (out, (char) c);
    }
    return TRUE;
}

static gboolean
read_user (const char **text, PrcGitUrl *url)
{
    const char *at = strchr (*text, '@');
    g_autoptr (GString) user = g_string_new (NULL);

    if (at == NULL || at >= *text + strcspn (*text, "/?#"))
        return TRUE;
    if (!append_escaped (user, *text, (gsize) (at - *text)))
        return FALSE;
    url->user = g_strndup (user->str, strcspn (user->str, ":"));
    *text = at + 1;
    return TRUE;
}

static gboolean
read_port (const char *text, gsize length, PrcGitUrl *url)
{
    const char *usual = strcmp (url->scheme, "http") == 0    ? "80"
                        : strcmp (url->scheme, "https") == 0 ? "443"
                                                             : "";
    guint64 number = 0;

    while (length > 1 && *text == '0') {
        text++;
        length--;
    }
    url->port = g_strndup (text, length);
    if (length == 0)
        return TRUE;
    if (strspn (url->port, "0123456789") != length || length > 5)
        return FALSE;
    number = g_ascii_strtoull (url->port, NULL, 10);
    if (strcmp (url->port, usual) == 0)
        *url->port = '\0';
    return number > 0 && number <= 65535;
}

static gboolean
read_host (const char **text, gboolean globs, PrcGitUrl *url)
{
    gsize length = strcspn (*text, "/?#"), host = length;

    if (length == 0 || **text == ':')
        return FALSE;
    while (host > 0 && (*text)[host - 1] != ':' && (*text)[host - 1] != ']')
        host--;
    host = host > 0 && (*text)[host - 1] == ':' ? host - 1 : length;
    url->host = g_ascii_strdown (*text, (gssize) host);
    for (const char *p = url->host; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && strchr (".-_[:]", *p) == NULL && !(globs && *p == '*'))
            return FALSE;
    if (!read_port (*text + MIN (host + 1, length), length - MIN (host + 1, length), url))
        return FALSE;
    *text += length;
    return TRUE;
}

/* `.` goes, and `..` with the segment before it; what is before the first can't. */
static gboolean
read_path (const char *text, PrcGitUrl *url)
{
    g_autoptr (GString) path = g_string_new ("/");

    text += *text == '/';
    for (;;) {
        gsize length = strcspn (text, "/?#"), start = path->len;
        gboolean open = TRUE; /* a slash is wanted behind this segment */

        if (!append_escaped (path, text, length))
            return FALSE;
        if (strcmp (path->str + start, ".") == 0) {
            open = start > 1;
            g_string_truncate (path, start > 1 ? start - 1 : 1);
        } else if (strcmp (path->str + start, "..") == 0) {
            if (start == 1)
                return FALSE;
            g_string_truncate (path, start - 1);
            g_string_truncate (path, (gsize) (strrchr (path->str, '/') - path->str));
            open = path->len > 0;
            if (path->len == 0)
                g_string_append_c (path, '/');
        }
        text += length;
        if (*text != '/')
            break;
        text++;
        if (open)
            g_string_append_c (path, '/');
    }
    if (!append_escaped (path, text, strlen (text)))
        return FALSE;
    url->path = g_strdup (path->str);
    return TRUE;
}

gboolean
prc_git_url_read (const char *text, gboolean globs, PrcGitUrl *ret_url)
{
    g_auto (PrcGitUrl) url = { 0 };
    const char *colon = strstr (text, "://");

    if (colon == NULL || !g_ascii_isalpha (*text))
        return FALSE;
    for (const char *p = text; p < colon; p++)
        if (!g_ascii_isalnum (*p) && strchr ("+.-", *p) == NULL)
            return FALSE;
    url.scheme = g_ascii_strdown (text, colon - text);
    text = colon + strlen ("://");
    if (!read_user (&text, &url) || !read_host (&text, globs, &url) || !read_path (text, &url))
        return FALSE;
    *ret_url = url;
    url = (PrcGitUrl){ 0 };
    return TRUE;
}

/* As git does: label by label, and one dot at the end of either makes no difference. */
static gboolean
host_matches (const char *host, const char *pattern)
{
    while (*host != '\0' && *pattern != '\0') {
        gsize label = strcspn (host, "."), wanted = strcspn (pattern, ".");
        gboolean any = wanted == 1 && *pattern == '*';

        if (!any && (label != wanted || memcmp (host, pattern, label) != 0))
            return FALSE;
        host += label;
        pattern += wanted;
        host += *host == '.';
        pattern += *pattern == '.';
    }
    return *host == *pattern;
}

/* By whole segments. Returns: how much of the path, its final '/' included; 0: no match. */
static gsize
path_match (const char *path, const char *pattern)
{
    gsize length = strlen (pattern);

    if (strcmp (pattern, "/") == 0)
        return 1;
    if (pattern[length - 1] == '/')
        length--;
    if (strncmp (path, pattern, length) != 0 || (path[length] != '\0' && path[length] != '/'))
        return 0;
    return length + 1;
}

gboolean
prc_git_url_match (const PrcGitUrl *url, const PrcGitUrl *pattern, PrcGitMatch *ret_match)
{
    gsize path = 0;

    if (strcmp (url->scheme, pattern->scheme) != 0 ||
        (pattern->user != NULL && g_strcmp0 (url->user, pattern->user) != 0) ||
        !host_matches (url->host, pattern->host) || strcmp (url->port, pattern->port) != 0)
        return FALSE;
    path = path_match (url->path, pattern->path);
    *ret_match = (PrcGitMatch){ strlen (pattern->host), path, pattern->user != NULL };
    return path > 0;
}

int
prc_git_match_compare (const PrcGitMatch *a, const PrcGitMatch *b)
{
    if (a->host_length != b->host_length)
        return a->host_length < b->host_length ? -1 : 1;
    if (a->path_length != b->path_length)
        return a->path_length < b->path_length ? -1 : 1;
    return (int) a->has_user - (int) b->has_user;
}
